"""From text that may be hostile or broken XML to an element tree: no entity is declared, loaded or expanded."""

from __future__ import annotations

import html.entities
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

MAX_FEED_TAGS = 150_000  # "<" outside CDATA: a tree costs some 120 bytes for each
MAX_SITEMAP_TAGS = 500_000

FEED_ROOTS = frozenset({"rss", "feed", "rdf", "channel"})
SITEMAP_ROOTS = frozenset({"urlset", "sitemapindex"})
_ROOT = re.compile(r"<(?:[A-Za-z_][\w.-]{0,30}:)?(rss|feed|rdf|channel|urlset|sitemapindex)(?=[\s/>])", re.I)
_NAME = re.compile(r"<([A-Za-z_][\w.:-]*)")
_HTML = frozenset("html head body script style title meta frameset".split())
_MAX_PROLOG = 1_000  # comments, instructions and other things before the root
_WRAPPING = 65_536  # characters of a doctype, and of what broken servers print before the root
_MAX_MENDS = 100_000  # references put right; a document with more faults is not worth more time

_DOCTYPE_TOKEN = re.compile(r""""[^"]*"|'[^']*'|<!--.*?-->|[<>]""", re.S)
_REFERENCE = re.compile(
    r"&(?!(?:amp|lt|gt|quot|apos);)(?:(#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{0,31});)?"
)
_BARE_LESS = re.compile(r"<(?![A-Za-z_/?]|!--|!\[CDATA\[)")
_TEXT_ELEMENT = re.compile(r"<((?:[\w.-]{1,30}:)?(?:title|description|summary|content|encoded))(?:\s[^<>]*)?>", re.I)
_CDATA = re.compile(r"\s*<!\[CDATA\[")
_TAG = re.compile(r"<[A-Za-z_][^<>]{0,2000}=[^<>]{0,2000}>")
_ATTRIBUTE = re.compile(r"""("[^"]*"|'[^']*')|=\s*([^\s"'<>]+)""")
_OPENING = re.compile(r"<!\[CDATA\[|<!--")
_OPENINGS = frozenset({"<![CDATA[", "<!--"})
_ENTRY_EDGE = re.compile(r"</?(?:[\w.-]{1,30}:)?(?:item|entry)[\s>]", re.I)


@dataclass(frozen=True, slots=True)
class Tree:
    """A parsed document: its root element, what had to be mended, and whether its end was left out."""

    root: etree._Element
    problems: tuple[str, ...] = ()
    truncated: bool = False


@dataclass(frozen=True, slots=True)
class Start:
    """Where a document's root element begins, and its name in lower case without prefix; "" when there is none."""

    name: str
    at: int
    junk: bool = False


def find_root(text: str) -> Start:
    """Find the root element behind declaration, comments, doctype, and what broken servers print before them.

    The doctype with all its declarations is thereby passed over: no entity of it will exist.
    """
    at, junk = 0, False
    for _ in range(_MAX_PROLOG):
        opening = text.find("<", at)
        if opening < 0:
            break
        junk = junk or bool(text[at:opening].strip("\ufeff \t\r\n"))
        found = _NAME.match(text, opening)
        if found:
            return _root_at(text, found, junk)
        if text.startswith("<!--", opening):
            at = _behind(text, "-->", opening)
        elif text.startswith("<?", opening):
            at = _behind(text, "?>", opening)
        elif text[opening : opening + 9].upper() == "<!DOCTYPE":
            at = _behind_doctype(text, opening)
        else:
            at, junk = opening + 1, True
    return Start("", len(text), junk)


def _root_at(text: str, found: re.Match[str], junk: bool) -> Start:
    name = found[1].rpartition(":")[2].lower()
    if name not in FEED_ROOTS | SITEMAP_ROOTS | _HTML:
        # A warning printed in front, or a wrapper around the feed.
        later = _ROOT.search(text, found.start(), found.start() + _WRAPPING)
        if later:
            return Start(later[1].lower(), later.start(), True)
    return Start(name, found.start(), junk)


def _behind(text: str, end: str, at: int) -> int:
    place = text.find(end, at + 2)
    return place + len(end) if place >= 0 else len(text)


def _behind_doctype(text: str, at: int) -> int:
    """The place behind a doctype; its quotes and declarations may hold ``>``."""
    depth = 0
    for token in _DOCTYPE_TOKEN.finditer(text, at, at + _WRAPPING):
        if token[0] == "<":
            depth += 1
        elif token[0] == ">":
            depth -= 1
            if depth == 0:
                return token.end()
    return len(text)


