"""``monitor search`` and ``monitor searches`` as their users meet them: words in all languages, marks, saved searches."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from rich.console import Console

from monitor.cli.hits import _bold, print_hits
from monitor.snippets import Snippet
from monitor.store.search import Hit
from tests.paths import ROOT
from tests.test_cli import monitor

STORIES = [
    {
        "url": "https://gazette.example/1",
        "title": "Shelling | at the line",
        "text": "Mortar shelling was reported near Torkham. <b>Shelling</b> went on for an hour.",
        "published": "2025-10-11T21:00:00Z",
        "source": "gazette",
    },
    {
        "url": "https://gazette.example/2",
        "title": "=HYPERLINK(1) سرحد پر گولہ باری",
        "text": "طورخم سرحد پر گولہ باری میں تین افراد زخمی ہوئے۔",
        "published": "2025-10-12",
        "source": "gazette",
    },
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("search")
    (folder / "in.jsonl").write_text("\n".join(json.dumps(story) for story in STORIES))
    assert monitor(folder, "import", "in.jsonl").returncode == 0
    return folder


def test_across_and_marks_in_json(folder: Path) -> None:
    hits = json.loads(monitor(folder, "search", "--across", "shelling", "--format", "json").stdout)
    assert {hit["url"][-1] for hit in hits} == {"1", "2"}
    for hit in hits:
        assert hit["marks"] and all(0 <= start < end <= len(hit["snippet"]) for start, end in hit["marks"])
    urdu = next(hit for hit in hits if hit["language"] == "ur")
    assert "گولہ" in urdu["snippet"][slice(*urdu["marks"][0])]
    assert len(json.loads(monitor(folder, "search", "shelling", "--format", "json").stdout)) == 1


def test_marks_in_markdown_are_bold_and_all_else_is_escaped(folder: Path) -> None:
    table = monitor(folder, "search", "shelling", "--format", "md").stdout.splitlines()
    assert table[0].endswith("| title | snippet |") and len(table) == 3
    assert r"**Shelling** \| at the line" in table[2] and r"\<b\>**Shelling**\</b\>" in table[2]


def test_a_narrow_terminal_has_titles_below_what_is_known_of_them(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    title = "Soldiers exchange fire for three hours near a crossing, both sides say"
    hit = Hit(
        "abc", title, "gazette", "en", "2025-10-11T21:00:00Z", "2025-10-11T22:00:00Z", "armed_clash", True, None, "u"
    )
    for width, first in ((80, "abc  2025-10-11 21:00  gazette  en  armed_clash  a clash"), (140, "id ")):
        monkeypatch.setattr("monitor.cli.hits.stdout_console", lambda width=width: Console(width=width))
        print_hits([hit], [], "table")
        lines = capsys.readouterr().out.splitlines()
        assert lines[0].startswith(first) and title in lines[1] and len(lines) == 2


def test_csv_of_hits_holds_no_formula(folder: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(monitor(folder, "search", "سرحد", "--format", "csv").stdout)))
    assert rows[0]["title"].startswith("'=HYPERLINK") and "گولہ باری" in rows[0]["snippet"]


def test_table_is_plain_text_when_it_is_no_terminal(folder: Path) -> None:
    text = monitor(folder, "search", "shelling").stdout
    assert "\x1b" not in text and "Shelling | at the line" in text and "Mortar shelling was" in text


def test_words_are_bold_on_a_terminal() -> None:
    text = _bold(Snippet("گیٹ a gate", ((6, 10),)), "dim")
    marked = [text.plain[span.start : span.end] for span in text.spans if "bold" in str(span.style)]
    assert marked == ["gate"] and text.plain == "\u2068گیٹ a gate\u2069"


def test_saved_searches_are_listed_run_and_removed(folder: Path) -> None:
    assert "no search is saved" in monitor(folder, "searches", "list").stderr
    found = monitor(
        folder, "search", "--across", "shelling", "--place", "طورخم", "--since", "2025-10-01", "--save", "fire"
    )
    assert found.returncode == 0
    (saved,) = json.loads(monitor(folder, "searches", "list", "--format", "json").stdout)
    assert saved["filters"] == {"since": "2025-10-01T00:00:00Z", "place": "طورخم"} and saved["across"] is True
    again = monitor(folder, "searches", "run", "fire").stdout
    assert again == found.stdout != ""
    rule = '[[rule]]\nname = "r"\non = "search"\nsearch = "fire"\nchannels = "out"\n'
    (folder / "monitor.toml").write_text(rule)
    refused = monitor(folder, "searches", "remove", "fire")
    assert refused.returncode == 2 and "rule 'r' of" in refused.stderr and "take it out first" in refused.stderr
    (folder / "monitor.toml").unlink()
    assert monitor(folder, "searches", "remove", "fire").returncode == 0
    gone = monitor(folder, "searches", "run", "fire")
    assert gone.returncode == 1 and "there is no saved search 'fire'" in gone.stderr


def test_wrong_searches_are_one_line_and_not_saved(folder: Path) -> None:
    for words, says in (
        (("gate OR", "--save", "x"), "character 6: OR has no word to look for"),
        (("gate", "--save", "a/b"), "'a/b' is no name for a search"),
        (("lang:ur",), "use the option --lang"),
        (("gate", "--affiliation", "martian"), "is not one of state, party"),
    ):
        result = monitor(folder, "search", *words)
        assert result.returncode == 2 and says in result.stderr and result.stderr.count("\n") == 1
    assert "no search is saved" in monitor(folder, "searches", "list").stderr


def test_search_goes_on_without_seeds_or_the_right_to_write(folder: Path) -> None:
    for words in (("--seeds", "nowhere"), ("--seeds", str(folder / "broken"))):
        (folder / "broken" / "lexicon").mkdir(parents=True, exist_ok=True)
        (folder / "broken" / "lexicon" / "en.toml").write_text("[[word]]\ncategory = 3")
        result = monitor(folder, *words, "search", "--across", "shelling", "--format", "jsonl")
        assert result.returncode == 0 and len(result.stdout.splitlines()) == 2, result.stderr


def test_search_does_not_wait_for_a_long_write(folder: Path) -> None:
    """The seeds have changed, and a crawl is in the middle of a transaction: what is known is good enough."""
    shutil.copytree(ROOT / "seeds", folder / "changed", ignore=shutil.ignore_patterns("newswire", "replay"))
    with (folder / "changed" / "lexicon" / "en.toml").open("a") as stream:
        stream.write("# changed\n")
    with closing(sqlite3.connect(folder / "var" / "monitor.db", isolation_level=None)) as conn:
        conn.execute("begin immediate")
        started = time.monotonic()
        result = monitor(folder, "--seeds", "changed", "search", "--across", "shelling", "--format", "jsonl")
        assert time.monotonic() - started < 15, "not the 30 seconds that a writer waits"
    assert result.returncode == 0 and len(result.stdout.splitlines()) == 2
    assert "those of an earlier run" in result.stderr


@pytest.mark.parametrize(
    "words", [("search", "--across", "shelling", "--place", "Torkham"), ("searches", "list"), ("export", "stories")]
)
def test_queries_start_without_the_crawler(folder: Path, words: tuple[str, ...]) -> None:
    code = (
        "import sys; sys.argv = ['monitor', *sys.argv[1:]]\n"
        "from monitor.cli import cli\n"
        "cli.main(standalone_mode=False)\n"
        "heavy = {'scrapy', 'twisted', 'trafilatura', 'sqlite_utils', 'numpy', 'langdetect', 'datasette',"
        " 'monitor.analysis.topic', 'monitor.analysis.lexicon', 'monitor.sources'}\n"
        "sys.exit(','.join(sorted(heavy & set(sys.modules))) or 0)"
    )
    env = {**os.environ, "PYTHONPATH": str(ROOT), "MONITOR_SEEDS": str(ROOT / "seeds")}
    monitor(folder, "search", "--across", "shelling")  # brings the names in step with the seeds, once
    run = subprocess.run(
        [sys.executable, "-c", code, *words], cwd=folder, env=env, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
