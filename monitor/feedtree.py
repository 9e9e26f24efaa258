"""A feed reduced to what is read of it: few entries, few elements, bounded text, no markup; fit for feedparser.

feedparser knows the dialects but keeps no bounds: 20 kB of blank lines before the root, or of letters in an author's
name, cost it over a second, and each tag of inline XHTML is a call. So it is shown a small well-formed document.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from monitor.entries import written_link
from monitor.urlparts import MAX_URL

MAX_LINE = 2_000  # characters of a title or another line
MAX_LINK = 2 * MAX_URL + 1  # just more than is followed: a link that is cut leads elsewhere, and must be refused
MAX_SUMMARY = 10_000
MAX_CONTENT = 100_000
MAX_CONTENTS = 4_000_000  # all contents of a feed together
_MAX_LEAVES = 60  # elements read of one entry, or of the feed itself
_MAX_ATTRIBUTES = 50
_MAX_CONTAINERS = 20

_XML = "{http://www.w3.org/XML/1998/namespace}"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_XHTML = "http://www.w3.org/1999/xhtml"
# Modules that are read, by the prefix that stands for them even where it is not declared.
_MODULES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "sy": "http://purl.org/rss/1.0/modules/syndication/",
    "feedburner": "http://rssnamespace.org/feedburner/ext/1.0",
    "atom": "http://www.w3.org/2005/Atom",
    "xhtml": _XHTML,
}
# Namespaces that all stand for a feed's own elements, as feedparser has them.
_CORE = frozenset(
    """
    http://backend.userland.com/rss http://backend.userland.com/rss2 http://blogs.law.harvard.edu/tech/rss
    http://purl.org/rss/1.0/ http://my.netscape.com/rdf/simple/0.9/ http://purl.org/rss/1.0/modules/rss091#
    http://www.w3.org/2005/atom http://purl.org/atom/ns# http://purl.org/echo/ http://purl.org/pie/
    http://example.com/newformat# http://example.com/necho uri/of/echo/namespace#
    """.split()
)
_KNOWN = _CORE | {namespace.lower() for namespace in _MODULES.values()}
_ENTRIES = frozenset({"item", "entry"})
_SUMMARIES = frozenset({"description", "summary", "abstract"})
_CONTENTS = frozenset({"content", "encoded", "body", "fullitem"})
_LINES = frozenset(
    """
    title link guid id pubdate published issued created updated modified date lastbuilddate author creator name email
    origlink language ttl updateperiod updatefrequency
    """.split()
)
# feedparser looks for addresses in names and tries a dozen forms on dates: both must be short.
_LIMITS = {
    **dict.fromkeys("pubdate published issued created updated modified date lastbuilddate".split(), 100),
    **dict.fromkeys("author creator name email language ttl updateperiod updatefrequency".split(), 200),
    **dict.fromkeys("link origlink guid id".split(), MAX_LINK),
}
_LINKS = frozenset({"link", "origlink"})
_IDS = frozenset({"guid", "id"})
_LEAVES = _LINES | _SUMMARIES | _CONTENTS
_ATTRIBUTES = frozenset("href rel type mode ispermalink version lastmod lang base hreflang".split())
_SPACED_ATTRIBUTES = frozenset([_XML + "base", _XML + "lang", f"{{{_RDF}}}about"])
_BLANKS = re.compile(r"[\r\n\t]+")


@dataclass(frozen=True, slots=True)
class Reduced:
    """The small document, its root's name in lower case, and whether entries were left out."""

    xml: bytes
    root: str
    truncated: bool


def reduce_feed(root: etree._Element, max_entries: int) -> Reduced:
    """The feed under ``root``: its first ``max_entries`` entries, and of each only the elements that are read."""
    reducer = _Reducer(root, max_entries)
    small = reducer.container(root)
    return Reduced(etree.tostring(small, encoding="utf-8"), local_name(root), reducer.truncated)


def local_name(element: etree._Element) -> str:
    """The name of ``element`` in lower case, without namespace or undeclared prefix."""
    return _split(element)[1].lower()


def _split(element: etree._Element) -> tuple[str, str]:
    """Namespace and name; a prefix that was never declared counts as the one it usually is."""
    tag = element.tag
    if not isinstance(tag, str):
        return "", ""
    namespace, _, name = tag[1:].rpartition("}") if tag.startswith("{") else ("", "", tag)
    prefix, colon, rest = name.partition(":")
    return (_MODULES.get(prefix.lower(), "?"), rest) if colon else (namespace, name)


