"""A clean install from the lock file into a new virtual environment, as a new user makes it."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.paths import ROOT

LOCKS = ("requirements.lock", "requirements-dev.lock")


@pytest.mark.parametrize("name", LOCKS)
def test_lock_files_hold_hashes_and_no_hosts(name: str) -> None:
    text = (ROOT / name).read_text()
    assert "://" not in text and "--index" not in text and "--find-links" not in text
    pins = re.findall(r"(?m)^([a-z0-9._-]+)==\S+.*(?:\n +--hash=sha256:[0-9a-f]{64}.*)+", text, re.I)
    assert len(pins) == len(re.findall(r"(?m)^[a-z0-9]", text, re.I)) > 30


def test_clean_install_runs_the_demo_anywhere(tmp_path: Path) -> None:
    """The built package, not the checkout: its seeds and its newswire must come with it."""
    source = tmp_path / "source"
    ignored = shutil.ignore_patterns(".venv*", ".git", "var", "build", "*.egg-info", "__pycache__", ".*_cache", "tests")
    shutil.copytree(ROOT, source, ignore=ignored)
    venv = tmp_path / "venv"
    subprocess.run([sys.executable, "-m", "venv", venv], check=True)
    pip = [venv / "bin" / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "--require-hashes", "-r", source / "requirements.lock"], check=True)
    subprocess.run([*pip, "--no-deps", "--no-build-isolation", source], check=True)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    check = subprocess.run([venv / "bin" / "python", "-m", "pip", "check"], capture_output=True, text=True, check=False)
    assert check.returncode == 0, check.stdout
    run = subprocess.run(
        [venv / "bin" / "monitor", "demo"], cwd=elsewhere, capture_output=True, text=True, timeout=120, check=False
    )
    assert run.returncode == 0, run.stderr
    assert "stories stored" in run.stdout and (elsewhere / "var" / "demo" / "monitor.db").exists()
    replay = subprocess.run(
        [venv / "bin" / "monitor", "demo", "--replay", "--day", "2025-10-10"],
        cwd=elsewhere, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert replay.returncode == 0 and "Brief of 11 Oct 2025" in replay.stdout, replay.stderr
