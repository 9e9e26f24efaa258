"""The published date chosen among what a page, its address and a feed say."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from monitor.dates import UNKNOWN, Candidate, Dated, choose_published
from tests.dates import DAY, KARACHI, NOW, bits, expected

WEST = timezone(timedelta(hours=-9))


def choose(*candidates: Candidate, zone: ZoneInfo = KARACHI, now: datetime = NOW) -> Dated:
    return choose_published(candidates, now, zone)


def test_nothing_to_choose_from_is_unknown() -> None:
    assert choose() == UNKNOWN
    assert choose(Candidate("visible", text="Read more"), Candidate("jsonld", text="")) == UNKNOWN
    assert (
        choose(Candidate("jsonld", text="2031-01-01"), Candidate("feed", at=datetime(1970, 1, 1, tzinfo=UTC)))
        == UNKNOWN
    )
    assert choose(Candidate("feed", precision="unknown")) == UNKNOWN


def test_a_page_is_believed_before_a_feed() -> None:
    page = Candidate("jsonld", text="2025-10-11T08:00:00+05:00")
    feed = Candidate("feed", at=datetime(2025, 10, 13, 6, 0, tzinfo=UTC))  # touched again
    assert choose(feed, page) == expected("2025-10-11T03:00:00")
    assert choose(feed) == expected("2025-10-13T06:00:00")


def test_two_that_agree_beat_one() -> None:
    wrong = Candidate("jsonld", text="2019-01-01T00:00:00Z")
    feed = Candidate("feed", at=datetime(2025, 10, 12, 6, 0, tzinfo=UTC))
    assert choose(wrong, feed, Candidate("url", text="2025/10/12")) == expected("2025-10-12T06:00:00")
    assert choose(wrong, feed, Candidate("visible", text="12 اکتوبر 2025")) == expected("2025-10-12T06:00:00")
    # JSON-LD and meta are written by the same template: they do not confirm each other
    assert choose(wrong, Candidate("meta", text="2019-01-01"), feed, Candidate("url", text="2025-10-12")) == expected(
        "2025-10-12T06:00:00"
    )


def test_a_minute_beats_a_day_when_they_agree() -> None:
    day, minute = Candidate("jsonld", text="2025-10-12"), Candidate("time", text="2025-10-12T23:30:00+05:00")
    assert choose(day, minute) == expected("2025-10-12T18:30:00")
    assert choose(Candidate("meta", text="2025-10-11"), minute) == expected("2025-10-11")


def test_midnight_is_a_day_in_a_field_for_moments() -> None:
    for text in ("2025-10-12T00:00:00+05:00", "2025-10-12T00:00:00Z", "2025-10-12T00:00:00", "2025-10-11T19:00:00Z"):
        assert choose(Candidate("meta", text=text)) == expected(DAY)
    feed = Candidate("feed", at=datetime(2025, 10, 12, 9, 15, tzinfo=UTC))
    assert choose(Candidate("meta", text="2025-10-12T00:00:00+05:00"), feed) == expected("2025-10-12T09:15:00")


def test_the_order_of_candidates_does_not_matter() -> None:
    some = [
        Candidate("jsonld", text="2025-10-12T10:00:00Z"),
        Candidate("feed", at=datetime(2025, 10, 12, 11, 0, tzinfo=UTC)),
        Candidate("visible", text="11 اکتوبر 2025"),
        Candidate("url", text="2025/10/11"),
        Candidate("time", text="yesterday"),
    ]
    answers = {choose(*some[turn:], *some[:turn]) for turn in range(len(some))}
    assert answers == {expected("2025-10-12T10:00:00")}


@given(
    st.lists(
        st.builds(
            Candidate,
            source=st.sampled_from(["feed", "jsonld", "meta", "time", "visible", "url"]),
            text=st.one_of(st.text(max_size=30), st.lists(bits, max_size=6).map(" ".join)),
            at=st.one_of(
                st.none(), st.datetimes(timezones=st.sampled_from([UTC, KARACHI, timezone(timedelta(hours=-9))]))
            ),
            precision=st.sampled_from(["minute", "day", "unknown"]),
        ),
        max_size=6,
    )
)
def test_any_candidates_give_a_possible_date_or_none(candidates: list[Candidate]) -> None:
    dated = choose_published(candidates, NOW, KARACHI)
    assert (dated.at is None) == (dated.precision == "unknown")
    assert dated.at is None or datetime(1990, 1, 1, tzinfo=UTC) <= dated.at <= NOW + timedelta(hours=14)
