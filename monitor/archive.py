"""The archive: the page of every stored story and of every revision, in gzipped WARC files beside the database.

A record is written before the row that tells where it stands, and that row comes with the story, in one transaction.
As SQLite lets one process write at a time, so does the archive. A file that is not as long as the rows say (a run was
killed, or the database is another one) is left as it is, and a new one is begun: nothing that is written is ever
touched again, and a torn last record harms no other.
"""

from __future__ import annotations

import hashlib
import io
import logging
import os
import re
import shutil
import sqlite3
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path

from monitor.errors import NotFound, StoreError
from monitor.items import Story
from monitor.store import archived
from monitor.store.archived import Kept
from monitor.warc import ArchivedPage, read_pages
from monitor.warcwriter import file_head

logger = logging.getLogger(__name__)

# A file as large as the field makes them is followed by another.
_MOST_BYTES = 1 << 30
_NAME = re.compile(r"(?P<day>\d{4}-\d\d-\d\d)-\d+\.warc\.gz")


@dataclass(frozen=True, slots=True)
class Size:
    """How large an archive is: its files, and their bytes."""

    files: int
    bytes: int


def folder_of(db: Path) -> Path:
    """The folder of the archive that belongs to the database ``db``."""
    return db.with_name(f"{db.name}-archive")


def keep_page(conn: sqlite3.Connection, db: Path, story: Story) -> None:
    """Put the page that ``story`` brought along into the archive of ``db``, unless it is there.

    Call it in the transaction that stores the story. A story is worth more than its page: where that cannot be written,
    a warning is logged and the story is stored all the same.
    """
    if story.packed is None or story.page_sha256 is None or archived.is_kept(conn, story.page_sha256, story.url):
        return
    if not conn.in_transaction:
        raise RuntimeError("pages are kept within the transaction that stores their story")
    try:
        file, offset = _append(conn, folder_of(db), story.packed)
    except OSError as error:
        logger.warning("%s: the page of a story could not be kept: %s", folder_of(db), error.strerror)
        return
    moment = archived.kept_at(story.fetched_at)
    archived.add(conn, Kept(story.page_sha256, story.url, moment, file, offset, len(story.packed)))


def _append(conn: sqlite3.Connection, folder: Path, record: bytes) -> tuple[str, int]:
    """Write ``record`` to the end of the file of today; returns the file's name and where the record begins."""
    folder.mkdir(exist_ok=True)
    today = f"{datetime.now(UTC):%Y-%m-%d}"
    for serial in count(1):
        name = f"{today}-{serial:03}.warc.gz"
        path = folder / name
        size = path.stat().st_size if path.exists() else 0
        if size == archived.end_of(conn, name) and size < _MOST_BYTES:
            break
    head = b"" if size else file_head(name)
    _write(path, head + record, size)
    return name, size + len(head)


def _write(path: Path, data: bytes, size: int) -> None:
    """Append ``data`` to a file of ``size`` bytes; all of it or nothing.

    The disk is not waited for, as the database does not wait for it either (``synchronous = normal``): a killed process
    loses nothing, a power cut at most what both had not written yet, and a damaged copy is told as such when read.
    """
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        left = memoryview(data)
        while left:
            left = left[os.write(handle, left) :]
    except OSError:
        with suppress(OSError):
            os.ftruncate(handle, size)
        raise
    finally:
        os.close(handle)


def load_page(conn: sqlite3.Connection, db: Path, story: Story, revision: int | None = None) -> ArchivedPage:
    """The page that ``story`` was read from, or that it was read from at an earlier ``revision``.

    Raises NotFound, saying why, when no copy of it is kept or the copy cannot be read.
    """
    kept = _place(conn, story, revision)
    stream = io.BytesIO(_bytes(db, kept))
    for page in read_pages(stream, _MOST_BYTES, lambda position, fault: None):
        if hashlib.sha256(page.body).hexdigest() == kept.page_sha256:
            return page
    path = folder_of(db) / kept.file
    raise NotFound(f"{path}: byte {kept.offset}: this is not the page of {story.id}; the file is damaged")


def load_record(conn: sqlite3.Connection, db: Path, story: Story, revision: int | None = None) -> bytes:
    """The same page as it stands in the archive: gzipped WARC records. Raises NotFound too."""
    return _bytes(db, _place(conn, story, revision))


def _place(conn: sqlite3.Connection, story: Story, revision: int | None) -> Kept:
    sha = story.page_sha256
    if revision is not None and revision != story.revision:
        sha = archived.page_of_revision(conn, story.id, revision)
    kept = archived.find(conn, sha, story.url)
    if kept is None:
        raise NotFound(f"{story.id}: no copy of its page is kept" + (f" (revision {revision})" if revision else ""))
    return kept


def _bytes(db: Path, kept: Kept) -> bytes:
    path = folder_of(db) / kept.file
    try:
        with path.open("rb") as stream:
            stream.seek(kept.offset)
            return stream.read(kept.length)
    except OSError as error:
        raise NotFound(f"{path}: the copy of a page cannot be read: {error.strerror}") from error


def size_of(db: Path) -> Size:
    """How large the archive of ``db`` is."""
    return _size(folder_of(db))


def _size(folder: Path) -> Size:
    sizes = [path.stat().st_size for path in _files(folder)]
    return Size(len(sizes), sum(sizes))


def files_of(db: Path) -> list[Path]:
    """The files of the archive of ``db``, oldest first; none where there is no archive."""
    return _files(folder_of(db))


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if _NAME.fullmatch(path.name)) if folder.is_dir() else []


def copy_to(db: Path, folder: Path) -> Size:
    """Copy the archive of ``db`` to the new ``folder``; raises StoreError when that cannot be made or written.

    Copied after the database, it holds every page that the copy of the database knows.
    """
    try:
        folder.mkdir()
        for path in files_of(db):
            shutil.copy2(path, folder)
    except OSError as error:
        raise StoreError(f"{folder}: the archive cannot be copied there: {error.strerror}") from error
    return _size(folder)


def prune(conn: sqlite3.Connection, db: Path, days: int, today: date) -> int:
    """Delete the files of the archive that were written more than ``days`` days before ``today``; 0 keeps all.

    Returns how many. The database forgets a file before it goes.
    """
    gone = 0
    for path in files_of(db) if days else ():
        found = _NAME.fullmatch(path.name)
        if found and date.fromisoformat(found["day"]) < today - timedelta(days=days):
            archived.forget(conn, path.name)
            path.unlink()
            gone += 1
    return gone
