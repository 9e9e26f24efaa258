"""Reading one written date, in any of the languages, calendars and forms that news sites use."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import NamedTuple

from monitor.dates.clocks import read_clock
from monitor.dates.relative import read_relative
from monitor.dates.solar import FIRST_YEAR, LAST_YEAR, solar_to_gregorian
from monitor.dates.values import UNKNOWN, Dated, in_minute, on_day, plausible
from monitor.dates.words import LONGEST, Month, Piece, fold, pieces


class Found(NamedTuple):
    """A calendar day, and the pieces of the text that give it: from ``start`` up to ``end``, and ``more`` apart."""

    day: date
    start: int
    end: int
    more: frozenset[int] = frozenset()


_NEAR = 4  # pieces that may stand between the parts of one date
_HALF_YEAR = timedelta(days=183)
_EPOCH = re.compile(r"[0-9]{10}(?:[0-9]{3})?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:[Tt ]?(\d{2})(\d{2})(\d{2})?(?:[.,]\d+)?(.*))?")
_WEEK_OR_DAY = re.compile(r"(\d{4})-?(?:[Ww](\d{2})-?([1-7])|(\d{3}))")


def parse_date(text: str, languages: Sequence[str] = (), timezone: tzinfo = UTC, *, now: datetime) -> Dated:
    """When ``text``, the published date of a story as printed or as declared, says that it was published.

    Reads RFC 822 and asctime, ISO 8601 in all its forms, seconds since 1970, and dates in words and digits of English,
    Urdu, Pashto, Dari and Persian, Hindi and Arabic, Gregorian or solar hijri, also "two hours ago" and "yesterday".
    ``languages`` are those of the page, ``timezone`` is the zone of clocks that name none, and ``now`` (aware) the time
    of reading. What the text does not settle is not guessed: a month without a day, a lunar date, 03/04/2024 where day
    and month could change places, an "updated" date, a date that cannot be a published one (``plausible``), a text of
    more than 200 characters and anything else is ``unknown``. A date without a year is the latest such day within the
    last half year, or of the last years the one on the weekday named. Never raises on any text.
    """
    return plausible(read_date(text, languages, timezone, now), now)


def read_date(text: str, languages: Sequence[str], zone: tzinfo, now: datetime) -> Dated:
    """What ``text`` says, as ``parse_date`` reads it, in the zone that it names and however unlikely."""
    text = text.strip()
    if not text or len(text) > LONGEST:
        return UNKNOWN
    return _machine(text) or _written(text, languages, zone, now.astimezone(zone))


def _machine(text: str) -> Dated | None:
    """A text that is nothing but seconds or milliseconds since 1970, or an ISO 8601 date without the usual signs."""
    if _EPOCH.fullmatch(text):
        return in_minute(datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=int(text[:10])))
    match = _WEEK_OR_DAY.fullmatch(text)
    if match:
        year = int(match[1])
        try:
            if match[2]:
                return on_day(date.fromisocalendar(year, int(match[2]), int(match[3])))
            day = date(year, 1, 1) + timedelta(days=int(match[4]) - 1)
        except (ValueError, OverflowError):
            return None
        return on_day(day) if day.year == year and int(match[4]) else None
    return None


def _spaced_out(text: str) -> str:
    """A compact ISO 8601 date with its signs put in: 20251012T1230Z."""
    match = _COMPACT.fullmatch(text)
    if not match:
        return text
    year, month, day, hour, minute, second, rest = match.groups()
    clock = f"T{hour}:{minute}:{second or '00'}{rest}" if hour else ""
    return f"{year}-{month}-{day}{clock}"


def _written(text: str, languages: Sequence[str], zone: tzinfo, here: datetime) -> Dated:
    found = _published_part(pieces(fold(_spaced_out(text))))
    day = _year_first(found) or _in_words(found, here) or _year_last(found, languages, here)
    if day is None:
        return read_relative(found, here) or UNKNOWN
    rest = [piece for index, piece in enumerate(found) if not day.start <= index < day.end and index not in day.more]
    midnight = datetime(day.day.year, day.day.month, day.day.day)  # noqa: DTZ001 (a wall clock; its zone is read next)
    clock = read_clock(rest, midnight, zone)
    if clock is None:
        return on_day(day.day)
    return in_minute(datetime.combine(day.day, clock.time, clock.zone or zone))


def _published_part(found: list[Piece]) -> list[Piece]:
    """The pieces that speak of publishing, where others speak of updating."""
    updated = [index for index, piece in enumerate(found) if "updated" in piece.means]
    if not updated:
        return found
    published = [index for index, piece in enumerate(found) if "published" in piece.means]
    if published and published[-1] > updated[-1]:
        return found[published[-1] :]
    return found[: updated[0]]


def _signed(found: list[Piece], index: int) -> str | None:
    """The sign of "a-b-c" if three numbers stand at ``index`` with one sign between them and nothing else."""
    if index + 5 > len(found) or any(found[index + step].number is None for step in (0, 2, 4)):
        return None
    sign = found[index + 1].text
    tight = all(found[step].end == found[step + 1].start for step in range(index, index + 4))
    return sign if tight and sign == found[index + 3].text and sign in "-/." else None


def _apart(found: list[Piece], index: int) -> bool:
    """Whether the five pieces at ``index`` are not part of a longer number, version or address."""
    before = found[index - 1] if index else None
    after = found[index + 5] if index + 5 < len(found) else None
    if before and before.end == found[index].start and before.text in ("-", "/", ".", ":", "v"):
        return False
    if after is None or after.start != found[index + 4].end or after.text not in ("-", "/", ":", "."):
        return True
    return index + 6 >= len(found) or found[index + 6].number is None or found[index + 6].start != after.end


def _year_first(found: list[Piece]) -> Found | None:
    """A date such as 2025-10-12 or 1404/07/20."""
    for index in range(len(found) - 4):
        if len(found[index].text) == 4 and _signed(found, index) and _apart(found, index):
            year, month, day = (int(found[index + step].text) for step in (0, 2, 4))
            which = _day(year, month, day, solar=year <= LAST_YEAR)
            if which and len(found[index + 4].text) <= 2:
                return Found(which, index, index + 5)
    return None


def _year_last(found: list[Piece], languages: Sequence[str], here: datetime) -> Found | None:
    """A date such as 12/10/2025 or 12.10.25, if it can be read in one way only."""
    for index in range(len(found) - 4):
        sign = _signed(found, index)
        if not sign or not _apart(found, index):
            continue
        (first, second, year), digits = (
            (int(found[index + step].text) for step in (0, 2, 4)),
            len(found[index + 4].text),
        )
        if digits == 2 and (sign == "/" or (sign == "." and len(found[index].text + found[index + 2].text) == 4)):
            year += 2000
        elif digits != 4:
            continue
        day_first = _day(year, second, first, solar=year <= LAST_YEAR)
        if sign == "." or year <= LAST_YEAR:  # with points, the day stands first everywhere
            which = day_first
        else:
            which = _choose_way({day_first, _day(year, first, second)} - {None}, day_first, languages, here)
        if which:
            return Found(which, index, index + 5)
    return None


def _choose_way(
    ways: set[date | None], day_first: date | None, languages: Sequence[str], here: datetime
) -> date | None:
    """The one way of two that can be meant: not the future; else day first, month first only in American zones."""
    past = [way for way in ways if way and way <= here.date()]
    if len(past) < 2:
        return past[0] if past else None
    offset = here.utcoffset() or timedelta()
    if timedelta(hours=-10) <= offset <= timedelta(hours=-3):
        return next(way for way in past if way != day_first)
    settled = offset or (languages and not any(language.startswith("en") for language in languages))
    return day_first if settled else None


def _in_words(found: list[Piece], here: datetime) -> Found | None:
    """A date with the month's name in it, in any order of its parts."""
    for index, piece in enumerate(found):
        month = piece.means.get("month")
        if month and not _is_suffix(found, index):
            near = _around(found, index)
            which = _with_month(found, month, *near, here)
            if which:
                return Found(which[0], index, index + 1, frozenset(which[1]))
    return None


