"""Reading of declaration files (TOML tables and delimited rows) with errors that name file, line and field."""

from __future__ import annotations

import csv
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from monitor.errors import SeedsError


@dataclass(frozen=True)
class Table:
    """One table of a declaration file: its values, and where it stands."""

    path: Path
    line: int
    data: dict[str, Any]
    lines: dict[str, int] = field(default_factory=dict, repr=False)

    def error(self, name: str | None, message: str) -> SeedsError:
        """The error to raise about field ``name`` of this table (or about the whole table)."""
        return SeedsError(self.path, self.lines.get(name or "", self.line), name, message)

    def check_fields(self, known: frozenset[str] | set[str]) -> None:
        """Refuse a field that nobody reads: it is a typing error more often than not."""
        for name in self.data:
            if name not in known:
                raise self.error(name, f"unknown field; known are {', '.join(sorted(known))}")

    def text(self, name: str, default: str | None = None) -> str:
        """A string field; required when no default is given."""
        value = self.data.get(name, default)
        if value is None:
            raise self.error(name, "is missing")
        if not isinstance(value, str):
            raise self.error(name, f"must be a string, not {value!r}")
        return value

    def choice(self, name: str, options: frozenset[str] | set[str], default: str | None = None) -> str:
        """A string field that must be one of ``options``."""
        value = self.text(name, default)
        if value not in options:
            raise self.error(name, f"{value!r} is not one of {', '.join(sorted(options))}")
        return value

    def texts(self, name: str, default: list[str] | None = None) -> list[str]:
        """A field that is a list of strings; required when no default is given."""
        value = self.data.get(name, default)
        if value is None:
            raise self.error(name, "is missing")
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self.error(name, f"must be a list of strings, not {value!r}")
        return list(value)

    def flag(self, name: str, default: bool) -> bool:
        """A true/false field."""
        value = self.data.get(name, default)
        if not isinstance(value, bool):
            raise self.error(name, f"must be true or false, not {value!r}")
        return value

    def day(self, name: str) -> date | None:
        """A date field, or None when absent."""
        value = self.data.get(name)
        if value is not None and not isinstance(value, date):
            raise self.error(name, f"must be a date like 2026-01-31, not {value!r}")
        return value


_HEADER = re.compile(r"\s*(?P<open>\[\[?)\s*(?P<name>[^\[\]]+?)\s*\]")
_KEY = re.compile(r"""\s*(?P<key>[A-Za-z0-9_-]+|"[^"]+"|'[^']+')\s*[=.]""")


def read_toml(path: Path) -> tuple[dict[str, Any], str]:
    """Parse the TOML file at ``path``; return its data and its text.

    Raises SeedsError with file and line when it cannot be read or parsed.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise SeedsError(path, None, None, f"cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise SeedsError(path, line, None, "is not UTF-8 text") from error
    try:
        return tomllib.loads(text), text
    except tomllib.TOMLDecodeError as error:
        match = re.search(r"line (\d+)", str(error))
        line = int(match[1]) if match else text.count("\n") + 1
        raise SeedsError(path, line, None, f"is not valid TOML: {error}") from error


def read_tables(path: Path, name: str, beside: frozenset[str] | set[str] = frozenset()) -> list[Table]:
    """All ``[[name]]`` tables of the TOML file at ``path``, in order, with their lines.

    ``beside`` names the other tables the file may hold; the caller reads them with ``read_table``.
    """
    data, text = read_toml(path)
    rows = data.get(name, [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise SeedsError(path, None, name, f"must be written as [[{name}]] tables")
    for key in data:
        if key != name and key not in beside:
            line = next((number for number, row in enumerate(text.splitlines(), 1) if key in row), None)
            raise SeedsError(path, line, key, f"unknown table; this file holds [[{name}]] tables")
    positions = list(_positions(text, name))
    if len(positions) != len(rows):  # inline arrays: no line of their own
        positions = [(1, {})] * len(rows)
    return [Table(path, line, row, keys) for (line, keys), row in zip(positions, rows, strict=True)]


def read_table(path: Path, name: str) -> Table:
    """The one ``[name]`` table of the TOML file at ``path``; empty, on line 1, when the file has none."""
    data, text = read_toml(path)
    values = data.get(name, {})
    line, keys = next(_positions(text, name, "["), (1, {}))
    if not isinstance(values, dict):
        raise SeedsError(path, line, name, f"must be written as one [{name}] table")
    return Table(path, line, values, keys)


def _positions(text: str, name: str, brackets: str = "[[") -> Iterator[tuple[int, dict[str, int]]]:
    """Yield, for each ``[[name]]`` (or ``[name]``) header, its line and the line of each key below it."""
    current: tuple[int, dict[str, int]] | None = None
    for number, row in enumerate(text.splitlines(), 1):
        header = _HEADER.match(row)
        if header and header["open"] == brackets and header["name"] == name:
            if current:
                yield current
            current = (number, {})
        elif current and not header and (key := _KEY.match(row)):
            current[1].setdefault(key["key"].strip("\"'"), number)
    if current:
        yield current


def read_rows(path: Path, columns: list[str], delimiter: str = ",") -> list[Table]:
    """All rows of a delimited text file whose header must be exactly ``columns``."""
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            reader = csv.reader(stream, delimiter=delimiter)
            header = next(reader, [])
            if header != columns:
                wrong = next((have for have, want in zip(header, columns, strict=False) if have != want), None)
                raise SeedsError(path, 1, wrong, f"the header must be {delimiter.join(columns)}")
            rows = []
            for row in reader:
                if not row:
                    continue
                if len(row) != len(columns):
                    raise SeedsError(path, reader.line_num, None, f"has {len(row)} columns, not {len(columns)}")
                rows.append(Table(path, reader.line_num, dict(zip(columns, row, strict=True))))
            return rows
    except OSError as error:
        raise SeedsError(path, None, None, f"cannot be read: {error.strerror}") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise SeedsError(path, None, None, f"cannot be read: {error}") from error
