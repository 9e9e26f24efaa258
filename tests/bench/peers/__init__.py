"""Programs that do part of what this one does, each in a virtual environment of its own that ``make bench`` makes."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from tests.paths import ROOT

PEERS = ("news-please", "newspaper4k", "fundus")
# One peer's benchmark may take so many seconds.
_SECONDS = 240


def peer_python(peer: str) -> Path | None:
    """The Python of the peer's environment; None where it has not been made."""
    python = ROOT / ".venv-bench" / peer / "bin" / "python"
    return python if python.exists() else None


def peer_version(peer: str) -> str:
    """The version that is measured, as pinned."""
    pinned = (Path(__file__).parent / f"{peer}.txt").read_text(encoding="utf-8").splitlines()[0]
    return pinned.partition("#")[0].strip().replace("[all]", "").replace("==", " ")


def run_peer(command: Sequence[str], folder: Path) -> str:
    """Run ``command`` in ``folder`` and return what it printed; PeerFailed says what it complained of."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "SCRAPY_"))}
    env |= {"HOME": str(folder), "PYTHONWARNINGS": "ignore"}  # caches go where they are thrown away
    try:
        done = subprocess.run(
            command, cwd=folder, env=env, capture_output=True, text=True, timeout=_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        raise PeerFailed(f"took longer than {_SECONDS} s") from None
    if done.returncode:
        said = " ".join(done.stderr.split())[-300:]
        raise PeerFailed(f"ended with {done.returncode}: … {said}")
    return done.stdout


class PeerFailed(Exception):
    """A peer could not do what was asked of it."""