def _is_suffix(found: list[Piece], index: int) -> bool:
    """Whether the name of a month is here the ending of an ordinal number: 12مه."""
    piece, before = found[index], found[index - 1] if index else None
    return bool("glue" in piece.means and before and before.number is not None and before.end == piece.start)


def _around(found: list[Piece], index: int) -> tuple[list[int], list[int]]:
    """Indices of the numbers near the month at ``index``: up to two before and two behind it, nearest first."""
    sides: list[list[int]] = []
    for step in (-1, 1):
        numbers: list[int] = []
        gap, place = 0, index + step
        while 0 <= place < len(found) and gap <= _NEAR and len(numbers) < 2:
            piece = found[place]
            if piece.number is not None:
                if _in_clock(found, place):
                    break
                numbers.append(place)
                gap = 0
            elif "glue" in piece.means or "weekday" in piece.means or piece.text in ",-./'|،":
                gap += 1
            else:
                break
            place += step
        sides.append(numbers)
    return sides[0], sides[1]


def _in_clock(found: list[Piece], index: int) -> bool:
    """Whether the number at ``index`` belongs to a time of day: 10:30, 5 pm, six o'clock."""
    after = found[index + 1] if index + 1 < len(found) else None
    if after and (
        after.text in ("am", "pm") or "oclock" in after.means or (after.text == ":" and index + 2 < len(found))
    ):
        return True
    return index >= 2 and found[index - 1].text == ":" and found[index - 2].number is not None


