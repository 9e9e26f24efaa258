"""Lengths of time, rates and hours of the day as people write them in ``monitor.toml``: 5m, 60/h, 22:00-06:00."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}


def parse_length(text: str) -> timedelta:
    """``90s``, ``5m``, ``1h30m``, ``2d``; ValueError says what is wrong."""
    if not re.fullmatch(r"(?:\d{1,6}[smhdw])+", text):
        raise ValueError(f"{text!r} is not a length of time like 30s, 5m, 1h30m or 2d")
    return timedelta(seconds=sum(int(n) * _UNITS[unit] for n, unit in re.findall(r"(\d+)([smhdw])", text)))


def parse_clock(text: str) -> time:
    """``07:00``; ValueError says what is wrong."""
    match = re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)", text)
    if not match:
        raise ValueError(f"{text!r} is not a time of day like 07:00")
    return time(int(match[1]), int(match[2]))


@dataclass(frozen=True, slots=True)
class Rate:
    """At most ``count`` messages in any ``per``."""

    count: int
    per: timedelta

    @classmethod
    def parse(cls, text: str) -> Rate:
        """``60/h``, ``10/15m``; ValueError says what is wrong."""
        match = re.fullmatch(r"(\d{1,6})/(\d*)([smhd])", text)
        if not match or not int(match[1]) or match[2] == "0":
            raise ValueError(f"{text!r} is not a rate like 60/h or 10/15m")
        return cls(int(match[1]), timedelta(seconds=int(match[2] or 1) * _UNITS[match[3]]))


@dataclass(frozen=True, slots=True)
class Hours:
    """Hours of every day, in a time zone; they may run over midnight."""

    begin: time
    end: time
    zone: tzinfo

    @classmethod
    def parse(cls, text: str, zone: tzinfo) -> Hours | None:
        """``22:00-06:00``, or None for no hours; ValueError says what is wrong."""
        if not text.strip():
            return None
        begin, dash, end = text.partition("-")
        if not dash:
            raise ValueError(f"{text!r} is not like 22:00-06:00")
        return cls(parse_clock(begin.strip()), parse_clock(end.strip()), zone)

    def hold(self, moment: datetime) -> bool:
        """Whether ``moment`` lies in these hours."""
        clock = moment.astimezone(self.zone).time()
        if self.begin <= self.end:
            return self.begin <= clock < self.end
        return clock >= self.begin or clock < self.end
