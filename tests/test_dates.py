"""Published dates as they are read from text."""

import time
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.dates import UNKNOWN, Dated, parse_date
from monitor.dates.solar import is_leap, solar_to_gregorian
from tests.dates import KABUL, KARACHI, NOW, TABLE, bits, expected


@pytest.mark.parametrize(("text", "value"), TABLE)
def test_reads_what_the_text_says(text: str, value: str) -> None:
    assert parse_date(text, now=NOW) == expected(value)


def test_the_table_is_large() -> None:
    assert len(TABLE) >= 200


# --- zones


def test_a_clock_without_a_zone_is_the_sources() -> None:
    assert parse_date("12 اکتوبر 2025 18:30", timezone=KARACHI, now=NOW) == expected("2025-10-12T13:30:00")
    assert parse_date("۲۰ میزان ۱۴۰۴ ۱۸:۳۰", timezone=KABUL, now=NOW) == expected("2025-10-12T14:00:00")
    assert parse_date("2025-10-12 18:30", timezone=KARACHI, now=NOW) == expected("2025-10-12T13:30:00")
    assert parse_date("2025-10-12 18:30 UTC", timezone=KARACHI, now=NOW) == expected("2025-10-12T18:30:00")


def test_an_ambiguous_zone_name_is_the_sources_own_where_it_can_be() -> None:
    text = "12 Oct 2025 10:00 PST"
    assert parse_date(text, now=NOW) == expected("2025-10-12T18:00:00")
    assert parse_date(text, timezone=KARACHI, now=NOW) == expected("2025-10-12T05:00:00")
    assert parse_date(text, timezone=KABUL, now=NOW) == expected("2025-10-12T18:00:00")
    ist = "12 Oct 2025 10:00 IST"
    assert parse_date(ist, timezone=ZoneInfo("Asia/Kolkata"), now=NOW) == expected("2025-10-12T04:30:00")
    assert parse_date(ist, timezone=timezone(timedelta(hours=2)), now=NOW) == expected("2025-10-12T08:00:00")


def test_yesterday_is_the_sources_yesterday() -> None:
    late = datetime(2025, 10, 12, 20, 0, tzinfo=UTC)  # one in the morning of the 13th in Karachi
    assert parse_date("yesterday", now=late) == expected("2025-10-11")
    assert parse_date("yesterday", timezone=KARACHI, now=late) == expected("2025-10-12")


@pytest.mark.parametrize(
    ("zone", "languages", "value"),
    [
        (KARACHI, (), "2024-04-03"),
        (ZoneInfo("America/New_York"), (), "2024-03-04"),
        (UTC, ("ur",), "2024-04-03"),
        (UTC, ("en", "ur"), ""),
        (UTC, (), ""),
    ],
)
def test_day_and_month_in_digits_are_told_apart_by_zone_and_language(
    zone: ZoneInfo, languages: tuple[str, ...], value: str
) -> None:
    assert parse_date("03/04/2024", languages, zone, now=NOW) == expected(value)


# --- what cannot be


def test_the_future_and_the_distant_past_are_unknown_and_never_now() -> None:
    for text in ("2025-10-15", "2025-10-14T00:00:00Z", "2026-01-01T00:00:00Z", "1989-12-31", "1900-01-01"):
        assert parse_date(text, now=NOW) == UNKNOWN
    assert parse_date("1990-01-01", now=NOW) == expected("1990-01-01")


def test_a_clock_ahead_of_now_keeps_only_its_printed_day() -> None:
    assert parse_date("Mon, 13 Oct 2025 14:30:00 +0000", now=NOW) == expected("2025-10-13")
    assert parse_date("2025-10-13T23:00:00+05:00", now=NOW) == expected("2025-10-13")
    assert parse_date("2025-10-13T09:40:00Z", now=NOW) == expected("2025-10-13T09:40:00")  # clocks differ


def test_a_day_that_has_begun_somewhere_is_possible() -> None:
    evening = datetime(2025, 10, 12, 20, 0, tzinfo=UTC)
    assert parse_date("13 اکتوبر 2025", timezone=KARACHI, now=evening) == expected("2025-10-13")
    assert parse_date("14 اکتوبر 2025", timezone=KARACHI, now=evening) == UNKNOWN


def test_a_date_without_a_year_is_of_the_last_half_year() -> None:
    january = datetime(2026, 1, 5, tzinfo=UTC)
    assert parse_date("28 December", now=january) == expected("2025-12-28")
    assert parse_date("د مرغومي ۷", now=january) == expected("2025-12-28")
    assert parse_date("6 January", now=january) == UNKNOWN
    assert parse_date("1 June", now=january) == UNKNOWN
    assert parse_date("29 February", now=datetime(2025, 3, 2, tzinfo=UTC)) == UNKNOWN


