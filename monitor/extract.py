"""From the bytes of a web page to title, byline, text and date candidates; runs in the process pool."""

from __future__ import annotations

import codecs
import hashlib
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from lxml.etree import ElementDefaultClassLookup, strip_elements
from lxml.html import HtmlElement
from trafilatura import bare_extraction
from trafilatura.settings import Document
from trafilatura.utils import HTML_PARSER, load_html

from monitor.about import page_about
from monitor.dates import Candidate, page_dates
from monitor.dates.linked import linked_data
from monitor.urls import page_canonical
from monitor.xmltext import guess_text, text_charset

_META_CHARSET = re.compile(
    rb"""<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_:.-]+)""", re.I
)
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
# Lists that outlets print above a story as its points, by the words in their class names.
_POINT_WORDS = ("highlight", "key-point", "keypoint", "key_point")
_POINTS = " or ".join(f"contains({place}, '{word}')" for place in ("@class", "../@class") for word in _POINT_WORDS)
_POINTED = re.compile("|".join(_POINT_WORDS).encode())
_HIGHLIGHTS = f"//ul[{_POINTS}][count(li) >= 2 and count(li) <= 8]"
# Elements whose content is no text of the page. Taken out before parsing, they make up half of an average page.
_SCRIPT = re.compile(r"<(script|style|svg)\b[^>]*>", re.I)
# Elements without article text, whatever stands in them; trafilatura drops them too, but later, from every copy.
_NO_ARTICLE = tuple(
    "nav footer menu button input select option optgroup datalist textarea label iframe object embed template svg"
    " picture img video audio source track canvas map area link style noscript dialog".split()
)
# References to characters that no XML may hold: one of them would cost the whole text.
_CONTROLS = re.compile(
    r"&#(?:0*(?:[0-8]|1[124-9]|2\d|3[01]|6553[45])(?!\d)|[xX]0*(?:[0-8bcefBCEF]|1[\da-fA-F]|[fF]{3}[efEF])(?![\da-fA-F]));?"
)
# Charsets that servers declare for whatever they send, and what words look like in them.
_WESTERN = frozenset({"cp1252", "iso8859-1", "latin-1", "iso8859-15"})
_LETTERS = re.compile(rb"[A-Za-z\x80-\xff]+")
_ASCII_LETTER = re.compile(rb"[A-Za-z]")
# The longest texts of the press have half as many characters; what makes them longer is no story.
_MOST_CHARS = 200_000
# More of a line (title, byline, point) nobody reads.
_LINE_CHARS = 500
# A text shorter than this may be a teaser or a caption that the strict way took for the article …
_SHORT_CHARS = 1000
# … unless it is as long as this and has most of what stands in paragraphs worth the name.
_BRIEF_CHARS = 500
_MOST = 0.9
_PARAGRAPH_CHARS = 40
# A paragraph this long does not stand twice in a story by chance.
_REPEATED_CHARS = 40


# lxml.html has classes of their own for forms and inputs, and asks Python about every element for them.
HTML_PARSER.set_element_class_lookup(ElementDefaultClassLookup(element=HtmlElement))


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


def everything(text: str) -> bool:
    """Of any text that it may hold an article that is wanted."""
    return True


def extract_page(
    body: bytes, url: str, encoding: str | None = None, may_hold: Callable[[str], bool] = everything
) -> Extracted | None:
    """Read the page ``body`` fetched from ``url``; ``encoding`` is the charset its header declares, if any.

    Readers' comments are left out and a body that stands twice is given once. Returns None when the bytes are no HTML
    document or no article text is found in them. ``may_hold`` is asked about all words on the page that may be part of
    headline or article; when it says no, the article is not looked for and ``text`` is empty.
    """
    tree = load_html(without_scripts(_CONTROLS.sub("", decode(body, encoding))))
    if tree is None:
        return None
    # What is read off the whole page comes first: then it is cut down to what may hold the article.
    linked = linked_data(tree)
    about, dates = page_about(tree, linked), page_dates(tree, url, linked)
    canonical, highlights = page_canonical(tree, url), _highlights(tree) if _POINTED.search(body) else ()
    strip_elements(tree, *_NO_ARTICLE, with_tail=False)
    text = ""
    if may_hold(_words(tree, about.title)):
        document = _article(tree, url)
        if document is None or not document.text:
            return None
        text = once(document.text)[:_MOST_CHARS].rstrip()
    return Extracted(
        title=_line(about.title),
        text=text,
        byline=_line(about.author),
        site_name=_line(about.site_name),
        html_language=(tree.get("lang") or "")[:_LINE_CHARS] or None,
        canonical_url=canonical,
        dates=tuple(dates),
        highlights=highlights,
        page_sha256=hashlib.sha256(body).hexdigest(),
    )


