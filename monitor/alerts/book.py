"""The rules and channels of ``monitor.toml``, read and checked at once: what is wrong is said at the start."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping, Set
from contextlib import closing
from dataclasses import dataclass, field
from datetime import tzinfo
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from monitor.alerts.channels import Channel, read_channels, read_zone
from monitor.alerts.rules import CROSSING_KINDS, SEVERITIES, Rule, check_names, check_searches, read_rules
from monitor.alerts.secrets import MissingSecret, Secrets, names_in, read_secrets, values_in
from monitor.alerts.times import Hours, Rate, parse_length
from monitor.config import Config
from monitor.declarations import Table, read_tables
from monitor.errors import ConfigError
from monitor.items import EVENT_TYPES

if TYPE_CHECKING:
    from monitor.analysis.lexicon import Word

# The type of event that words about crossings mean.
_CROSSING = "crossing_closed"


@dataclass(frozen=True)
class Book:
    """All rules and channels. ``crossing_words`` are keywords that tell whether a crossing is closed or reopened.

    ``ping`` is the address of the dead man's switch; it may hold a secret and is never shown.
    """

    rules: tuple[Rule, ...] = ()
    channels: tuple[Channel, ...] = ()
    crossing_words: Mapping[str, str] = field(default_factory=dict)
    zone: tzinfo = field(default_factory=lambda: ZoneInfo("UTC"))
    link: str = ""
    ping: str = field(default="", repr=False)
    hidden: tuple[str, ...] = field(default=(), repr=False)

    @property
    def empty(self) -> bool:
        """Whether nothing is ever told, and nobody is pinged."""
        return not (self.rules or self.channels or self.ping)


def load_book(config: Config, environ: Mapping[str, str] = os.environ, *, check: bool = True) -> Book:
    """The rules and channels in the file of ``config``; an empty book where there is none.

    ``check`` also has the addresses read by Apprise, and names of places, actors, sources and keywords looked up in
    the seeds: slower, and needed once before a job relies upon them. Raises ConfigError with file, line and field.
    """
    _check_settings(config)
    if config.file is None:
        return Book(ping=_ping(config, read_secrets(config.secrets, environ)), link=config.link)
    rules = _tables(config, "rule")
    channels = _tables(config, "channel")
    secrets = read_secrets(config.file.parent / config.secrets, environ)
    found = read_channels(channels, config, secrets, check=check)
    read = read_rules(rules, config, [channel.name for channel in found])
    needs_words = any(rule.on & CROSSING_KINDS for rule in read)
    if check and any(rule.places or rule.actors or rule.sources or rule.keywords for rule in read):
        check_names(read, rules, _known(config))
    elif check:
        check_names(read, rules, {"event_types": EVENT_TYPES})
    if check and any(rule.search for rule in read):
        check_searches(read, rules, _saved(config))
    return Book(
        rules=read,
        channels=found,
        crossing_words=crossing_words(config) if needs_words else {},
        zone=read_zone(config, Table(config.file, 1, {})),
        link=config.link,
        ping=_ping(config, secrets),
        hidden=tuple(values_in(config.ping, secrets)),
    )


def _tables(config: Config, name: str) -> list[Table]:
    assert config.file is not None
    others = {"rule", "channel"} | {item.metadata["key"].split(".")[0] for item in Config.settings()}
    return read_tables(config.file, name, others)


def _check_settings(config: Config) -> None:
    """Refuse values of the ``[alerts]`` table that cannot be read, before a rule takes them as its default."""
    place = config.file or "the environment"
    for name in ("group_wait", "group_interval", "repeat_interval", "max_age"):
        _parsed(place, name, getattr(config, name), parse_length)
    _parsed(place, "rate", config.rate, Rate.parse)
    _parsed(place, "quiet_hours", config.quiet_hours, lambda text: Hours.parse(text, ZoneInfo("UTC")))
    if config.pierce not in SEVERITIES:
        raise ConfigError(f"{place}: alerts.pierce: {config.pierce!r} is not one of {', '.join(SEVERITIES)}")


def _parsed(place: object, name: str, text: str, parse: object) -> None:
    assert callable(parse)
    try:
        parse(text)
    except ValueError as error:
        raise ConfigError(f"{place}: alerts.{name}: {error}") from None


def _ping(config: Config, secrets: Secrets) -> str:
    try:
        url = secrets.fill(config.ping)
    except MissingSecret as error:
        raise ConfigError(f"alerts.ping: the secret {error} is missing: set it in the environment") from None
    if url and not url.startswith(("http://", "https://")):
        raise ConfigError("alerts.ping: is not an http or https address")
    return url


def _known(config: Config) -> dict[str, Set[str]]:
    """The names of the seeds that rules may use, folded: in any language, as ``store.alertable`` looks them up."""
    from monitor.sources import load_sources
    from monitor.store.vocabulary import names_in_seeds

    known: dict[str, set[str]] = {"places": set(), "actors": set(), "keywords": set()}
    for kind, name in names_in_seeds(config.seeds):
        known[f"{kind}s"].add(name)
    known["keywords"] |= known["places"]
    folder = config.seeds / "sources"
    sources = {source.id.casefold() for source in load_sources(folder)} if folder.is_dir() else set()
    return {**known, "sources": sources, "event_types": EVENT_TYPES}


def _saved(config: Config) -> Collection[str]:
    """The names of the saved searches; none where there is no database yet."""
    from monitor.store.database import open_reader
    from monitor.store.searches import all_searches

    if not config.db.exists():
        return ()
    with closing(open_reader(config.db)) as conn:
        return [search.name for search in all_searches(conn)]


def rules_on_search(config: Config, name: str) -> list[str]:
    """The names of the rules that tell what the saved search ``name`` finds."""
    tables = [] if config.file is None else _tables(config, "rule")
    return [table.text("name") for table in tables if table.text("search", "") == name]


def crossing_words(config: Config) -> dict[str, str]:
    """Keywords of closed crossings, and whether each tells of a closure or of a reopening."""
    return {
        word.keyword: "reopened" if word.side == "reopening" else "closed"
        for word in _words(config)
        if word.keyword and word.means == _CROSSING
    }


def _words(config: Config) -> list[Word]:
    from monitor.analysis.lexicon import load_words

    folder = config.seeds / "lexicon"
    return [word for path in sorted(folder.glob("*.toml")) for word in load_words(path, path.stem.split("-")[0])]


def environment_names(config: Config) -> list[str]:
    """The secrets that channels ask for and that only the environment has: a job run by cron would miss them."""
    if config.file is None:
        return []
    secrets = read_secrets(config.file.parent / config.secrets, {})
    texts = [str(table.data.get(name, "")) for table in _tables(config, "channel") for name in ("url", "secret")]
    return sorted({name for text in (*texts, config.ping) for name in names_in(text) if name not in secrets.filed})
