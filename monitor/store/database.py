"""Opening the database: is it ours, is it of our age, may we write; and transactions that say what went wrong."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from monitor.errors import ForeignStore, NewerStore, StoreError
from monitor.store.names import APPLICATION_ID, MIGRATIONS

BUSY_SECONDS = 30.0


def open_store(path: Path, *, create: bool = True) -> sqlite3.Connection:
    """Open the database at ``path`` for reading and writing, made or migrated to our schema where need be.

    An older database is copied to a backup beside it before it is migrated. Returns a connection in autocommit mode:
    write inside ``transaction``. Raises ForeignStore, NewerStore or StoreError, each naming the file and the mend.
    """
    if not path.exists():
        if not create:
            raise StoreError(
                f"{path}: there is no database yet; run 'monitor crawl', 'monitor demo' or 'monitor import'"
            )
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(
                f"{path.parent}: cannot be made: {error.strerror}; choose another place with --db"
            ) from error
    _refuse_folder(path)
    with explained(path):
        conn = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, cached_statements=512)
        try:
            missing = _missing_migrations(conn, path)
            conn.row_factory = sqlite3.Row
            conn.execute("pragma journal_mode = wal")
            conn.execute("pragma synchronous = normal")
            conn.execute("pragma foreign_keys = on")
            conn.execute("pragma temp_store = memory")
            # Each story touches some seventy pages all over the file: kept at hand, and written back many at a time.
            conn.execute("pragma cache_size = -64000")
            conn.execute("pragma wal_autocheckpoint = 16000")
            if missing:
                if len(missing) < len(MIGRATIONS):
                    back_up(conn, path.with_name(f"{path.name}.before-{missing[0]}-{datetime.now(UTC):%Y%m%d%H%M%S}"))
                _migrate(conn)
        except BaseException:
            conn.close()
            raise
    return conn


def _refuse_folder(path: Path) -> None:
    if path.is_dir():
        raise StoreError(f"{path}: is a folder; name the database file with --db, such as {path / 'monitor.db'}")


def open_reader(path: Path) -> sqlite3.Connection:
    """Open the database at ``path`` for queries only; nothing is written. Same errors as ``open_store``."""
    if not path.exists():
        raise StoreError(f"{path}: there is no database yet; run 'monitor crawl', 'monitor demo' or 'monitor import'")
    _refuse_folder(path)
    with explained(path):
        conn = sqlite3.connect(f"file:{_uri(path)}?mode=ro", uri=True, timeout=BUSY_SECONDS, isolation_level=None)
        try:
            missing = _missing_migrations(conn, path)
        except BaseException:
            conn.close()
            raise
    if missing:
        conn.close()
        with closing(open_store(path)):
            pass
        return open_reader(path)
    conn.row_factory = sqlite3.Row
    return conn


def pending(path: Path) -> tuple[str, ...]:
    """Names of the migrations the database at ``path`` still needs."""
    if not path.exists():
        return MIGRATIONS
    with explained(path), closing(sqlite3.connect(f"file:{_uri(path)}?mode=ro", uri=True)) as conn:
        return _missing_migrations(conn, path)


def _uri(path: Path) -> str:
    return str(path.resolve()).replace("%", "%25").replace("?", "%3f").replace("#", "%23")


def _missing_migrations(conn: sqlite3.Connection, path: Path) -> tuple[str, ...]:
    tables = {name for (name,) in conn.execute("select name from sqlite_master where type = 'table'")}
    (application_id,) = conn.execute("pragma application_id").fetchone()
    if not tables and application_id in (0, APPLICATION_ID):
        return MIGRATIONS
    if application_id != APPLICATION_ID:
        raise ForeignStore(f"{path}: is a database of another program; choose another file with --db")
    applied: set[str] = set()
    if "_sqlite_migrations" in tables:
        query = "select name from _sqlite_migrations where migration_set = 'border-monitor'"
        applied = {name for (name,) in conn.execute(query)}
    unknown = sorted(applied - set(MIGRATIONS))
    if unknown:
        raise NewerStore(
            f"{path}: was written by a newer version of border-monitor (it has {unknown[0]}); update the program"
        )
    return tuple(name for name in MIGRATIONS if name not in applied)


def _migrate(conn: sqlite3.Connection) -> None:
    from sqlite_utils import Database

    from monitor.store.migrations import migrations

    conn.execute(f"pragma application_id = {APPLICATION_ID}")
    migrations.apply(Database(conn, execute_plugins=False))


def back_up(conn: sqlite3.Connection, target: Path) -> Path:
    """Copy the whole database to ``target`` while others may use it; return ``target``."""
    with closing(sqlite3.connect(target)) as copy:
        conn.backup(copy)
    return target


@contextmanager
def transaction(conn: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """One write transaction: all of the block is stored, or nothing. Inside another one it is part of that."""
    if conn.in_transaction:
        yield conn
        return
    with explained(None):
        conn.execute("begin immediate")
        try:
            yield conn
            conn.execute("commit")
        except BaseException:
            if conn.in_transaction:
                conn.execute("rollback")
            raise


@contextmanager
def explained(path: Path | None) -> Iterator[None]:
    """Turn SQLite's errors about the file or the disk into one clear line."""
    place = f"{path}: " if path else "the database "
    try:
        yield
    except sqlite3.DatabaseError as error:
        text = str(error).lower()
        if "not a database" in text or "malformed" in text:
            raise ForeignStore(
                f"{place}is not a usable SQLite database ({error}); choose another file with --db"
            ) from error
        if "readonly" in text or "unable to open" in text:
            raise StoreError(
                f"{place}cannot be written or opened ({error}); check the permissions of the file and its folder"
            ) from error
        if "disk is full" in text or "disk i/o" in text:
            raise StoreError(
                f"{place}could not be written ({error}); free some space, nothing stored so far is lost"
            ) from error
        if "locked" in text or "busy" in text:
            raise StoreError(
                f"{place}is in use by another process for over {BUSY_SECONDS:.0f} s; try again later"
            ) from error
        raise


def table_names(conn: sqlite3.Connection) -> list[str]:
    """The names of all tables of a database, ours and those that SQLite makes for them."""
    return [str(name) for (name,) in conn.execute("select name from sqlite_master where type = 'table'")]
