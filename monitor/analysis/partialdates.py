"""Days of which only a part is known: the weekday, or day and month without the year."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

_WEEK, _YEAR = 7, 366
_LEAP = date(2000, 1, 1)
# Of a longer span, the first so many days are looked at.
_LONGEST = 31
_FORM = re.compile(r"-W-([1-7])(?:/-W-([1-7]))?|--(\d\d)-(\d\d)(?:/--(\d\d)-(\d\d))?")


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A day, or some in a row, of which the place in the week or in the year is known.

    ``first`` and ``last`` count from 0: Monday, or 1 January of a leap year. ``cycle`` is 7 or 366. Written after the
    truncated forms of ISO 8601:2000: ``-W-5`` is a Friday, ``--08-07/--08-08`` are the seventh and eighth of August.
    """

    cycle: int
    first: int
    last: int

    @classmethod
    def of_weekdays(cls, first: date, last: date) -> PartialDate:
        """The weekdays of a span."""
        return cls(_WEEK, first.weekday(), last.weekday())

    @classmethod
    def of_dates(cls, first: date, last: date) -> PartialDate:
        """Days and months of a span."""
        return cls(_YEAR, _day_of_year(first), _day_of_year(last))

    @classmethod
    def parse(cls, text: str) -> PartialDate:
        """What ``str`` gives; raises ValueError for anything else."""
        found = _FORM.fullmatch(text)
        if not found:
            raise ValueError(f"{text!r} is no partial date like -W-5 or --08-07")
        weekday, last_weekday, *dates = found.groups()
        if weekday:
            return cls(_WEEK, int(weekday) - 1, int(last_weekday or weekday) - 1)
        month, day = (int(part) for part in dates[:2])
        last_month, last_day = (int(part) for part in dates[2:]) if dates[2] else (month, day)
        return cls.of_dates(date(2000, month, day), date(2000, last_month, last_day))

    def __str__(self) -> str:
        return "/".join(dict.fromkeys(map(self._written, (self.first, self.last))))

    def _written(self, place: int) -> str:
        return f"-W-{place + 1}" if self.cycle == _WEEK else f"-{_LEAP + timedelta(days=place):-%m-%d}"

    def days_from(self, first: date, last: date) -> int:
        """The fewest days between it and a day from ``first`` to ``last``; 0 when it may be one of them."""
        of = date.weekday if self.cycle == _WEEK else _day_of_year
        span = range(min((last - first).days + 1, _LONGEST))
        return self._nearest(frozenset(of(first + timedelta(days=day)) for day in span))

    def days_from_partial(self, other: PartialDate) -> int | None:
        """The fewest days between the two; None where one is known by its weekday, the other by its date."""
        return self._nearest(frozenset(other._places())) if self.cycle == other.cycle else None

    def _places(self) -> Iterator[int]:
        for day in range((self.last - self.first) % self.cycle + 1):
            yield (self.first + day) % self.cycle

    def _nearest(self, places: frozenset[int]) -> int:
        return _fewest(self.cycle, frozenset(self._places()), places)


@lru_cache(maxsize=4096)
def _fewest(cycle: int, some: frozenset[int], others: frozenset[int]) -> int:
    return min(min((a - b) % cycle, (b - a) % cycle) for a in some for b in others)


def _day_of_year(day: date) -> int:
    return (day.replace(year=2000) - _LEAP).days
