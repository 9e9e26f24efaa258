"""What feeds and sitemaps list: entries, and the cleaning of their texts, links and languages."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urljoin

from monitor.items import Precision
from monitor.urlparts import MAX_URL
from monitor.urls import is_fetchable, unwrap

MAX_ENTRIES = 500
MAX_TITLE = 500  # characters
MAX_SUMMARY = 2_000
MAX_NAME = 200

_MARKUP = re.compile(
    r"<!--.*?-->|<(?:script|style)\b.*?(?:</(?:script|style)\s*>|\Z)|</?([a-z][a-z0-9:]{0,30})\b[^<>]*>|<!-[^<>]*(?:>|\Z)|<[!?][^<>]*>",
    re.S | re.I,
)
_INLINE = frozenset(
    "a abbr acronym b bdi bdo big cite code em font i ins kbd mark s small span strike strong sub sup tt u wbr".split()
)
# Tags in a text that was escaped once too often.
_ESCAPED_MARKUP = re.compile(
    r"</?(?:p|br|div|span|a|img|b|i|strong|em|ul|li|h[1-6]|figure|iframe)(?:\s[^<>]*)?/?>", re.I
)
_LONG_REFERENCE = re.compile(r"&#[xX]?[0-9a-fA-F]{8,};?")
_SURROGATES = re.compile("[\ud800-\udfff\x00-\x08\x0b\x0c\x0e-\x1f]")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")


@dataclass(frozen=True, slots=True)
class Entry:
    """One story as a feed or sitemap lists it.

    ``title`` and ``summary`` are plain text, cut at ``MAX_TITLE`` and ``MAX_SUMMARY`` characters, "" when absent.
    ``published_at`` is aware, in UTC; None with precision ``unknown`` when there is no date that can be read or it lies
    ahead. ``modified_at`` likewise, for the last change. ``content_html`` is the full text where the feed has it: HTML
    as it came, untrusted. ``language`` is a language tag.
    """

    url: str
    title: str = ""
    summary: str = field(default="", repr=False)
    published_at: datetime | None = None
    published_precision: Precision = "unknown"
    id: str = ""
    content_html: str | None = field(default=None, repr=False)
    language: str | None = None
    author: str | None = None
    modified_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed as read.

    ``kind`` is ``rss``, ``rdf``, ``atom``, ``cdf`` or ``json``; ``link`` the site's front page; ``ttl_minutes`` how
    long the feed asks to be left alone. ``problem`` says what was wrong though the feed could be read, ``dropped`` how
    many entries had no link that can be followed, ``truncated`` that a bound cut entries off.
    """

    kind: str
    title: str
    language: str | None
    link: str | None
    ttl_minutes: int | None
    entries: tuple[Entry, ...] = field(repr=False)
    problem: str | None = None
    truncated: bool = False
    dropped: int = 0


def plain_text(text: str, limit: int, markup: bool = True) -> str:
    """``text`` on one line without tags (when it is ``markup``) and with references resolved, at most ``limit`` long.

    Text that was escaped twice is unescaped twice. A cut is made between words and shown by an ellipsis.
    """
    text = text[: limit * 5]
    text = _unescaped((_without_tags(text) if markup else text)[: limit * 2])
    if markup and _ESCAPED_MARKUP.search(text):
        text = _unescaped(_without_tags(text))
    text = " ".join(_SURROGATES.sub("", text).split())
    if len(text) <= limit:
        return text
    head = text[: limit - 1]
    return (head.rpartition(" ")[0] or head) + "…"


def _unescaped(text: str) -> str:
    return html.unescape(_LONG_REFERENCE.sub("", text))


def _without_tags(text: str) -> str:
    # A comment that never closes ends at the next tag's end; looking for its close once is enough.
    close = text.rfind("-->") + 3 if "-->" in text else 0
    return _MARKUP.sub(_gap, text[:close] + text[close:].replace("<!--", "<!-"))


def _gap(tag: re.Match[str]) -> str:
    name = (tag[1] or "").lower()
    return "" if name in _INLINE or tag[0].startswith(("<!", "<?")) else " "


def written_link(link: str) -> str:
    """``link`` as it was meant: in one piece where an editor broke the line, blanks escaped, ``www.`` with a scheme."""
    link = "".join(part.strip() for part in link.replace("\t", "\n").splitlines())
    link = link.replace("&amp;", "&").replace(" ", "%20")
    return "https://" + link if link[:4].lower() == "www." else link


def usable_link(link: object, base: str) -> str | None:
    """``link`` as an absolute http or https URL, relative ones resolved against ``base``; None when it is none.

    The redirect of a search engine or social network is replaced by the address in it.
    """
    if not isinstance(link, str) or not link.strip() or len(link) > 2 * MAX_URL:
        return None
    try:
        url = unwrap(urljoin(base, written_link(link)))
    except ValueError:
        return None
    return url if is_fetchable(url) else None


def language_tag(value: object) -> str | None:
    """``value`` as a language tag like ``ps`` or ``en-GB``; None when it does not look like one."""
    if not isinstance(value, str):
        return None
    tag = value.strip().replace("_", "-")
    tag = tag[:3].lower() + tag[3:] if "-" not in tag[:3] else tag[:2].lower() + tag[2:]
    return tag if len(tag) <= 35 and _LANGUAGE.fullmatch(tag) else None