def _with_month(
    found: list[Piece], month: Month, before: list[int], behind: list[int], here: datetime
) -> tuple[date, list[int]] | None:
    """The day that the numbers around a month's name give, and the indices of those that gave it."""
    b, a = [*before, None, None][:2], [*behind, None, None][:2]
    # October 12, 2025; 2025 October 12; 12 October 2025; 2025, 12 October; with a short year 12-Oct-25; Oct 12, 25
    for digits, orders in ((4, ((0, a[1]), (0, b[0]), (1, a[0]), (1, b[1]))), (2, ((1, a[0]), (0, a[1])))):
        for side, year_index in orders:
            day_index = (a, b)[side][0]
            if day_index is None or year_index is None or len(found[year_index].text) != digits:
                continue
            year, day = _year(found[year_index], month), _short(found[day_index])
            which = _day(year, month.number, day, month.solar) if year and day else None
            if which:
                return which, [day_index, year_index]
    if month.wary or any(len(found[index].text) == 4 for index in (*before, *behind)):
        return None  # the year there is belongs to another calendar or to no date
    for index in (b[0], a[0]):
        day = _short(found[index]) if index is not None else None
        which = _without_year(month, day, _weekday(found), here) if day else None
        if which and index is not None:
            return which, [index]
    return None


def _short(piece: Piece) -> int | None:
    """The number of a piece of one or two digits."""
    return piece.number if len(piece.text) <= 2 else None


def _year(piece: Piece, month: Month) -> int | None:
    """A year of four digits in the month's calendar, or of two in the Gregorian one."""
    number = int(piece.text)
    if len(piece.text) == 4 and (FIRST_YEAR <= number <= LAST_YEAR) == month.solar:
        return number
    return 2000 + number if len(piece.text) == 2 and not month.solar and not month.wary else None


def _weekday(found: list[Piece]) -> int | None:
    days = {piece.means["weekday"] for piece in found if "weekday" in piece.means}
    return days.pop() if len(days) == 1 else None


def _without_year(month: Month, day: int, weekday: int | None, here: datetime) -> date | None:
    """The latest such day up to tomorrow, within half a year or, where a weekday is named, the last six years."""
    today = here.date()
    for back in range(7):
        year = today.year - back - (621 if month.solar else 0)
        which = _day(year, month.number, day, month.solar)
        if which is None or which > today + timedelta(days=1):
            continue
        if weekday is not None:
            if which.weekday() == weekday:
                return which
        else:
            return which if today - which <= _HALF_YEAR else None
    return None


def _day(year: int, month: int, day: int, solar: bool = False) -> date | None:
    """The Gregorian date, if there is such a day."""
    try:
        return solar_to_gregorian(year, month, day) if solar else date(year, month, day)
    except (ValueError, OverflowError):  # no such day; or a number too large for any
        return None
