"""Changes to the files that declare sources: adding one, replacing an address, noting that it was seen to work.

Files are edited by line, so that comments, order and everything else stay as a person wrote them. A change is tried on
a copy of the folder first, and made, in one step, only when the folder then declares exactly what was meant.
"""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from monitor.errors import ConfigError, SeedsError
from monitor.sources import Source, load_sources, source_block
from monitor.urls import same_site

_HEADER = re.compile(r"\s*\[\[?[A-Za-z]")
_FIELD = re.compile(r"^[ \t]*\w+[ \t]*=", re.M)
_CHECKED = re.compile(r"(\s*checked\s*=\s*)[\d-]+(.*)", re.S)
_FILE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")


@dataclass(frozen=True, slots=True)
class Change:
    """What is to change in the declaration of a source: addresses by field (old, new), and the day it was checked."""

    source: Source
    moves: tuple[tuple[str, str, str], ...] = ()  # field, old address, new address
    checked: date | None = None


def add_sources(folder: Path, name: str, sources: Sequence[Source], comments: Sequence[str] = ()) -> Path:
    """Write ``sources`` at the end of the file ``name`` (without ending) in ``folder``; return its path.

    ``comments`` are blocks of comment lines that go with them. Nothing that stands there is touched. Raises ConfigError
    for a name that cannot be a file's, an id or a site that is declared already, and SeedsError when the declarations
    of the folder, the new ones among them, would not load.
    """
    if not _FILE.fullmatch(name):
        raise ConfigError(f"{name!r} is no name for a file of sources; use letters, digits, - and _")
    path = folder / f"{name}.toml"
    known = load_sources(folder) if any(folder.glob("*.toml")) else ()
    for source in sources:
        _refuse_known(source, known)
        known = (*known, source)
    blocks = [source_block(source) + comment for source, comment in zip(sources, comments, strict=True)]
    text = _read(path) if path.exists() else "# Sources added by `monitor sources add`; see README.md in this folder.\n"
    text = text.rstrip("\n") + "\n\n" + "\n".join(blocks)
    if set(_tried(path, text)) != set(known):
        raise SeedsError(path, None, None, "would not declare what was meant; it is left as it is")
    _replace(path, text)
    return path


def read_file(path: Path) -> tuple[Source, ...]:
    """The sources that the file ``path``, in no folder of sources, declares; raises SeedsError as ``load_sources``."""
    return tuple(replace(source, path=path) for source in _tried(path, _read(path), alone=True))


def _refuse_known(source: Source, known: Sequence[Source]) -> None:
    for other in known:
        place = f"{other.path}:{other.line}" if other.path else "among what is to be added"
        if other.id == source.id:
            raise ConfigError(f"the id {source.id!r} is already used at {place}; give another one with --id")
        shared = set(other.ways_in) & set(source.ways_in)
        if shared or (same_site(other.homepage, source.homepage) and other.homepage == source.homepage):
            what = f"the address {min(shared)}" if shared else f"the front page {source.homepage}"
            raise ConfigError(f"{what} is already declared by {other.id} at {place}")


def apply_change(change: Change) -> None:
    """Make ``change`` in the file that declares its source.

    Raises SeedsError, naming file and line, when the declaration is not where it was or is written in a way that cannot
    be edited safely.
    """
    source = change.source
    if source.path is None or source.line is None:
        raise ConfigError(f"source {source.id} is declared in no file")
    lines = _read(source.path).splitlines(keepends=True)
    start = source.line - 1
    if start >= len(lines) or not lines[start].strip().startswith("[["):
        raise _uneditable(source, "is not written as a [[source]] table of its own")
    end = next((n for n in range(start + 1, len(lines)) if _HEADER.match(lines[n])), len(lines))
    table = lines[start:end]
    for field, old, new in change.moves:
        table = _moved(source, table, field, old, new)
    if change.checked is not None:
        table = _with_checked(table, change.checked)
    text = "".join([*lines[:start], *table, *lines[end:]])
    declared = {one.id: one for one in _tried(source.path, text)}
    before = {one.id: one for one in load_sources(source.path.parent)}
    if declared != {**before, source.id: _changed(change)}:
        raise _uneditable(source, "would not declare what was meant")
    _replace(source.path, text)


def _changed(change: Change) -> Source:
    """The source as it is to be declared."""
    wanted = replace(change.source, checked=change.checked or change.source.checked)
    for field, old, new in change.moves:
        moved: Any = tuple(new if url == old else url for url in getattr(wanted, field))
        wanted = replace(wanted, **{field: moved})
    return wanted


def _moved(source: Source, table: list[str], field: str, old: str, new: str) -> list[str]:
    """``table`` with the address ``old`` of ``field`` replaced: only there, in whatever quotes it stands."""
    text = "".join(table)
    begin = re.search(rf"^[ \t]*{field}[ \t]*=", text, re.M)
    behind = _FIELD.search(text, begin.end()) if begin else None
    quoted = re.compile(rf"""(["']){re.escape(old)}\1""")
    place = quoted.search(text, begin.end(), behind.start() if behind else len(text)) if begin else None
    if place is None:
        raise _uneditable(source, f"does not hold {old} as it stands")
    return (text[: place.start()] + json.dumps(new, ensure_ascii=False) + text[place.end() :]).splitlines(keepends=True)


def _with_checked(table: list[str], day: date) -> list[str]:
    """``table`` with the day it was checked, in the place of an earlier one or after its last field."""
    for number, line in enumerate(table):
        if found := _CHECKED.fullmatch(line):
            return [*table[:number], f"{found[1]}{day}{found[2]}", *table[number + 1 :]]
    last = max(n for n, line in enumerate(table) if line.strip() and not line.lstrip().startswith("#"))
    ending = "\r\n" if table[0].endswith("\r\n") else "\n"
    before = table[last] if table[last].endswith("\n") else table[last] + ending
    return [*table[:last], before, f"checked = {day}{ending}", *table[last + 1 :]]


def _uneditable(source: Source, why: str) -> SeedsError:
    message = f"the declaration of {source.id} {why}; it is left as it is, please edit it by hand"
    return SeedsError(source.path or "", source.line, None, message)


def _read(path: Path) -> str:
    try:
        with path.open(encoding="utf-8", newline="") as stream:  # line ends stay as they are
            return stream.read()
    except OSError as error:
        raise SeedsError(path, None, None, f"cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise SeedsError(path, None, None, f"is no UTF-8 text (byte {error.start + 1})") from error


def _tried(path: Path, text: str, alone: bool = False) -> tuple[Source, ...]:
    """The sources of the folder of ``path`` if that file held ``text`` (of that file only, if ``alone``)."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for other in () if alone else path.parent.glob("*.toml"):
            (folder / other.name).write_bytes(other.read_bytes())
        (folder / f"{path.stem}.toml").write_bytes(text.encode())
        try:
            return load_sources(folder)
        except SeedsError as error:
            raise ConfigError(str(error).replace(name, str(path.parent))) from error


def _replace(path: Path, text: str) -> None:
    """Put ``text`` into the place of the file in one step: nobody sees it half written."""
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        new = Path(name)
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(text.encode())
                stream.flush()
                os.fsync(stream.fileno())
            new.chmod(path.stat().st_mode if path.exists() else 0o644)
            new.replace(path)
        except BaseException:
            new.unlink()
            raise
    except OSError as error:
        raise SeedsError(path, None, None, f"cannot be written: {error.strerror}") from error
