"""Days of which only the weekday, or day and month, is known: written, read again, and held against whole ones."""

from __future__ import annotations

from datetime import UTC, date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.analysis.partialdates import PartialDate
from monitor.analysis.reading import read
from monitor.analysis.topic import Topic
from monitor.analysis.when import event_date
from tests.paths import ROOT

TOPIC = Topic.load(ROOT / "seeds")
DAYS = st.dates(date(1990, 1, 1), date(2040, 12, 31))
SPANS = st.tuples(DAYS, st.integers(0, 4)).map(lambda span: (span[0], span[0] + timedelta(days=span[1])))
MAKE = st.sampled_from([PartialDate.of_weekdays, PartialDate.of_dates])


@given(MAKE, SPANS)
def test_what_is_written_is_read_again_and_holds_of_its_own_days(make, span) -> None:  # type: ignore[no-untyped-def]
    partial = make(*span)
    assert PartialDate.parse(str(partial)) == partial
    assert partial.days_from(*span) == 0 == partial.days_from_partial(partial)


@given(SPANS, SPANS)
def test_it_is_never_farther_than_the_days_are(first, second) -> None:  # type: ignore[no-untyped-def]
    gap = max((second[0] - first[1]).days, (first[0] - second[1]).days, 0)
    assert PartialDate.of_weekdays(*first).days_from(*second) <= min(gap, 3)
    if first[1].year == second[1].year == first[0].year == second[0].year:
        assert PartialDate.of_dates(*first).days_from(*second) <= gap + 1  # 29 February counts in every year


@pytest.mark.parametrize(
    ("text", "first", "last", "days"),
    [
        ("-W-5", date(2025, 12, 5), date(2025, 12, 5), 0),
        ("-W-5", date(2025, 11, 6), date(2025, 11, 6), 1),
        ("-W-7/-W-1", date(2025, 3, 3), date(2025, 3, 3), 0),
        ("-W-7/-W-1", date(2025, 3, 5), date(2025, 3, 6), 2),
        ("--08-07/--08-08", date(2025, 8, 8), date(2025, 8, 9), 0),
        ("--12-31", date(2026, 1, 2), date(2026, 1, 2), 2),
    ],
)
def test_days_between(text: str, first: date, last: date, days: int) -> None:
    assert PartialDate.parse(text).days_from(first, last) == days


@pytest.mark.parametrize("text", ["", "Friday", "-W-8", "--13-01", "--02-30", "2025-10-11"])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        PartialDate.parse(text)


def test_a_weekday_and_a_date_say_nothing_of_each_other() -> None:
    assert PartialDate.parse("-W-5").days_from_partial(PartialDate.parse("--08-07")) is None


@pytest.mark.parametrize(
    ("language", "text", "partial"),
    [
        ("en", "Six soldiers were killed in shelling at the crossing late on Friday.", "-W-5"),
        ("en", "Officials said on Monday that three soldiers were killed at the post.", "-W-6/-W-1"),
        ("en", "Four civilians were killed in shelling over the weekend.", "-W-6/-W-7"),
        ("en", "Four civilians were killed by mortar fire on the night of May 7.", "--05-07"),
        ("en", "Troops traded fire overnight at the crossing, shut since February 21.", None),
        ("en", "Three soldiers were killed yesterday in a clash at the border post.", None),
        ("ur", "27 اور 28 اپریل کی درمیانی شب جھڑپ میں پانچ اہلکار ہلاک ہوئے۔", "--04-27/--04-28"),
        ("hi", "शनिवार रात सीमा पर झड़प में तीन सैनिक मारे गए।", "-W-6"),
    ],
)
def test_of_a_story_of_no_known_day_what_it_says_is_kept(language: str, text: str, partial: str | None) -> None:
    found = event_date(read(TOPIC, "", text, language), None, UTC)
    assert found.start is None
    assert (str(found.partial) if found.partial else None) == partial
