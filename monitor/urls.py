"""One story, one URL: what may be fetched, what is one site, and the URL a page gives as its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import SplitResult, parse_qsl, urljoin

from lxml.html import HtmlElement

from monitor.storyurl import canonical_url, unwrap
from monitor.urlparts import DEFAULT_PORTS, ascii_host, registrable, split
from monitor.urlrules import is_date_code

__all__ = [
    "canonical_url",
    "declared_urls",
    "host_of",
    "is_fetchable",
    "is_trusted_canonical",
    "page_canonical",
    "same_site",
    "unwrap",
]

_WORD = re.compile(r"[^\W\d_]{3,}")
_NUMBER = re.compile(r"\d{5,}")
# Paths where the query, not the path, says which story it is.
_SCRIPT = re.compile(r"\.(?:php\d?|aspx?|jspx?|cfm|cgi|pl|do)$", re.I)
_NO_STORY = frozenset("404 error errors notfound not-found login signin search home".split())
# Labels and first segments that say which language's edition a URL is of.
_EDITIONS = frozenset(
    "ar bn da dr dari de en eng english es fa farsi fr hi hindi id pa pashto persian prs ps ru tr ur urdu uz zh".split()
)


def is_fetchable(url: str) -> bool:
    """Whether ``url`` is one a crawler may ask for: http or https, a possible host, no credentials, not overlong.

    A matter of form only; which addresses a host may resolve to is checked when connecting.
    """
    return split(url) is not None


def host_of(url: str) -> str:
    """The host of ``url`` in lower case and Punycode, without port; "" when the URL is not fetchable."""
    parts = split(url)
    return ascii_host(parts.hostname or "") if parts else ""


def same_site(first: str, second: str) -> bool:
    """Whether two URLs are of one site: one registrable domain; for bare names and addresses one host and port."""
    site = _site(split(first))
    return bool(site) and site == _site(split(second))


def _site(parts: SplitResult | None) -> str:
    if parts is None:
        return ""
    host = ascii_host(parts.hostname or "")
    return registrable(host) or f"{host}:{parts.port or DEFAULT_PORTS[parts.scheme]}"


def page_canonical(tree: HtmlElement, url: str) -> str:
    """The canonical form of the URL that the page ``tree``, fetched from ``url``, gives as its own.

    ``rel=canonical`` goes before ``og:url``; what ``is_trusted_canonical`` refuses is passed over. When nothing is
    left it is the canonical form of ``url``.
    """
    for declared in declared_urls(tree):
        candidate = _joined(url, declared)
        if is_trusted_canonical(candidate, url):
            return canonical_url(candidate)
    return canonical_url(url)


def declared_urls(tree: HtmlElement) -> Iterator[str]:
    """What a page gives as its own URL: ``rel=canonical``, then ``og:url``; several that differ are none."""
    links = {
        link.get("href", "").strip()
        for link in tree.iter("link")
        if "canonical" in (link.get("rel") or "").lower().split()
    }
    metas = {
        meta.get("content", "").strip()
        for meta in tree.iter("meta")
        if (meta.get("property") or meta.get("name") or "").lower() == "og:url"
    }
    for found in (links - {""}, metas - {""}):
        if len({canonical_url(url) for url in found}) == 1:
            yield min(found)


def is_trusted_canonical(candidate: str, url: str) -> bool:
    """Whether a page fetched from ``url`` may say that ``candidate`` is its URL.

    It may not point to another site, to the front page, to the section the story stands in, to an error page, to the
    edition in another language, to a page whose query lost or changed what tells stories apart, or to a story with
    another id and other words in its address.
    """
    if not same_site(candidate, url):
        return False
    theirs, ours = _Address(canonical_url(candidate)), _Address(canonical_url(url))
    if theirs.url == ours.url:
        return True
    if not theirs.segments:
        return not ours.segments and not ours.query
    if theirs.segments[-1].lower() in _NO_STORY or _other_edition(theirs, ours):
        return False
    if theirs.segments == ours.segments:
        return not _SCRIPT.search(ours.segments[-1]) or ours.query.items() <= theirs.query.items()
    if ours.segments[: len(theirs.segments)] == theirs.segments and not theirs.ids:
        return False
    return _may_be_one(theirs, ours)


class _Address:
    """A canonical URL taken apart for comparison."""

    def __init__(self, url: str) -> None:
        parts = split(url)
        assert parts is not None
        self.url = url
        self.labels = set((parts.hostname or "").split("."))
        self.segments = [segment for segment in parts.path.split("/") if segment]
        self.query = dict(parse_qsl(parts.query, keep_blank_values=True))
        text = " ".join([*self.segments, *self.query.values()])
        self.ids = {number for number in _NUMBER.findall(text) if not is_date_code(number)}
        self.words = set(_WORD.findall(self.segments[-1].lower())) if self.segments else set()


def _other_edition(theirs: _Address, ours: _Address) -> bool:
    """Whether the two are of editions in different languages, as far as host or first segment say."""
    for one, other in ((theirs.labels, ours.labels), (set(theirs.segments[:1]), set(ours.segments[:1]))):
        said = {label.lower() for label in other} & _EDITIONS
        if said and said != {label.lower() for label in one} & _EDITIONS:
            return True
    return False


def _may_be_one(theirs: _Address, ours: _Address) -> bool:
    if theirs.ids & ours.ids:
        return True
    common = theirs.words & ours.words
    if theirs.ids and ours.ids:
        return len(common) * 2 > min(len(theirs.words), len(ours.words))
    return bool(common) or min(len(theirs.words), len(ours.words)) < 3


def _joined(base: str, link: str) -> str:
    try:
        return urljoin(base, link)
    except ValueError:
        return ""