def parse_tree(text: str, start: Start, max_tags: int, cut: bool = False) -> Tree | None:
    """The tree of the element at ``start``, mended where it is broken; None when nothing can be read.

    What comes behind ``max_tags`` tags is left out. ``cut`` says that the text's own end is missing anyway.
    """
    body = text[start.at :]
    problems = ["has text before its first element"] if start.junk else []
    end = _bounded(body, max_tags)
    if end < len(body):
        problems.append("has too many elements")
    if cut or end < len(body):
        root = _recovered(body[:end])
        return None if root is None else Tree(root, tuple(problems), True)
    try:
        return Tree(etree.fromstring(body.encode(), _parser(recover=False)), tuple(problems))
    except etree.XMLSyntaxError as error:
        fault = " ".join(str(error.msg).partition(", line")[0].split())
        problems.append(f"is broken XML ({fault[:100]})")
    root = _recovered(_mended(body))
    return None if root is None else Tree(root, tuple(problems))


def _bounded(text: str, max_tags: int) -> int:
    """Where ``text`` has to end so that it holds no more than ``max_tags`` tags, CDATA not counted."""
    if text.count("<") <= max_tags:
        return len(text)
    left, at = max_tags, 0
    for piece, literal in _sections(text):
        tags = 1 if literal else piece.count("<")
        if tags > left:
            return at + next(itertools.islice(re.finditer("<", piece), left, None)).start()
        left -= tags
        at += len(piece)
    return len(text)


def _recovered(text: str) -> etree._Element | None:
    try:
        return etree.fromstring(text.encode(), _parser(recover=True))
    except etree.XMLSyntaxError:  # nothing at all could be read
        return None


def _parser(recover: bool) -> etree.XMLParser:
    return etree.XMLParser(
        encoding="utf-8",
        recover=recover,
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,  # nesting over 256 and single texts over 10 MB are errors
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,
    )


def _mended(text: str) -> str:
    """``text`` with the usual faults put right, so that the parser's own recovery loses nothing.

    Bare ampersands and less-than signs become text, attributes get their quotes, HTML's named characters (``&nbsp;``)
    their characters, other references stay as they are written, and unclosed HTML in a title or description becomes
    its text.
    """
    pieces, mends = [], _MAX_MENDS
    for piece, literal in _sections(_flattened(text)):
        if piece in _OPENINGS:
            continue
        if not literal and mends > 0:
            piece = _TAG.sub(_quoted, _BARE_LESS.sub("&lt;", piece))
            piece, count = _REFERENCE.subn(_reference, piece, count=mends)
            mends -= count
        pieces.append(piece)
    return "".join(pieces)


def _sections(text: str) -> Iterator[tuple[str, bool]]:
    """``text`` in order, cut into CDATA sections and comments (True: literal) and the markup between them.

    The opening of one that never closes is a piece of its own.
    """
    at = 0
    for found in _OPENING.finditer(text):
        if found.start() < at:
            continue
        close = "]]>" if found[0].endswith("[") else "-->"
        end = text.find(close, found.end())
        yield text[at : found.start()], False
        if end < 0:  # never closed: what follows is markup after all
            yield found[0], True
            yield text[found.end() :], False
            return
        at = end + len(close)
        yield text[found.start() : at], True
    yield text[at:], False


def _quoted(tag: re.Match[str]) -> str:
    return _ATTRIBUTE.sub(lambda found: found[1] or f'="{found[2].rstrip("/")}"', tag[0])


def _reference(found: re.Match[str]) -> str:
    name = found[1]
    if name is None:
        return "&amp;"
    if name.startswith("#"):
        number = int(name[2:], 16) if name[1] in "xX" else int(name[1:])
        allowed = (
            number in (9, 10, 13) or 32 <= number < 0xD800 or 0xE000 <= number < 0xFFFE or 0x10000 <= number <= 0x10FFFF
        )
        return found[0].lower() if allowed else ""
    chars = html.entities.html5.get(name + ";")
    return "".join(f"&#{ord(char)};" for char in chars) if chars else f"&amp;{name};"


def _flattened(text: str) -> str:
    """Escape the tags inside titles, descriptions and contents that are no CDATA. Looks at every character once."""
    pieces, at = [], 0
    closes: dict[str, int] = {}
    edge = -1
    while found := _TEXT_ELEMENT.search(text, at):
        start, close = found.end(), f"</{found[1]}>"
        pieces.append(text[at:start])
        at = start
        if found[0].endswith("/>"):
            continue
        if _CDATA.match(text, start):
            end = text.find("]]>", start)
            at = end + 3 if end >= 0 else len(text)
            pieces.append(text[start:at])
            continue
        if closes.get(close, -1) < start:
            place = text.find(close, start)
            closes[close] = place if place >= 0 else len(text)
        if edge < start:
            nearest = _ENTRY_EDGE.search(text, start)
            edge = nearest.start() if nearest else len(text)
        if closes[close] < edge:
            at = closes[close]
            pieces.append(text[start:at].replace("<", "&lt;"))
    pieces.append(text[at:])
    return "".join(pieces)
