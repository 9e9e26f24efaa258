"""The processes that read pages; what all of them need is loaded once, in the process that they are forked from."""

from __future__ import annotations

import os
from multiprocessing import forkserver
from pathlib import Path

from monitor.workers import WorkerPool, preload

# Names the seeds folder to the process that workers are forked from, which can be told nothing else.
SEEDS = "_SEEDS_OF_READERS"


def begin_readers(seeds: Path) -> None:
    """Start the process that readers are forked from, unless it runs.

    It loads the topic of the folder ``seeds`` and all that reading takes, on another core and for a second: the sooner
    it is begun the better, and this module loads nothing of that here.
    """
    preload(("monitor.preload",))
    os.environ[SEEDS] = str(seeds)  # as the workers will call it
    try:
        forkserver.ensure_running()
    finally:
        del os.environ[SEEDS]


def reading_pool(seeds: Path, workers: int, seconds: float) -> WorkerPool:
    """A pool for ``monitor.reader.read_page`` on the topic of the folder ``seeds``; see WorkerPool for the rest."""
    from monitor.reader import get_ready_to_read

    begin_readers(seeds)
    return WorkerPool(workers, seconds, setup=(get_ready_to_read, (seeds,)))
