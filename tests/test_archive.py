"""The archive: every stored page can be had again, byte by byte, whatever happens to the process that writes it."""

from __future__ import annotations

import gzip
import io
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from warcio.archiveiterator import ArchiveIterator

from monitor import archive
from monitor.cli import cli
from monitor.config import load_config
from monitor.errors import NotFound
from monitor.items import Page
from monitor.store import archived, revisions
from monitor.store.database import open_reader, open_store, transaction
from monitor.store.stories import add_story, load_story
from monitor.warc import read_pages
from monitor.warcwriter import pack
from tests.days import these_days
from tests.keeping import keep, with_page
from tests.paths import ROOT
from tests.test_backfill import CLASH, page
from tests.webworld import NOW

BODY = page("Night of fighting", CLASH)


def monitor(db: Path, *words: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(cli, ["--db", str(db), "--seeds", str(ROOT / "seeds"), *words], catch_exceptions=False)
    return result.exit_code, result.stdout, result.stderr


def read(db: Path, identifier: str, revision: int | None = None) -> bytes:
    with closing(open_reader(db)) as conn:
        found = load_story(conn, identifier)
        assert found is not None
        return archive.load_page(conn, db, found, revision).body


def files(db: Path) -> list[str]:
    return [path.name for path in archive.files_of(db)]


def test_what_was_fetched_can_be_had_again_with_what_was_known_of_it(tmp_path: Path) -> None:
    body = bytes(range(256)) * 9
    fetched = Page(
        url="https://gazette.example/a?b=ü", source="gazette", body=body, fetched_at=NOW, encoding="cp1256",
        listing_url="https://gazette.example/a", recheck="abc", feed_title="پښتو: two\r\nlines", feed_summary="S",
        feed_published_at=NOW - timedelta(hours=3), feed_published_precision="minute",
    )  # fmt: skip
    file = tmp_path / "x.warc.gz"
    file.write_bytes(pack(fetched))
    with file.open("rb") as stream:
        (found,) = read_pages(stream, 1 << 20, lambda position, fault: pytest.fail(fault))
    again = found.as_page("other", "https://other.example/")
    fetched.feed_title = "پښتو: two lines"
    assert again == fetched


def test_the_file_is_one_that_tools_of_the_field_read(tmp_path: Path) -> None:
    db = tmp_path / "m.db"
    keep(db, *(with_page(BODY + bytes(str(number), "ascii"), number) for number in range(3)))
    (path,) = archive.files_of(db)
    assert path.name in {f"{day}-001.warc.gz" for day in these_days()}
    with path.open("rb") as stream:
        records = ArchiveIterator(stream, check_digests="raise")
        kinds = [record.rec_type for record in records if record.content_stream().read() is not None]
    assert kinds == ["warcinfo"] + ["metadata", "response"] * 3
    assert read(db, "https://gazette.example/news/1") == BODY + b"1"


def test_the_same_page_is_kept_once(tmp_path: Path) -> None:
    db = tmp_path / "m.db"
    first = with_page(BODY)
    keep(db, first)
    before = archive.size_of(db)
    with closing(open_store(db)) as conn, transaction(conn):
        archive.keep_page(conn, db, first)
    assert archive.size_of(db) == before and before.files == 1


def test_pages_of_revisions_are_kept_beside_the_newest(tmp_path: Path) -> None:
    db = tmp_path / "m.db"
    first, second = with_page(BODY), with_page(BODY + b"<p>More.")
    keep(db, first)
    second.text += " More was said."
    with closing(open_store(db)) as conn, transaction(conn):
        assert revisions.revise(conn, first.id, second, [], NOW) == 2
        archive.keep_page(conn, db, second)
    assert read(db, first.id) == BODY + b"<p>More." == read(db, first.id, 2)
    assert read(db, first.id, 1) == BODY
    with closing(open_reader(db)) as conn:
        assert list(archived.kept_revisions(conn, first.id)) == [1, 2]
    with pytest.raises(NotFound, match="revision 3"):
        read(db, first.id, 3)


@pytest.mark.parametrize("torn", [b"\x1f\x8b\x08\0torn", pack(Page("https://a.example/", "a", BODY, NOW))[:-300], b"x"])
def test_a_torn_end_harms_nothing_before_and_nothing_after(tmp_path: Path, torn: bytes) -> None:
    db = tmp_path / "m.db"
    keep(db, with_page(BODY, 1))
    (path,) = archive.files_of(db)
    whole = path.read_bytes()
    path.write_bytes(whole + torn)
    keep(db, with_page(BODY + b" ", 2))
    assert read(db, "https://gazette.example/news/1") == BODY
    assert read(db, "https://gazette.example/news/2") == BODY + b" "
    assert path.read_bytes() == whole + torn, "what is written is never touched again"
    assert len(files(db)) == 2
    keep(db, with_page(BODY + b"  ", 3))
    assert len(files(db)) == 2, "the new file is gone on with"
    with path.open("rb") as stream:
        assert [found.body for found in read_pages(stream, 1 << 20, lambda position, fault: None)] == [BODY]


def test_half_a_record_is_never_taken_for_a_whole_one() -> None:
    whole, torn = (pack(Page(f"https://a.example/{number}", "a", BODY, NOW)) for number in (1, 2))
    first, second = ("https://a.example/1", BODY), ("https://a.example/2", BODY)
    silent = []
    for kept in range(1, len(torn)):
        faults: list[int] = []
        stream = io.BytesIO(whole + torn[:kept])
        found = read_pages(stream, 1 << 20, lambda position, fault, faults=faults: faults.append(position))
        pages = [(page.url, page.body) for page in found]
        assert pages in ([first], [first, second]), kept
        assert all(position >= len(whole) for position in faults), kept
        if not faults and second not in pages:
            silent.append(kept)
    # It may end where the first of the two records does, or within the check sum after it.
    assert len(silent) < 20, silent


def test_a_new_database_leaves_the_pages_of_the_old_one_alone(tmp_path: Path) -> None:
    db = tmp_path / "m.db"
    keep(db, with_page(BODY))
    (path,) = archive.files_of(db)
    old = path.read_bytes()
    for name in ("m.db", "m.db-wal", "m.db-shm"):
        (tmp_path / name).unlink(missing_ok=True)
    keep(db, with_page(BODY))
    assert path.read_bytes() == old and len(files(db)) == 2


def test_a_story_that_is_not_stored_leaves_no_row(tmp_path: Path) -> None:
    db, item = tmp_path / "m.db", with_page(BODY)
    with closing(open_store(db)) as conn:
        with pytest.raises(ZeroDivisionError), transaction(conn):
            add_story(conn, item)
            archive.keep_page(conn, db, item)
            raise ZeroDivisionError
        assert archived.find(conn, item.page_sha256, item.url) is None
    keep(db, item)
    assert read(db, item.id) == BODY and len(files(db)) == 2


def test_a_page_that_cannot_be_written_does_not_keep_its_story_out(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    db, item = tmp_path / "m.db", with_page(BODY)
    archive.folder_of(db).write_text("a file where the folder should be")
    keep(db, item)
    assert "could not be kept" in caplog.text
    with pytest.raises(NotFound, match="no copy of its page is kept"):
        read(db, item.id)


def test_a_full_disk_leaves_no_half_record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    db = tmp_path / "m.db"
    keep(db, with_page(BODY, 1))
    (path,) = archive.files_of(db)
    before, write = path.read_bytes(), os.write

    def full(handle: int, data: memoryview) -> int:
        if len(data) < 50:
            raise OSError(28, "No space left on device")
        return write(handle, data[:40])

    monkeypatch.setattr(archive.os, "write", full)
    keep(db, with_page(BODY + b" ", 2))
    assert path.read_bytes() == before
    monkeypatch.undo()
    keep(db, with_page(BODY + b"  ", 3))
    assert files(db) == [path.name] and read(db, "https://gazette.example/news/3") == BODY + b"  "


_WRITER = """
import sys
from pathlib import Path
from tests.keeping import keep, with_page
db, begin = Path(sys.argv[1]), int(sys.argv[2])
for number in range(begin, begin + int(sys.argv[3])):
    keep(db, with_page(b"<p>page %d</p>" % number * 2000, number))
    print(number, flush=True)
"""


def writer(db: Path, begin: int, count: int) -> subprocess.Popen[str]:
    words = [sys.executable, "-c", _WRITER, str(db), str(begin), str(count)]
    return subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def whole(db: Path) -> int:
    """How many stories there are, after making sure that the page of each can be read."""
    with closing(open_reader(db)) as conn:
        rows = conn.execute("select id, url from stories").fetchall()
    for identifier, url in rows:
        number = int(url.rpartition("/")[2])
        assert read(db, identifier) == b"<p>page %d</p>" % number * 2000
    return len(rows)


def test_two_processes_write_in_turn(tmp_path: Path) -> None:
    db = tmp_path / "m.db"
    keep(db, with_page(b"<p>page 0</p>" * 2000, 0))
    both = [writer(db, 1, 15), writer(db, 101, 15)]
    assert [one.wait(120) for one in both] == [0, 0]
    assert whole(db) == 31 and len(files(db)) == 1


def test_killed_at_any_moment_each_stored_story_has_its_page(tmp_path: Path) -> None:
    db = tmp_path / "m.db"
    for attempt in range(4):
        process = writer(db, 1000 * attempt, 500)
        assert process.stdout is not None
        for _ in range(3):
            process.stdout.readline()
        time.sleep(0.013 * attempt)
        process.send_signal(signal.SIGKILL)
        process.wait(10)
        process.stdout.close()
    assert whole(db) >= 12


def test_old_files_are_pruned_when_asked(tmp_path: Path) -> None:
    db = tmp_path / "m.db"
    keep(db, with_page(BODY))
    (path,) = archive.files_of(db)
    today = date.fromisoformat(path.name[:10])
    with closing(open_store(db)) as conn:
        assert archive.prune(conn, db, 0, today + timedelta(days=900)) == 0
        assert archive.prune(conn, db, 30, today + timedelta(days=30)) == 0 and path.exists()
        assert archive.prune(conn, db, 30, today + timedelta(days=31)) == 1 and not path.exists()
    with pytest.raises(NotFound, match="no copy"):
        read(db, "https://gazette.example/news/1")


def test_a_damaged_or_missing_file_is_told(tmp_path: Path) -> None:
    db = tmp_path / "m.db"
    keep(db, with_page(BODY))
    (path,) = archive.files_of(db)
    data = bytearray(path.read_bytes())
    data[-200:] = b"\0" * 200
    path.write_bytes(data)
    code, out, said = _show(db, "--archived")
    assert (code, out) == (1, b"") and f"{path}: byte" in said and "damaged" in said
    path.unlink()
    assert "cannot be read: No such file" in _show(db, "--archived")[2]


def _show(db: Path, *words: str) -> tuple[int, bytes, str]:
    found = subprocess.run(
        [sys.executable, "-m", "monitor", "--db", str(db), "show", "https://gazette.example/news/1", *words],
        cwd=ROOT,
        capture_output=True,
    )
    return found.returncode, found.stdout, found.stderr.decode()


def test_show_gives_the_page_byte_by_byte(tmp_path: Path) -> None:
    db, body = tmp_path / "m.db", BODY + b"\xff\x1b[2J\r\n"
    keep(db, with_page(body))
    code, out, said = _show(db, "--archived")
    assert (code, out) == (0, body)
    assert "https://gazette.example/news/1, fetched 2025-10-13T12:00:00Z" in said
    assert _show(db, "--archived", "--output", str(tmp_path / "x.html"))[1] == b""
    assert (tmp_path / "x.html").read_bytes() == body
    code, _, said = _show(db, "--archived", "--output", str(tmp_path / "none" / "x.html"))
    assert code == 1 and "cannot be written" in said
    assert _show(db, "--output", "x.html")[0] == 2


def test_a_terminal_gets_text_that_cannot_steer_it(tmp_path: Path) -> None:
    import pty

    db = tmp_path / "m.db"
    keep(db, with_page(BODY + b"<p>\x1b[2J\x1b]0;title\x07 \xe2\x80\xae end"))
    ours, theirs = pty.openpty()
    subprocess.run(
        [sys.executable, "-m", "monitor", "--db", str(db), "show", "https://gazette.example/news/1", "--archived"],
        cwd=ROOT, stdout=theirs, stderr=subprocess.DEVNULL, check=True, close_fds=True,
    )  # fmt: skip
    os.close(theirs)
    shown = os.read(ours, 65536)
    os.close(ours)
    assert b"fighting" in shown and b"\x1b" not in shown and b"\x07" not in shown and "\u202e".encode() not in shown


def test_status_backup_and_reprocess_know_the_archive(tmp_path: Path) -> None:
    db = tmp_path / "m.db"
    keep(db, with_page(BODY, text="The page was read badly: only this was found.", claims=[]))
    assert "Archive of pages: 0.0 MB in 1 file" in monitor(db, "status")[1]
    assert "1 file of pages, 0.0 MB, not copied" in monitor(db, "backup", str(tmp_path / "a.db"))[2]
    assert monitor(db, "backup", "--with-archive", str(tmp_path / "b.db"))[0] == 0
    assert read(tmp_path / "b.db", "https://gazette.example/news/1") == BODY
    with pytest.raises(Exception, match="is not overwritten"):
        (tmp_path / "c.db-archive").mkdir()
        monitor(db, "backup", "--with-archive", str(tmp_path / "c.db"))
    assert "1 would change" in monitor(db, "reprocess", "--from-pages", "--dry-run")[2]
    said = monitor(db, "reprocess", "--from-pages")[2]
    assert "1 page read again, 0 pages could not be, 0 stories without a copy" in said
    assert "1 changed" in said
    with closing(open_reader(db)) as conn:
        again = load_story(conn, "https://gazette.example/news/1")
        assert again is not None and CLASH[1] in again.text and again.revision == 1
        assert again.title == "Night of fighting" and again.is_clash and again.claims
        assert conn.execute("select count(*) from signatures").fetchone()[0] > 0
    assert "0 changed" in monitor(db, "reprocess", "--from-pages")[2]
    assert "0 changed" in monitor(db, "reprocess")[2]
    with closing(sqlite3.connect(db)) as conn:
        conn.execute("insert into story_search (story_search) values ('integrity-check')")


def test_a_file_revises_no_story_of_another_host(tmp_path: Path) -> None:
    db, warc = tmp_path / "m.db", tmp_path / "source.warc.gz"
    warc.write_bytes(pack(Page("https://gazette.example/1", "the-gazette", page("Night of fighting", CLASH), NOW)))
    monitor(db, "backfill", str(warc))
    before = exported(db)
    told = (*CLASH, "Nothing of this is true, says another house.")
    warc.write_bytes(
        pack(Page("https://other.example/2", "other", page("All false", told), NOW, recheck=load_first(db)))
    )
    assert "1 stored" in (said := monitor(db, "backfill", str(warc))[2]) and "revised" not in said
    assert [one["text"] for one in exported(db)][: len(before)] == [one["text"] for one in before]


def test_an_archive_taken_in_anew_gives_the_same_stories_and_revisions(tmp_path: Path) -> None:
    old, new = tmp_path / "old.db", tmp_path / "new.db"
    warc = tmp_path / "source.warc.gz"
    fetched = [
        Page("https://gazette.example/1?x=1", "the-gazette", page("Night of fighting", CLASH), NOW, None,
             "https://gazette.example/1", None, "Night of fighting at the crossing", "S", NOW, "minute"),
        Page("https://courier.example/2", "courier", page("Fighting told again", CLASH[::-1]), NOW),
    ]  # fmt: skip
    warc.write_bytes(b"".join(pack(one) for one in fetched))
    assert "2 stored (1 repeat" in monitor(old, "backfill", str(warc))[2]
    first = load_first(old)
    changed = Page("https://gazette.example/1?x=1", "the-gazette", page("Night of fighting", (*CLASH, "Corrected at noon: the toll was 25.")),
                   NOW + timedelta(hours=5), recheck=first)  # fmt: skip
    warc.write_bytes(pack(changed))
    assert "1 revised" in monitor(old, "backfill", str(warc))[2]
    assert "0 stored" in (said := monitor(old, "backfill", str(warc))[2]) and "1 known before" in said
    own = [str(path) for path in archive.files_of(old)]
    assert "2 stored" in monitor(new, "backfill", *own)[2]
    # An incident has its name from the stories that were there when it was first linked, here one step later.
    assert [{**one, "incident_id": None} for one in exported(old)] == [
        {**one, "incident_id": None} for one in exported(new)
    ]
    assert len(exported(new)) == 2 and all(one["incident_id"] for one in exported(new))
    with closing(open_reader(old)) as one, closing(open_reader(new)) as other:
        assert revisions.revisions_of(one, first) == revisions.revisions_of(other, first) != []
    assert "the-gazette" in monitor(new, "export", "stories")[1]
    assert read(new, first, 1) == fetched[0].body and read(new, first) == changed.body


def exported(db: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in monitor(db, "export", "stories")[1].splitlines()]


def load_first(db: Path) -> str:
    with closing(open_reader(db)) as conn:
        return str(conn.execute("select id from stories order by pk").fetchone()[0])


def test_nothing_is_kept_when_told_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert load_config(environ={"MONITOR_ARCHIVE_KEEP": "no", "MONITOR_ARCHIVE_DAYS": "7"}).archive_days == 7
    monkeypatch.setenv("MONITOR_ARCHIVE_KEEP", "no")
    warc = tmp_path / "source.warc.gz"
    warc.write_bytes(pack(Page("https://gazette.example/1", "gazette", BODY, NOW)))
    assert "1 stored" in monitor(tmp_path / "m.db", "backfill", str(warc))[2]
    assert archive.files_of(tmp_path / "m.db") == []


def test_a_member_cut_from_the_archive_is_an_archive(tmp_path: Path) -> None:
    db = tmp_path / "m.db"
    keep(db, with_page(BODY, 1), with_page(BODY + b" ", 2))
    with closing(open_reader(db)) as conn:
        found = load_story(conn, "https://gazette.example/news/2")
        assert found is not None
        record = archive.load_record(conn, db, found)
    assert gzip.decompress(record).startswith(b"WARC/1.1\r\n")
    assert (BODY + b" ") in gzip.decompress(record)
