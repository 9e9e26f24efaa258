"""The processes that read pages; what all of them need is loaded once, in the process that they are forked from."""

from __future__ import annotations

import os
from contextlib import suppress
from multiprocessing import forkserver
from pathlib import Path

from monitor.errors import MonitorError
from monitor.reader import get_ready_to_read
from monitor.workers import WorkerPool

# Names the seeds folder to the process that workers are forked from, which can be told nothing else.
_SEEDS = "_SEEDS_OF_READERS"


def reading_pool(seeds: Path, workers: int, seconds: float) -> WorkerPool:
    """A pool for ``monitor.reader.read_page`` on the topic of the folder ``seeds``; see WorkerPool for the rest."""
    pool = WorkerPool(
        workers, seconds, preload=("monitor.readers", "monitor.sections"), setup=(get_ready_to_read, (seeds,))
    )
    os.environ[_SEEDS] = str(seeds)  # as the workers will call it
    try:
        forkserver.ensure_running()
    finally:
        del os.environ[_SEEDS]
    return pool


if _SEEDS in os.environ:
    # A fault in the seeds is told by the worker that asks for them next, where somebody listens.
    with suppress(MonitorError):
        get_ready_to_read(Path(os.environ[_SEEDS]))
