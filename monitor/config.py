"""Configuration: ``monitor.toml``, then ``MONITOR_*`` environment variables, then command-line options."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import Field, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from monitor.declarations import read_toml
from monitor.errors import ConfigError

# Lists of tables in the same file, read by those who use them (monitor.alerts).
TABLES = ("rule", "channel")
SEEDS_BESIDE_PACKAGE = Path(__file__).resolve().parents[1] / "seeds"


def _setting(default: Any, key: str, env: str, about: str, low: float = 0, high: float = 1e12) -> Any:
    return field(default=default, metadata={"key": key, "env": env, "about": about, "low": low, "high": high})


@dataclass(frozen=True)
class Config:
    """Every setting: its default, its key in ``monitor.toml``, its environment variable and what it does."""

    # ruff: noqa: RUF009 - the function makes dataclass fields
    db: Path = _setting(Path("var/monitor.db"), "db", "MONITOR_DB", "the database file")
    seeds: Path = _setting(Path("seeds"), "seeds", "MONITOR_SEEDS", "the folder with sources and topic knowledge")
    stale_hours: float = _setting(
        24.0, "status.stale_hours", "MONITOR_STALE_HOURS", "hours without a finished run that are unhealthy", 0.1, 8760
    )
    contact: str = _setting(
        "",
        "crawl.contact",
        "MONITOR_CONTACT",
        "an e-mail or web address sent in the user agent, so webmasters reach you",
    )
    allow_addresses: str = _setting(
        "",
        "crawl.allow_addresses",
        "MONITOR_ALLOW_ADDRESSES",
        "addresses or networks (separated by commas) that may be reached though they are not public",
    )
    delay: float = _setting(1.0, "crawl.delay", "MONITOR_DELAY", "seconds between two requests to one host", 0, 3600)
    timeout: float = _setting(30.0, "crawl.timeout", "MONITOR_TIMEOUT", "seconds one request may take", 0.1, 600)
    host_minutes: float = _setting(
        10.0,
        "crawl.host_minutes",
        "MONITOR_HOST_MINUTES",
        "minutes a host may take in a run; the rest waits",
        0.1,
        1440,
    )
    run_minutes: float = _setting(
        60.0, "crawl.run_minutes", "MONITOR_RUN_MINUTES", "minutes each kind of spider may take in a run", 0.1, 1440
    )
    concurrency: int = _setting(16, "crawl.concurrency", "MONITOR_CONCURRENCY", "hosts fetched from at a time", 1, 256)
    workers: int = _setting(
        0, "crawl.workers", "MONITOR_WORKERS", "processes that extract text; 0 means one per processor core", 0, 64
    )
    extract_seconds: float = _setting(
        30.0,
        "crawl.extract_seconds",
        "MONITOR_EXTRACT_SECONDS",
        "seconds of processor time that reading one page may take",
        0.1,
        3600,
    )
    max_page_mib: float = _setting(
        8.0, "crawl.max_page_mib", "MONITOR_MAX_PAGE_MIB", "largest page or feed accepted, in MiB", 0.01, 256
    )
    max_pages: int = _setting(
        500, "crawl.max_pages", "MONITOR_MAX_PAGES", "pages fetched from one source in one run", 1, 100_000
    )
    max_attempts: int = _setting(
        4,
        "crawl.max_attempts",
        "MONITOR_MAX_ATTEMPTS",
        "runs in which a failing page is tried before giving up",
        1,
        100,
    )

    archive: bool = _setting(
        True,
        "archive.keep",
        "MONITOR_ARCHIVE_KEEP",
        "keep a copy of every stored story's page beside the database",
    )
    archive_days: int = _setting(
        0, "archive.days", "MONITOR_ARCHIVE_DAYS", "days after which kept pages are deleted; 0 means never", 0, 36_500
    )

    gdelt: bool = _setting(
        False, "discovery.gdelt", "MONITOR_GDELT", "also look for stories in GDELT's index of the world's news"
    )
    reliefweb_appname: str = _setting(
        "",
        "discovery.reliefweb_appname",
        "MONITOR_RELIEFWEB_APPNAME",
        "the application name that ReliefWeb approved for you; its reports are read when there is one",
    )

    group_wait: str = _setting(
        "0s", "alerts.group_wait", "MONITOR_ALERTS_GROUP_WAIT", "how long the first alert of an incident waits for more"
    )
    group_interval: str = _setting(
        "5m", "alerts.group_interval", "MONITOR_ALERTS_GROUP_INTERVAL", "least time between two messages on an incident"
    )
    repeat_interval: str = _setting(
        "0s",
        "alerts.repeat_interval",
        "MONITOR_ALERTS_REPEAT_INTERVAL",
        "after how long one is reminded of what goes on; 0s means never",
    )
    max_age: str = _setting(
        "0s", "alerts.max_age", "MONITOR_ALERTS_MAX_AGE", "older news is not alerted; 0s means it is, however old"
    )
    quiet_hours: str = _setting(
        "", "alerts.quiet_hours", "MONITOR_ALERTS_QUIET_HOURS", "when messages wait, like 22:00-06:00"
    )
    pierce: str = _setting(
        "critical", "alerts.pierce", "MONITOR_ALERTS_PIERCE", "the least severity that quiet hours do not hold back"
    )
    timezone: str = _setting(
        "UTC", "alerts.timezone", "MONITOR_ALERTS_TIMEZONE", "the time zone of quiet hours, briefs and messages"
    )
    storm: int = _setting(
        20, "alerts.storm", "MONITOR_ALERTS_STORM", "more messages at once than this become one digest", 1, 1000
    )
    rate: str = _setting(
        "60/h", "alerts.rate", "MONITOR_ALERTS_RATE", "most messages a channel takes in a time, like 60/h or 10/15m"
    )
    attempts: int = _setting(
        10, "alerts.attempts", "MONITOR_ALERTS_ATTEMPTS", "how often a message is tried before it is given up", 1, 100
    )
    send_seconds: float = _setting(
        60.0,
        "alerts.send_seconds",
        "MONITOR_ALERTS_SEND_SECONDS",
        "seconds a channel may take for a message",
        0.1,
        3600,
    )
    secrets: Path = _setting(
        Path("monitor.secrets"),
        "alerts.secrets",
        "MONITOR_ALERTS_SECRETS",
        "a file of NAME=value lines, readable by you alone, for secrets that are not in the environment",
    )
    ping: str = _setting(
        "", "alerts.ping", "MONITOR_ALERTS_PING", "an address asked for after each good run: a dead man's switch"
    )
    link: str = _setting(
        "", "alerts.link", "MONITOR_ALERTS_LINK", "the address of your query site, for links to incidents"
    )

    # The file the settings came from; it holds the rules and channels too. None: there is none.
    file: Path | None = None

    @classmethod
    def settings(cls) -> list[Field[Any]]:
        """The fields that a file or the environment may set, with what is known of each in their metadata."""
        return [item for item in fields(cls) if item.metadata]

    @property
    def user_agent(self) -> str:
        """The user agent: names the project, and the operator's contact where one is configured."""
        from monitor import __version__

        return f"border-monitor/{__version__} (news monitor{f'; +{self.contact}' if self.contact else ''})"


