"""``monitor demo``: the whole job on the invented newswire, and what became of every article of it."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections import defaultdict
from contextlib import closing
from datetime import UTC
from pathlib import Path

import pytest

from monitor.demo.newswire import Expectation, Newswire
from monitor.urls import canonical_url
from tests.paths import ROOT

STATES = {
    "stored": {"stored"},
    "reprint": {"stored"},
    "irrelevant": {"irrelevant"},
    "forbidden": {"forbidden"},
    "failed:404": {"gone"},
    "failed:500": {"failed"},
    "failed:timeout": {"failed"},
    "failed:redirects": {"failed"},
}


def monitor(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "PYTHONPATH": str(ROOT), "MONITOR_TIMEOUT": "4"}
    return subprocess.run(
        [sys.executable, "-m", "monitor", *words],
        cwd=folder, env=env, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory):
    """The newswire crawled once by the command itself: expectations, requests and the database."""
    folder = tmp_path_factory.mktemp("newswire")
    with Newswire(ROOT / "seeds") as wire:
        wire.write_seeds(folder / "seeds")
        words = ("crawl", "--allow-private-hosts", "--seeds", str(folder / "seeds"), "--db", str(folder / "m.db"))
        result = monitor(folder, *words)
        assert result.returncode == 0, result.stderr
        first = list(wire.requests)
        again = monitor(folder, *words)
        assert again.returncode == 0, again.stderr
        yield list(wire.expectations), first, list(wire.requests)[len(first) :], folder


def rows(folder: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(folder / "m.db")) as conn:
        return conn.execute(query).fetchall()


def days(item: Expectation) -> set[str]:
    """The day of publication, in UTC and as the page writes it."""
    assert item.published is not None
    return {item.published.strftime("%Y-%m-%d"), item.published.astimezone(UTC).strftime("%Y-%m-%d")}


def outcomes(folder: Path) -> dict[str, str]:
    return dict(rows(folder, "select url, state from pages"))  # type: ignore[arg-type]


def test_every_article_ends_as_it_should(crawled) -> None:
    expectations, _, _, folder = crawled
    states = outcomes(folder)
    wrong = []
    for item in expectations:
        ended = {states.get(canonical_url(url)) for url in (item.url, item.listed_url, *item.twins)} - {None}
        if item.ends == "failed:robots":
            fine = not ended  # its feed was never read
        elif item.ends in ("stored", "reprint"):
            fine = "stored" in ended and ended <= {"stored", "duplicate"}
        else:
            fine = ended == STATES[item.ends]
        if not fine:
            wrong.append((item.id, item.ends, sorted(map(str, ended))))
    judged = [entry for entry in wrong if {"irrelevant"} & ({entry[1]} | set(entry[2]))]
    assert [entry for entry in wrong if entry not in judged] == []
    assert len(judged) <= 0.05 * len(expectations), judged


def test_the_archive_gives_the_same_stories_to_a_new_database(crawled) -> None:
    folder = crawled[3]
    files = sorted(str(path) for path in (folder / "m.db-archive").iterdir())
    where = ("--seeds", str(folder / "seeds"), "--db")
    assert monitor(folder, "backfill", *files, *where, "new.db").returncode == 0
    old, new = (
        sorted(monitor(folder, "export", "stories", *where, db).stdout.splitlines()) for db in ("m.db", "new.db")
    )
    assert len(old) > 50 and old == new


def test_reprints_are_linked_to_one_origin(crawled) -> None:
    expectations, _, _, folder = crawled
    found = {
        url: (identifier, origin)
        for url, identifier, origin in rows(folder, "select canonical_url, id, duplicate_of from stories")
    }
    groups: dict[str, list[Expectation]] = defaultdict(list)
    for item in expectations:
        if item.wire and item.ends in ("stored", "reprint"):
            groups[item.wire].append(item)
    assert len(groups) >= 3
    for wire, items in groups.items():
        stored = [found[canonical_url(item.url)] for item in items if canonical_url(item.url) in found]
        origins = [identifier for identifier, origin in stored if origin is None]
        assert len(stored) == len(items) and len(origins) == 1, wire
        assert {origin for _, origin in stored} - {None} == set(origins), wire


def test_dates_and_languages_are_right(crawled) -> None:
    expectations, _, _, folder = crawled
    by_url = {canonical_url(item.url): item for item in expectations}
    checked = 0
    for url, language, published, precision in rows(
        folder, "select canonical_url, language, published_at, published_precision from stories"
    ):
        item = by_url.get(str(url))
        if item is None:
            continue
        checked += 1
        assert language == item.language, item.id
        if item.published is None:
            assert published is None, item.id
        else:
            assert published is None or str(published)[:10] in days(item), item.id
        assert (published is None) == (precision == "unknown")
    assert checked >= 50


def test_the_crawler_is_a_polite_guest(crawled) -> None:
    expectations, first, again, _ = crawled
    forbidden = {item.url for item in expectations if item.ends == "forbidden"}
    asked = [request.path for request in first]
    assert forbidden and not any(url.endswith(path) for url in forbidden for path in asked if path != "/")
    assert {request.user_agent.split("/")[0] for request in first} == {"border-monitor"}
    robots: dict[str, str] = {}
    for request in first:
        robots.setdefault(request.host, request.path)
    assert set(robots.values()) == {"/robots.txt"}, "robots.txt is asked for before anything else"
    pages = {item.url for item in expectations}
    assert not [r for r in again if any(url.endswith(r.host.rpartition("//")[2] + r.path) for url in pages)]


def test_readers_comments_do_not_leak(crawled) -> None:
    _, _, _, folder = crawled
    texts = [str(text) for (text,) in rows(folder, "select text from stories")]
    assert texts and not any("comment" in text.lower()[:40] for text in texts)


def test_demo_ends_with_findings_and_next_steps(tmp_path: Path) -> None:
    result = monitor(tmp_path, "demo", "--keep", str(tmp_path / "kept"))
    assert result.returncode == 0, result.stderr
    for words in ("stories stored in", "why failed", "Try next:", "search ceasefire", "status"):
        assert words in result.stdout
    command = next(line for line in result.stdout.splitlines() if "export stories" in line).split(">")[0].split()
    exported = monitor(tmp_path, *command[command.index("--db") :])
    assert exported.returncode == 0
    assert all(json.loads(line)["is_clash"] for line in exported.stdout.splitlines())
    assert monitor(tmp_path, "demo", "--keep", str(tmp_path / "kept")).returncode == 0, "an earlier demo is replaced"


def test_demo_never_empties_a_folder_that_is_not_its_own(tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    (mine / "seeds").mkdir(parents=True)
    (mine / "seeds" / "notes.txt").write_text("keep me")
    result = monitor(tmp_path, "demo", "--keep", str(mine))
    assert result.returncode == 2 and "not from an earlier demo" in result.stderr
    assert (mine / "seeds" / "notes.txt").read_text() == "keep me"
