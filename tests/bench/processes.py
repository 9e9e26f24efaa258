"""Running a command as a person would, and timing it from outside."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.paths import ROOT

# Settings of whoever runs the benchmark must not change what is measured.
_OURS = ("MONITOR_", "SCRAPY_", "PYTHONPATH", "PYTHONPROFILE")


@dataclass(frozen=True)
class Ended:
    """A finished process; times are readings of the monotonic clock, ``memory`` its largest size in MB."""

    started: float
    ended: float
    memory: float
    stdout: str

    @property
    def seconds(self) -> float:
        """From start to end."""
        return self.ended - self.started


def run_python(words: Sequence[str], folder: Path, **environ: str) -> Ended:
    """Run this Python with ``words`` in ``folder``; a failure ends the benchmark with what the process said."""
    return run([sys.executable, *words], folder, {"PYTHONPATH": str(ROOT), **environ})


def run(command: Sequence[str], folder: Path, environ: Mapping[str, str]) -> Ended:
    """Run ``command`` in ``folder``; a failure ends the benchmark with what the process said."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(_OURS)} | dict(environ)
    with (folder / "stdout").open("w+") as out, (folder / "stderr").open("w+") as err:
        started = time.monotonic()
        process = subprocess.Popen(command, cwd=folder, env=env, stdin=subprocess.DEVNULL, stdout=out, stderr=err)
        _, status, usage = os.wait4(process.pid, 0)
        ended = time.monotonic()
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        said, complaints = out.read(), err.read()
    if process.returncode:
        raise SystemExit(f"bench: {' '.join(command)} ended with {process.returncode}:\n{complaints[-3000:]}")
    scale = 1e6 if sys.platform == "darwin" else 1e3
    return Ended(started, ended, usage.ru_maxrss / scale, said)
