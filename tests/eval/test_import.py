"""The labelled articles through ``monitor import``: all are stored, judged and told apart by language."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.paths import ROOT, SHARED
from tests.test_cli import monitor

ARTICLES = SHARED / "eval" / "articles.jsonl"


def f1(found: set[str], expected: set[str]) -> float:
    """F1 of a set of ids against the labelled one."""
    return 2 * len(found & expected) / (len(found) + len(expected))


@pytest.mark.skipif(not ARTICLES.exists(), reason="the labelled articles are not part of the project")
def test_labelled_articles_through_import(tmp_path: Path) -> None:
    labelled = [json.loads(line) for line in ARTICLES.read_text(encoding="utf-8").splitlines()]
    lines = [
        {"url": f"https://eval.example/{item['id']}", "text": item["text"], "published": item["published"]}
        for item in labelled
    ]
    (tmp_path / "in.jsonl").write_text("\n".join(json.dumps(line) for line in lines))
    result = monitor(tmp_path, "import", "in.jsonl")
    assert result.returncode == 0 and f"{len(labelled)} stored" in result.stderr, result.stderr
    with closing(sqlite3.connect(tmp_path / "var" / "monitor.db")) as conn:
        rows = conn.execute("select url, language, relevant, is_clash from stories").fetchall()
    stored = {url.rsplit("/", 1)[1]: rest for url, *rest in rows}
    assert len(stored) == len(labelled)
    languages = sum(stored[item["id"]][0] == item["lang"] for item in labelled) / len(labelled)
    relevant = f1({name for name, row in stored.items() if row[1]}, {a["id"] for a in labelled if a["relevant"]})
    clash = f1({name for name, row in stored.items() if row[2]}, {a["id"] for a in labelled if a["clash"]})
    print(f"\nimport: relevance F1 {relevant:.3f}, clash F1 {clash:.3f}, language {languages:.3f}")
    assert relevant >= 0.9
    assert languages >= 0.98


def test_seed_record_reads_as_a_record(tmp_path: Path) -> None:
    text = (ROOT / "seeds" / "record.txt").read_text(encoding="utf-8")
    line = json.dumps({"url": "https://eval.example/record", "text": text, "published": "2025-10-12"})
    assert monitor(tmp_path, "import", "-", stdin=line).returncode == 0
    record = json.loads(monitor(tmp_path, "show", "https://eval.example/record", "--format", "json").stdout)
    title, *points, body = text.strip().split("\n")
    assert record["title"] == title and record["text"] == body
    assert record["key_points"] == [point.removeprefix("- ") for point in points]
    tags = {keyword["keyword"]: keyword["category"] for keyword in record["keywords"]}
    for expected in ("Durand Line", "Tehreek-i-Taliban Pakistan", "airspace violation", "mediation"):
        assert expected in tags, tags
    assert record["is_clash"] and record["published_at"] == "2025-10-12T00:00:00Z"
    assert any(place["lat"] is not None for place in record["places"])
    page = monitor(tmp_path, "show", record["id"]).stdout
    assert title in page and "Durand Line" in page and "2025-10-12" in page
