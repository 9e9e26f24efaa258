"""What the desk asks of incidents: the commands, on the stories of four days of the replay."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import subprocess
import sys
from contextlib import closing
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from monitor.store.database import open_reader
from tests.paths import ROOT
from tests.test_cli import monitor

BRIEF = ("brief", "--since", "2025-10-12T06:00", "--until", "2025-10-13T06:00")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the replay taken in as far as 12 October; its seeds beside."""
    folder = tmp_path_factory.mktemp("desk")
    result = monitor(folder, "demo", "--replay", "--day", "2025-10-12", "--keep", str(folder / "kept"))
    assert result.returncode == 0, result.stderr
    (folder / "stdout").write_text(result.stdout)
    return folder


def ask(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    kept = folder / "kept"
    return monitor(folder, *words, MONITOR_DB=str(kept / "monitor.db"), MONITOR_SEEDS=str(kept / "seeds"))


def incidents(folder: Path) -> list[dict[str, Any]]:
    return json.loads(ask(folder, "incidents", "--format", "json").stdout)  # type: ignore[no-any-return]


def biggest(folder: Path) -> dict[str, Any]:
    return max(incidents(folder), key=lambda found: len(found["story_ids"]))


def test_replay_shows_each_morning_and_what_to_try(folder: Path) -> None:
    said = (folder / "stdout").read_text()
    for day in (10, 11, 12, 13):
        assert f"Brief of {day} Oct 2025 06:00 UTC" in said
    assert "Brief of 14 Oct" not in said
    # The last one is whole, the others are short: every line of them is cut to what there is.
    short, whole = (
        said[: said.index("# Brief of 13 Oct")],
        said[said.index("# Brief of 13 Oct") : said.index("Try next")],
    )
    assert "## Not seen" in whole and "](https://" in whole
    assert len(short.splitlines()) < 30 and "Nothing." not in short and "](" not in short
    tried = [line.split() for line in said[said.index("Try next:") :].splitlines() if " --db " in line]
    assert len(tried) >= 5
    for words in tried:
        words = words[words.index("--db") : words.index(">") if ">" in words else None]
        result = monitor(folder, *words)
        assert result.returncode == 0 and result.stdout, (words, result.stderr)


def test_replay_refuses_a_day_it_does_not_have(tmp_path: Path) -> None:
    result = monitor(tmp_path, "demo", "--replay", "--day", "2025-11-30")
    assert result.returncode == 2 and "from 2025-10-09 to 2025-10-19" in result.stderr
    result = monitor(tmp_path, "demo", "--day", "2025-10-12")
    assert result.returncode == 2 and "--replay" in result.stderr


def test_list_in_every_form(folder: Path) -> None:
    found = incidents(folder)
    assert [item["date_start"] for item in found] == sorted((item["date_start"] for item in found), reverse=True)
    table = ask(folder, "incidents").stdout
    assert all(item["id"] in table for item in found)
    lines = [json.loads(line) for line in ask(folder, "incidents", "--format", "jsonl").stdout.splitlines()]
    assert lines == found
    rows = list(csv.DictReader(io.StringIO(ask(folder, "incidents", "--format", "csv").stdout)))
    assert [row["id"] for row in rows] == [item["id"] for item in found]
    assert [int(row["stories"]) for row in rows] == [len(item["story_ids"]) for item in found]
    assert ask(folder, "incidents", "--format", "md").stdout.startswith("| id | date |")


def test_filters(folder: Path) -> None:
    every = incidents(folder)
    one = ask(folder, "incidents", "--place", "Chitral", "--format", "json")
    assert 0 < len(json.loads(one.stdout)) < len(every)
    assert json.loads(ask(folder, "incidents", "--place", "چترال", "--format", "json").stdout) == json.loads(one.stdout)
    none = ask(folder, "incidents", "--since", "2025-11-01")
    assert (none.returncode, none.stdout) == (0, "") and "no incident found" in none.stderr
    assert len(json.loads(ask(folder, "incidents", "--limit", "1", "--format", "json").stdout)) == 1
    quiet = json.loads(ask(folder, "incidents", "--status", "quiet", "--format", "json").stdout)
    assert {item["status"] for item in quiet} == {"quiet"}


def test_an_incident_says_what_its_stories_say(folder: Path) -> None:
    """No story twice, counts that are those of the stories, and every figure with its sentence in its story."""
    with closing(open_reader(folder / "kept" / "monitor.db")) as conn:
        stories = {row["id"]: dict(row) for row in conn.execute("select * from stories")}
        claims = {
            (row["story"], row["claimant"], row["outcome"], row["what"], row["count_low"], row["quote"])
            for row in conn.execute("select s.id as story, c.* from claims c join stories s on s.pk = c.story")
        }
    told: list[str] = []
    for item in incidents(folder):
        told += item["story_ids"]
        assert item["outlet_count"] == len({stories[s]["source"] for s in item["story_ids"]})
        assert {stories[s]["incident_id"] for s in item["story_ids"]} == {item["id"]}
        assert 1 <= item["origin_count"] <= len(item["story_ids"])
        for line in item["claims"]:
            key = line["claimant"], line["outcome"], line["what"]
            for figure in (*line["history"], *line["denials"]):
                assert figure["story"] in item["story_ids"]
                text, title = stories[figure["story"]]["text"], stories[figure["story"]]["title"]
                in_title = (figure["start"], figure["end"]) == (-1, -1)
                assert (title if in_title else text[figure["start"] : figure["end"]]) == figure["quote"]
            for figure in line["history"]:
                assert (figure["story"], *key, figure["count_low"], figure["quote"]) in claims
                assert figure["repeats"] < len(item["story_ids"])
    assert len(told) == len(set(told))


def test_show_incident_tells_why_each_story_belongs(folder: Path) -> None:
    item = biggest(folder)
    page = ask(folder, "show", "incident", item["id"]).stdout
    assert item["title"] in page and "stories, by origin" in page
    assert all(story in page for story in item["story_ids"])
    record = json.loads(ask(folder, "show", "incident", item["id"], "--format", "json").stdout)
    assert set(record["why"]) == set(item["story_ids"])
    assert all(re.match(r"with \w+: (date|place|figures|text|wording)", text) for text in record["why"].values())
    assert record["history"][0]["kind"] == "new"
    assert ask(folder, "show", "incident", item["id"], "--format", "md").stdout.startswith(f"# {item['title']}")


def test_claims_face_to_face(folder: Path) -> None:
    item = biggest(folder)
    table = ask(folder, "claims", item["id"]).stdout
    for line in item["claims"]:
        assert line["url"] in table
    head = next(line for line in table.splitlines() if "says" in line)
    assert head.count("says") >= 2
    rows = list(csv.DictReader(io.StringIO(ask(folder, "claims", item["id"], "--format", "csv").stdout)))
    assert len(rows) == len(item["claims"]) and all(row["quote"] and row["url"] for row in rows)
    assert json.loads(ask(folder, "claims", item["id"], "--format", "json").stdout) == item["claims"]
    shown = [line for line in table.splitlines() if line]
    for line in item["claims"]:
        assert any(line["history"][-1]["quote"] in text for text in shown), "a sentence stays on one line in a file"
    told = [mark for mark in "→≠✗" if any(mark in row for row in table.split("\n\n")[0].splitlines()[:-1])]
    assert told and all(f"{mark} " in table.split("\n\n")[0].splitlines()[-1] for mark in told), "marks are explained"
    markdown = ask(folder, "claims", item["id"], "--format", "md").stdout
    assert "| --- |" in markdown and "\n  - " in markdown and "-     " not in markdown, "quotes belong to their figure"
    every = ask(folder, "claims", "--format", "jsonl").stdout.splitlines()
    assert len(every) == sum(len(found["claims"]) for found in incidents(folder))


class Page(HTMLParser):
    """What a browser would make of a page: its tags, and the direction of its items."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.directions: set[str | None] = set()
        self.links: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag == "li":
            self.directions.add(dict(attrs).get("dir"))
        if tag == "a":
            self.links.append(str(dict(attrs)["href"]))


def test_brief_in_every_form(folder: Path) -> None:
    text = ask(folder, *BRIEF).stdout
    assert [line for line in text.splitlines() if line.startswith("## ")][:3] == [
        "## New",
        "## Changed",
        "## Contested",
    ]
    assert text.splitlines()[-1].startswith("- ") and "## Not seen" in text
    assert len(text.splitlines()) <= 60, "one page"
    record = json.loads(ask(folder, *BRIEF, "--format", "json").stdout)
    assert record["since"] == "2025-10-12T06:00:00Z" and record["unseen"]
    assert record["contested"] and {change["kind"] for item in record["changed"] for change in item["changes"]} <= {
        "claim", "denial", "contradiction",
    }  # fmt: skip
    page = Page(ask(folder, *BRIEF, "--format", "html").stdout)
    assert page.directions == {"auto"} and "script" not in page.tags
    assert page.links and all(link.startswith("https://") for link in page.links)


def test_same_times_same_brief(folder: Path) -> None:
    first = ask(folder, *BRIEF).stdout
    assert first and ask(folder, *BRIEF).stdout == first


def test_reprocess_of_an_unchanged_store_changes_nothing(folder: Path) -> None:
    def dump() -> list[tuple[Any, ...]]:
        with closing(open_reader(folder / "kept" / "monitor.db")) as conn:
            tables = ("incidents", "incident_changes", "incident_places", "claims")
            return [tuple(row) for table in tables for row in conn.execute(f"select * from {table}")]

    before = dump()
    result = ask(folder, "reprocess")
    assert result.returncode == 0 and " 0 changed" in result.stderr, result.stderr
    assert "0 new incidents, 0 changed" in result.stderr
    assert dump() == before


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("show", "incident", "inothing"), 1, "there is no incident"),
        (("claims", "inothing"), 1, "there is no incident 'inothing'"),
        (("brief", "--since", "2025-10-13", "--until", "2025-10-12"), 2, "nothing lies between"),
        (("brief", "--since", "yesterday"), 2, "neither like 24h"),
        (("incidents", "--status", "loud"), 2, "loud"),
        (("incidents", "merge", "ione", "itwo"), 2, "--reason"),
        (("incidents", "merge", "ione", "itwo", "--reason", "x"), 1, "there is no incident 'ione'"),
        (("incidents", "move", "nostory", "ione", "--reason", "x"), 1, "there is no incident 'ione'"),
        (("claims", "reject", "ione", "story", "1", "--reason", "x"), 1, "there is no incident 'ione'"),
    ],
)  # fmt: skip
def test_errors_are_one_line_and_a_code(folder: Path, words: tuple[str, ...], code: int, said: str) -> None:
    result = ask(folder, *words)
    assert (result.returncode, result.stdout) == (code, "")
    assert said in result.stderr and "Traceback" not in result.stderr


@pytest.mark.parametrize("command", ["incidents", "incidents list", "claims", "brief", "show", "demo"])
def test_help_has_examples(folder: Path, command: str) -> None:
    result = ask(folder, *command.split(), "--help")
    assert result.returncode == 0 and "Examples:" in result.stdout and "monitor " in result.stdout


@pytest.mark.parametrize(
    "module", ["monitor.cli.incidents", "monitor.cli.claims", "monitor.cli.show", "monitor.cli.brief"]
)
def test_queries_start_without_the_crawler(module: str) -> None:
    code = f"import sys, {module}; print([m for m in ('scrapy', 'twisted', 'trafilatura', 'datasette') if m in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_the_brief_says_of_silence_what_status_says(folder: Path) -> None:
    status = ask(folder, "status").stdout.splitlines()[0]
    brief = ask(folder, "brief").stdout.splitlines()[-1].removeprefix("- ")
    assert re.match(r"No new clash since \d+ \w+ \d\d:\d\d; no crawl has run .*; 18 of 18 sources not read yet", status)
    assert re.sub(r"\d\d:\d\d", "", brief) == re.sub(r"\d\d:\d\d", "", status)


ALERTS = """[alerts]
max_age = "0s"
[[channel]]
name = "file"
kind = "file"
path = "alerts.jsonl"
[[rule]]
name = "all"
on = ["new", "claim"]
channels = "file"
"""


def test_a_split_queues_what_is_new_by_it(folder: Path) -> None:
    """On a copy of the store, for it changes it."""
    desk = folder / "split"
    shutil.copytree(folder / "kept", desk / "kept")
    (desk / "monitor.toml").write_text(ALERTS)
    item = biggest(desk)
    parts = [story for story in item["story_ids"] if story != item["story_ids"][0]][:3]
    config = ("--config", str(desk / "monitor.toml"))
    assert json.loads(ask(desk, "alerts", "list", "--format", "json", *config).stdout) == []
    split = ask(desk, "incidents", "split", item["id"], *parts, "--reason", "another valley", *config)
    assert split.returncode == 0, split.stderr
    alerts = json.loads(ask(desk, "alerts", "list", "--format", "json", *config).stdout)
    new = re.search(r"stories of \w+ are (\w+) now", split.stderr)
    assert new and new[1] != item["id"]
    assert any(new[1] in alert["dedupe_key"] for alert in alerts), alerts
    ask(desk, "incidents", "rename", item["id"], "A name is no news", "--reason", "as it is called", *config)
    assert len(json.loads(ask(desk, "alerts", "list", "--format", "json", *config).stdout)) == len(alerts)


def test_people_correct_incidents(folder: Path) -> None:
    """Last of all, for it changes the store: who and why are kept and shown."""
    item = biggest(folder)
    story = item["story_ids"][-1]
    why = ("--by", "ada", "--reason", "the map shows it")
    split = ask(folder, "incidents", "split", item["id"], story, *why)
    assert split.returncode == 0, split.stderr
    renamed = ask(folder, "incidents", "rename", item["id"], "The night of the eleventh", *why)
    assert renamed.returncode == 0
    record = json.loads(ask(folder, "show", "incident", item["id"], "--format", "json").stdout)
    assert story not in record["story_ids"] and record["title"] == "The night of the eleventh"
    assert {(d["decided_by"], d["reason"]) for d in record["decisions"]} == {("ada", "the map shows it")}
    assert "split by ada: the map shows it" in ask(folder, "show", "incident", item["id"]).stdout
    back = ask(folder, "incidents", "move", story, item["id"], *why)
    assert back.returncode == 0 and item["id"] in back.stderr
    again = ask(folder, "reprocess")
    assert "0 new incidents, 0 changed" in again.stderr
    record = json.loads(ask(folder, "show", "incident", item["id"], "--format", "json").stdout)
    assert story in record["story_ids"] and record["title"] == "The night of the eleventh"
