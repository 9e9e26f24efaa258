"""Every command and every SQL statement of docs/cookbook.md runs on the replay, and tells something."""

from __future__ import annotations

import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from monitor.cli.query import search
from monitor.queries import FIELDS
from tests.paths import ROOT

PAGE = (ROOT / "docs" / "cookbook.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", PAGE, re.M | re.S)
COMMANDS = [line for kind, block in BLOCKS if kind == "sh" for line in block.splitlines() if line.strip()]
STATEMENTS = [block.strip() for kind, block in BLOCKS if kind == "sql"]
TRANSCRIPTS = [block for kind, block in BLOCKS if kind == "console"]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the replay taken in, the seeds knowing its outlets, and ``monitor`` on the path."""
    folder = tmp_path_factory.mktemp("cookbook")
    shutil.copytree(ROOT / "seeds", folder / "seeds", ignore=shutil.ignore_patterns("newswire"))
    shutil.copy(ROOT / "seeds" / "replay" / "outlets.toml", folder / "seeds" / "sources" / "replay.toml")
    (folder / "bin").mkdir()
    command = folder / "bin" / "monitor"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m monitor "$@"\n')
    command.chmod(0o755)
    lines = "".join(
        path.read_text(encoding="utf-8") for path in sorted((ROOT / "seeds" / "replay").glob("2025-*.jsonl"))
    )
    result = shell(folder, "monitor import -", stdin=lines)
    assert result.returncode == 0, result.stderr
    return folder


def shell(folder: Path, line: str, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "PYTHONPATH": str(ROOT), "PATH": f"{folder / 'bin'}:{os.environ['PATH']}"}
    return subprocess.run(
        ["bash", "-c", line], cwd=folder, env=env, input=stdin, capture_output=True, text=True, timeout=120, check=False
    )


@pytest.fixture(scope="module")
def ids(desk: Path) -> dict[str, str]:
    """The incident that most stories tell of, and a story of it."""
    with closing(sqlite3.connect(desk / "var" / "monitor.db")) as conn:
        (incident,) = conn.execute("select id from incidents order by story_count desc limit 1").fetchone()
        (story,) = conn.execute("select id from stories where incident_id = ? limit 1", (incident,)).fetchone()
    return {"INCIDENT": incident, "STORY": story}


def filled(text: str, ids: dict[str, str]) -> str:
    return re.sub(r"\b(INCIDENT|STORY)\b", lambda match: ids[match[0]], text)


@pytest.mark.parametrize("line", COMMANDS)
def test_every_command_tells_something(desk: Path, ids: dict[str, str], line: str) -> None:
    result = shell(desk, filled(line, ids))
    assert result.returncode == 0, result.stderr
    target = re.search(r"> (\S+)$", line)
    if target:
        assert (desk / target[1]).stat().st_size > 200
    else:
        assert result.stdout.strip() or "removed" in result.stderr, result.stderr


@pytest.mark.parametrize("statement", STATEMENTS)
def test_every_statement_tells_something(desk: Path, ids: dict[str, str], statement: str) -> None:
    with closing(sqlite3.connect(f"file:{desk / 'var' / 'monitor.db'}?mode=ro", uri=True)) as conn:
        assert conn.execute(filled(statement, ids)).fetchall()


@pytest.mark.parametrize("transcript", TRANSCRIPTS)
def test_every_transcript_is_what_is_answered(desk: Path, transcript: str) -> None:
    parts = re.split(r"^\$ (.*)\n", transcript, flags=re.M)[1:]
    assert parts
    for line, answer in zip(parts[::2], parts[1::2], strict=True):
        result = shell(desk, line)
        assert result.stdout + result.stderr == answer


def test_the_same_place_by_any_name_gives_the_same(desk: Path) -> None:
    found = [
        shell(desk, f"monitor search --place {name} --format jsonl").stdout for name in ("Chaman", "چمن", "chaman")
    ]
    assert found[0] == found[1] == found[2] != ""
    inside = {json.loads(line)["id"] for line in found[0].splitlines()}
    province = shell(desk, "monitor search --place Balochistan --limit 500 --format jsonl").stdout.splitlines()
    assert inside <= {json.loads(line)["id"] for line in province}


def test_incidents_know_places_and_actors_by_any_name(desk: Path) -> None:
    for names in (("--place Chaman", "--place چمن"), ("--actor TTP", "--actor 'ٹی ٹی پی'")):
        found = [shell(desk, f"monitor incidents {name} --format jsonl").stdout for name in names]
        assert found[0] == found[1] != ""
    whole, part = (shell(desk, f"monitor export incidents --place {name}").stdout for name in ("Balochistan", "Chaman"))
    assert set(part.splitlines()) <= set(whole.splitlines())


def test_the_page_tells_of_every_way_to_ask() -> None:
    for field in FIELDS:
        assert f"{field}:" in PAGE
    for word in (
        "AND",
        "OR",
        "NOT",
        "NEAR/",
        "NEAR(",
        "--across",
        "--save",
        "--affiliation",
        "--claimant",
        "--incident",
    ):
        assert word in PAGE
    options = {name for param in search.params for name in param.opts if name.startswith("--")}
    # Explained where they belong: the form of output, and the filters that say all in their name.
    assert {name for name in options if name not in PAGE} <= {
        "--limit",
        "--source",
        "--quiet",
        "--verbose",
        "--config",
        "--db",
        "--seeds",
    }


def test_blocks_of_the_page_are_of_known_kinds() -> None:
    assert {kind for kind, _ in BLOCKS} == {"sh", "sql", "console", "text"}
    assert len(COMMANDS) > 25 and len(STATEMENTS) > 7
