"""A page as records of a WARC file (ISO 28500): what is known of it, then the page; each compressed by itself."""

from __future__ import annotations

import io
import zlib
from collections.abc import Mapping
from datetime import UTC, datetime

from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from monitor import __version__
from monitor.items import Page, isoformat
from monitor.warc import FIELDS

# Two fifths of the time that the default takes, for a seventh more bytes (measured on news pages).
_LEVEL = 2


def pack(page: Page) -> bytes:
    """``page`` as two records, one after the other: metadata (its source, what the feed said) and the page.

    Headers of HTTP are those that still hold of the bytes at hand: these are decompressed and whole.
    """
    writer = WARCWriter(io.BytesIO(), gzip=False, warc_version="1.1")
    kind = "text/html" + (f"; charset={page.encoding}" if page.encoding else "")
    when = {"WARC-Date": isoformat(page.fetched_at) or ""}
    response = writer.create_warc_record(
        page.url,
        "response",
        payload=io.BytesIO(page.body),
        length=len(page.body),
        http_headers=StatusAndHeaders("200 OK", [("Content-Type", kind)], protocol="HTTP/1.1"),
        warc_headers_dict=when,
    )
    said = {
        "source": page.source,
        "via": page.listing_url,
        "revises": page.recheck,
        "feed-title": page.feed_title,
        "feed-summary": page.feed_summary,
        "feed-published-at": isoformat(page.feed_published_at),
        "feed-published-precision": None if page.feed_published_at is None else page.feed_published_precision,
    }
    metadata = writer.create_warc_record(
        page.url,
        "metadata",
        payload=io.BytesIO(_fields(said)),
        warc_content_type=FIELDS,
        warc_headers_dict={**when, "WARC-Concurrent-To": response.rec_headers.get_header("WARC-Record-ID")},
    )
    return _member(metadata) + _member(response)


def file_head(name: str) -> bytes:
    """The record that a file of this name begins with: what wrote it, and in which format."""
    writer = WARCWriter(io.BytesIO(), gzip=False, warc_version="1.1")
    said = {"software": f"border-monitor/{__version__}", "format": "WARC File Format 1.1"}
    head = writer.create_warc_record(
        None,
        "warcinfo",
        payload=io.BytesIO(_fields(said)),
        warc_content_type=FIELDS,
        warc_headers_dict={"WARC-Date": isoformat(datetime.now(UTC)), "WARC-Filename": name},
    )
    return _member(head)


def _fields(said: Mapping[str, str | None]) -> bytes:
    """The lines ``name: value`` of what is known, each value on one line."""
    return "".join(f"{name}: {' '.join(value.split())}\r\n" for name, value in said.items() if value).encode()


def _member(record: ArcWarcRecord) -> bytes:
    """The record as a gzip member."""
    out = io.BytesIO()
    WARCWriter(out, gzip=False, warc_version="1.1").write_record(record)
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    return packer.compress(out.getbuffer()) + packer.flush()
