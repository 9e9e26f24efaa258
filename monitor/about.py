"""What a page says about its story in its head: headline, byline, name of the site."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from trafilatura.json_metadata import normalize_authors

from monitor.dates.linked import STORY_TYPE, nodes

if TYPE_CHECKING:
    from lxml.html import HtmlElement

# Names under which pages declare these, the most trusted first.
_TITLES = (
    *("og:title", "twitter:title", "headline", "parsely-title", "sailthru.title", "dc.title", "dcterms.title"),
    *("citation_title", "title"),
)
_AUTHORS = (
    *("author", "article:author", "og:article:author", "parsely-author", "sailthru.author", "byl", "dc.creator"),
    *("dcterms.creator", "dc:creator", "citation_author", "creator", "authors"),
)
_SITES = (
    *("og:site_name", "application-name", "article:publisher", "dc.publisher", "dcterms.publisher", "publisher"),
    "twitter:site",
)
_NAMED = frozenset((*_TITLES, *_AUTHORS, *_SITES))
_PUBLISHERS = re.compile(r"(?:Organization|WebSite)$")
# Elements that name the author, the plainest first.
_BYLINES = (
    "//*[@rel='author' or @itemprop='author' or @data-testid='author' or @class='author' or @class='byline']",
    "//*[contains(@class, 'byline') or contains(@class, 'author-name') or contains(@class, 'article-author')"
    " or contains(@class, 'post-author') or contains(@class, 'author__name') or contains(@class, 'writer')]",
)
_BYLINE_CHARS, _TITLE_CHARS = 120, 500
# What stands between a headline and the name of the site in <title>.
_PARTS = re.compile(r"\s+[-–—|•·»«:]+\s+")
_HTML_TAG = re.compile(r"<[^<>]{0,500}>")


@dataclass(frozen=True, slots=True)
class About:
    """What a page gives as its headline, its author and the name of its site; None where it gives none."""

    title: str | None
    author: str | None
    site_name: str | None


def page_about(tree: HtmlElement, linked: Sequence[Any]) -> About:
    """Headline, author and site name of the page in ``tree`` with the JSON-LD data ``linked`` (``dates.linked``).

    What the page declares for other machines goes before what it shows: ``<meta>``, then JSON-LD, then elements. An
    author's name has two words at least where it is declared in ``<meta>``; addresses are no names.
    """
    declared = _declared(tree)
    data = _from_linked(linked)
    author = normalize_authors(None, declared["author"]) if " " in declared.get("author", "") else None
    site = declared.get("site") or data.site_name or _site_in_title(tree)
    return About(
        title=declared.get("title") or data.title or _shown_title(tree),
        author=data.author or author or _shown_author(tree),
        site_name=site.lstrip("@") if site else None,
    )


def _declared(tree: HtmlElement) -> dict[str, str]:
    """What ``<meta>`` elements say: ``title``, ``author``, ``site``, each the first of its names."""
    found: dict[str, str] = {}
    for element in tree.iter("meta"):
        name = (element.get("property") or element.get("name") or element.get("itemprop") or "").lower()
        if name in _NAMED:
            content = _HTML_TAG.sub("", element.get("content") or "").strip()
            if content and not content.startswith(("http:", "https:")):
                found.setdefault(name, content)
    kinds = (("title", _TITLES), ("author", _AUTHORS), ("site", _SITES))
    return {kind: next(found[name] for name in names if name in found) for kind, names in kinds if found.keys() & names}


def _from_linked(linked: Sequence[Any]) -> About:
    """What stories in JSON-LD say; the site's name is that of their publisher, else of the site or its owner."""
    title = author = site = None
    for node, types in nodes(linked):
        if any(STORY_TYPE.search(name) for name in types):
            title = title or _name(node.get("headline"))
            site = site or _name(node.get("publisher"))
            for name in _names(node.get("author")) if author is None else ():
                author = normalize_authors(author, name)
        elif any(_PUBLISHERS.search(name) for name in types):
            site = site or _name(node)
    return About(title, author, site)


def _names(value: Any) -> Iterator[str]:
    """The names of persons in a JSON-LD ``author``: a text, a node, or a list of them; organisations left out."""
    for item in (value if isinstance(value, list) else [value])[:20]:
        if isinstance(item, dict) and "Organization" in str(item.get("@type")):
            continue
        name = item.get("name") if isinstance(item, dict) else item
        for one in name if isinstance(name, list) else [name]:
            if isinstance(one, str) and one.strip():
                yield one


def _name(value: Any) -> str | None:
    """A text, or the name of a node, without markup."""
    name = value.get("name") if isinstance(value, dict) else value
    return _HTML_TAG.sub("", name).strip() or None if isinstance(name, str) else None


def _shown_title(tree: HtmlElement) -> str | None:
    """The only ``<h1>``, else the longest part of ``<title>``, else the first heading with a text."""
    headings = [text for element in tree.iter("h1") if (text := _text(element, _TITLE_CHARS))]
    if len(headings) == 1:
        return headings[0]
    parts = _title_parts(tree)
    return max(parts, key=len) if parts else next(iter(headings), None)


def _shown_author(tree: HtmlElement) -> str | None:
    for path in _BYLINES:
        for element in tree.xpath(path)[:20]:
            text = _text(element, _BYLINE_CHARS)
            if len(text) > 2 and (author := normalize_authors(None, text)):
                return author
    return None


def _site_in_title(tree: HtmlElement) -> str | None:
    """The part of ``<title>`` that is a host name, as many sites write it."""
    return next((part for part in _title_parts(tree)[1:] if "." in part and " " not in part), None)


def _title_parts(tree: HtmlElement) -> list[str]:
    element = next(tree.iter("title"), None)
    text = " ".join(element.text_content().split()) if element is not None else ""
    return [part for part in _PARTS.split(text) if part]


def _text(element: HtmlElement, most: int) -> str:
    """The element's text with single spaces; empty when it is longer than ``most`` characters."""
    text = " ".join(" ".join(element.itertext("*")).split())
    return text if len(text) <= most else ""
