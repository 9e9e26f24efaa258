"""Solar hijri calendar: from a date in it to the Gregorian one."""

from __future__ import annotations

from datetime import date, timedelta

# Leap years of the 33-year cycle. It gives the same years as the astronomical rule of the official calendar from 1178
# to 1633 AP (K. M. Borkowski, "The Persian calendar for 3000 years", Earth, Moon, and Planets 74, 1996, 223-230).
_LEAP = (1, 5, 9, 13, 17, 22, 26, 30)
_ANCHOR_YEAR, _ANCHOR = 1403, date(2024, 3, 20)  # its first day
FIRST_YEAR, LAST_YEAR = 1300, 1500


def is_leap(year: int) -> bool:
    """Whether the last month of the solar hijri ``year`` has thirty days."""
    return year % 33 in _LEAP


def solar_to_gregorian(year: int, month: int, day: int) -> date:
    """The Gregorian date of ``day`` in ``month`` (1 begins at the spring equinox) of the solar hijri ``year``.

    Raises ValueError for a date that does not exist or lies outside the years 1300 to 1500.
    """
    if not FIRST_YEAR <= year <= LAST_YEAR or not 1 <= month <= 12:
        raise ValueError(f"no such solar hijri month: {year}-{month}")
    length = 31 if month <= 6 else 30 if month < 12 or is_leap(year) else 29
    if not 1 <= day <= length:
        raise ValueError(f"no such solar hijri day: {year}-{month}-{day}")
    days = 365 * (year - _ANCHOR_YEAR) + _leaps_before(year) - _leaps_before(_ANCHOR_YEAR)
    days += 31 * (month - 1) - max(0, month - 7) + day - 1
    return _ANCHOR + timedelta(days=days)


def _leaps_before(year: int) -> int:
    cycles, rest = divmod(year - 1, 33)
    return len(_LEAP) * cycles + sum(leap <= rest for leap in _LEAP)
