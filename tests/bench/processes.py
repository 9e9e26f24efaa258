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

_MEASURE_MEMORY = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


@dataclass(frozen=True)
class Ended:
    """A finished process; times are readings of the monotonic clock."""

    started: float
    ended: float
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
        process.wait()
        ended = time.monotonic()
        out.seek(0)
        err.seek(0)
        said, complaints = out.read(), err.read()
    if process.returncode:
        raise SystemExit(f"bench: {' '.join(command)} ended with {process.returncode}:\n{complaints[-3000:]}")
    return Ended(started, ended, said)


def memory_of_python(words: Sequence[str], folder: Path) -> float:
    """The largest size, in MB, of this Python run with ``words`` in ``folder``, or of a process it waited for."""
    # A process counts the size of the one that forked it as its own: so a small one has to do that.
    found = run_python(["-c", _MEASURE_MEMORY, sys.executable, *words], folder)
    return float(found.stdout.split()[-1]) / (1e6 if sys.platform == "darwin" else 1e3)
