"""ReliefWeb's reports (API v2): what to ask for about the topic, and the reports in an answer."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from monitor.analysis.topic import Topic
from monitor.entries import MAX_NAME, MAX_SUMMARY, MAX_TITLE, Entry, language_tag, plain_text, usable_link
from monitor.errors import FeedError
from monitor.extract import decode
from monitor.htmltext import html_text

_MOST_REPORTS = 100
# A shorter body stands beside a document or a map, and says only what that is.
_SHORTEST_BODY = 200
_FIELDS = ("title", "url", "url_alias", "date.original", "date.created", "source.name", "language.code", "body-html")


@dataclass(frozen=True, slots=True)
class Report:
    """A report with its ``text``; ``entry`` carries title, date, language and, as author, who issued it."""

    entry: Entry
    text: str = field(repr=False)


def country_codes(topic: Topic) -> tuple[str, ...]:
    """The countries of the topic's sides as ISO 3166 codes of three letters, in lower case, former ones included."""
    from babel.core import get_global

    wanted = {country for country, side in topic.side_of_country.items() if side in topic.sides}
    aliases: Mapping[str, Sequence[str]] = get_global("territory_aliases")
    found = (alias for alias, codes in aliases.items() if len(alias) == 3 and alias.isalpha() and set(codes) <= wanted)
    return tuple(sorted(code.lower() for code in found))


def reports_url(base: str, appname: str, countries: Sequence[str]) -> str:
    """The address of the newest reports about any of ``countries`` (codes as ``country_codes`` gives them)."""
    query: list[tuple[str, str]] = [
        ("appname", appname),
        ("limit", str(_MOST_REPORTS)),
        ("sort[]", "date.created:desc"),
    ]
    query += [("filter[field]", "country.iso3"), ("filter[operator]", "OR")]
    query += [("filter[value][]", code) for code in countries]
    query += [("fields[include][]", name) for name in _FIELDS]
    return f"{base}?{urlencode(query)}"


def parse_reports(body: bytes, url: str) -> tuple[Report, ...]:
    """The reports in an answer that have a text of their own; documents and maps without one are left out.

    Raises FeedError, one sentence beginning with ``url``, when the service refuses or answers no list.
    """
    try:
        data = json.loads(decode(body))
    except (ValueError, RecursionError) as error:
        raise FeedError(f"{url}: answers no JSON") from error
    if isinstance(data, dict) and isinstance(data.get("error"), dict):
        raise FeedError(f"{url}: ReliefWeb refuses: {plain_text(str(data['error'].get('message')), 300)}")
    rows = data.get("data") if isinstance(data, dict) else None
    if not isinstance(rows, list):
        raise FeedError(f"{url}: answers JSON that is no list of reports")
    found = (_report(row.get("fields"), url) for row in rows[:_MOST_REPORTS] if isinstance(row, dict))
    return tuple(report for report in found if report)


def _report(fields: Any, url: str) -> Report | None:
    if not isinstance(fields, dict):
        return None
    link = usable_link(fields.get("url_alias"), url) or usable_link(fields.get("url"), url)
    markup, title = fields.get("body-html"), fields.get("title")
    text = html_text(markup) if isinstance(markup, str) else ""
    if link is None or len(text) < _SHORTEST_BODY or not isinstance(title, str):
        return None
    published = _date(fields.get("date"))
    entry = Entry(
        url=link,
        title=plain_text(title, MAX_TITLE),
        summary=plain_text(text, MAX_SUMMARY, markup=False),
        published_at=published,
        published_precision="minute" if published else "unknown",
        id=link,
        language=language_tag(next(iter(_values(fields.get("language"), "code")), None)),
        author=plain_text(", ".join(_values(fields.get("source"), "name")), MAX_NAME) or None,
    )
    return Report(entry, text)


def _date(dates: Any) -> datetime | None:
    """When a report was issued; failing that, when ReliefWeb took it in."""
    for name in ("original", "created"):
        try:
            found = datetime.fromisoformat(dates[name])
        except (KeyError, TypeError, ValueError):
            continue
        if found.tzinfo is not None:
            return found.astimezone(UTC)
    return None


def _values(rows: Any, name: str) -> list[str]:
    rows = rows if isinstance(rows, list) else []
    return [row[name] for row in rows if isinstance(row, dict) and isinstance(row.get(name), str)]
