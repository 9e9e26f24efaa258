"""Pages out of a WARC file (ISO 28500), such as those of CC-NEWS; a damaged record costs itself, not the file.

warcio reads the records. Where one cannot be read, or the compressed stream breaks, reading goes on at the next place
that begins a record. ``monitor.warcwriter`` writes what is read here.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, BinaryIO

from w3lib.encoding import http_content_type_encoding
from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

from monitor.items import Page
from monitor.urls import is_fetchable

# What begins a record: a member of a gzip file (with deflate), or the version line of a record.
_BEGINNINGS = (b"\x1f\x8b\x08", b"WARC/1.")
_CHUNK = 1 << 20
# A file with more damaged places than this is given up: it is no archive of ours to mend.
_MOST_DAMAGES = 1000
_HTML = ("text/html", "application/xhtml+xml")
# What is known of a page beside its bytes stands in a record of this kind before it.
FIELDS = "application/warc-fields"
_MOST_SAID = 65_536
# AttributeError: warcio takes it for granted that a response tells its address, which one whose head is torn does not.
_UNREADABLE = (ArchiveLoadFailed, zlib.error, EOFError, OSError, ValueError, UnicodeError, AttributeError)

Report = Callable[[int, str], None]
Said = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ArchivedPage:
    """A page as it was fetched: its address, bytes, declared charset, and when.

    ``said`` is what was known of it besides, where a metadata record came before it: by whom it was listed, and how.
    """

    url: str
    body: bytes
    encoding: str | None
    fetched_at: datetime
    said: Said = field(default_factory=dict)

    def as_page(self, source: str, listing_url: str) -> Page:
        """The page as a spider would give it; what was ``said`` of it goes before ``source`` and ``listing_url``."""
        precision = self.said.get("feed-published-precision")
        published = _moment(self.said.get("feed-published-at"))
        known = published is not None and precision in ("minute", "day")
        return Page(
            url=self.url,
            source=self.said.get("source") or source,
            body=self.body,
            fetched_at=self.fetched_at,
            encoding=self.encoding,
            listing_url=self.said.get("via") or listing_url,
            recheck=self.said.get("revises"),
            feed_title=self.said.get("feed-title"),
            feed_summary=self.said.get("feed-summary"),
            feed_published_at=published if known else None,
            feed_published_precision=precision if known else "unknown",  # type: ignore[arg-type]
        )


def read_pages(stream: BinaryIO, most_bytes: int, report: Report) -> Iterator[ArchivedPage]:
    """The HTML pages of a WARC file, compressed or not, one at a time; all other records are passed over.

    ``stream`` must be seekable; of a page no more than ``most_bytes`` are read, and a larger one is left out.
    ``report`` is called with the position in the file, in bytes, and the fault of each record that cannot be read.
    """
    begin, damages, read = 0, 0, 0
    said: tuple[str, Said] = ("", {})
    while True:
        stream.seek(begin)
        # Not closed by us: the stream belongs to the caller.
        records = ArchiveIterator(stream)
        at = begin
        try:
            for record in records:
                at, read = max(at, records.offset), read + 1
                if record.format != "warc":  # warcio takes nearly anything for the older ARC format
                    raise ArchiveLoadFailed("it is not of the WARC format")
                said = _said(record) or said
                page = _page(record, most_bytes, at, report, said)
                if _is_cut(record):
                    raise ArchiveLoadFailed("it ends before the length that it states")
                if page is not None:
                    yield page
            if not read and not damages:
                report(0, "holds no WARC record")
            elif records.offset < stream.seek(0, os.SEEK_END):
                report(records.offset, "the file ends within a record")
            return
        except _UNREADABLE as error:
            damages, at = damages + 1, max(at, records.offset)
            reason = " ".join(str(error).split())[:200] or type(error).__name__
            report(at, f"no record can be read here ({reason}); skipped")
        found = _next_beginning(stream, at + 1)
        if found is None or damages > _MOST_DAMAGES:
            return
        begin = found


def _said(record: Any) -> tuple[str, Said] | None:
    """What a metadata record says, and of which record."""
    headers = record.rec_headers
    if record.rec_type != "metadata" or (headers.get_header("Content-Type") or "").split(";")[0] != FIELDS:
        return None
    lines = _read(record.content_stream(), _MOST_SAID).decode("utf-8", "replace").split("\r\n")
    pairs = (line.partition(": ") for line in lines if ": " in line)
    return headers.get_header("WARC-Concurrent-To") or "", {name: value for name, _, value in pairs}


def _page(record: Any, most_bytes: int, at: int, report: Report, said: tuple[str, Said]) -> ArchivedPage | None:
    headers = record.http_headers
    if record.rec_type != "response" or headers is None or headers.get_statuscode() != "200":
        return None
    kind = headers.get_header("Content-Type") or ""
    if kind.split(";")[0].strip().lower() not in _HTML:
        return None
    url = (record.rec_headers.get_header("WARC-Target-URI") or "").strip("<> ")
    if not is_fetchable(url):
        report(at, f"is no page of the web: {url[:100]!r}; skipped")
        return None
    fetched_at = _moment(record.rec_headers.get_header("WARC-Date"))
    if fetched_at is None:
        report(at, f"{url}: has no date (WARC-Date); skipped")
        return None
    body = _read(record.content_stream(), most_bytes + 1)
    if len(body) > most_bytes:
        report(at, f"{url}: is larger than {most_bytes >> 20} MiB; skipped")
        return None
    of, told = said
    told = told if of and of == record.rec_headers.get_header("WARC-Record-ID") else {}
    return ArchivedPage(url, body, http_content_type_encoding(kind), fetched_at, told)


def _read(stream: Any, most: int) -> bytes:
    """Up to ``most`` bytes; the stream gives them as it finds them."""
    parts, left = [], most
    while left > 0:
        part = stream.read(min(left, 65536))
        if not part:
            break
        parts.append(part)
        left -= len(part)
    return b"".join(parts)


def _is_cut(record: Any) -> bool:
    """Whether the file ended, or a head was torn, before the record did: half a page would pass for a whole one."""
    if record.length is None:
        return True
    while record.raw_stream.read(_CHUNK):
        continue
    return bool(record.raw_stream.tell() < record.length)


def _moment(text: str | None) -> datetime | None:
    try:
        found = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)


def _next_beginning(stream: BinaryIO, start: int) -> int | None:
    """Where after ``start`` a record may begin."""
    stream.seek(start)
    position, tail = start, b""
    while chunk := stream.read(_CHUNK):
        window = tail + chunk
        places = [place for mark in _BEGINNINGS if (place := window.find(mark)) >= 0]
        if places:
            return position - len(tail) + min(places)
        tail = window[-8:]
        position += len(chunk)
    return None
