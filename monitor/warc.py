"""Pages out of a WARC file (ISO 28500), such as those of CC-NEWS; a damaged record costs itself, not the file.

warcio reads the records. Where one cannot be read, or the compressed stream breaks, reading goes on at the next place
that begins a record.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, BinaryIO

from w3lib.encoding import http_content_type_encoding
from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

from monitor.urls import is_fetchable

# What begins a record: a member of a gzip file (with deflate), or the version line of a record.
_BEGINNINGS = (b"\x1f\x8b\x08", b"WARC/1.")
_CHUNK = 1 << 20
# A file with more damaged places than this is given up: it is no archive of ours to mend.
_MOST_DAMAGES = 1000
_HTML = ("text/html", "application/xhtml+xml")

Report = Callable[[int, str], None]


@dataclass(frozen=True, slots=True)
class ArchivedPage:
    """A page as it was fetched: its address, bytes, declared charset, and when."""

    url: str
    body: bytes
    encoding: str | None
    fetched_at: datetime


def read_pages(stream: BinaryIO, most_bytes: int, report: Report) -> Iterator[ArchivedPage]:
    """The HTML pages of a WARC file, compressed or not, one at a time; all other records are passed over.

    ``stream`` must be seekable; of a page no more than ``most_bytes`` are read, and a larger one is left out.
    ``report`` is called with the position in the file, in bytes, and the fault of each record that cannot be read.
    """
    begin, damages, read = 0, 0, 0
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
                page = _page(record, most_bytes, at, report)
                if page is not None:
                    yield page
            if not read and not damages:
                report(0, "holds no WARC record")
            return
        except (ArchiveLoadFailed, zlib.error, EOFError, OSError, ValueError, UnicodeError) as error:
            damages, at = damages + 1, max(at, records.offset)
            reason = " ".join(str(error).split())[:200] or type(error).__name__
            report(at, f"no record can be read here ({reason}); skipped")
        found = _next_beginning(stream, at + 1)
        if found is None or damages > _MOST_DAMAGES:
            return
        begin = found


def _page(record: Any, most_bytes: int, at: int, report: Report) -> ArchivedPage | None:
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
    return ArchivedPage(url, body, http_content_type_encoding(kind), fetched_at)


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
