"""The command line as its users meet it: real processes, their output, their errors, their exit codes."""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from rich.console import Console

from monitor.cli.account import print_report
from monitor.crawl import CrawlReport
from monitor.store.collection import SourceCounts
from tests.paths import ROOT

STORIES = [
    {
        "url": "https://gazette.example/1",
        "title": "Soldiers killed in clash on the Afghan border",
        "text": "Three Pakistani soldiers were killed in a clash with Afghan forces near Torkham on Saturday,"
        " ISPR said.",
        "published": "2025-10-11T21:00:00Z",
        "source": "gazette",
    },
    {
        "url": "https://gazette.example/2",
        "title": '=HYPERLINK("http://evil.example")',
        "text": "طورخم سرحد پر پاکستانی اور افغان فورسز کے درمیان جھڑپ میں تین اہلکار شہید ہو گئے، آئی ایس پی آر۔",
        "published": "2025-10-12",
    },
]


def monitor(folder: Path, *words: str, stdin: str | None = None, **environ: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "PYTHONPATH": str(ROOT), "MONITOR_SEEDS": str(ROOT / "seeds"), **environ}
    return subprocess.run(
        [sys.executable, "-m", "monitor", *words],
        cwd=folder, env=env, input=stdin, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a database of two stories."""
    folder = tmp_path_factory.mktemp("cli")
    (folder / "in.jsonl").write_text("\n".join(json.dumps(story) for story in STORIES))
    result = monitor(folder, "import", "in.jsonl")
    assert result.returncode == 0 and "2 stored" in result.stderr, result.stderr
    return folder


def test_import_reports_bad_lines_by_number_and_keeps_the_others(tmp_path: Path) -> None:
    lines = [
        "{not json",
        "[1, 2]",
        json.dumps({"url": "https://a.example/1", "title": "No text"}),
        json.dumps({"url": "javascript:alert(1)", "text": "Text."}),
        json.dumps({"url": "https://a.example/2", "text": 7}),
        "",
        json.dumps({"url": "https://a.example/3", "text": "A story without a date.", "published": "the day after"}),
        json.dumps({"url": "https://a.example/4", "text": "A good story.", "published": "2025-10-12"}),
    ]
    result = monitor(tmp_path, "import", "-", stdin="\n".join(lines))
    assert result.returncode == 0
    for number, words in enumerate(
        ("not JSON", "not a JSON object", "'text' is missing", "'url' must", "'text' must"), 1
    ):
        assert f"-:{number}:" in result.stderr and words in result.stderr
    assert "-:7:" in result.stderr and "taken in without a date" in result.stderr
    assert "2 stored" in result.stderr and "5 bad lines" in result.stderr
    again = monitor(tmp_path, "import", "-", stdin="\n".join(lines[-2:]))
    assert "0 stored" in again.stderr and "2 already there" in again.stderr


def test_import_takes_a_text_in_the_shape_of_a_record(tmp_path: Path) -> None:
    text = (
        "A headline of the record\n- The first of its points stands here.\n- The second of its points.\nThe body of it."
    )
    monitor(tmp_path, "import", "-", stdin=json.dumps({"url": "https://a.example/1", "text": text}))
    record = json.loads(monitor(tmp_path, "show", "https://a.example/1", "--format", "json").stdout)
    assert record["title"] == "A headline of the record"
    assert record["key_points"] == ["The first of its points stands here.", "The second of its points."]
    assert record["text"] == "The body of it."


def test_show_prints_the_record(folder: Path) -> None:
    record = json.loads(monitor(folder, "show", "https://gazette.example/1", "--format", "json").stdout)
    assert record["source"] == "gazette" and record["is_clash"] and record["relevant"]
    assert {"keyword", "category", "count"} == set(record["keywords"][0])
    assert any(place["lat"] is not None for place in record["places"])
    page = monitor(folder, "show", record["id"]).stdout
    for words in (
        record["title"],
        "Three Pakistani soldiers",
        "published  2025-10-11 21:00 UTC",
        "Torkham",
        record["url"],
    ):
        assert words in page
    assert "why" in monitor(folder, "show", record["id"], "--why").stdout
    assert monitor(folder, "show", record["id"], "--format", "md").stdout.startswith("# Soldiers killed")


@pytest.mark.parametrize("query", ["طورخم", "طورخم جھڑپ", "جهڑپ", '"تین اہلکار"'])
def test_search_finds_every_spelling(folder: Path, query: str) -> None:
    found = [json.loads(line) for line in monitor(folder, "search", query, "--format", "jsonl").stdout.splitlines()]
    assert [hit["url"] for hit in found] == ["https://gazette.example/2"]


def test_search_formats_and_filters(folder: Path) -> None:
    assert len(json.loads(monitor(folder, "search", "--format", "json").stdout)) == 2
    assert len(monitor(folder, "search", "--lang", "ur", "--format", "jsonl").stdout.splitlines()) == 1
    assert len(monitor(folder, "search", "--until", "2025-10-11T22:00", "--format", "jsonl").stdout.splitlines()) == 1
    assert monitor(folder, "search", "--format", "md").stdout.startswith("| id |")
    nothing = monitor(folder, "search", "zeppelin")
    assert nothing.returncode == 0 and nothing.stdout == "" and "no story found" in nothing.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--place", "Torkam"], "--place: no place is called 'Torkam'; did you mean 'torkham'?"),
        (["--actor", "zzzz"], "--actor: no actor is called 'zzzz'"),
        (["--keyword", "airstrik"], "--keyword: no keyword is called 'airstrik'; did you mean 'airstrike'?"),
        (["--source", "dawnn"], "--source: no source has the id 'dawnn'; did you mean 'dawn'?"),
        (["--lang", "xx"], "--lang: no story has the language 'xx'; there are en, ur"),
        (["--claimant", "nobody"], "--claimant: no story has the claimant 'nobody'; there are pakistan"),
        (["--incident", "nope"], "--incident: no incident has the id 'nope'"),
    ],
)
def test_a_filter_that_names_nothing_known_says_so(folder: Path, words: list[str], said: str) -> None:
    for form in ("table", "json"):
        result = monitor(folder, "search", *words, "--format", form)
        assert (result.returncode, result.stdout.strip()) == (0, "[]" if form == "json" else "")
        assert "no story found" in result.stderr and said in result.stderr


def test_a_known_place_without_news_is_only_not_found(folder: Path) -> None:
    for words in (["search", "--place", "Chitral"], ["incidents", "--place", "Chitral"]):
        result = monitor(folder, *words)
        assert (result.returncode, result.stdout, result.stderr.count("\n")) == (0, "", 1)
    asked = monitor(folder, "incidents", "--place", "Torkam").stderr
    assert "no incident found" in asked and "did you mean 'torkham'?" in asked


def test_a_word_that_is_no_command_of_a_group_is_refused_as_one(folder: Path) -> None:
    result = monitor(folder, "incidents", "frob")
    assert result.returncode == 2 and "No such command 'frob'" in result.stderr
    assert monitor(folder, "incidents").stdout == monitor(folder, "incidents", "list").stdout != ""
    assert "there is no incident 'frob'" in monitor(folder, "claims", "frob").stderr


def test_files_of_the_wrong_kind_are_named_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "in.jsonl.gz").write_bytes(gzip.compress(b"{}"))
    (tmp_path / "noise.toml").write_bytes(b"\xb1\xff")
    for words, said, code in (
        (["import", "in.jsonl.gz"], "in.jsonl.gz: is compressed; unpack it first", 2),
        (["sources", "add", "noise.toml"], "noise.toml: is no UTF-8 text", 2),
        (["--db", ".", "search", "x"], ".: is a folder; name the database file", 1),
        (["--db", ".", "import", "noise.toml"], ".: is a folder; name the database file", 1),
        (["explain", "noise.toml"], "noise.toml: cannot be read as UTF-8 text", 2),
    ):
        result = monitor(tmp_path, *words)
        assert (result.returncode, result.stdout, result.stderr.count("\n")) == (code, "", 1), result.stderr
        assert result.stderr.startswith("monitor: ") and said in result.stderr


def test_lists_of_commands_show_whole_sentences(folder: Path) -> None:
    for group in ("incidents", "alerts", "schedule", "sources", "export"):
        listed = monitor(folder, group, "--help").stdout.partition("Commands:")[2]
        assert listed and "..." not in listed


def test_a_story_with_empty_lines_is_shown_without_gaps(tmp_path: Path) -> None:
    story = {**STORIES[0], "text": "First paragraph.\n\n \nSecond paragraph."}
    monitor(tmp_path, "import", "-", stdin=json.dumps(story))
    (found,) = json.loads(monitor(tmp_path, "search", "--format", "json").stdout)
    assert "First paragraph.\n\nSecond paragraph.\n" in monitor(tmp_path, "show", found["id"], "--format", "md").stdout
    page = [line.strip() for line in monitor(tmp_path, "show", found["id"]).stdout.splitlines()]
    assert page[page.index("First paragraph.") :][:3] == ["First paragraph.", "", "Second paragraph."]


def test_a_silence_for_a_name_that_nobody_has_is_refused(folder: Path) -> None:
    for option, name, meant in (("place", "Torkam", "'torkham'"), ("actor", "Afgan Taliban", "'afghan-taliban'")):
        refused = monitor(folder, "alerts", "silence", f"--{option}", name, "--for", "1h")
        assert refused.returncode == 2
        assert "keep nothing still" in refused.stderr and f"did you mean {meant}?" in refused.stderr
    for number, name in enumerate(("Torkham", "تورخم", "TORKHAM "), 1):
        known = monitor(folder, "alerts", "silence", "--place", name, "--for", "1h").stderr
        assert known.count("\n") == 1 and f"silence {number} holds until" in known


def test_no_alert_is_said_to_be_none(folder: Path) -> None:
    result = monitor(folder, "alerts", "list")
    assert (result.returncode, result.stdout) == (0, "") and "no alert found; no rule asks for any" in result.stderr


def test_a_summary_tells_why_pages_failed_beside_the_counts_or_below_them(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    counts = SourceCounts(listed=9, failed=2, reasons={"forbidden by robots.txt": 1, "status 404": 1})
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    report = CrawlReport(moment, moment, sources={"gazette": counts})
    for columns, below in ((80, True), (140, False)):
        monkeypatch.setattr("monitor.cli.output.stdout_console", lambda width=columns: Console(width=width))
        print_report(report)
        said = capsys.readouterr().out
        assert "forbidden by robots.txt; status 404" in said and "gazette " in said
        assert ("\ngazette: forbidden by" in said, "why failed" in said) == (below, not below)


def test_export_is_complete_and_safe_in_a_spreadsheet(folder: Path) -> None:
    records = [json.loads(line) for line in monitor(folder, "export", "stories").stdout.splitlines()]
    assert [record["url"] for record in records] == [story["url"] for story in STORIES]
    rows = list(csv.DictReader(io.StringIO(monitor(folder, "export", "stories", "--format", "csv").stdout)))
    assert rows[1]["title"] == "'" + STORIES[1]["title"]
    assert set(rows[0]) == set(records[0])
    assert not [cell for row in rows for cell in row.values() if cell.startswith(("=", "+", "-", "@"))]


def test_status_without_a_crawl_is_unhealthy_and_says_so(folder: Path) -> None:
    result = monitor(folder, "status")
    assert result.returncode == 1 and "no crawl has run" in result.stdout
    assert json.loads(monitor(folder, "status", "--format", "json").stdout)["healthy"] is False


def test_sources_list(folder: Path) -> None:
    sources = json.loads(monitor(folder, "sources", "list", "--format", "json").stdout)
    assert len(sources) >= 100
    off = json.loads(monitor(folder, "sources", "list", "--disabled", "--format", "json").stdout)
    assert off and all(source["disabled_reason"] for source in off)


def test_global_options_stand_before_or_after_the_command(folder: Path) -> None:
    elsewhere = folder / "elsewhere"
    elsewhere.mkdir(exist_ok=True)
    db = str(folder / "var" / "monitor.db")
    before = monitor(elsewhere, "--db", db, "export", "stories").stdout
    after = monitor(elsewhere, "export", "stories", "--db", db).stdout
    assert before == after != ""


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("search", "x", "--db", "none.db"), 1, "there is no database yet"),
        (("search", "AND"), 2, "no word to look for"),
        (("search", "--since", "soon"), 2, "neither like 24h"),
        (("show", "nosuchid"), 1, "no story with id or URL 'nosuchid'"),
        (("crawl", "--seeds", "nowhere"), 2, "nowhere"),
        (("crawl", "no-such-source"), 2, "no-such-source"),
        (("import", "missing.jsonl"), 2, "missing.jsonl"),
        (("frobnicate",), 2, "No such command"),
        (("search", "x", "--config", "none.toml"), 2, "none.toml"),
    ],
)
def test_errors_are_one_clear_line(folder: Path, words: tuple[str, ...], code: int, says: str) -> None:
    result = monitor(folder, *words)
    assert result.returncode == code, result.stderr
    assert says in result.stderr and "Traceback" not in result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("db = 3", "bad.toml: db: must be a path"),
        ("[crawl]\ndelay = 'slow'", "bad.toml: crawl.delay: must be a number"),
        ("[crawl]\ndelay = -1", "crawl.delay: -1 is not between 0 and 3600"),
        ("[crawl]\nspeed = 1", "crawl.speed: unknown setting"),
        ("[crawl", "bad.toml:1: is not valid TOML"),
    ],
)
def test_wrong_configuration_names_file_and_setting(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "bad.toml").write_text(text)
    result = monitor(tmp_path, "status", "--config", "bad.toml")
    assert result.returncode == 2 and says in result.stderr


def test_wrong_environment_is_named(tmp_path: Path) -> None:
    result = monitor(tmp_path, "status", MONITOR_DELAY="soon")
    assert result.returncode == 2 and "MONITOR_DELAY: 'soon' is not a number" in result.stderr


def test_wrong_seeds_name_file_line_and_field(tmp_path: Path) -> None:
    (tmp_path / "seeds" / "sources").mkdir(parents=True)
    (tmp_path / "seeds" / "sources" / "a.toml").write_text(
        '[[source]]\nid = "a"\nname = "A"\naffiliation = "martian"\n'
    )
    result = monitor(tmp_path, "sources", "list", "--seeds", "seeds")
    assert result.returncode == 2 and "a.toml:" in result.stderr and "Traceback" not in result.stderr


def test_migrate_says_what_it_did(folder: Path) -> None:
    assert "is up to date" in monitor(folder, "migrate").stderr
    fresh = monitor(folder, "migrate", "--db", "fresh.db")
    assert "applied" in fresh.stderr and fresh.returncode == 0


def test_foreign_database_is_refused(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "mine.db")) as conn:
        conn.execute("create table mine (a)")
    result = monitor(tmp_path, "crawl", "--db", "mine.db")
    assert result.returncode == 1 and "another program" in result.stderr and "Traceback" not in result.stderr


@pytest.mark.parametrize("words", [("search", "border"), ("show", "https://gazette.example/1"), ("export", "stories")])
def test_queries_do_not_import_the_crawler(folder: Path, words: tuple[str, ...]) -> None:
    code = (
        "import sys; sys.argv = ['monitor', *sys.argv[1:]]\n"
        "from monitor.cli import cli\n"
        "cli.main(standalone_mode=False)\n"
        "heavy = {'scrapy', 'twisted', 'trafilatura', 'sqlite_utils', 'numpy', 'langdetect', 'feedparser'}\n"
        "sys.exit(','.join(heavy & set(sys.modules)) or 0)"
    )
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    run = subprocess.run(
        [sys.executable, "-c", code, *words], cwd=folder, env=env, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr


def test_output_into_a_closed_pipe_is_no_error(folder: Path) -> None:
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = f"{sys.executable} -m monitor export stories | true; exit ${{PIPESTATUS[0]}}"
    run = subprocess.run(["bash", "-c", command], cwd=folder, env=env, capture_output=True, text=True, check=False)
    assert "Traceback" not in run.stderr


def test_help_shows_examples(folder: Path) -> None:
    assert "Examples:" in monitor(folder, "--help").stdout
    assert "--clash" in monitor(folder, "search", "--help").stdout
