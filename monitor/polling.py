"""Asking feeds politely: conditionally, in their own rhythm, as their servers ask, with back-off. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from monitor.items import isoformat, moment

# A feed is polled this often at most, whatever its rhythm …
SHORTEST = timedelta(minutes=10)
# … and this often at least, whatever its server or its silence suggests.
LONGEST = timedelta(hours=6)
# Where nothing is known yet.
FIRST = timedelta(minutes=15)
# Pauses after failures double from FIRST up to this; a feed is never given up.
LONGEST_BACKOFF = timedelta(hours=24)
# Validators are not trusted for ever: the whole document is asked for at least this often.
UNCONDITIONAL = timedelta(hours=24)
# Share of the old estimate kept when a new gap between entries is seen (exponential smoothing).
_MEMORY = 0.7


@dataclass(frozen=True)
class FeedState:
    """What is remembered of a feed (or another document that lists links): validators, rhythm, how it went last.

    Times are ISO 8601 in UTC as ``items.isoformat`` writes them. ``trusted`` is 0 once its validators were the same
    though its body had changed; ``problem`` says what is wrong with it, ``whole_at`` when it was last asked for
    without conditions.
    """

    url: str
    source: str
    etag: str | None = None
    last_modified: str | None = None
    body_sha256: str | None = None
    fetched_at: str | None = None
    status: int | None = None
    entries: int | None = None
    problem: str | None = None
    trusted: int = 1
    whole_at: str | None = None
    interval_seconds: int = int(FIRST.total_seconds())
    failures: int = 0
    next_at: str | None = None

    @property
    def rhythm(self) -> Rhythm:
        """Its rhythm as the functions below take it."""
        return Rhythm(timedelta(seconds=self.interval_seconds), self.failures)


@dataclass(frozen=True)
class Polled:
    """What a poll brought: the answer's status, validators and body hash (None for a 304 or a failure), and entries.

    ``fresh`` entries were never seen before; ``asked`` is the least pause that response or document ask for, ``wait``
    a Retry-After; ``problem`` says what went wrong. An ``index`` is never asked for conditionally: what it points at
    may change though it does not.
    """

    status: int | None = None
    etag: str | None = None
    last_modified: str | None = None
    body_sha256: str | None = None
    entries: int | None = None
    fresh: int = 0
    asked: timedelta | None = None
    wait: timedelta | None = None
    problem: str | None = None
    index: bool = False


def is_due(state: FeedState, now: datetime) -> bool:
    """Whether it is time to poll."""
    due_at = moment(state.next_at)
    return due_at is None or due_at <= now


def conditions(state: FeedState, now: datetime) -> dict[str, str]:
    """The request headers that ask for the document only if it changed; none once a day, or if they are not trusted."""
    whole_at = moment(state.whole_at)
    if not state.trusted or whole_at is None or now - whole_at >= UNCONDITIONAL:
        return {}
    headers = {"If-None-Match": state.etag, "If-Modified-Since": state.last_modified}
    return {name: value for name, value in headers.items() if value}


def after_poll(state: FeedState, polled: Polled, now: datetime, jitter: float) -> FeedState:
    """What to remember after a poll. ``jitter`` from -1 to 1 spreads the load (see ``pause``)."""
    if polled.problem is not None:
        rhythm = after_failure(state.rhythm)
    else:
        before = moment(state.fetched_at)
        rhythm = after_success(state.rhythm, polled.fresh, None if before is None else now - before, polled.asked)
    state = replace(
        state,
        fetched_at=isoformat(now),
        status=polled.status,
        problem=polled.problem,
        interval_seconds=int(rhythm.interval.total_seconds()),
        failures=rhythm.failures,
        next_at=isoformat(now + pause(rhythm, jitter, polled.wait)),
    )
    if polled.body_sha256 is None:
        return state
    known = (state.etag, state.last_modified)
    lied = any(known) and known == (polled.etag, polled.last_modified) and polled.body_sha256 != state.body_sha256
    return replace(
        state,
        etag=None if polled.index else polled.etag,
        last_modified=None if polled.index else polled.last_modified,
        body_sha256=None if polled.index else polled.body_sha256,
        entries=polled.entries,
        trusted=0 if lied else state.trusted,
        whole_at=state.whole_at if conditions(state, now) else isoformat(now),
    )


@dataclass(frozen=True)
class Rhythm:
    """How often a feed has something new (``interval`` between polls) and how many times it failed in a row."""

    interval: timedelta = FIRST
    failures: int = 0


def after_success(rhythm: Rhythm, fresh: int, since_last: timedelta | None, asked: timedelta | None) -> Rhythm:
    """The rhythm after a poll that worked.

    ``fresh`` entries were new, ``since_last`` is the time since the poll before (None for the first), ``asked`` the
    least pause the server or the feed asks for. With news the interval moves to half of the mean gap between entries,
    so that an entry waits a quarter of a gap on average; without news it grows by half. Both within bounds.
    """
    interval = rhythm.interval
    if since_last is not None:
        if fresh:
            gap = since_last / fresh
            interval = interval * _MEMORY + gap / 2 * (1 - _MEMORY)
        else:
            interval = interval * 1.5
    interval = min(max(interval, SHORTEST), LONGEST)
    if asked is not None:
        interval = max(interval, min(asked, LONGEST))
    return Rhythm(interval)


def after_failure(rhythm: Rhythm) -> Rhythm:
    """The rhythm after a poll that failed: the same interval, one more failure."""
    return replace(rhythm, failures=rhythm.failures + 1)


def pause(rhythm: Rhythm, jitter: float, wait: timedelta | None = None) -> timedelta:
    """How long to wait for the next poll.

    ``jitter`` from -1 to 1 spreads the load: up to a tenth of the pause, after failures a third. ``wait`` is what the
    server asked for (Retry-After): it only lengthens the pause.
    """
    if not rhythm.failures:
        length = rhythm.interval * (1 + 0.1 * jitter)
    else:
        length = min(FIRST * 2 ** min(rhythm.failures - 1, 10), LONGEST_BACKOFF) * (1 + 0.3 * jitter)
    return max(length, min(wait or timedelta(), LONGEST_BACKOFF))


def asked_pause(headers: Mapping[str, str], ttl_minutes: int | None, now: datetime) -> timedelta | None:
    """The pause that a response asks for: ``Cache-Control: max-age``, else ``Expires``, or the feed's ``ttl``.

    The longest of cache headers and ttl; None where there is none or it cannot be read. ``headers`` by lower-case name.
    """
    pauses = []
    control = headers.get("cache-control", "").lower()
    age = re.search(r"\bmax-age\s*=\s*\"?(\d{1,9})", control)
    if age:
        pauses.append(timedelta(seconds=int(age[1])))
    elif headers.get("expires"):
        moment = _http_date(headers["expires"])
        if moment is not None and moment > now:
            pauses.append(moment - now)
    if ttl_minutes and ttl_minutes > 0:
        pauses.append(timedelta(minutes=min(ttl_minutes, 10_000)))
    return max(pauses, default=None)


def _http_date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
