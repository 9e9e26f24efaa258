"""A checked copy of the database, made while others may write to it."""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

from monitor.errors import StoreError
from monitor.store.database import explained, open_reader

# So many pages are copied at a time; between them others may write.
_PAGES = 4096
# More findings than a database has: with fewer, wrong ones would hide those that are right.
_ALL = 100_000_000
_NULL = re.compile(r"NULL value in (\w+)\.(\w+)")


def _faults(conn: sqlite3.Connection) -> list[str]:
    """What SQLite's own check finds wrong with a database.

    Some versions (3.40 among them) call values of tables without rowid, whose key is not their first columns, NULL
    though they are not: each such finding is looked at. ``typeof``, since "is null" is taken for false unread there.
    """
    found = [str(row[0]) for row in conn.execute(f"pragma integrity_check({_ALL})")]
    nulls = {match.groups() for fault in found if (match := _NULL.fullmatch(fault))}
    wrong = {
        f"NULL value in {table}.{column}"
        for table, column in nulls
        if not conn.execute(f"select 1 from {table} where typeof({column}) = 'null' limit 1").fetchone()  # noqa: S608
    }
    return [fault for fault in found if fault != "ok" and fault not in wrong]


def back_up_to(db: Path, target: Path, progress: Callable[[float], None] = lambda share: None) -> int:
    """Copy the database ``db`` to ``target``, check the copy, and return its size in bytes.

    ``progress`` is told the share that is copied, 0 to 1. Raises StoreError when ``target`` is there already, cannot be
    written, or the copy is damaged; nothing is left at ``target`` then.
    """
    part = target.with_name(f"{target.name}.part-{os.getpid()}")
    if target.exists():
        raise StoreError(f"{target}: is there already and is not overwritten; choose another name")
    if not target.parent.is_dir():
        raise StoreError(f"{target.parent}: there is no such folder; make it, or choose another")
    try:
        with closing(open_reader(db)) as conn, explained(part), closing(sqlite3.connect(part)) as copy:
            conn.backup(copy, pages=_PAGES, progress=lambda _, left, all_: progress(1 - left / max(1, all_)))
            copy.execute("pragma journal_mode = delete")
            faults = _faults(copy)
        if faults:
            raise StoreError(f"{db}: the copy is damaged ({'; '.join(faults[:3])[:300]}); is the disk well?")
        # A link, unlike a renaming, never takes the place of a file that came there meanwhile.
        try:
            os.link(part, target)
        except FileExistsError as error:
            raise StoreError(f"{target}: is there already and is not overwritten; choose another name") from error
        except OSError:
            # A file system without links.
            if target.exists():
                raise StoreError(f"{target}: is there already and is not overwritten; choose another name") from None
            part.rename(target)
        return target.stat().st_size
    finally:
        for name in (part, Path(f"{part}-wal"), Path(f"{part}-shm"), Path(f"{part}-journal")):
            with suppress(FileNotFoundError):
                name.unlink()