def _words(tree: HtmlElement, title: str | None) -> str:
    """All words of headline and page, twice: elements part words in one place, and stand inside them in another."""
    pieces = list(tree.itertext())
    return "\n".join((title or "", " ".join(pieces), "".join(pieces)))


def _article(tree: HtmlElement, url: str) -> Document | None:
    """The article on the page. The strict and fast way first; where it finds little, the thorough one as well."""
    found = _attempt(tree, url, strict=True)
    if found is None or not _is_whole(found.text or "", tree):
        thorough = _attempt(tree, url, strict=False)
        if thorough is not None and (found is None or len(thorough.text or "") > len(found.text or "")):
            return thorough
    return found


def _is_whole(text: str, tree: HtmlElement) -> bool:
    """Whether ``text`` can be all of the article on the page, and not only its teaser."""
    if len(text) >= _SHORT_CHARS:
        return True
    if len(text) < _BRIEF_CHARS:
        return False
    lengths = (len(" ".join(paragraph.text_content().split())) for paragraph in tree.iter("p"))
    return len(text) >= _MOST * sum(length for length in lengths if length >= _PARAGRAPH_CHARS)


def _attempt(tree: HtmlElement, url: str, strict: bool) -> Document | None:
    document = bare_extraction(
        tree,
        url=url,
        fast=strict,
        favor_precision=strict,
        include_comments=False,
        include_tables=False,
        with_metadata=False,
    )
    return document if isinstance(document, Document) else None


def decode(body: bytes, declared: str | None = None) -> str:
    """The text of a page whose headers may lie, without NUL characters; ``declared`` is the header's charset, if any.

    Byte order mark, then UTF-16 that shows by its zeros, then UTF-8 when it fits (it hardly ever fits by accident,
    whatever is declared), then a declared charset that fits strictly and plausibly; otherwise a guess.
    """
    return _decoded(body, declared).replace("\0", "")


def _decoded(body: bytes, declared: str | None) -> str:
    for mark, name in _BOMS:
        if body.startswith(mark):
            return body.decode(name, "replace")
    if wide := _utf16(body[:256]):
        return body.decode(wide, "replace")
    try:
        return body.decode()
    except UnicodeDecodeError:
        western = _is_western(body)
    meta = _META_CHARSET.search(body, 0, 4096)
    declarations = (text_charset(declared), text_charset(meta[1].decode("ascii") if meta else None))
    for charset in filter(None, declarations):
        if charset not in _WESTERN or western:
            with suppress(UnicodeDecodeError):
                return body.decode(charset)
    return body.decode("cp1252", "replace") if western else guess_text(body)[0]


def _utf16(head: bytes) -> str | None:
    """UTF-16 without a mark: half of the bytes of its tags, every other one, are zero."""
    low, high = head[0::2].count(0), head[1::2].count(0)
    if max(low, high) * 4 < len(head) or min(low, high) * 4 > len(head):
        return None
    return "utf-16-be" if low > high else "utf-16-le"


def _is_western(body: bytes) -> bool:
    """Whether letters beyond ASCII stand in ``body`` only now and then, among ASCII ones, and not as in UTF-8."""
    words = [word for word in _LETTERS.findall(body, 0, 262_144) if not word.isascii()]
    foreign = sum(len(word) >= 3 and _ASCII_LETTER.search(word) is None for word in words)
    broken = b" ".join(words).decode("utf-8", "replace").count("\ufffd")
    return foreign * 2 < len(words) <= broken * 2


def without_scripts(html: str) -> str:
    """``html`` without scripts, styles and drawings; scripts that hold JSON (metadata) stay. Takes linear time."""
    kept, done = [], 0
    for tag in _SCRIPT.finditer(html):
        if tag.start() < done or (tag[1].lower() == "script" and "json" in tag[0].lower()):
            continue
        close = html.find(f"</{tag[1]}", tag.end())
        end = html.find(">", close) if close >= 0 else -1
        if end < 0:  # never closed: what follows is the parser's business
            break
        kept.append(html[done : tag.start()])
        done = end + 1
    return "".join([*kept, html[done:]])


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
    return " ".join(text.split())[:_LINE_CHARS] or None if text else None
