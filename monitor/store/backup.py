"""A checked copy of the database, made while others may write to it."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

from monitor.errors import StoreError
from monitor.store.database import explained, open_reader

# So many pages are copied at a time; between them others may write.
_PAGES = 4096


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
            faults = [str(row[0]) for row in copy.execute("pragma integrity_check(3)")]
        if faults != ["ok"]:
            raise StoreError(f"{db}: the copy is damaged ({'; '.join(faults)[:300]}); is the disk well?")
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
