"""Whether what a server sent can be a web page, whatever the server calls it."""

from __future__ import annotations

import re

EMPTY = "is empty"
# What other files begin with.
_OTHERS = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"RIFF", "image/webp or sound"),
    (b"PK\x03\x04", "application/zip"),
    (b"\x1f\x8b", "application/gzip"),
    (b"ID3", "audio/mpeg"),
    (b"OggS", "audio/ogg"),
    (b"%!PS", "application/postscript"),
    (b"\xd0\xcf\x11\xe0", "an office document"),
)
# Anything but blanks, zeros and byte order marks.
_SOMETHING = re.compile(rb"[^ \t\r\n\0\xef\xbb\xbf\xfe\xff]")
# How HTML begins, after blanks, a byte order mark and comments.
_HTML = re.compile(
    rb"(?:[\s\xef\xbb\xbf\xfe\xff]|<!--.{0,2000}?-->|<\?xml[^>]{0,200}>)*<(?:!doctype\s+html|html|head|body)\b",
    re.I | re.S,
)


def refusal(body: bytes, content_type: str) -> str | None:
    """Why ``body``, sent with the header ``content_type``, is no web page; None when it can be one.

    The first bytes count more than the header: pages are served as octet streams, pictures as pages.
    """
    if not _SOMETHING.search(body):
        return EMPTY
    for beginning, name in _OTHERS:
        if body.startswith(beginning):
            return f"is no web page but {name}"
    kind = content_type.partition(";")[0].strip().lower()
    if not kind or kind.startswith("text/") or kind.endswith(("xml", "html")):
        return None
    return None if _HTML.match(body[:4096].replace(b"\0", b"")) else f"is no web page but {kind[:60]}"
