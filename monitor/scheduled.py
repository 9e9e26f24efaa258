"""One scheduled run: the job as a process of its own, its words in a rotated log, silence unless it goes wrong."""

from __future__ import annotations

import logging
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import IO

from monitor.errors import ConfigError

_LOGS_KEPT = 5
_KILL_AFTER = 30.0
_HELD = 75  # another run holds the lock: this one has nothing to do
# What a run that failed said last is what cron sends by mail.
_MOST_SHOWN = 60


def run_job(
    words: Sequence[str],
    log: Path,
    log_kib: int,
    *,
    limit: timedelta,
    jitter: float = 0.0,
    summary: Callable[[], str] = lambda: "",
) -> int:
    """Run the command ``words``; return its exit code. Its output goes to stdout, and with its errors to ``log``.

    It begins after up to ``jitter`` seconds, and is ended when it takes longer than ``limit``. Errors go to stderr
    only when it fails. The log is rotated at ``log_kib`` KiB; five old ones are kept. ``summary`` says at the end, for
    the log, what was done.
    """
    if jitter > 0:
        time.sleep(random.uniform(0, jitter))
    logger = _open_log(log, log_kib)
    logger.info("begin: %s", " ".join(words[2:]))
    started = time.monotonic()
    errors: list[str] = []
    process = subprocess.Popen(  # noqa: S603 - our own program
        list(words), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8", errors="replace"
    )
    assert process.stdout is not None and process.stderr is not None
    readers = [
        threading.Thread(target=_copy, args=(process.stdout, logger, None)),
        threading.Thread(target=_copy, args=(process.stderr, logger, errors)),
    ]
    for reader in readers:
        reader.start()
    late = _wait(process, limit)
    for reader in readers:
        reader.join(_KILL_AFTER)
    code = process.returncode
    if late:
        errors.append(f"monitor: the run took longer than {limit} and was ended")
    logger.info("end: exit code %s after %.1f s%s", code, time.monotonic() - started, summary())
    if late or code not in (0, _HELD):
        sys.stderr.write("\n".join(errors[-_MOST_SHOWN:]) + "\n")
    return 1 if late else 0 if code == _HELD else 128 - code if code < 0 else code


def _wait(process: subprocess.Popen[str], limit: timedelta) -> bool:
    """Wait for ``process``; end it when its time is up, and say whether that was needed."""
    try:
        process.wait(limit.total_seconds())
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(_KILL_AFTER)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        return True
    return False


def _copy(stream: IO[str], logger: logging.Logger, kept: list[str] | None) -> None:
    """Write each line of ``stream`` to the log, and to stdout or into ``kept``."""
    for line in stream:
        text = line.rstrip("\n")
        logger.info("%s", text)
        if kept is None:
            sys.stdout.write(line)
        else:
            kept.append(text)
            del kept[:-_MOST_SHOWN]
    if kept is None:
        sys.stdout.flush()


def _open_log(path: Path, kib: int) -> logging.Logger:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(path, maxBytes=kib * 1024, backupCount=_LOGS_KEPT, encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"{path}: cannot be written: {error.strerror}; choose another place with --log") from error
    handler.setFormatter(logging.Formatter("%(asctime)s %(process)d %(message)s"))
    logger = logging.Logger("scheduled", logging.INFO)
    logger.addHandler(handler)
    return logger
