"""Times of day and time zones among the pieces of a text."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta, timezone, tzinfo
from typing import NamedTuple

from monitor.dates.words import Piece, zones


class Clock(NamedTuple):
    """A time of day, and its zone where the text gives one."""

    time: time
    zone: tzinfo | None


_EASTMOST, _WESTMOST = 14 * 60, -10 * 60  # minutes; what looks further west ends a span of time: 10:30-11:00


def read_clock(pieces: Sequence[Piece], day: datetime, local: tzinfo) -> Clock | None:
    """The first time of day among ``pieces`` (those of the date left out); None if there is none.

    ``day`` and ``local`` settle what a zone's ambiguous name means: the local zone if it can be.
    """
    for index in range(len(pieces)):
        face = _face(pieces, index)
        if face is None:
            continue
        hour, minute, second, end = face
        half = _half(pieces, end)
        if half:
            end += 1
        elif hour <= 12:
            half = _half_before(pieces, index)
        if minute is None and half is None and not _is(pieces, index - 1, "t"):
            continue
        hour = _in_day(hour, half)
        if hour > 23 or (minute or 0) > 59:
            return None
        return Clock(time(hour, minute or 0, min(second, 59)), _zone(pieces, end, day, local))
    return None


def _face(pieces: Sequence[Piece], index: int) -> tuple[int, int | None, int, int] | None:
    """Hour, minute (None: not given), second and the index behind them, if a time of day is written at ``index``."""
    piece = pieces[index]
    hour = piece.means.get("count") if piece.number is None else piece.number
    if hour is None or (len(piece.text) > 2 and piece.number is not None):
        return None
    if piece.number is not None and _is(pieces, index + 1, ":") and _digits(pieces, index + 2) == 2:
        end, second = index + 3, 0
        if _is(pieces, end, ":") and _digits(pieces, end + 1) == 2:
            second, end = int(pieces[end + 1].text), end + 2
            if (_is(pieces, end, ".") or _is(pieces, end, ",")) and _digits(pieces, end + 1) and _tight(pieces, end):
                end += 2
        return hour, int(pieces[index + 2].text), second, end
    if _is(pieces, index + 1, ".") and _digits(pieces, index + 2) == 2 and _latin_half(pieces, index + 3):
        return hour, int(pieces[index + 2].text), 0, index + 3
    if index + 1 < len(pieces) and "oclock" in pieces[index + 1].means:
        return hour, None, 0, index + 2
    if piece.number is not None and (_latin_half(pieces, index + 1) or _is(pieces, index - 1, "t")):
        return hour, None, 0, index + 1
    return None


def _is(pieces: Sequence[Piece], index: int, text: str) -> bool:
    return 0 <= index < len(pieces) and pieces[index].text == text


def _digits(pieces: Sequence[Piece], index: int) -> int:
    """How many digits the number at ``index`` has; 0 if none stands there."""
    return len(pieces[index].text) if index < len(pieces) and pieces[index].number is not None else 0


def _tight(pieces: Sequence[Piece], index: int) -> bool:
    """Whether nothing parts the sign at ``index`` from its neighbours."""
    return pieces[index - 1].end == pieces[index].start and pieces[index].end == pieces[index + 1].start


def _latin_half(pieces: Sequence[Piece], index: int) -> bool:
    return _is(pieces, index, "am") or _is(pieces, index, "pm")


def _half(pieces: Sequence[Piece], index: int) -> str | None:
    return pieces[index].means.get("half") if 0 <= index < len(pieces) else None


def _half_before(pieces: Sequence[Piece], index: int) -> str | None:
    """The half of the day named before ``index``, with nothing but small words between."""
    while index > 0 and "glue" in pieces[index - 1].means and not _half(pieces, index - 1):
        index -= 1
    # A single letter is the half only behind a clock: before it, it belongs to the year (2025م).
    return _half(pieces, index - 1) if index > 0 and len(pieces[index - 1].text) > 1 else None


def _in_day(hour: int, half: str | None) -> int:
    if half == "night":
        half = "pm" if 6 <= hour < 12 else "am"
    if half == "pm" and hour < 12:
        return hour + 12
    return 0 if half == "am" and hour == 12 else hour


def _zone(pieces: Sequence[Piece], index: int, day: datetime, local: tzinfo) -> tzinfo | None:
    """The zone that stands at ``index``, behind a time of day: ``Z``, ``+05:00``, ``GMT+5``, ``PKT``."""
    while index < len(pieces) and pieces[index].text in "([,":
        index += 1
    if index >= len(pieces):
        return None
    name = pieces[index].text
    meanings = zones().get(name)
    if name in ("utc", "gmt") and index + 1 < len(pieces) and pieces[index + 1].text in "+-":
        return _offset(pieces, index + 1) or UTC
    if meanings:
        here = day.replace(tzinfo=local).utcoffset()
        fitting = [minutes for minutes in meanings if here == timedelta(minutes=minutes)]
        return timezone(timedelta(minutes=(fitting or meanings)[0]))
    return _offset(pieces, index)


def _offset(pieces: Sequence[Piece], index: int) -> tzinfo | None:
    """An offset such as ``+0500``, ``+05:00`` or ``+5``, or one whose plus sign a form has turned into a space."""
    if pieces[index].text in "+-" and _digits(pieces, index + 1) and pieces[index].end == pieces[index + 1].start:
        sign, index = (-1 if pieces[index].text == "-" else 1), index + 1
    elif _digits(pieces, index) == 2 and _is(pieces, index + 1, ":") and index + 3 == len(pieces):
        sign = 1
    else:
        return None
    digits = pieces[index].text
    hours, minutes = (digits[:-2], digits[-2:]) if len(digits) > 2 else (digits, "0")
    if len(digits) <= 2 and _is(pieces, index + 1, ":") and _digits(pieces, index + 2) == 2:
        minutes = pieces[index + 2].text
    offset = sign * (int(hours) * 60 + int(minutes))
    return timezone(timedelta(minutes=offset)) if _WESTMOST <= offset <= _EASTMOST and int(minutes) < 60 else None
