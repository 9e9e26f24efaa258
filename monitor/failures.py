"""What went wrong with a request, in a few words that a person can act on and a table can count."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
)
from scrapy.spidermiddlewares.httperror import HttpError

_LONGEST_WAIT = timedelta(days=1)


def describe(error: BaseException | None) -> str:
    """The cause of a failed request: ``status 503``, ``host name not found``, ``timed out`` …"""
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


def status_of(error: BaseException | None) -> int | None:
    """The HTTP status of a failed request, where there was an answer."""
    return error.response.status if isinstance(error, HttpError) else None


def retry_after(error: BaseException | None) -> timedelta | None:
    """How long the server asked us to wait (Retry-After in seconds or as a date), a day at the most."""
    if not isinstance(error, HttpError):
        return None
    value = (error.response.headers.get("Retry-After") or b"").decode("latin-1").strip()
    if value.isdigit():
        return min(timedelta(seconds=int(value[:9])), _LONGEST_WAIT)
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return min(max(moment - datetime.now(UTC), timedelta()), _LONGEST_WAIT)
