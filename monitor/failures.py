"""What went wrong with a request, in a few words that a person can act on and a table can count."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
)
from scrapy.spidermiddlewares.httperror import HttpError

if TYPE_CHECKING:
    from twisted.python.failure import Failure

_LONGEST_WAIT = timedelta(days=1)


def describe(failure: Failure) -> str:
    """The cause of a failed request: ``status 503``, ``host name not found``, ``timed out`` …"""
    error = failure.value
    if isinstance(error, HttpError):
        return f"status {error.response.status}"
    if isinstance(error, CannotResolveHostError):
        return "host name not found"
    if isinstance(error, DownloadTimeoutError):
        return "timed out"
    if isinstance(error, DownloadConnectionRefusedError):
        return "connection refused"
    if isinstance(error, DownloadCancelledError):
        return "larger than the limit"
    if isinstance(error, IgnoreRequest):
        return str(error) or "not fetched"
    if isinstance(error, DownloadFailedError):
        return "connection failed"
    return f"{type(error).__name__}: {error}".strip(": ")


def status_of(failure: Failure) -> int | None:
    """The HTTP status of a failed request, where there was an answer."""
    return failure.value.response.status if isinstance(failure.value, HttpError) else None


def retry_after(failure: Failure) -> timedelta | None:
    """How long the server asked us to wait (Retry-After in seconds or as a date), a day at the most."""
    if not isinstance(failure.value, HttpError):
        return None
    value = failure.value.response.headers.get("Retry-After", b"").decode("latin-1").strip()
    if value.isdigit():
        return min(timedelta(seconds=int(value[:9])), _LONGEST_WAIT)
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return min(max(moment - datetime.now(UTC), timedelta()), _LONGEST_WAIT)
