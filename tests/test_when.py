"""The day of an event: dates, weekdays and words like yesterday, against the day of publication; else unknown."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from monitor.analysis.reading import read
from monitor.analysis.topic import Topic
from monitor.analysis.when import UNDATED, event_date
from tests.paths import ROOT

TOPIC = Topic.load(ROOT / "seeds")
SUNDAY = datetime(2025, 10, 12, 9, 0, tzinfo=UTC)


def when(
    text: str, language: str = "en", published: datetime | None = SUNDAY, zone: str = "Asia/Karachi"
) -> tuple[date | None, str]:
    found = event_date(read(TOPIC, "", text, language), published, ZoneInfo(zone))
    return found.start, found.precision


@pytest.mark.parametrize(
    ("text", "language", "day", "precision"),
    [
        ("Three soldiers were killed in a clash at Torkham on Saturday.", "en", 11, "day"),
        ("Three soldiers were killed in a clash at Torkham yesterday.", "en", 11, "day"),
        ("Three soldiers were killed in a clash at Torkham on October 9.", "en", 9, "day"),
        ("Clashes on the night of October 11-12 left three soldiers dead.", "en", 11, "range"),
        ("طورخم پر ہفتے کو جھڑپ میں تین اہلکار شہید ہو گئے۔", "ur", 11, "day"),
        ("10 اکتوبر کو طورخم پر جھڑپ میں تین اہلکار شہید ہوئے۔", "ur", 10, "day"),
        ("په تورخم کې د شنبې په ورځ په نښته کې درې سرتېري ووژل شول.", "ps", 11, "day"),
        ("روز شنبه در درگیری تورخم سه سرباز کشته شدند.", "fa", 11, "day"),
        ("در درگیری ۱۹ میزان در تورخم سه سرباز کشته شدند.", "fa", 11, "day"),
    ],
)
def test_days_are_read(text: str, language: str, day: int, precision: str) -> None:
    assert when(text, language) == (date(2025, 10, day), precision)


def test_what_is_not_given_is_unknown() -> None:
    assert when("Three soldiers were killed in a clash at Torkham.") == (None, "unknown")
    assert when("Three soldiers were killed in a clash on Saturday.", published=None) == (None, "unknown")
    assert event_date(read(TOPIC, "", "", "en"), SUNDAY, UTC) == UNDATED


def test_date_with_year_needs_no_publication_date() -> None:
    assert when("Five died in a clash on 14 October 2025.", published=None) == (date(2025, 10, 14), "day")


def test_day_of_publication_is_that_of_the_outlet() -> None:
    late = datetime(2025, 10, 11, 20, 30, tzinfo=UTC)  # already Sunday in Karachi
    assert when("A soldier was killed in firing today.", published=late) == (date(2025, 10, 12), "day")


def test_old_dates_and_later_background_are_not_the_event() -> None:
    text = "A soldier was killed in firing on Saturday. In a clash on 3 March 2021 nine were killed."
    assert when(text) == (date(2025, 10, 11), "day")
    assert when("The clash of 3 March 2021 killed nine.")[0] is None
    assert SUNDAY.date() - date(2021, 3, 3) > timedelta(days=21)


@pytest.mark.parametrize(
    ("text", "language", "first", "last"),
    [
        ("On Sunday the army said that three soldiers had been killed in a clash at Torkham.", "en", 11, 12),
        ("The army said on Sunday that three soldiers were killed in a clash at Torkham on Friday.", "en", 10, 10),
        ("Shells have killed four villagers since Thursday, a spokesman said on Sunday.", "en", 9, 12),
        ("Three soldiers were killed overnight in a clash at Torkham.", "en", 11, 12),
        ("TORKHAM, Oct 12: Three soldiers were killed in a clash on Friday.", "en", 10, 10),
        ("Firing that began on the 9th of this month has killed three soldiers.", "en", 9, 9),
        ("ترجمان نے اتوار کو بتایا کہ جمعے کو طورخم پر جھڑپ میں تین اہلکار شہید ہوئے۔", "ur", 10, 10),
        ("ویاند د یکشنبې په ورځ وویل چې د جمعې په ورځ په نښته کې درې سرتېري ووژل شول.", "ps", 10, 10),
        ("سخنگو روز یکشنبه گفت که سه سرباز روز جمعه در درگیری کشته شدند.", "fa", 10, 10),
        ("شامگاه جمعه سه سرباز در درگیری کشته شدند.", "fa", 10, 10),
    ],
)
def test_days_of_reports_are_told_from_days_of_events(text: str, language: str, first: int, last: int) -> None:
    found = event_date(read(TOPIC, "", text, language), SUNDAY, ZoneInfo("Asia/Karachi"))
    assert (found.start, found.end) == (date(2025, 10, first), date(2025, 10, last))


def test_full_date_above_a_story_counts_as_its_publication() -> None:
    text = "14 October 2025\nThree soldiers were killed in a clash at Torkham on Sunday."
    assert when(text, published=None) == (date(2025, 10, 12), "day")
    text = "TORKHAM, 14 October 2025 (Agency) - Three soldiers were killed in a clash on Sunday night."
    assert when(text, published=None) == (date(2025, 10, 12), "day")
