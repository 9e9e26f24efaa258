"""Finding what a web page says about when it was published."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

from monitor.dates.linked import STORY_TYPE, Unreadable, linked_data, nodes
from monitor.dates.values import Candidate
from monitor.dates.words import may_hold_date

if TYPE_CHECKING:
    from lxml.html import HtmlElement  # commands that only read dates do not wait for it

_NODES = 2_000  # a bound: pages are hostile
_LOOSE = re.compile(r'"(datePublished|dateCreated)"\s*:\s*"([^"\\]{6,60})"')

# Names under which pages declare their date, letters only, the plainest first; none that could speak of a change.
_META = (
    *("articlepublishedtime", "ogarticlepublishedtime", "datepublished", "ogpublishedtime", "articlepublished"),
    *(
        "parselypubdate",
        "sailthrudate",
        "cxenseparserecspublishtime",
        "publishdate",
        "publicationdate",
        "publisheddate",
    ),
    *("publishedtime", "publishedat", "pubdate", "articlepublishdate", "articledateoriginal"),
    *("articlepublicationdate",),
    *("dcdateissued", "dctermsissued", "dcdatecreated", "dctermscreated", "dctermsdate", "dcdate", "dctermsavailable"),
    *("citationpublicationdate", "originalpublicationdate", "releasedate", "btpubdate", "rnewsdatepublished"),
    *("ogpubdate", "articlepostdate", "datecreated", "created", "date", "ogdate"),
)
_META_RANK = {name: rank for rank, name in enumerate(_META)}
_NOT_LETTERS = re.compile("[^a-z]+")

_CHANGED = re.compile(r"modif|updat|edited|revis", re.I)
# Parts of a page that speak of other stories, of pictures, or of today.
_ELSEWHERE = re.compile(
    r"relat|recent|popular|trending|sidebar|most-?read|comment|recommend|more-|also|latest|carousel|ticker|caption|gallery"
    r"|today|current-?date|top-?bar|masthead|navbar|weather|clock|footer",
    re.I,
)
_ELSEWHERE_TAGS = ("aside", "nav", "footer", "figure", "figcaption")
_DATED = re.compile(r"date|time|publi|posted|byline|meta|info", re.I)
_SILENT = ("script", "style", "noscript", "svg", "template", "time", "h1", "h2")
# Where a story's visible date stands: elements before its headline and behind it; closely behind, of any class.
_ABOVE, _BELOW, _CLOSE = 60, 200, 20
_VISIBLE, _VISIBLE_CHARS, _CLOSE_CHARS = 4, 100, 60
_IN_ADDRESS = re.compile(
    r"(?<!\d)((?:19[9]\d|20\d\d|1[34]\d\d)([/-])(?:0?[1-9]|1[0-2])\2(?:0?[1-9]|[12]\d|3[01]))(?!\d)"
    r"|/((?:199|20\d)\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))(?=/)"
)


def page_dates(tree: HtmlElement, url: str = "", linked: Sequence[Any] | None = None) -> list[Candidate]:
    """The dates of publication that the page in ``tree``, at ``url``, gives, as text and unjudged; [] if none.

    Looked for are ``datePublished`` in JSON-LD, meta elements, ``<time>``, the page's address (``url``, or else its
    canonical link) and, where nothing is declared, short visible texts behind the headline or in elements whose class
    speaks of a date. Dates of change, and those in lists of other stories, are passed over. ``choose_published`` reads
    and weighs what is returned. ``linked`` is the page's JSON-LD where it was read already. Never raises on any page.
    """
    declared = [*_json_dates(linked_data(tree) if linked is None else linked), *_meta_dates(tree)]
    shown = [*_time_dates(tree), *([] if declared else _visible_dates(tree))]
    return list(dict.fromkeys([*declared, *shown, *_address_dates(tree, url)]))


# --- JSON-LD


def _json_dates(linked: Sequence[Any]) -> list[Candidate]:
    """Its date of publication: of stories, then of what else there is, then of creation."""
    ranked = [
        (int(name == "dateCreated") + 1, date)
        for value in linked
        if isinstance(value, Unreadable)
        for name, date in _LOOSE.findall(value.text)[:1]
    ]
    for node, types in nodes(linked):
        story = any(STORY_TYPE.search(name) for name in types)
        for name, rank in (("datePublished", 0 if story else 1), ("dateCreated", 2 if story else 3)):
            if isinstance(node.get(name), str):
                ranked.append((rank, node[name]))
    if not ranked:
        return []
    return [Candidate("jsonld", text=min(ranked, key=lambda item: item[0])[1])]


# --- elements


def _meta_dates(tree: HtmlElement) -> list[Candidate]:
    best: tuple[int, str] | None = None
    for element in tree.iter("meta"):
        content = element.get("content") or ""
        for attribute in ("property", "name", "itemprop", "http-equiv"):
            rank = _META_RANK.get(_NOT_LETTERS.sub("", (element.get(attribute) or "").lower()))
            if rank is not None and content.strip() and (best is None or rank < best[0]):
                best = (rank, content)
    return [Candidate("meta", text=best[1])] if best else []


def _time_dates(tree: HtmlElement) -> list[Candidate]:
    """The page's first ``<time>`` that says it is of publication, or else its first one outside lists of others."""
    others: list[Candidate] = []
    for element in tree.iter("time"):
        marks = _marks(element)
        if _CHANGED.search(marks):
            continue
        text = element.get("datetime") or _text(element)
        if not any(character.isdigit() for character in text):
            continue
        candidate = Candidate("time", text=text.strip())
        if "publi" in marks.lower() or element.get("pubdate") is not None:
            return [candidate]
        if not others and not _stands_elsewhere(element):
            others.append(candidate)
    return others


