"""Checked readings of fields that declarations share: lines, URLs, languages, countries, time zones, days.

Every function raises the table's SeedsError, with file, line and field, when the value will not do.
"""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from datetime import date, datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from monitor.declarations import Table

# ISO 639-1, the two-letter codes in force.
_ISO_639_1 = """
aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en eo es
et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki
kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no
nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te
tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu
"""
LANGUAGES = frozenset(_ISO_639_1.split())
_COUNTRY = re.compile(r"[A-Z]{2}")
_HOST = re.compile(r"[\w-]+(?:\.[\w-]+)*\.?")


def read_line(table: Table, name: str) -> str:
    """The required string field ``name``, one line of text."""
    return checked_line(table, name, table.text(name))


def checked_line(table: Table, name: str, value: str) -> str:
    """``value``, one non-empty line of field ``name``."""
    if not value.strip():
        raise table.error(name, "is empty")
    if any(unicodedata.category(char) in ("Cc", "Zl", "Zp") for char in value):
        raise table.error(name, f"must be one line without control characters, not {value!r}")
    return value


def read_country(table: Table) -> str:
    """The required field ``country``, in the form of an ISO 3166-1 alpha-2 code."""
    value = table.text("country")
    if not _COUNTRY.fullmatch(value):
        raise table.error("country", f"{value!r} is no country code; use the two capitals of ISO 3166-1")
    return value


def read_languages(table: Table) -> tuple[str, ...]:
    """The required field ``languages``: ISO 639-1 codes, at least one, each once."""
    codes = each_once(table, "languages", table.texts("languages"))
    if not codes:
        raise table.error("languages", "names no language")
    for code in codes:
        if code not in LANGUAGES:
            message = f"{code!r} is no ISO 639-1 code, two letters like en, ur, ps, or fa (which also stands for Dari)"
            raise table.error("languages", message)
    return codes


def read_urls(table: Table, name: str) -> tuple[str, ...]:
    """The field ``name``, a list of URLs each given once; empty when absent."""
    return tuple(checked_url(table, name, url) for url in each_once(table, name, table.texts(name, [])))


def checked_url(table: Table, name: str, url: str) -> str:
    """``url``, an item of field ``name``, fit to be polled."""
    if fault := url_fault(url):
        raise table.error(name, f"{url!r} {fault}")
    return url


def each_once(table: Table, name: str, values: list[str]) -> tuple[str, ...]:
    """``values`` of field ``name``, none of them repeated."""
    for index, value in enumerate(values):
        if value in values[:index]:
            raise table.error(name, f"{value!r} stands there twice")
    return tuple(values)


def read_timezone(table: Table, default: str) -> str:
    """The field ``timezone``, a name of the IANA time zone database; ``default`` when absent."""
    name = table.text("timezone", default)
    try:
        ZoneInfo(name)
    except (ValueError, OSError, LookupError) as error:
        message = f"{name!r} is no time zone of the IANA database; write it like Europe/Berlin or UTC"
        raise table.error("timezone", message) from error
    return name


def read_day(table: Table, name: str) -> date | None:
    """The date in field ``name``, or None when absent; a date with a time is refused."""
    value = table.day(name)
    if isinstance(value, datetime):
        raise table.error(name, f"must be a date without a time, like {value.date()}")
    return value


def url_fault(url: str) -> str | None:
    """What is wrong with ``url`` as an address to poll, or None."""
    if "\\" in url or any(char.isspace() or unicodedata.category(char) == "Cc" for char in url):
        return "holds a blank, control character or backslash; percent-encode it"
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        _ = parts.port  # reading it checks it
        if ":" in host:
            ipaddress.IPv6Address(host)
    except ValueError as error:
        return f"is no URL: {error}"
    if parts.scheme not in ("http", "https"):
        return "must begin with http:// or https://"
    if not host:
        return "names no host"
    if "@" in parts.netloc:
        return "carries a user name; leave it out"
    return None if ":" in host or _HOST.fullmatch(host) else f"has no usable host name: {host!r}"