def load_config(path: Path | None = None, environ: Mapping[str, str] = os.environ, **options: Any) -> Config:
    """Read the configuration file, the environment and ``options`` (later ones win; None options are skipped).

    ``path`` None means ``MONITOR_CONFIG`` or ``monitor.toml`` where it exists. Raises ConfigError, naming the place
    and the setting, for a value that cannot be used and for a key nobody reads.
    """
    values: dict[str, Any] = {}
    file = path or (Path(environ["MONITOR_CONFIG"]) if environ.get("MONITOR_CONFIG") else None)
    if file is None and Path("monitor.toml").exists():
        file = Path("monitor.toml")
    by_key = {item.metadata["key"]: item for item in Config.settings()}
    if file is not None:
        data, _ = read_toml(file)
        values["file"] = file
        for key, value in _flatten({name: value for name, value in data.items() if name not in TABLES}):
            if key not in by_key:
                raise ConfigError(f"{file}: {key}: unknown setting; known are {', '.join(sorted(by_key))}")
            values[by_key[key].name] = _checked(by_key[key], value, f"{file}: {key}")
    for item in Config.settings():
        variable = item.metadata["env"]
        if environ.get(variable):
            values[item.name] = _checked(item, _parsed(item, environ[variable], variable), variable)
    values.update({name: value for name, value in options.items() if value is not None})
    config = replace(Config(), **values)
    if "seeds" not in values and not config.seeds.exists() and SEEDS_BESIDE_PACKAGE.exists():
        config = replace(config, seeds=SEEDS_BESIDE_PACKAGE)
    return config


def _flatten(data: Mapping[str, Any], prefix: str = "") -> list[tuple[str, Any]]:
    pairs: list[tuple[str, Any]] = []
    for key, value in data.items():
        if isinstance(value, dict):
            pairs.extend(_flatten(value, f"{prefix}{key}."))
        else:
            pairs.append((prefix + key, value))
    return pairs


_SWITCHES = {**dict.fromkeys(("1", "true", "yes", "on"), True), **dict.fromkeys(("0", "false", "no", "off"), False)}


def _parsed(item: Any, text: str, place: str) -> Any:
    if isinstance(item.default, bool):
        return _SWITCHES.get(text.strip().lower(), text)
    if not isinstance(item.default, (int, float)):
        return text
    try:
        return type(item.default)(text)
    except ValueError as error:
        raise ConfigError(f"{place}: {text!r} is not a number") from error


def _checked(item: Any, value: Any, place: str) -> Any:
    default = item.default
    if isinstance(default, Path):
        if not isinstance(value, str) or not value:
            raise ConfigError(f"{place}: must be a path, not {value!r}")
        return Path(value).expanduser()
    if isinstance(default, str):
        if not isinstance(value, str):
            raise ConfigError(f"{place}: must be text, not {value!r}")
        if any(ord(char) < 32 for char in value):
            raise ConfigError(f"{place}: must be one line of text")
        return value
    if isinstance(default, bool):
        if not isinstance(value, bool):
            raise ConfigError(f"{place}: must be true or false, not {value!r}")
        return value
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ConfigError(f"{place}: must be a number, not {value!r}")
    if isinstance(default, int) and value != int(value):
        raise ConfigError(f"{place}: must be a whole number, not {value!r}")
    low, high = item.metadata["low"], item.metadata["high"]
    if not low <= value <= high:
        raise ConfigError(f"{place}: {value!r} is not between {low:g} and {high:g}")
    return type(default)(value)
