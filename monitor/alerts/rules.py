"""Alert rules, as ``[[rule]]`` tables of ``monitor.toml`` declare them: what to tell, to whom, how soon."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Set
from dataclasses import dataclass
from datetime import time, timedelta
from typing import Any, TypeVar

from monitor.alerts.times import parse_clock, parse_length
from monitor.config import Config
from monitor.declarations import Table
from monitor.querytree import words_of

SEVERITIES = ("info", "warning", "critical")
# What a rule can be about. Facts of incidents …
INCIDENT_KINDS = frozenset(["new", "claim", "contradiction", "denial", "confirmed", "story"])
# … of single stories …
CROSSING_KINDS = frozenset(["closed", "reopened"])
SEARCH_KINDS = frozenset(["search"])
# … of ourselves, and messages at a time of day.
HEALTH_KINDS = frozenset(["source", "language", "run"])
CLOCK_KINDS = frozenset(["brief", "all_clear"])
KINDS = INCIDENT_KINDS | CROSSING_KINDS | SEARCH_KINDS | HEALTH_KINDS | CLOCK_KINDS
_MATCHERS = ("places", "actors", "sources", "keywords", "languages", "event_types")
_NUMBERS = {"min_origins": (1, 1000), "min_outlets": (1, 1000), "min_relevance": (0, 1), "min_fatalities": (0, 100_000)}
_TIMES = ("group_wait", "group_interval", "repeat_interval", "max_age", "mute_for")
_GROUPS = frozenset({"incident", "place", "rule", "alert"})
_FIELDS = frozenset(
    [
        *(*_MATCHERS, *_NUMBERS, *_TIMES, "name", "on", "search", "channels", "severity", "group_by", "muted_by"),
        *("at", "resolved"),
    ]
)
_T = TypeVar("_T")


@dataclass(frozen=True)
class Rule:
    """One rule. An empty matcher matches everything; times of zero mean at once, or never for ``repeat_interval``."""

    name: str
    on: frozenset[str]
    channels: tuple[str, ...]
    severity: str = "warning"
    places: frozenset[str] = frozenset()
    actors: frozenset[str] = frozenset()
    sources: frozenset[str] = frozenset()
    keywords: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    event_types: frozenset[str] = frozenset()
    min_origins: int = 1
    min_outlets: int = 1
    min_relevance: float = 0.0
    min_fatalities: int = 0
    group_by: str = "incident"
    group_wait: timedelta = timedelta()
    group_interval: timedelta = timedelta()
    repeat_interval: timedelta = timedelta()
    max_age: timedelta = timedelta()
    muted_by: tuple[str, ...] = ()
    mute_for: timedelta = timedelta(hours=12)
    at: time | None = None
    resolved: bool = True
    search: str = ""

    @property
    def reads_stories(self) -> bool:
        """Whether it asks for what only the stories of an incident tell."""
        return bool(self.sources or self.keywords or self.languages or self.min_relevance or "story" in self.on)


def read_rules(tables: Collection[Table], config: Config, channels: Collection[str]) -> tuple[Rule, ...]:
    """The rules in ``tables``; raises SeedsError with file, line and field for what cannot be meant."""
    rules: dict[str, Rule] = {}
    for table in tables:
        rule = _rule(table, config)
        if rule.name in rules:
            raise table.error("name", f"{rule.name!r} stands already above")
        for channel in rule.channels:
            if channel not in channels:
                known = ", ".join(sorted(channels)) or "none: write a [[channel]] table"
                raise table.error("channels", f"{channel!r} is no channel; declared are {known}")
        rules[rule.name] = rule
    for table in tables:
        for name in table.texts("muted_by", []):
            if name not in rules:
                raise table.error("muted_by", f"{name!r} is the name of no rule")
    return tuple(rules.values())


def _rule(table: Table, config: Config) -> Rule:
    table.check_fields(_FIELDS)
    on = _one_or_many(table, "on")
    for kind in on:
        if kind not in KINDS:
            raise table.error("on", f"{kind!r} is not one of {', '.join(sorted(KINDS))}")
    channels = tuple(_one_or_many(table, "channels"))
    if not on or not channels:
        raise table.error("channels" if on else "on", "names nothing")
    values: dict[str, Any] = {
        **{name: frozenset(text.casefold() for text in table.texts(name, [])) for name in _MATCHERS},
        **{name: _number(table, name, low, high) for name, (low, high) in _NUMBERS.items() if name in table.data},
        **_times(table, config),
        "at": _read(table, "at", "", parse_clock) if "at" in table.data else None,
    }
    rule = Rule(
        name=table.text("name"),
        on=frozenset(on),
        channels=channels,
        severity=table.choice("severity", set(SEVERITIES), "warning"),
        group_by=table.choice("group_by", _GROUPS, "incident"),
        muted_by=tuple(table.texts("muted_by", [])),
        resolved=table.flag("resolved", True),
        search=table.text("search", ""),
        **values,
    )
    _check_sense(table, rule)
    return rule


def _check_sense(table: Table, rule: Rule) -> None:
    if rule.on & CLOCK_KINDS and rule.at is None:
        raise table.error("at", 'is missing: the time of day of the message, like at = "07:00"')
    if rule.at is not None and not rule.on <= CLOCK_KINDS:
        raise table.error("at", "goes with brief and all_clear alone; for times without messages see quiet_hours")
    if "confirmed" in rule.on and rule.min_origins < 2:
        raise table.error("min_origins", "is needed with confirmed: how many independent origins confirm, 2 or more")
    if ("search" in rule.on) != bool(rule.search):
        raise table.error(
            "search",
            'is missing: the name of a saved search, like search = "NAME"'
            if "search" in rule.on
            else "goes with search",
        )
    if rule.on == {"story"} and not any(getattr(rule, name) for name in _MATCHERS):
        raise table.error("on", f"a rule on story needs one of {', '.join(_MATCHERS)}")


def _times(table: Table, config: Config) -> dict[str, timedelta]:
    defaults = {name: getattr(config, name) for name in _TIMES if hasattr(config, name)} | {"mute_for": "12h"}
    return {name: _read(table, name, defaults[name], parse_length) for name in _TIMES}


def _read(table: Table, name: str, default: str, parse: Callable[[str], _T]) -> _T:
    try:
        return parse(table.text(name, default))
    except ValueError as error:
        raise table.error(name, str(error)) from None


def _one_or_many(table: Table, name: str) -> list[str]:
    return [table.data[name]] if isinstance(table.data.get(name), str) else table.texts(name)


def _number(table: Table, name: str, low: float, high: float) -> float | int:
    value = table.data[name]
    whole = name != "min_relevance"
    if isinstance(value, bool) or not isinstance(value, int if whole else (int, float)) or not low <= value <= high:
        raise table.error(name, f"must be a {'whole ' if whole else ''}number from {low} to {high}, not {value!r}")
    return value


def check_names(rules: Collection[Rule], tables: Collection[Table], known: Mapping[str, Set[str]]) -> None:
    """Refuse a place, actor, source, keyword or event type that nothing ever has: such a rule would never fire.

    ``known`` are, for each matcher, the names there are: folded, ids and types as they are written.
    """
    for rule, table in zip(rules, tables, strict=True):
        for matcher, names in known.items():
            for name in sorted(getattr(rule, matcher)):
                folded = " ".join(words_of(name))
                if names.isdisjoint((name, folded)):
                    raise table.error(matcher, f"{name!r} is not known{_hint(folded, names)}")


def check_searches(rules: Collection[Rule], tables: Collection[Table], saved: Collection[str]) -> None:
    """Refuse a rule on a search that is not among those ``saved``: it would never fire."""
    for rule, table in zip(rules, tables, strict=True):
        if rule.search and rule.search not in saved:
            hint = _hint(rule.search, saved) or "; keep one with 'monitor search --save'"
            raise table.error("search", f"there is no saved search {rule.search!r}{hint}")


def _hint(name: str, names: Collection[str]) -> str:
    from difflib import get_close_matches

    close = get_close_matches(name, names, 3, 0.6)
    return f"; did you mean {' or '.join(close)}?" if close else ""