def _visible_dates(tree: HtmlElement) -> list[Candidate]:
    """Short texts with a date near the headline: closely behind it, or in elements whose class speaks of a date."""
    found: list[Candidate] = []
    changed: list[str] = []
    for element, close in _near_headline(tree):
        marks = _marks(element)
        dated = _DATED.search(marks)
        if not (dated or close) or element.tag in _SILENT:
            continue
        text = _text(element)
        if not 5 < len(text) <= (_VISIBLE_CHARS if dated else _CLOSE_CHARS) or not may_hold_date(text):
            continue
        if _CHANGED.search(marks) or (_CHANGED.search(text) and not re.search("publi|posted", text, re.I)):
            changed.append(text)  # the same date stands again, without the word, in an element inside
        candidate = Candidate("visible", text=text)
        if candidate in found or any(text in other for other in changed) or _stands_elsewhere(element):
            continue
        found.append(candidate)
        if len(found) == _VISIBLE:
            break
    return found


def _near_headline(tree: HtmlElement) -> list[tuple[HtmlElement, bool]]:
    """Elements near the page's only ``<h1>``, each with whether it stands closely behind; all where there is none."""
    elements = list(islice(tree.iter("*"), _NODES * 5))
    headlines = [index for index, element in enumerate(elements) if element.tag == "h1"]
    if len(headlines) != 1:
        return [(element, False) for element in elements]
    place = headlines[0]
    behind = elements[place + 1 : place + _BELOW]
    near = [(element, index < _CLOSE) for index, element in enumerate(behind)]
    return near + [(element, False) for element in elements[max(0, place - _ABOVE) : place]]


def _marks(element: HtmlElement) -> str:
    return " ".join(element.get(name) or "" for name in ("class", "id", "itemprop"))


def _text(element: HtmlElement) -> str:
    """The element's text with single spaces; empty when it is far too long for a date."""
    length, parts = 0, []
    for part in element.itertext("*"):
        parts.append(part)
        length += len(part)
        if length > 20 * _VISIBLE_CHARS:
            return ""
    return " ".join(" ".join(parts).split())


def _stands_elsewhere(element: HtmlElement) -> bool:
    """Whether the element belongs to navigation, pictures, comments, other stories or the head of the site."""
    in_head = False
    for above in _upwards(element):
        if above.tag in ("article", "main"):
            return False
        if above.tag in _ELSEWHERE_TAGS or (above.tag != "body" and _ELSEWHERE.search(_marks(above))):
            return True
        in_head = in_head or (above.tag == "header" and above.find(".//h1") is None)
    return in_head


def _upwards(element: HtmlElement) -> Iterator[HtmlElement]:
    yield element
    yield from element.iterancestors()


# --- the address


def _address_dates(tree: HtmlElement, url: str) -> list[Candidate]:
    addresses = [
        url,
        *tree.xpath("//link[@rel='canonical']/@href")[:1],
        *tree.xpath("//meta[@property='og:url']/@content")[:1],
    ]
    for address in addresses:
        match = _IN_ADDRESS.search(str(address))
        if match:
            return [Candidate("url", text=match[1] or match[3])]
    return []
