"""Running a command as a person would, and timing it from outside."""

from __future__ import annotations

import ctypes
import os
import resource
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
    # Processor seconds, user and system: of the process itself, and of all it started.
    own_cpu: float = 0.0
    all_cpu: float = 0.0

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
        _adopt_orphans()
        before = _cpu(resource.getrusage(resource.RUSAGE_CHILDREN))
        started = time.monotonic()
        process = subprocess.Popen(command, cwd=folder, env=env, stdin=subprocess.DEVNULL, stdout=out, stderr=err)
        _, status, used = os.wait4(process.pid, 0)
        ended = time.monotonic()
        process.returncode = os.waitstatus_to_exitcode(status)
        _reap_orphans()
        cpu = _cpu(resource.getrusage(resource.RUSAGE_CHILDREN)) - before
        out.seek(0)
        err.seek(0)
        said, complaints = out.read(), err.read()
    if process.returncode:
        raise SystemExit(f"bench: {' '.join(command)} ended with {process.returncode}:\n{complaints[-3000:]}")
    return Ended(started, ended, said, _cpu(used), cpu)


def _cpu(used: resource.struct_rusage) -> float:
    return used.ru_utime + used.ru_stime


def _adopt_orphans() -> None:
    """Have the kernel count what a process's workers used to us when it ends before them (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER


def _reap_orphans(patience: float = 0.5) -> None:
    """Wait until the workers of the process that has just ended are gone as well."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        try:
            pid, _ = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if not pid:
            time.sleep(0.02)


def memory_of_python(words: Sequence[str], folder: Path) -> float:
    """The largest size, in MB, of this Python run with ``words`` in ``folder``, or of a process it waited for."""
    # A process counts the size of the one that forked it as its own: so a small one has to do that.
    found = run_python(["-c", _MEASURE_MEMORY, sys.executable, *words], folder)
    return float(found.stdout.split()[-1]) / (1e6 if sys.platform == "darwin" else 1e3)
