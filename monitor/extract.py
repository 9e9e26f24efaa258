"""From the bytes of a web page to title, byline, text and date candidates; runs in the process pool."""

from __future__ import annotations

import codecs
import hashlib
import re
import signal
from dataclasses import dataclass

from lxml.html import HtmlElement
from trafilatura import bare_extraction
from trafilatura.settings import Document
from trafilatura.utils import load_html

from monitor.dates import Candidate, page_dates
from monitor.urls import page_canonical

_META_CHARSET = re.compile(
    rb"""<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_:.-]+)""", re.I
)
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
# Lists that outlets print above a story as its points, by the words in their class names.
_HIGHLIGHTS = (
    "//ul[contains(@class, 'highlight') or contains(@class, 'key-point') or contains(@class, 'keypoint')"
    " or contains(@class, 'key_point')][count(li) <= 8]"
    " | //*[contains(@class, 'highlight') or contains(@class, 'key-point') or contains(@class, 'keypoint')"
    " or contains(@class, 'key_point')]/ul[count(li) <= 8]"
)
# One page may take this long, then its worker is killed: C code cannot be interrupted in another way.
EXTRACT_SECONDS = 30.0
# A text shorter than this may be a teaser or a caption that the strict way took for the article.
_SHORT_CHARS = 1000
# A paragraph this long does not stand twice in a story by chance.
_REPEATED_CHARS = 40


@dataclass(frozen=True, slots=True)
class Extracted:
    """What a page says: all text cleaned, nothing judged. ``canonical_url`` is checked against the URL."""

    title: str | None
    text: str
    byline: str | None
    site_name: str | None
    html_language: str | None
    canonical_url: str
    dates: tuple[Candidate, ...]
    highlights: tuple[str, ...]
    page_sha256: str


def extract_page(body: bytes, url: str, encoding: str | None = None) -> Extracted | None:
    """Read the page ``body`` fetched from ``url``; ``encoding`` is the charset its header declares, if any.

    Readers' comments are left out and a body that stands twice is given once. Returns None when the bytes are no HTML
    document or no article text is found in them.
    """
    tree = load_html(decode(body, encoding))
    if tree is None:
        return None
    document = _article(tree, url)
    if document is None or not document.text:
        return None
    return Extracted(
        title=_line(document.title),
        text=once(document.text),
        byline=_line(document.author),
        site_name=_line(document.sitename),
        html_language=tree.get("lang"),
        canonical_url=page_canonical(tree, url),
        dates=tuple(page_dates(tree, url)),
        highlights=_highlights(tree),
        page_sha256=hashlib.sha256(body).hexdigest(),
    )


def _article(tree: HtmlElement, url: str) -> Document | None:
    """The article on the page. The strict and fast way first; where it finds little, the thorough one as well."""
    found = _attempt(tree, url, strict=True)
    if found is None or len(found.text or "") < _SHORT_CHARS:
        thorough = _attempt(tree, url, strict=False)
        if thorough is not None and (found is None or len(thorough.text or "") > len(found.text or "")):
            return thorough
    return found


def _attempt(tree: HtmlElement, url: str, strict: bool) -> Document | None:
    document = bare_extraction(
        tree,
        url=url,
        fast=strict,
        favor_precision=strict,
        include_comments=False,
        include_tables=False,
        with_metadata=True,
    )
    return document if isinstance(document, Document) else None


def extract_bounded(
    body: bytes, url: str, encoding: str | None = None, seconds: float = EXTRACT_SECONDS
) -> Extracted | None:
    """``extract_page`` in a worker process that dies (SIGALRM) when the page takes longer than ``seconds``."""
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        return extract_page(body, url, encoding)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def decode(body: bytes, declared: str | None = None) -> str:
    """Decode a page whose headers may lie: byte order mark, then whichever declared or usual charset fits strictly.

    When none fits, the first declared one is used and what cannot be read is replaced.
    """
    for mark, name in _BOMS:
        if body.startswith(mark):
            return body.decode(name, "replace")
    meta = _META_CHARSET.search(body, 0, 4096)
    candidates = [name for name in (declared, meta and meta[1].decode("ascii"), "utf-8") if name and _known(name)]
    if b"\0" in body[:64]:
        candidates.insert(0, "utf-16-le" if body[1:2] == b"\0" else "utf-16-be")
    # UTF-8 hardly ever fits by accident, the one-byte charsets always do: so it is asked first.
    for name in sorted(candidates, key=lambda name: codecs.lookup(name).name != "utf-8"):
        try:
            return body.decode(name)
        except UnicodeDecodeError:
            continue
    others = [name for name in candidates if codecs.lookup(name).name != "utf-8"]
    return body.decode((others or candidates)[0], "replace")


def _known(name: str) -> bool:
    try:
        return bool(codecs.lookup(name)._is_text_encoding)
    except LookupError:
        return False


def once(text: str) -> str:
    """``text`` without paragraphs that stand in it again: some outlets give the body twice."""
    seen: set[str] = set()
    kept = []
    for paragraph in text.split("\n"):
        key = " ".join(paragraph.split())
        if not key or (len(key) >= _REPEATED_CHARS and key in seen):
            continue
        seen.add(key)
        kept.append(paragraph.strip())
    return "\n".join(kept)


def _highlights(tree: HtmlElement) -> tuple[str, ...]:
    for found in tree.xpath(_HIGHLIGHTS):
        points = [_line(item.text_content()) for item in found.iterchildren("li")]
        sentences = tuple(point for point in points if point and len(point.split()) >= 5)
        if len(sentences) >= 2:
            return sentences
    return ()


def _line(text: str | None) -> str | None:
    return " ".join(text.split()) or None if text else None