class _Reducer:
    def __init__(self, root: etree._Element, max_entries: int) -> None:
        self.own = {"", _split(root)[0]}
        self.entries_left, self.containers_left = max_entries, _MAX_CONTAINERS
        self.contents_left = MAX_CONTENTS
        self.truncated = False

    def container(self, element: etree._Element) -> etree._Element:
        """A copy of the root or channel: its entries, and its own title, link, language and rhythm."""
        self.containers_left -= 1
        namespace, name = _split(element)
        copy = self._bare(element, f"{{{_RDF}}}{name}" if namespace == _RDF else self._tag(element) or name)
        leaves_left = _MAX_LEAVES
        for child in element.iterchildren():
            name = local_name(child)
            if name in _ENTRIES:
                if self.entries_left <= 0:
                    self.truncated = True
                    break
                self.entries_left -= 1
                copy.append(self._entry(child))
            elif name == "channel" and self.containers_left > 0:
                copy.append(self.container(child))
            elif leaves_left > 0 and name in _LINES:
                leaves_left -= 1
                copy.extend(self._leaf(child))
        return copy

    def _entry(self, element: etree._Element) -> etree._Element:
        self.own.add(_split(element)[0])
        copy = self._bare(element, self._tag(element) or local_name(element))
        for child in element.iterchildren():
            copy.extend(self._leaf(child))
            if len(copy) >= _MAX_LEAVES:
                break
        return copy

    def _leaf(self, element: etree._Element) -> Iterator[etree._Element]:
        """A copy of ``element`` with text only, when it is one of those that are read."""
        name, tag = local_name(element), self._tag(element)
        if name not in _LEAVES or tag is None:
            return
        copy = self._bare(element, tag)
        people = list(element.iterchildren("{*}name", "{*}email")) if name == "author" else []
        if people:
            for child in people[:2]:
                copy.extend(self._leaf(child))
        else:
            self._fill(copy, element, name)
        yield copy

    def _fill(self, copy: etree._Element, element: etree._Element, name: str) -> None:
        limit = MAX_CONTENT if name in _CONTENTS else MAX_SUMMARY if name in _SUMMARIES else _LIMITS.get(name, MAX_LINE)
        if len(element) and (name in _SUMMARIES or name in _CONTENTS or name == "title"):
            text, is_markup = _inner(element), True
        else:
            text = "".join(element.itertext())
            is_markup = name == "body" or copy.get("type", "").lower().endswith("xhtml+xml")
        is_markup = is_markup or copy.get("type") == "xhtml"
        if is_markup:
            copy.set("type", "text/html")
            copy.attrib.pop("mode", None)
        text = written_link(text[:limit]) if name in _LINKS else _BLANKS.sub(" ", text[:limit])
        if name in _IDS and text.lstrip()[:4].lower() != "http":
            copy.set("isPermaLink", "false")  # a number is no address, though feedparser would make it one
        if name in _CONTENTS:
            text = text if len(text) <= self.contents_left else ""
            self.contents_left -= len(text)
        # CDATA: the parser behind makes one call for it, not one for each escaped character.
        copy.text = etree.CDATA(text.replace("]]>", "]] >"))

    def _tag(self, element: etree._Element) -> str | None:
        """The tag to show feedparser; None for an element of a module that is not read."""
        namespace, name = _split(element)
        if namespace == _XHTML and name.lower() != "body":
            return None
        if namespace.lower() in _KNOWN:
            return f"{{{namespace}}}{name}"
        return name if namespace in self.own else None

    @staticmethod
    def _bare(element: etree._Element, tag: str) -> etree._Element:
        copy = etree.Element(tag)
        # Listing attributes takes lxml time in the square of their number; no real element has so many.
        for name, value in element.attrib.items() if len(element.attrib) <= _MAX_ATTRIBUTES else ():
            if name in _SPACED_ATTRIBUTES or name.lower() in _ATTRIBUTES:
                is_link = name.lower() == "href"
                copy.set(name, written_link(value[:MAX_LINK]) if is_link else value[:MAX_LINE])
        return copy


def _inner(element: etree._Element) -> str:
    """What stands inside ``element``, as HTML."""
    text: str = etree.tostring(element, encoding="unicode", method="html", with_tail=False)
    return text[text.index(">") + 1 : text.rindex("<")]
