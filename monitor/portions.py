"""Stories that wait to be linked, in portions of neighbouring days."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta


def portions(waiting: Sequence[tuple[str, str | None]], most: int, gap: timedelta) -> Iterator[list[str]]:
    """The ids of ``waiting``, which are (id, day) by day: at most so many at a time, and no portion over a longer gap.

    Those without any day come last, and by themselves.
    """
    portion: list[str] = []
    last: date | None = None
    for identifier, text in waiting:
        day = date.fromisoformat(text) if text else None
        far = last is not None and day is not None and day - last > gap
        if portion and (len(portion) >= most or (day is None) != (last is None) or far):
            yield portion
            portion = []
        portion.append(identifier)
        last = day
    if portion:
        yield portion
