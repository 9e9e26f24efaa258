"""What is loaded once, in the process that readers of pages are forked from; imported there and nowhere else."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

import monitor.feeds
import monitor.sections
import monitor.sitemaps  # noqa: F401 - loaded for those who parse
from monitor.errors import MonitorError
from monitor.reader import get_ready_to_read
from monitor.readers import SEEDS

if SEEDS in os.environ:
    # A fault in the seeds is told by the worker that asks for them next, where somebody listens.
    with suppress(MonitorError):
        get_ready_to_read(Path(os.environ[SEEDS]))
