"""When a reader was last here: two moments in a cookie, so that a page can say what is new since then."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from monitor.items import isoformat, moment

COOKIE = "monitor_visit"
# A visit is over after so long without a page; until then the same things stay marked as new.
_PAUSE = timedelta(minutes=30)
_FORM = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ|-)~(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)")


def visit(cookie: str | None, now: datetime) -> tuple[datetime | None, str]:
    """``(when the visit before this one ended, the new cookie)``; None on the first visit, or for a broken cookie."""
    before, last = _read(cookie, now)
    if last is not None and now - last > _PAUSE:
        before = last
    return before, f"{isoformat(before) or '-'}~{isoformat(now)}"


def _read(cookie: str | None, now: datetime) -> tuple[datetime | None, datetime | None]:
    found = _FORM.fullmatch(cookie or "")
    if not found:
        return None, None
    try:
        before = None if found[1] == "-" else moment(found[1])
        last = moment(found[2])
    except ValueError:
        return None, None
    if last is None or last > now.astimezone(UTC):
        return None, None
    return before, last
