"""Today, in a run of the tests that midnight (UTC) may fall into."""

from __future__ import annotations

from datetime import UTC, date, datetime

_BEGUN = datetime.now(UTC).date()


def these_days() -> set[date]:
    """The day on which the tests began and the one it is now: most often the same."""
    return {_BEGUN, datetime.now(UTC).date()}
