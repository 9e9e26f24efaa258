"""Every error the program raises on purpose: one sentence that names the fault, the place and the mend."""

from __future__ import annotations

from pathlib import Path


class MonitorError(Exception):
    """Base of all errors shown to the user as one line; ``exit_code`` is what the command returns."""

    exit_code = 1


class ConfigError(MonitorError):
    """A setting, option or configuration file is wrong."""

    exit_code = 2


class SeedsError(ConfigError):
    """A file under ``seeds/`` cannot be used; names file, line and field."""

    def __init__(self, path: Path | str, line: int | None, field: str | None, message: str) -> None:
        place = str(path) if line is None else f"{path}:{line}"
        what = f"{field}: " if field else ""
        super().__init__(f"{place}: {what}{message}")
        self.path, self.line, self.field = Path(path), line, field


class StoreError(MonitorError):
    """The database cannot be used."""


class NewerStore(StoreError):
    """The database was written by a newer version of the program."""


class ForeignStore(StoreError):
    """The file is a database, or something else, that is not ours."""


class LockHeld(MonitorError):
    """Another crawl is running on the same database."""

    exit_code = 75


class FeedError(MonitorError):
    """A document is not a feed or sitemap that can be read."""


class NotFound(MonitorError):
    """The thing asked for is not in the store."""
