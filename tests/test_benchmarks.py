"""The benchmarks' own tools: what they measure with must be right; nothing here is timed."""

from __future__ import annotations

import http.client
import random
import subprocess
import sys
from importlib import import_module
from pathlib import Path

from monitor.extract import extract_page
from tests.bench.bench_search import QUESTIONS, measure
from tests.bench.heavy import heavy_page
from tests.bench.million import build
from tests.bench.pages import BenchPage, with_relevant
from tests.bench.peers import PEERS
from tests.bench.report import Budget, Report
from tests.bench.run import BENCHMARKS
from tests.bench.scores import token_f1
from tests.bench.server import Resource, Server
from tests.bench.synthetic import Vocabulary
from tests.paths import ROOT


def made_page(seed: int) -> tuple[str, list[str]]:
    vocabulary, chance = Vocabulary(3000), random.Random(seed)
    paragraphs = vocabulary.paragraphs(chance, 12)
    return heavy_page(f"Title {seed}", paragraphs, vocabulary, chance), paragraphs


def test_f1_counts_each_word_as_often_as_it_stands() -> None:
    assert token_f1("One two two", "one TWO two") == 1
    assert token_f1("one", "one one one") == 0.5
    assert token_f1("", "one") == token_f1("one", "two") == 0
    assert 0 < token_f1("記者が来た", "記者は来た") < 1, "scripts without spaces count by character"


def test_a_made_page_is_heavy_and_gives_its_article_back() -> None:
    html, paragraphs = made_page(1)
    assert len(html) > 100_000
    found = extract_page(html.encode(), "https://bench.example/story")
    assert found is not None and token_f1(found.text, "\n".join(paragraphs)) > 0.95


def test_one_page_in_twenty_carries_a_relevant_story() -> None:
    html, paragraphs = made_page(2)
    page = BenchPage("made", html.encode(), "Title", "\n".join(paragraphs))
    poor = BenchPage("poor", b"<html><p>Too short to carry anything.</p></html>", "Poor", "")
    pages = with_relevant([page, poor], copies=30)
    assert len({each.name for each in pages}) == len(pages) == 60
    carriers = [each for each in pages if each.relevant]
    assert len(carriers) == 3 and all(each.name.startswith("made") for each in carriers)
    found = extract_page(carriers[0].html, "https://bench.example/story")
    assert found is not None and token_f1(found.text, carriers[0].reference) > 0.95
    assert len(carriers[0].html) > len(html) / 2, "as heavy as before"


def test_the_server_serves_remembers_and_forgets() -> None:
    with Server({"/a": Resource(b"body", etag='"v1"')}) as server:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
        statuses = []
        for path, headers in (("/a", {}), ("/a", {"If-None-Match": '"v1"'}), ("/b", {})):
            connection.request("GET", path, headers=headers)
            answer = connection.getresponse()
            answer.read()
            statuses.append(answer.status)
        assert statuses == [200, 304, 404]
        log = server.log()
        assert log.paths == {"/a": 2, "/b": 1} and log.bytes == 4 and log.first is not None
        server.forget()
        assert server.log().paths == {}


def test_the_report_says_whether_a_budget_is_met() -> None:
    report = Report(quick=False)
    report.add("Group", "rate", [3.0, 1.0, 2.0], "x", Budget(2.5))
    report.add("Group", "cost", [1.2], "x", Budget(1.3, at_most=True))
    assert [row.as_json()["met"] for row in report.rows] == [False, True]
    assert "2 x" in report.table() and "1 to 3 (3)" in report.table() and "**missed**" in report.table()


def test_every_benchmark_and_every_peer_is_there() -> None:
    for name, (module, _) in BENCHMARKS.items():
        assert callable(getattr(import_module(f"tests.bench.{module}"), f"bench_{name}"))
    folder = ROOT / "tests" / "bench" / "peers"
    assert {path.stem for path in folder.glob("*.txt")} == set(PEERS)
    said = subprocess.run(
        [sys.executable, "-m", "tests.bench", "--help"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert all(name in said.stdout for name in BENCHMARKS) and "examples:" in said.stdout


def test_questions_find_something_in_the_store_that_is_built_for_them(tmp_path: Path) -> None:
    build(tmp_path / "m.db", 2000)
    report = Report(quick=True)
    measure(report, tmp_path / "m.db", 2, 1)
    assert len(QUESTIONS) == 10
    rows = {row.name: row.note for row in report.rows}
    answered = [question.name for question in QUESTIONS if not rows[f"{question.name}: p95"].endswith(" 0 shown")]
    assert len(answered) >= 8, answered
