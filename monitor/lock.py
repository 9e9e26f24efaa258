"""Locks between processes beside the database, released by the system even when a process is killed."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from monitor.errors import LockHeld, StoreError

_POLL_SECONDS = 0.05


@contextmanager
def crawl_lock(db: Path) -> Iterator[None]:
    """One crawl at a time on database ``db``; raise LockHeld when another process has it."""
    with _held(db.with_name(db.name + ".lock"), 0.0) as holder:
        if holder:
            raise LockHeld(f"{db}: another crawl (process {holder}) is running; this one does nothing")
        yield


@contextmanager
def delivery_lock(db: Path, seconds: float) -> Iterator[None]:
    """One delivery at a time on database ``db``; raise LockHeld when another goes on for longer than ``seconds``."""
    with _held(db.with_name(db.name + ".alerts.lock"), seconds) as holder:
        if holder:
            raise LockHeld(f"{db}: another process ({holder}) is delivering alerts; this one delivers nothing")
        yield


@contextmanager
def _held(path: Path, seconds: float) -> Iterator[str]:
    """Hold the lock file ``path`` for the block; yields who else has it still after ``seconds``, or nothing."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise StoreError(f"{path}: cannot be written: {error.strerror}; choose another place with --db") from error
    try:
        until = time.monotonic() + seconds
        while not _locked(handle):
            if time.monotonic() >= until:
                yield os.read(handle, 32).decode("ascii", "replace").strip() or "unknown"
                return
            time.sleep(_POLL_SECONDS)
        os.ftruncate(handle, 0)
        os.pwrite(handle, f"{os.getpid()}\n".encode(), 0)
        yield ""
    finally:
        os.close(handle)


def _locked(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
