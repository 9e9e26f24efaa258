"""When a feed is asked again: rhythm, bounds, what servers ask for, back-off."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.polling import (
    FIRST,
    LONGEST,
    LONGEST_BACKOFF,
    SHORTEST,
    Rhythm,
    after_failure,
    after_success,
    asked_pause,
    pause,
)

NOW = datetime(2025, 10, 12, 6, 0, tzinfo=UTC)


def polled(gap: timedelta, polls: int = 60) -> timedelta:
    """The interval after many polls of a feed that has a new entry every ``gap``."""
    rhythm, clock, seen = Rhythm(), timedelta(), 0
    for _ in range(polls):
        clock += rhythm.interval
        fresh = int(clock / gap) - seen
        seen += fresh
        rhythm = after_success(rhythm, fresh, rhythm.interval, None)
    return rhythm.interval


def test_busy_feeds_are_polled_often_and_sleepy_ones_seldom() -> None:
    assert polled(timedelta(minutes=2)) <= timedelta(minutes=15)
    assert timedelta(minutes=20) <= polled(timedelta(hours=2)) <= timedelta(hours=4)
    assert polled(timedelta(days=30)) == LONGEST


def test_first_poll_tells_nothing_about_the_rhythm() -> None:
    assert after_success(Rhythm(), 50, None, None).interval == FIRST


def test_what_the_server_asks_for_is_kept_within_bounds() -> None:
    assert after_success(Rhythm(), 0, None, timedelta(hours=1)).interval == timedelta(hours=1)
    assert after_success(Rhythm(), 0, None, timedelta(days=9)).interval == LONGEST


def test_failures_back_off_and_never_for_ever() -> None:
    rhythm, pauses = Rhythm(), []
    for _ in range(20):
        rhythm = after_failure(rhythm)
        pauses.append(pause(rhythm, 0.0))
    assert pauses[:4] == [FIRST, FIRST * 2, FIRST * 4, FIRST * 8]
    assert pauses[-1] == LONGEST_BACKOFF
    assert after_success(rhythm, 1, timedelta(hours=1), None).failures == 0


def test_retry_after_only_lengthens() -> None:
    assert pause(Rhythm(failures=1), 0.0, timedelta(hours=2)) == timedelta(hours=2)
    assert pause(Rhythm(failures=5), 0.0, timedelta(seconds=1)) == FIRST * 16
    assert pause(Rhythm(failures=1), 0.0, timedelta(days=365)) == LONGEST_BACKOFF


@pytest.mark.parametrize(
    ("headers", "ttl", "expected"),
    [
        ({}, None, None),
        ({"cache-control": "public, max-age=1800"}, None, timedelta(minutes=30)),
        ({"cache-control": "max-age=60"}, 30, timedelta(minutes=30)),
        ({"cache-control": "no-cache", "expires": "Sun, 12 Oct 2025 07:00:00 GMT"}, None, timedelta(hours=1)),
        ({"expires": "Sun, 12 Oct 2025 05:00:00 GMT"}, None, None),
        ({"expires": "0"}, None, None),
        ({"expires": "never"}, 0, None),
        ({"cache-control": "max-age=soon"}, -5, None),
        ({"cache-control": "max-age=60", "expires": "Sun, 12 Oct 2025 09:00:00 GMT"}, None, timedelta(minutes=1)),
    ],
)
def test_asked_pause(headers: dict[str, str], ttl: int | None, expected: timedelta | None) -> None:
    assert asked_pause(headers, ttl, NOW) == expected


@given(
    st.timedeltas(timedelta(seconds=1), timedelta(days=99)),
    st.integers(0, 10_000),
    st.integers(0, 100),
    st.floats(-1, 1),
    st.none() | st.timedeltas(timedelta(), timedelta(days=999)),
)
def test_pauses_are_always_bounded(
    interval: timedelta, fresh: int, failures: int, jitter: float, asked: timedelta | None
) -> None:
    rhythm = after_success(Rhythm(interval, failures), fresh, interval, asked)
    assert SHORTEST <= rhythm.interval <= LONGEST
    assert SHORTEST * 0.9 <= pause(rhythm, jitter, asked) <= LONGEST_BACKOFF
    failed = Rhythm(rhythm.interval, failures + 1)
    assert FIRST * 0.7 <= pause(failed, jitter, asked) <= LONGEST_BACKOFF * 1.3
