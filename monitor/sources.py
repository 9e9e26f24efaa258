"""The outlets that are watched: declared in TOML files, checked when loaded, chosen by id, written back as TOML."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, tzinfo
from pathlib import Path
from typing import Literal, cast, get_args
from zoneinfo import ZoneInfo

from monitor.declarations import Table, read_table, read_tables
from monitor.errors import ConfigError, SeedsError
from monitor.fields import (
    checked_line,
    checked_url,
    each_once,
    read_country,
    read_day,
    read_languages,
    read_line,
    read_timezone,
    read_urls,
)

Affiliation = Literal["state", "party", "independent", "agency", "international"]
Fetch = Literal["all", "matching"]


@dataclass(frozen=True)
class Source:
    """One outlet and the ways in to its stories, as declared; seeds/sources/README.md explains each field.

    ``expected_per_day`` is (fewest, most) new entries a day over all ways in, None when nobody has said;
    ``checked`` is when it was last seen to work, None when never. ``path`` and ``line`` say where it is declared.
    """

    id: str
    name: str
    country: str
    languages: tuple[str, ...]
    homepage: str
    affiliation: Affiliation
    feeds: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    telegram: tuple[str, ...] = ()
    fetch: Fetch = "all"
    expected_per_day: tuple[int, int] | None = None
    timezone: str = "UTC"
    enabled: bool = True
    disabled_reason: str | None = None
    speaks_for: str | None = None
    notes: tuple[str, ...] = ()
    checked: date | None = None
    added: date | None = None
    path: Path | None = field(default=None, compare=False, repr=False)
    line: int | None = field(default=None, compare=False, repr=False)

    @property
    def ways_in(self) -> tuple[str, ...]:
        """Every feed, sitemap, section and Telegram channel; a source without any can only be switched off."""
        return self.feeds + self.sitemaps + self.sections + self.telegram


FIELDS = tuple(name for name in Source.__dataclass_fields__ if name not in ("path", "line"))

_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_MAX_ID = 64
_SIDE = re.compile(r"[a-z][a-z0-9_]*")
_CHANNEL = re.compile(r"[A-Za-z][A-Za-z0-9_]{3,31}")


def load_sources(folder: Path) -> tuple[Source, ...]:
    """Every source declared in the ``*.toml`` files of ``folder``, by file name and then in the order written.

    Raises SeedsError naming file, line and field at the first mistake: unreadable file, unknown, missing or wrong
    field, an id used twice, an enabled source without a way in, a folder that declares nothing.
    """
    if not folder.is_dir():
        raise SeedsError(folder, None, None, "is no folder; it should hold the *.toml files that declare sources")
    found: dict[str, Source] = {}
    for path in sorted(folder.glob("*.toml")):
        if path.name.startswith("."):  # lock and swap files of editors
            continue
        tables = read_tables(path, "source", beside={"defaults"})
        timezone = _default_timezone(path)
        for table in tables:
            source = _source(table, timezone)
            if source.id in found:
                first = found[source.id]
                raise table.error("id", f"{source.id!r} is already used at {first.path}:{first.line}")
            found[source.id] = source
    if not found:
        raise SeedsError(folder, None, None, "declares no source; write a [[source]] table in a *.toml file there")
    return tuple(found.values())


def select_sources(
    sources: Sequence[Source], wanted: Sequence[str] = (), *, include_disabled: bool = False
) -> tuple[Source, ...]:
    """The ``sources`` whose ids are ``wanted`` (all when none is named), in declared order, each once.

    Sources switched off are left out unless ``include_disabled``; naming one is a ConfigError that gives the reason,
    so that nobody polls by accident what was switched off on purpose. An unknown id is a ConfigError too, with the
    ids that look like it.
    """
    known = {source.id: source for source in sources}
    if unknown := [name for name in dict.fromkeys(wanted) if name not in known]:
        raise ConfigError("; ".join(_unknown_id(name, sources) for name in unknown))
    chosen = [source for source in sources if not wanted or source.id in wanted]
    if include_disabled:
        return tuple(chosen)
    for source in chosen:
        if wanted and not source.enabled:
            place = f" in {source.path}" if source.path else ""
            raise ConfigError(
                f"source {source.id} is switched off: {source.disabled_reason}; to use it, set enabled = true{place}"
            )
    return tuple(source for source in chosen if source.enabled)


def time_zones(seeds: Path) -> dict[str, tzinfo]:
    """The time zone of every source declared in ``seeds/sources``; empty where nothing is declared."""
    folder = seeds / "sources"
    return {source.id: ZoneInfo(source.timezone) for source in load_sources(folder)} if folder.is_dir() else {}


def voices(sources: Iterable[Source]) -> dict[str, str]:
    """The side that each source speaks for, where it is the voice of one."""
    return {source.id: source.speaks_for for source in sources if source.speaks_for}


def source_block(source: Source) -> str:
    """``source`` as a ``[[source]]`` table ready to stand in a file, ending in a newline; loads back as it was."""
    optional = {name for name, spec in Source.__dataclass_fields__.items() if spec.default in (None, ())}
    rows = ["[[source]]"]
    for name in FIELDS:
        value = getattr(source, name)
        if (name in optional and value in (None, ())) or (name == "enabled" and value):
            continue
        rows.append(f"{name} = {_toml(value)}")
    return "\n".join(rows) + "\n"


def _toml(value: str | bool | int | date | tuple[str | int, ...]) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        # JSON's escapes are TOML's, except that JSON leaves DEL as it is.
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    items = [_toml(item) for item in value]
    line = f"[{', '.join(items)}]"
    return line if len(items) < 2 or len(line) <= 90 else "[\n" + "".join(f"  {item},\n" for item in items) + "]"


def _unknown_id(name: str, sources: Sequence[Source]) -> str:
    by_name = {source.name.casefold(): source.id for source in sources}
    ids = [source.id for source in sources]
    close = difflib.get_close_matches(name.casefold(), [*ids, *by_name], n=3)
    likely = list(dict.fromkeys(by_name.get(match, match) for match in close))
    hint = f"did you mean {' or '.join(likely)}?" if likely else "`monitor sources list` shows them all"
    return f"no source has the id {name!r}; {hint}"


def _default_timezone(path: Path) -> str:
    table = read_table(path, "defaults")
    table.check_fields({"timezone"})
    return read_timezone(table, "UTC")


def _source(table: Table, default_timezone: str) -> Source:
    """The source that ``table`` declares, each field checked."""
    table.check_fields(set(FIELDS))
    source = Source(
        id=_id(table),
        name=read_line(table, "name"),
        country=read_country(table),
        languages=read_languages(table),
        homepage=checked_url(table, "homepage", table.text("homepage")),
        affiliation=cast(Affiliation, table.choice("affiliation", set(get_args(Affiliation)))),
        feeds=read_urls(table, "feeds"),
        sitemaps=read_urls(table, "sitemaps"),
        sections=read_urls(table, "sections"),
        telegram=_channels(table),
        fetch=cast(Fetch, table.choice("fetch", set(get_args(Fetch)), "all")),
        expected_per_day=_expected(table),
        timezone=read_timezone(table, default_timezone),
        enabled=table.flag("enabled", True),
        disabled_reason=read_line(table, "disabled_reason") if "disabled_reason" in table.data else None,
        speaks_for=_side(table),
        notes=tuple(checked_line(table, "notes", note) for note in table.texts("notes", [])),
        checked=read_day(table, "checked"),
        added=read_day(table, "added"),
        path=table.path,
        line=table.line,
    )
    if not source.enabled and not source.disabled_reason:
        raise table.error("disabled_reason", "is missing; say why the source is switched off")
    if source.enabled and not source.ways_in:
        message = "is missing, and so are sitemaps, sections and telegram; give a way in, or set enabled = false"
        raise table.error("feeds", message)
    return source


def _id(table: Table) -> str:
    value = table.text("id")
    if not _ID.fullmatch(value) or len(value) > _MAX_ID:
        message = f"{value!r} is no id; use up to {_MAX_ID} of a-z and 0-9 with single hyphens between, like some-daily"
        raise table.error("id", message)
    return value


def _channels(table: Table) -> tuple[str, ...]:
    channels = each_once(table, "telegram", table.texts("telegram", []))
    for channel in channels:
        if not _CHANNEL.fullmatch(channel):
            message = f"{channel!r} is no channel name; write what follows t.me/, 4 to 32 letters, digits and _"
            raise table.error("telegram", message)
    return channels


def _expected(table: Table) -> tuple[int, int] | None:
    value = table.data.get("expected_per_day")
    if value is None:
        return None
    if isinstance(value, list) and len(value) == 2 and all(type(number) is int for number in value):
        low, high = value
        if 0 <= low <= high and high > 0:
            return low, high
    message = f"must be [fewest, most] new entries a day, whole numbers like [2, 60], not {value!r}"
    raise table.error("expected_per_day", message)


def _side(table: Table) -> str | None:
    if "speaks_for" not in table.data:
        return None
    value = table.text("speaks_for")
    if not _SIDE.fullmatch(value):
        raise table.error("speaks_for", f"{value!r} is no id of a side; write it as the actors file does")
    return value
