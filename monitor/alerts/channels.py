"""Channels, as ``[[channel]]`` tables of ``monitor.toml`` declare them: where messages go, with which bounds."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from monitor.alerts.rules import SEVERITIES
from monitor.alerts.secrets import MissingSecret, Secrets, is_open, names_in, scrubbed, values_in
from monitor.alerts.times import Hours, Rate
from monitor.config import Config
from monitor.declarations import Table

CHANNEL_KINDS = frozenset({"apprise", "webhook", "atom", "file", "stdout"})
_FIELDS = frozenset("name kind url secret path title quiet_hours pierce rate storm send_seconds attempts".split())
_NEEDS = {"apprise": ("url",), "webhook": ("url", "secret"), "atom": ("path",), "file": ("path",), "stdout": ()}


@dataclass(frozen=True)
class Channel:
    """Where messages go. ``url`` and ``secret`` hold secrets and are never shown; ``hidden`` are their values."""

    name: str
    kind: str
    url: str = field(default="", repr=False)
    secret: str = field(default="", repr=False)
    hidden: tuple[str, ...] = field(default=(), repr=False)
    path: Path | None = None
    title: str = "Border Monitor"
    quiet_hours: Hours | None = None
    pierce: str = "critical"
    rate: Rate = field(default_factory=lambda: Rate(60, timedelta(hours=1)))
    storm: int = 20
    seconds: float = 60.0
    attempts: int = 10
    zone: Any = field(default_factory=lambda: ZoneInfo("UTC"))


def read_channels(
    tables: Collection[Table], config: Config, secrets: Secrets, *, check: bool = True
) -> tuple[Channel, ...]:
    """The channels in ``tables``, with their secrets; ``check`` has Apprise read their addresses too.

    Raises SeedsError (a ConfigError) with file, line and field for what cannot work.
    """
    channels: dict[str, Channel] = {}
    for table in tables:
        channel = _channel(table, config, secrets)
        if channel.name in channels:
            raise table.error("name", f"{channel.name!r} stands already above")
        if check and channel.kind == "apprise":
            _check_apprise(table, channel)
        channels[channel.name] = channel
    return tuple(channels.values())


def _channel(table: Table, config: Config, secrets: Secrets) -> Channel:
    table.check_fields(_FIELDS)
    kind = table.choice("kind", CHANNEL_KINDS, "apprise")
    for name in _NEEDS[kind]:
        if not table.text(name, ""):
            raise table.error(name, f"is missing: a channel of kind {kind} needs it")
    for name in ("url", "secret", "path"):
        if name in table.data and name not in _NEEDS[kind]:
            raise table.error(name, f"is not for channels of kind {kind}")
    filled = {name: _filled(table, name, secrets) for name in ("url", "secret")}
    if kind == "webhook":
        _check_webhook(table, filled["url"])
    path = Path(table.text("path", "")).expanduser() if "path" in table.data else None
    zone = read_zone(config, table)
    return Channel(
        name=table.text("name"),
        kind=kind,
        url=filled["url"],
        secret=filled["secret"],
        hidden=tuple(_hidden(table, secrets)),
        path=table.path.parent.resolve() / path if path else None,
        title=table.text("title", "Border Monitor"),
        quiet_hours=_parsed(table, "quiet_hours", config.quiet_hours, lambda text: Hours.parse(text, zone)),
        pierce=table.choice("pierce", set(SEVERITIES), config.pierce),
        rate=_parsed(table, "rate", config.rate, Rate.parse),
        storm=_bounded(table, "storm", config.storm, 1),
        seconds=_bounded(table, "send_seconds", config.send_seconds, 0.1),
        attempts=_bounded(table, "attempts", config.attempts, 1),
        zone=zone,
    )


def read_zone(config: Config, table: Table) -> ZoneInfo:
    """The time zone of alerts; raises SeedsError for one that does not exist."""
    try:
        return ZoneInfo(config.timezone)
    except (KeyError, ValueError, OSError):
        raise table.error(None, f"alerts.timezone: {config.timezone!r} is no time zone like Europe/Berlin") from None


def _filled(table: Table, name: str, secrets: Secrets) -> str:
    try:
        return secrets.fill(table.text(name, ""))
    except MissingSecret as error:
        raise table.error(
            name, f"the secret {error} is missing: set it in the environment or write {error}=… into the secrets file"
        ) from None


def _hidden(table: Table, secrets: Secrets) -> list[str]:
    values = [value for name in ("url", "secret") for value in values_in(table.text(name, ""), secrets)]
    if not names_in(table.text("secret", "")):
        values.append(table.text("secret", ""))
    parts = urlsplit(table.text("url", "").split("?")[0]) if not names_in(table.text("url", "")) else None
    return [value for value in (*values, parts.password if parts else None) if value]


def _check_webhook(table: Table, url: str) -> None:
    try:
        parts = urlsplit(url)
        fine = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        fine = False
    if not fine:
        raise table.error("url", "is not an http or https address")
    if not names_in(table.text("secret")) and is_open(table.path):
        raise table.error("secret", _tighten(table))


def _check_apprise(table: Table, channel: Channel) -> None:
    from monitor.alerts.services import service

    found, why = service(channel.url)
    if found is None:
        # What stands in brackets or behind a colon is a part of the address: it may be secret.
        said = re.sub(r"\s*\([^)]*\)|:.*", "", scrubbed(why, channel.hidden)).strip(" .")
        because = f" ({said})" if said and "://" not in said else ""
        raise table.error("url", f"is not an address that Apprise can use{because}; docs/alerts.md has examples")
    if not names_in(table.text("url")) and found.url(privacy=True) != found.url() and is_open(table.path):
        raise table.error("url", _tighten(table))


def _tighten(table: Table) -> str:
    return (
        f"holds a secret, but others may read the file: write ${{NAME}} in its place (docs/alerts.md),"
        f" or run: chmod 600 {table.path}"
    )


def _parsed(table: Table, name: str, default: str, parse: Any) -> Any:
    try:
        return parse(table.text(name, default))
    except ValueError as error:
        raise table.error(name, str(error)) from None


def _bounded(table: Table, name: str, default: Any, low: float) -> Any:
    value = table.data.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int if isinstance(default, int) else (int, float)):
        raise table.error(name, f"must be a {'whole ' if isinstance(default, int) else ''}number, not {value!r}")
    if value < low:
        raise table.error(name, f"must be {low} or more, not {value!r}")
    return value
