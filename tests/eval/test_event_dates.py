"""How often the day of an event is given, and that what is given holds: on our own labelled stories."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from monitor.analysis.reading import read
from monitor.analysis.topic import Topic
from monitor.analysis.when import EventDate, event_date
from tests.paths import ROOT, SHARED

OWN = ROOT / "tests" / "eval" / "relevance_own.jsonl"
ARTICLES = SHARED / "eval" / "articles.jsonl"
TOPIC = Topic.load(ROOT / "seeds")
ZONE = ZoneInfo("Asia/Karachi")
DAY = timedelta(days=1)


def rows_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def dated(row: dict[str, Any]) -> EventDate:
    published = datetime.fromisoformat(f"{row['published']}T08:00").replace(tzinfo=ZONE) if row["published"] else None
    return event_date(read(TOPIC, row.get("title") or "", row["text"], row["lang"]), published, ZONE)


def holds(found: EventDate, first: date, last: date) -> bool:
    """Whether the days found meet those labelled, and are no vaguer by more than a night."""
    assert found.start is not None and found.end is not None
    return found.start <= last and found.end >= first and found.end - found.start <= max(DAY, last - first)


def test_event_dates_of_our_own_stories() -> None:
    labelled = [row for row in rows_of(OWN) if row.get("event_dates")]
    given = [(row, dated(row)) for row in labelled]
    found = [(row, one) for row, one in given if one.start is not None]
    wrong = [row["id"] for row, one in found if not holds(one, *map(date.fromisoformat, row["event_dates"]))]
    print(f"{len(labelled)} labelled, {len(found)} given, wrong: {' '.join(wrong) or 'none'}")
    assert len(labelled) >= 30
    assert len(wrong) <= 0.03 * len(labelled)
    assert len(found) >= 0.9 * len(labelled)


def test_without_a_day_of_publication_weekdays_and_dates_are_kept() -> None:
    labelled = [row for row in rows_of(OWN) if row.get("event_dates")]
    given = [(row, dated({**row, "published": None}).partial) for row in labelled]
    apart = {row["id"]: found.days_from(*map(date.fromisoformat, row["event_dates"])) for row, found in given if found}
    wrong = [identifier for identifier, days in apart.items() if days]
    print(f"{len(labelled)} labelled, {len(apart)} given, wrong: {' '.join(wrong) or 'none'}")
    assert len(wrong) <= 0.03 * len(labelled)
    assert len(apart) >= 0.8 * len(labelled)


def test_event_dates_of_the_shared_stories() -> None:
    if not ARTICLES.exists():
        pytest.skip("the shared articles are not part of the project")
    rows = [row for row in rows_of(ARTICLES) if row["clash"]]
    wrong, count = [], 0
    for row in rows:
        day, found = date.fromisoformat(row["incident"][-10:]), dated(row)
        if found.start is not None and found.end is not None:
            count += 1
            # an incident is called by its first day; a night goes on into the second
            if not (found.start <= day + DAY and found.end >= day):
                wrong.append(row["id"])
    print(f"{count} of {len(rows)} given, wrong: {' '.join(wrong) or 'none'}")
    assert len(wrong) <= 1
    assert count >= 27
