"""The program with servers of our own in the place of the services that it asks."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from tests.paths import ROOT
from tests.test_crawl import command


def run_with(
    settings: Mapping[str, object], folder: Path, seeds: Path, *words: str, **environ: str
) -> subprocess.CompletedProcess[str]:
    """Run ``monitor`` with some of its Scrapy settings (the addresses of services) replaced by ``settings``."""
    code = (
        "import sys, monitor.settings\n"
        f"vars(monitor.settings).update({dict(settings)!r})\n"
        "sys.argv = ['monitor', *sys.argv[1:]]\nfrom monitor.cli import main\nmain()"
    )
    env = {**os.environ, "PYTHONPATH": str(ROOT), "MONITOR_WORKERS": "1", "MONITOR_DELAY": "0", **environ}
    arguments = [sys.executable, "-c", code, *command(folder, seeds, *words)[3:]]
    return subprocess.run(arguments, cwd=folder, env=env, capture_output=True, text=True, timeout=120, check=False)


def problems(folder: Path) -> str:
    """What the last run found wrong with the documents that it read for links."""
    with closing(sqlite3.connect(folder / "m.db")) as conn:
        return "\n".join(row[0] for row in conn.execute("select problem from feeds where problem is not null"))