def test_a_number_too_large_for_a_day_is_no_date() -> None:
    for text in ("10000000000/0/2000", "99999999999999999999/1/1404", "1404/1/99999999999", "99999999999 October 2025"):
        assert parse_date(text, now=NOW) == UNKNOWN


# --- properties


@given(st.one_of(st.text(max_size=220), st.lists(bits, max_size=12).map(" ".join), st.lists(bits).map("".join)))
def test_any_text_is_read_or_unknown(text: str) -> None:
    for zone in (UTC, KARACHI, ZoneInfo("America/New_York")):
        dated = parse_date(text, ("ur",), zone, now=NOW)
        if dated.at is None:
            assert dated.precision == "unknown"
            continue
        assert dated.at.utcoffset() == timedelta(0)
        assert datetime(1990, 1, 1, tzinfo=UTC) <= dated.at <= NOW + timedelta(hours=14)
        assert dated.precision in ("minute", "day")
        if dated.precision == "day":
            assert (dated.at.hour, dated.at.minute, dated.at.second) == (0, 0, 0)
        if dated.at == NOW:
            assert "now" in text.lower() or "0" in text


@given(st.integers(0, 1_128_000_000), st.integers(-10 * 60, 14 * 60))
def test_what_a_machine_writes_is_read_back(seconds: int, minutes: int) -> None:
    aware = datetime(1990, 1, 2, tzinfo=timezone(timedelta(minutes=minutes))) + timedelta(seconds=seconds)
    for text in (
        aware.isoformat(),
        aware.strftime("%a, %d %b %Y %H:%M:%S %z"),
        aware.strftime("%Y%m%dT%H%M%S%z"),
        aware.strftime("%d %B %Y %I:%M:%S %p %z"),
    ):
        assert parse_date(text, now=NOW) == Dated(aware.astimezone(UTC), "minute")


@given(st.dates(date(1990, 1, 1), date(2025, 10, 12)))
def test_a_day_stays_a_day_in_every_zone(day: date) -> None:
    label = Dated(datetime(day.year, day.month, day.day, tzinfo=UTC), "day")
    for zone in (UTC, KARACHI, ZoneInfo("America/Los_Angeles"), ZoneInfo("Pacific/Kiritimati")):
        for text in (day.isoformat(), day.strftime("%d %B %Y"), day.strftime("%B %d, %Y"), day.strftime("%d.%m.%Y")):
            assert parse_date(text, timezone=zone, now=NOW) == label


def test_junk_is_refused_quickly() -> None:
    """A thousand texts without a date take no longer than a hundred thousand short regular expressions would."""
    texts = [f"{word} {number} x{number * 7919} {'lorem ipsum ' * (number % 15)}" for number in range(250) for word in
             ("Read more", "10:", "پاکستان 12", "۳۴ تن")]  # fmt: skip
    started = time.perf_counter()
    assert all(parse_date(text, now=NOW) == UNKNOWN for text in texts)
    assert time.perf_counter() - started < 2.0


def test_hostile_text_is_refused_quickly() -> None:
    started = time.perf_counter()
    for piece in ("1", "1:", "1-", "12/", "a", "a.", "ago ", "\u0301", "2025-10-12 ", "اکتوبر ", "1 day ago "):
        parse_date(piece * 100_000, now=NOW)
        parse_date((piece * 200)[:200], now=NOW)
    assert time.perf_counter() - started < 2.0


# --- the solar hijri calendar


@pytest.mark.parametrize(
    ("solar", "gregorian"),
    [
        ((1300, 1, 1), date(1921, 3, 21)),
        ((1357, 11, 22), date(1979, 2, 11)),
        ((1368, 10, 11), date(1990, 1, 1)),
        ((1375, 12, 30), date(1997, 3, 20)),
        ((1399, 12, 30), date(2021, 3, 20)),
        ((1400, 1, 1), date(2021, 3, 21)),
        ((1400, 5, 24), date(2021, 8, 15)),
        ((1403, 1, 1), date(2024, 3, 20)),
        ((1403, 12, 30), date(2025, 3, 20)),
        ((1404, 1, 1), date(2025, 3, 21)),
        ((1404, 7, 20), date(2025, 10, 12)),
        ((1408, 12, 30), date(2030, 3, 20)),
    ],
)
def test_solar_dates_known_from_history_and_almanacs(solar: tuple[int, int, int], gregorian: date) -> None:
    assert solar_to_gregorian(*solar) == gregorian


def test_solar_days_follow_each_other_without_gap() -> None:
    day = solar_to_gregorian(1300, 1, 1)
    for year in range(1300, 1501):
        for month in range(1, 13):
            length = 31 if month <= 6 else 30 if month < 12 or is_leap(year) else 29
            for number in range(1, length + 1):
                assert solar_to_gregorian(year, month, number) == day
                day += timedelta(days=1)
            with pytest.raises(ValueError, match="solar hijri"):
                solar_to_gregorian(year, month, length + 1)
