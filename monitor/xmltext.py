"""From the bytes of a feed or sitemap to text: bounded, unpacked, in its real charset, without junk bytes."""

from __future__ import annotations

import codecs
import re
import zlib
from dataclasses import dataclass

from charset_normalizer import from_bytes
from w3lib.encoding import http_content_type_encoding, resolve_encoding

MAX_FEED = 5 * 1024 * 1024  # bytes after unpacking
MAX_SITEMAP = 10 * 1024 * 1024

_GZIP = b"\x1f\x8b"
_MAX_MEMBERS = 16
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# How "<" and what follows it look without a mark (XML 1.0, appendix F).
_FIRST_BYTES = (
    (b"<\0\0\0", "utf-32-le"),
    (b"\0\0\0<", "utf-32-be"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
    (b"Lo\xa7\x94", "cp037"),
)
_DECLARED = re.compile(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']\s*([A-Za-z0-9_:.-]{1,40})""")
# Charsets where ASCII bytes do not mean ASCII, so that a text in them also reads as UTF-8.
_STATEFUL = ("iso2022", "hz")
# Python's own escapes and mail encodings: no server's charset, and some are slow.
_NO_CHARSETS = frozenset("punycode idna utf-7 unicode-escape raw-unicode-escape undefined mbcs oem".split())
_FOREIGN = re.compile(rb"[^<>\x00-\x1f]*[\x80-\xff][^<>\x00-\x1f]*")
_SAMPLE = 262_144
_GUESSED = 16_384  # bytes that a guess is made from
_SHORT = 200  # with fewer bytes no guess is better than Western quotation marks and accents
_JUNK = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]+")


@dataclass(frozen=True, slots=True)
class Decoded:
    """A document as text; ``problems`` says what was wrong with its bytes, ``truncated`` that it was cut short."""

    text: str
    problems: tuple[str, ...] = ()
    truncated: bool = False


def read_text(body: bytes, content_type: str | None = None, limit: int = MAX_FEED) -> Decoded:
    """The text of ``body``, which may be gzip-packed; at most ``limit`` bytes of it are looked at.

    The charset is that of the byte order mark; else UTF-8 when it fits (it hardly ever fits by accident, whatever is
    declared); else the one of the XML declaration or of the HTTP header ``content_type``; else a guess.
    """
    body, problems = _unpack(body, limit)
    truncated = len(body) > limit
    problems += [f"is longer than {limit >> 20} MB"] if truncated else []
    text, problem = _decode(body[:limit], content_type)
    problems += [problem] if problem else []
    clean = _JUNK.sub("", text)
    if len(clean) != len(text):
        problems.append("holds control characters")
    return Decoded(clean, tuple(problems), truncated)


def _unpack(body: bytes, limit: int) -> tuple[bytes, list[str]]:
    """Unpack gzip members as long as they last, twice at most: some servers pack what is packed."""
    problems: list[str] = []
    for _ in range(2):
        if not body.startswith(_GZIP):
            break
        parts: list[bytes] = []
        size = 0
        try:
            while body.startswith(_GZIP) and size <= limit and len(parts) < _MAX_MEMBERS:
                unpacker = zlib.decompressobj(wbits=31)
                parts.append(unpacker.decompress(body, limit + 1 - size))
                size += len(parts[-1])
                if not unpacker.eof and not unpacker.unconsumed_tail:
                    problems.append("its gzip data ends too soon")
                body = unpacker.unused_data
        except zlib.error:
            problems.append("its gzip data is damaged")
        body = b"".join(parts)
    return body, problems


def _decode(body: bytes, content_type: str | None) -> tuple[str, str | None]:
    for mark, name in _MARKS:
        if body.startswith(mark):
            return _strictly(body[len(mark) :], name)
    for first, name in _FIRST_BYTES:
        if body.startswith(first):
            return _strictly(body, name)
    found = _DECLARED.search(body[:1024])
    declared = [
        text_charset(found[1].decode("ascii") if found else None),
        text_charset(http_content_type_encoding(content_type)),
    ]
    names = [name for name in declared if name]
    if not (names and names[0].replace("_", "").startswith(_STATEFUL)):
        names.insert(0, "utf-8")
    for name in names:
        try:
            return body.decode(name), None
        except UnicodeDecodeError:
            continue
    return guess_text(body)


def _strictly(body: bytes, name: str) -> tuple[str, str | None]:
    try:
        return body.decode(name), None
    except UnicodeDecodeError:
        return body.decode(name, "replace"), f"is not all {name}"


def text_charset(name: str | None) -> str | None:
    """Python's name for the declared charset, or None when it is none that text can be in."""
    known = resolve_encoding(name.strip()) if name else None
    # A UTF-16 declaration that can be read as ASCII is wrong.
    if known is None or known in _NO_CHARSETS or known.startswith(("utf-16", "utf-32")):
        return None
    try:
        "".encode(known)
    except LookupError:  # a codec, but not of text
        return None
    return known


def guess_text(body: bytes) -> tuple[str, str]:
    """``body`` as text where no charset fits strictly, and what is wrong with it.

    UTF-8 with a few broken letters, or the charset that looks most like a language.
    """
    # The text in the markup, as far as it is not ASCII.
    sample = b" ".join(_FOREIGN.findall(body, 0, _SAMPLE))
    text = sample.decode("utf-8", "replace")
    if text.count("\ufffd") * 20 <= len(text) - len(text.encode("ascii", "ignore")):
        return body.decode("utf-8", "replace"), "is not all UTF-8"
    best = from_bytes(sample[:_GUESSED]).best() if len(sample) > _SHORT else None
    name = best.encoding if best else "cp1252"
    return body.decode(name, "replace"), f"names no charset that fits; read as {name}"
