"""The canonical form of a URL: all that can be told from the URL alone about which story it is."""

from __future__ import annotations

import re
from urllib.parse import parse_qs

from monitor.urlparts import DEFAULT_PORTS, ascii_host, main_host, recode, split
from monitor.urlrules import keeps, story_path

_AMP_CACHE = re.compile(r"/(?:[a-z]{1,3}/)?(s/)?([^/]+\.[^/]+/?.*)", re.S)
_MAYBE_WRAPPED = re.compile(r"google\.|facebook\.com|ampproject|bing-amp", re.I)
_GOOGLE = re.compile(r"(?:www\.|news\.|amp\.|m\.)?google\.[a-z]{2,3}(?:\.[a-z]{2})?")


def canonical_url(url: str) -> str:
    """The one form of all URLs of a story that can be told from the URL alone: an identity, mostly also an address.

    Two URLs with the same result are the same story; the rules, in order:

    1. A search engine's or social network's redirect to a story, and an AMP cache's copy, become the URL inside.
    2. ``http`` becomes ``https`` and a default port goes; with another port the scheme stays. The host is written in
       lower case and Punycode, without a dot at its end.
    3. Labels ``www m mobile amp wap touch`` in front of the registrable domain go. Other labels stay: ``ur.`` and
       ``en.`` are editions, with other stories.
    4. Percent-encoding has one spelling: NFC, UTF-8, capitals, only where needed; a blank is ``%20``, also for ``+`` in
       the query. So a slug in Urdu or Pashto is the same raw, escaped, and in any composition. Letter case is kept.
    5. ``.`` and ``..`` are resolved; doubled and final slashes, index files (``index.html``, ``default.aspx`` …) and
       session ids in the path go.
    6. AMP and print twins become the story: ``/amp`` anywhere, ``.amp``, ``.amp.html``, ``/print`` at the end, before
       an id, or in front of at least two segments; ``?amp=1``, ``?outputType=amp``, ``?print=1``, ``?m=1`` …
    7. A slug beside an id goes: after a word like ``news`` or ``story``, ``/1234567/slug`` and ``/1234567-slug`` become
       ``/1234567``; ``/a/slug/1234567.html`` becomes ``/a/1234567.html``. Ids have six digits or more and are no dates.
    8. Tracking, sharing and session parameters go. ``source``, ``ref``, ``from`` and their like go when the value has
       no digit. All others stay (``?p=7``, ``?id=7``, ``?page=2``, ``?lang=ur``), sorted by name, each pair once.
    9. The fragment goes, unless it begins with ``!``: such a fragment names the page.

    Idempotent. A string that ``urls.is_fetchable`` refuses is returned as it is, without blanks around it.
    """
    url = unwrap(url.strip())
    parts = split(url)
    if parts is None:
        return url
    port = parts.port
    if port is None or port == DEFAULT_PORTS[parts.scheme]:
        origin = "https://" + main_host(ascii_host(parts.hostname or ""))
    else:
        origin = f"{parts.scheme}://{main_host(ascii_host(parts.hostname or ''))}:{port}"
    path = "/".join(["", *story_path(_segments(parts.path))]) or "/"
    query = "&".join(_parameters(parts.query)) if parts.query else ""
    fragment = recode(parts.fragment) if parts.fragment.startswith("!") else ""
    canonical = f"{origin}{path}{'?' + query if query else ''}{'#' + fragment if fragment else ''}"
    return canonical_url(canonical) if _inside(canonical) else canonical


def _segments(path: str) -> list[str]:
    """The segments of ``path`` with dots resolved and empty ones left out."""
    segments: list[str] = []
    for segment in recode(path).split("/"):
        if segment == "..":
            del segments[-1:]
        elif segment and segment != ".":
            segments.append(segment)
    return segments


def _parameters(query: str) -> list[str]:
    kept: dict[tuple[str, str], None] = {}
    for pair in query.replace("+", "%20").split("&"):
        name, _, value = pair.partition("=")
        name, value = recode(name), recode(value)
        if (name or value) and keeps(name, value):
            kept[name, value] = None
    ordered = sorted(kept, key=lambda pair: pair[0])
    return [f"{name}={value}" if value or not name else name for name, value in ordered]


def unwrap(url: str) -> str:
    """The story's URL inside a redirect of a search engine or social network or an AMP cache; else ``url``."""
    while inner := _inside(url):  # ends: what is inside is shorter
        url = inner
    return url


def _inside(url: str) -> str | None:
    # Cheap refusal first: this runs for every entry of every feed.
    if not _MAYBE_WRAPPED.search(url):
        return None
    parts = split(url)
    host = ascii_host(parts.hostname or "") if parts else ""
    if parts is None or not host:
        return None
    inner = None
    if host.endswith("cdn.ampproject.org") or host.endswith("bing-amp.com"):
        inner = _cached(parts.path, parts.query)
    elif _GOOGLE.fullmatch(host):
        if parts.path == "/url":
            inner = _parameter(parts.query, "url", "q")
        elif parts.path.startswith("/amp/"):
            inner = _cached(parts.path[4:], parts.query)
    elif host in ("l.facebook.com", "lm.facebook.com") and parts.path == "/l.php":
        inner = _parameter(parts.query, "u")
    return inner if inner and split(inner) else None


def _parameter(query: str, *names: str) -> str | None:
    values = parse_qs(query, max_num_fields=50) if query.count("&") < 50 else {}
    return next((values[name][0] for name in names if name in values), None)


def _cached(path: str, query: str) -> str | None:
    found = _AMP_CACHE.fullmatch(path)
    if not found:
        return None
    return f"http{'s' if found[1] else ''}://{found[2]}{'?' + query if query else ''}"
