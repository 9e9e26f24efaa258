"""Words, times and addresses as the templates show them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from urllib.parse import urlsplit

from monitor.figures import number
from monitor.items import moment
from monitor.phrases import LANGUAGE_NAMES

_CONTROL = re.compile(r"[\x00-\x20\x7f]")


def web_address(url: str | None) -> str:
    """``url`` when a browser may be sent there: http or https with a host. Else an empty string."""
    if not url or _CONTROL.search(url):
        return ""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url if parts.scheme in ("http", "https") and parts.hostname else ""


def archived(url: str | None, at: str | None) -> str:
    """Where the Wayback Machine would have a page as it was at a time; empty for what is no web address."""
    if not web_address(url):
        return ""
    stamp = re.sub(r"\D", "", at or "")[:14] or "2"
    return f"https://web.archive.org/web/{stamp}/{url}"


def words(identifier: str) -> str:
    """An identifier as words: ``armed_clash`` is ``armed clash``."""
    return identifier.replace("_", " ")


def tongue(code: str, variant: str | None = None) -> str:
    """The English name of a language, or its code."""
    if variant == "prs":
        return "Dari"
    return LANGUAGE_NAMES.get(code, code)


def stamp(value: str | datetime | date | None, precision: str = "minute") -> str:
    """A time in UTC as people write it: ``12 Oct 2025 13:15 UTC``; a day without a clock; ``unknown``."""
    if value is None or value == "" or precision == "unknown":
        return "unknown"
    if isinstance(value, str):
        try:
            value = date.fromisoformat(value) if len(value) == 10 else moment(value)
        except ValueError:
            return "unknown"
    if isinstance(value, datetime):
        value = value.astimezone(UTC)
        if precision == "minute":
            return f"{value.day} {value:%b %Y %H:%M} UTC"
    return f"{value.day} {value:%b %Y}" if value else "unknown"


def days(first: str | None, last: str | None) -> str:
    """The days of an incident: ``11–12 Oct 2025``, ``day not known``."""
    if not first:
        return "day not known"
    if not last or last == first:
        return stamp(first)
    begin, end = date.fromisoformat(first), date.fromisoformat(last)
    if (begin.year, begin.month) == (end.year, end.month):
        return f"{begin.day}–{stamp(last)}"
    return f"{stamp(first)} – {stamp(last)}"


FILTERS = {
    "figure_of": number,
    "web_address": web_address,
    "archived": archived,
    "words": words,
    "tongue": tongue,
    "stamp": stamp,
}
