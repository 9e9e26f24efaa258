"""WARC files: their pages become stories like crawled ones; what is damaged is told and skipped; nothing twice."""

from __future__ import annotations

import gzip
import io
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from monitor.cli import cli
from monitor.warc import read_pages

CLASH = (
    "Afghan and Pakistani forces exchanged fire across the Durand Line in Spin Boldak on Saturday night.",
    "Pakistan's military said 23 soldiers were killed and 29 were wounded in the fighting near the crossing.",
    "The Afghan defence ministry said that its troops had captured several posts along the border before dawn.",
    "Residents of the town said that the shelling went on for hours, and that the crossing was closed to lorries.",
)
WEATHER = tuple(
    f"Rain is expected in the northern valleys on day {day} of the month, the bureau says." for day in range(6)
)


def page(title: str, paragraphs: tuple[str, ...]) -> bytes:
    body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return f"<html lang=en><head><title>{title}</title></head><body><article><h1>{title}</h1>{body}</article>".encode()


def record(
    writer: WARCWriter, url: str, body: bytes, kind: str = "text/html; charset=utf-8", status: str = "200 OK"
) -> None:
    headers = StatusAndHeaders(status, [("Content-Type", kind)], protocol="HTTP/1.1")
    made = writer.create_warc_record(
        url,
        "response",
        payload=io.BytesIO(body),
        http_headers=headers,
        warc_headers_dict={"WARC-Date": "2025-10-12T06:30:00Z"},
    )
    writer.write_record(made)


def archive(*, compressed: bool = True) -> list[bytes]:
    """The records of a small archive, each on its own."""
    pages = [
        (
            "https://gazette.example/fighting",
            page("Night of fighting at Spin Boldak crossing", CLASH),
            "text/html",
            "200 OK",
        ),
        ("https://gazette.example/weather", page("Rain in the valleys", WEATHER), "text/html", "200 OK"),
        ("https://gazette.example/gone", page("Gone", CLASH), "text/html", "404 Not Found"),
        ("https://gazette.example/data", b"{}", "application/json", "200 OK"),
        ("https://courier.example/copy", page("Fighting at the crossing of Spin Boldak", CLASH), "text/html", "200 OK"),
    ]
    found = []
    for url, body, kind, status in pages:
        stream = io.BytesIO()
        record(WARCWriter(stream, gzip=compressed), url, body, kind, status)
        found.append(stream.getvalue())
    return found


def run(db: Path, *words: str) -> tuple[int, str]:
    result = CliRunner().invoke(cli, ["--db", str(db), "backfill", *words], catch_exceptions=False)
    return result.exit_code, result.stderr


def rows(db: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(db)) as conn:
        return conn.execute(query).fetchall()


@pytest.mark.parametrize("compressed", [True, False])
def test_only_pages_that_were_there_are_read(compressed: bool) -> None:
    faults: list[tuple[int, str]] = []
    stream = io.BytesIO(b"".join(archive(compressed=compressed)))
    found = list(read_pages(stream, 1 << 20, lambda at, fault: faults.append((at, fault))))
    assert [one.url.rsplit("/", 1)[1] for one in found] == ["fighting", "weather", "copy"]
    assert found[0].fetched_at.isoformat() == "2025-10-12T06:30:00+00:00"
    assert not faults


def test_a_damaged_record_costs_itself_only() -> None:
    records = archive()
    broken = bytearray(records[1])
    broken[len(broken) // 2 : len(broken) // 2 + 40] = b"\0" * 40
    faults: list[tuple[int, str]] = []
    stream = io.BytesIO(records[0] + bytes(broken) + records[4])
    found = list(read_pages(stream, 1 << 20, lambda at, fault: faults.append((at, fault))))
    assert [one.url.rsplit("/", 1)[1] for one in found if b"Spin Boldak" in one.body] == ["fighting", "copy"]
    assert faults and faults[0][0] >= len(records[0])


def test_a_file_cut_short_gives_what_it_has() -> None:
    whole = b"".join(archive())
    found = list(read_pages(io.BytesIO(whole[: len(whole) - 200]), 1 << 20, lambda at, fault: None))
    assert [one.url.rsplit("/", 1)[1] for one in found][:2] == ["fighting", "weather"]


def test_a_page_too_large_is_told_and_left_out() -> None:
    bomb = io.BytesIO()
    record(WARCWriter(bomb, gzip=True), "https://gazette.example/large", b"<html>" + b"a" * 5_000_000)
    faults: list[str] = []
    assert not list(read_pages(bomb, 1 << 20, lambda at, fault: faults.append(fault)))
    assert "larger than 1 MiB" in faults[0]


def test_what_is_no_archive_is_told() -> None:
    faults: list[str] = []
    assert not list(read_pages(io.BytesIO(b"no archive at all" * 100), 1 << 20, lambda at, fault: faults.append(fault)))
    assert len(faults) == 1
    assert not list(read_pages(io.BytesIO(gzip.compress(b"nor this")), 1 << 20, lambda at, fault: faults.append(fault)))
    assert len(faults) >= 2


@pytest.mark.slow
def test_pages_become_stories_like_crawled_ones_and_nothing_is_taken_in_twice(tmp_path: Path) -> None:
    db, first, second = tmp_path / "m.db", tmp_path / "one.warc.gz", tmp_path / "two.warc"
    first.write_bytes(b"".join(archive()))
    second.write_bytes(b"".join(archive(compressed=False)))
    code, said = run(db, str(first))
    assert code == 0, said
    assert "3 pages: 2 stored (1 repeat another text), 1 irrelevant" in said
    found = rows(db, "select url, source, language, is_clash, fetched_at, incident_id from stories order by pk")
    assert [row[1] for row in found] == ["gazette.example", "courier.example"]
    assert all(row[2:5] == ("en", 1, "2025-10-12T06:30:00Z") for row in found)
    assert found[0][5] is not None and found[0][5] == found[1][5]
    assert rows(db, "select count(*) from claims")[0][0] > 0
    assert rows(db, "select state, spider, counted, next_at from pages order by url") == [
        ("stored", "backfill", 1, None),
        ("stored", "backfill", 1, None),
    ]
    code, said = run(db, str(first), str(second))
    assert code == 0 and said.count("0 stored") >= 2 and said.count("2 known before") == 2


@pytest.mark.slow
def test_a_bad_file_does_not_stop_the_others(tmp_path: Path) -> None:
    db, bad, good = tmp_path / "m.db", tmp_path / "bad.warc.gz", tmp_path / "good.warc.gz"
    bad.write_bytes(b"not an archive")
    good.write_bytes(b"".join(archive()))
    code, said = run(db, str(bad), str(good))
    assert code == 1 and "bad.warc.gz: byte 0" in said and "2 stored" in said
    code, said = run(db, str(tmp_path / "none.warc"))
    assert code == 1 and "there is no such file" in said
