"""Exports: every form can be read by what it is for, whatever a story says, and the length of one costs no memory."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest

from monitor.geojson import feature
from monitor.incident import Fatalities, Figure, Incident, LedgerLine
from monitor.items import Claim, Place, Story
from monitor.store import incidents, stories
from monitor.store.database import open_store, transaction
from tests.paths import ROOT
from tests.test_cli import monitor

NOW = datetime(2025, 10, 12, 12, tzinfo=UTC)
ATOM = "{http://www.w3.org/2005/Atom}"
# What has been put into spreadsheets, pages and feeds to make them do something.
HOSTILE = [
    '=HYPERLINK("http://evil.example")', "+1+cmd|' /C calc'!A0", "-2+3+cmd|' /C calc'!A0", "@SUM(1+1)*cmd",
    "\t=1+1", "\r=1+1", "\n=1+1", "＝1+1", "<script>alert(1)</script>", "]]><x/>", "&lt;b&gt; &amp; \x00\x07\ufffe", "| a | b |\n| - |",
    '", "x": "', "'; drop table stories; --", "**bold** [x](javascript:alert(1)) `code`", "\u202eevil\u202c", "گولہ، باری\u200c",
]  # fmt: skip
TORKHAM = Place("Torkham", "Nangarhar", "AF", 34.1, 71.1, 1, "torkham")
PROVINCE = Place("Nangarhar", "Nangarhar", "AF", 34.3, 70.6, 3, "nangarhar")
COUNTRY = Place("Far Country", None, "XA", None, None, None, "far")


def story(number: int, title: str, places: list[Place]) -> Story:
    url = f"https://gazette.example/{number}"
    claim = Claim("other", title, "civilians", "killed", None, 3, 3, "exact", "claimed", title, 0, len(title))
    return Story(
        url=url, canonical_url=url, source="gazette", title=title, text=f"{title} {number}", fetched_at=NOW,
        published_at=NOW - timedelta(hours=number), published_precision="minute", language="ur",
        key_points=[title], places=places, claims=[claim], is_clash=True,
    )  # fmt: skip


def incident(number: int, title: str, places: tuple[Place, ...], story_id: str) -> Incident:
    figure = Figure(
        3, 3, "exact", "claimed", title, title, 0, 5, story_id, "gazette", "javascript:alert(1)", "ur", NOW, ("a",)
    )
    return Incident(
        id=f"i{number}", title=title, event_type="shelling", date_start=date(2025, 10, 11), date_end=None,
        time_precision="day", places=places, lat=places[0].lat, lon=places[0].lon, geo_precision=places[0].geo_precision,
        status="quiet", story_ids=(story_id,), outlet_count=1, origin_count=1, languages=("ur",), actors=("alpha",),
        claims=(LedgerLine("other", "civilians", "killed", None, figure, (figure,)),),
        fatalities=Fatalities(3, 3, 5), first_reported_at=NOW - timedelta(days=1), last_reported_at=NOW,
    )  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("export")
    with closing(open_store(folder / "var" / "monitor.db")) as conn, transaction(conn):
        for number, title in enumerate(HOSTILE):
            places = [[TORKHAM], [PROVINCE], [COUNTRY], [PROVINCE, TORKHAM], []][number % 5]
            identifier = stories.add_story(conn, story(number, title, places))
            kept = (TORKHAM,) if number % 2 else (PROVINCE,)
            incidents.put(conn, incident(number, title, kept, identifier), [], NOW)
    yield folder


def export(folder: Path, *words: str) -> str:
    result = monitor(folder, "export", *words)
    assert result.returncode == 0 and "Traceback" not in result.stderr, result.stderr
    return result.stdout


@pytest.mark.parametrize("kind", ["stories", "incidents", "claims"])
def test_json_lines_and_json_are_the_same_records(folder: Path, kind: str) -> None:
    lines = [json.loads(line) for line in export(folder, kind).split("\n")[:-1]]
    assert lines == json.loads(export(folder, kind, "--format", "json")) and len(lines) == len(HOSTILE)
    assert {line.get("title", line.get("quote")) for line in lines} == set(HOSTILE)


@pytest.mark.parametrize("kind", ["stories", "incidents", "claims"])
@pytest.mark.parametrize("excel", [(), ("--excel",)])
def test_no_cell_of_csv_is_a_formula(folder: Path, kind: str, excel: tuple[str, ...]) -> None:
    path = folder / f"{kind}.csv"
    with path.open("wb") as stream:
        subprocess.run(
            [sys.executable, "-m", "monitor", "--db", str(folder / "var" / "monitor.db"), "-q", "export", kind, "--format", "csv", *excel],
            cwd=ROOT, stdout=stream, check=True, timeout=60,
        )  # fmt: skip
    assert path.read_bytes().startswith(b"\xef\xbb\xbf") == bool(excel)
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.reader(stream))
    assert len(rows) == len(HOSTILE) + 1 and {len(row) for row in rows} == {len(rows[0])}
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝"))]
    column = rows[0].index("quote" if kind == "claims" else "title")
    assert [row[column] for row in rows[1:] if row[column].startswith("'=")] == ["'" + HOSTILE[0]]


def test_excel_gets_no_cell_that_it_cannot_hold(tmp_path: Path) -> None:
    with closing(open_store(tmp_path / "var" / "monitor.db")) as conn:
        stories.add_story(conn, story(1, "x" * 50_000, []))
    rows = list(csv.DictReader(io.StringIO(export(tmp_path, "stories", "--format", "csv", "--excel").lstrip("\ufeff"))))
    assert max(len(cell) for cell in rows[0].values()) < 32_767 and rows[0]["title"].endswith("[cut]")
    rows = list(csv.DictReader(io.StringIO(export(tmp_path, "stories", "--format", "csv"))))
    assert len(rows[0]["title"]) == 50_000


@pytest.mark.parametrize("kind", ["stories", "incidents"])
def test_geojson_has_points_only_where_they_are_known(folder: Path, kind: str) -> None:
    found = json.loads(export(folder, kind, "--format", "geojson"))
    assert found["type"] == "FeatureCollection" and len(found["features"]) == len(HOSTILE)
    extents = set()
    for one in found["features"]:
        properties = one["properties"]
        extents.add(properties["extent"])
        assert one["type"] == "Feature" and one["id"] == properties["id"]
        if properties["extent"] == "point":
            assert (
                one["geometry"] == {"type": "Point", "coordinates": [71.1, 34.1]} and properties["geo_precision"] == 1
            )
            assert properties["place"] == "Torkham"
        else:
            assert one["geometry"] is None
    assert extents == ({"point", "province", "unknown"} if kind == "stories" else {"point", "province"})


def test_a_district_is_a_point_that_says_so() -> None:
    record = story(1, "x", [Place("Khyber", None, "PK", 34.0, 71.0, 2, "khyber")]).record()
    found = feature(record)
    assert found["geometry"]["coordinates"] == [71.0, 34.0] and found["properties"]["extent"] == "district"
    assert "text" not in found["properties"] and found["properties"]["title"] == "x"


@pytest.mark.parametrize("kind", ["stories", "incidents"])
def test_atom_is_a_feed_whatever_the_titles_hold(folder: Path, kind: str) -> None:
    text = export(folder, kind, "--format", "atom")
    root = ElementTree.fromstring(text)
    entries = root.findall(f"{ATOM}entry")
    assert root.tag == f"{ATOM}feed" and len(entries) == len(HOSTILE)
    assert root.findtext(f"{ATOM}updated") == "2025-10-12T12:00:00Z"
    ids = [entry.findtext(f"{ATOM}id") or "" for entry in entries]
    assert len(set(ids)) == len(ids) and all(one.startswith("urn:uuid:") for one in ids)
    titles = {" ".join((entry.findtext(f"{ATOM}title") or "").split()) for entry in entries}
    assert "<script>alert(1)</script>" in titles and "&lt;b&gt; &amp;" in titles
    for entry in entries:
        assert entry.findtext(f"{ATOM}updated") and entry.findtext(f"{ATOM}content")
        links = [link.get("href") or "" for link in entry.findall(f"{ATOM}link")]
        assert all(link.startswith("https://gazette.example/") for link in links) and bool(links) == (kind == "stories")
    assert text == export(folder, kind, "--format", "atom"), "it is the same as long as nothing changes"


def test_our_own_reader_of_feeds_reads_our_feed(folder: Path) -> None:
    from monitor.feeds import parse_feed

    feed = parse_feed(export(folder, "stories", "--format", "atom").encode(), "https://monitor.example/feed", now=NOW)
    assert len(feed.entries) == len(HOSTILE)


@pytest.mark.parametrize("kind", ["stories", "incidents", "claims"])
def test_markdown_takes_nothing_for_markup(folder: Path, kind: str) -> None:
    text = export(folder, kind, "--format", "md")
    assert r"\<script\>alert(1)\</script\>" in text and not re.search(r"(?<!\\)<(script|b)", text)
    assert not re.search(r"(?<!\\)\]\(javascript", text) and r"\*\*bold\*\*" in text
    assert "3 civilians killed" in text


def test_incidents_are_chosen_by_the_filters(folder: Path) -> None:
    whole = export(folder, "incidents").count("\n")
    assert export(folder, "incidents", "--place", "Torkham").count("\n") == whole // 2
    assert export(folder, "incidents", "--since", "2025-10-13").count("\n") == 0
    assert export(folder, "incidents", "--limit", "3").count("\n") == 3
    (first, *_) = csv.DictReader(io.StringIO(export(folder, "incidents", "--format", "csv")))
    assert first["fatalities_high"] == "5" and first["languages"] == "ur"
    assert first["place_names"] in ("Torkham", "Nangarhar")


def test_numbers_go_to_stderr_and_nothing_when_quiet(folder: Path) -> None:
    assert monitor(folder, "export", "claims").stderr == f"{len(HOSTILE)} claims\n"
    assert monitor(folder, "-q", "export", "claims").stderr == ""


@pytest.mark.parametrize("style", ["jsonl", "csv", "json", "geojson", "atom", "md"])
def test_length_costs_no_memory(tmp_path: Path, style: str) -> None:
    """60 stories of 1 MB are written with little more memory than one."""
    with closing(open_store(tmp_path / "m.db")) as conn, transaction(conn):
        for number in range(60):
            stories.add_story(conn, story(number, "Title", [TORKHAM]))
        conn.execute("update stories set text = ?, summary = ?", ("word " * 200_000, "x"))
        conn.execute("insert into settings values ('vocabulary', 'x') on conflict do nothing")

    def peak(*words: str) -> int:
        code = (
            "import sys, resource\nfrom monitor.cli import cli\nsys.stdout = open('/dev/null', 'w')\n"
            "cli.main(sys.argv[1:], standalone_mode=False)\n"
            "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)"
        )
        line = [
            sys.executable,
            "-c",
            code,
            "-q",
            "--db",
            str(tmp_path / "m.db"),
            "--seeds",
            "none",
            "export",
            "stories",
        ]
        run = subprocess.run([*line, "--format", style, *words], cwd=ROOT, capture_output=True, text=True, check=True)
        return int(run.stderr.split()[-1]) * (1 if sys.platform == "darwin" else 1024)

    assert peak() - peak("--limit", "1") < 25_000_000
