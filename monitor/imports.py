"""Taking in stories from JSON Lines: each line is checked, then goes through the stages of the crawl."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

from monitor.analysis.origins import Origins
from monitor.analysis.topic import Topic
from monitor.dates import parse_date
from monitor.items import Story
from monitor.stages import analyse, credit_prints, first_line, link_duplicate, trace_origin
from monitor.store import stories
from monitor.urls import canonical_url, host_of, is_fetchable

_BULLETS = ("- ", "• ", "* ", "– ")
_FIELDS = ("url", "title", "text", "published", "source", "language")


@dataclass
class ImportResult:
    """How many lines were stored (and of these: relevant, repeating another text), there already, or bad."""

    stored: int = 0
    relevant: int = 0
    linked: int = 0
    duplicate: int = 0
    bad: int = 0


def import_lines(
    lines: Iterable[bytes],
    conn: sqlite3.Connection,
    topic: Topic,
    report: Callable[[int, str], None],
    zones: Mapping[str, tzinfo],
    origins: Origins | None = None,
) -> ImportResult:
    """Store the story on each of ``lines``; ``report`` is called with the number and fault of each bad line.

    ``zones`` are the time zones of known sources, ``origins`` finds whom a text goes back to. A line is an object with
    ``url``, ``text`` and, where known, ``title``, ``published``, ``source``, ``language``.
    """
    result = ImportResult()
    origins = origins or Origins(topic, (), {})
    now = datetime.now(UTC)
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            story, undated = _story(line, now)
        except ValueError as error:
            report(number, f"{error}; skipped")
            result.bad += 1
            continue
        if undated:
            report(number, f"field 'published' is no date that can be read: {undated!r}; taken in without a date")
        if stories.find_url(conn, story.canonical_url) is not None:
            result.duplicate += 1
            continue
        process(story, conn, topic, origins, zones.get(story.source, UTC))
        stories.add_story(conn, story)
        result.stored += 1
        result.relevant += story.relevant
        result.linked += story.duplicate_of is not None
    return result


def process(story: Story, conn: sqlite3.Connection, topic: Topic, origins: Origins, zone: tzinfo = UTC) -> None:
    """All stages between extraction and the store, in the order of the crawl; a given language is kept.

    ``zone`` is the time zone of the story's source.
    """
    analyse(story, topic, zone)
    link_duplicate(story, conn)
    trace_origin(story, conn, origins)
    credit_prints(story, conn, origins)


def _story(line: bytes, now: datetime) -> tuple[Story, str | None]:
    """The story on a line, and its date where that cannot be read; ValueError says what else is wrong."""
    try:
        data = json.loads(line)
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise ValueError(f"is not JSON ({error})") from error
    if not isinstance(data, dict):
        raise ValueError("is not a JSON object")
    for name in _FIELDS:
        if not isinstance(data.get(name, ""), str) and data[name] is not None:
            raise ValueError(f"field {name!r} must be a string")
    url, text = (data.get("url") or "").strip(), (data.get("text") or "").strip()
    if not text:
        raise ValueError("field 'text' is missing or empty")
    title, points, text = split_record(text)
    if not is_fetchable(url):
        raise ValueError(f"field 'url' must be an http or https address, not {url!r}")
    published = data.get("published") or ""
    dated = parse_date(published, now=now)
    story = Story(
        url=url,
        canonical_url=canonical_url(url),
        source=data.get("source") or host_of(url),
        title=(data.get("title") or "").strip() or title or first_line(text),
        text=text,
        highlights=points,
        fetched_at=now,
        language=data.get("language") or "und",
        published_at=dated.at,
        published_precision=dated.precision,
    )
    return story, published if published and dated.at is None else None


def split_record(text: str) -> tuple[str | None, tuple[str, ...], str]:
    """Title, key points and body of a text in the shape of a record: a headline, lines that begin with ``-``, a body.

    A text of another shape is all body.
    """
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    begin = 0 if lines[0].startswith(_BULLETS) else 1
    end = begin
    while end < len(lines) and lines[end].startswith(_BULLETS):
        end += 1
    if end - begin < 2 or end == len(lines):
        return None, (), text
    points = tuple(line.lstrip("".join(_BULLETS)).strip() for line in lines[begin:end])
    return lines[0] if begin else None, points, "\n".join(lines[end:])
