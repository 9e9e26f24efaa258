"""What went wrong with a request, in a few words that a person can act on and a table can count."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.web._newclient import ParseError

from monitor.download import HeadersTooLong

_LONGEST_WAIT = timedelta(days=1)
# Causes by class, the closest first.
_CAUSES = (
    (HeadersTooLong, "headers larger than the limit"),
    (CannotResolveHostError, "host name not found"),
    (DownloadTimeoutError, "timed out"),
    (DownloadConnectionRefusedError, "connection refused"),
    (DownloadCancelledError, "larger than the limit"),
    (ParseError, "the answer is no HTTP"),
    (ResponseDataLossError, "connection lost in mid-answer"),
    (DownloadFailedError, "connection failed"),
)
# Modules whose errors mean that a body is not packed as its header says.
_UNPACKERS = frozenset({"zlib", "gzip", "brotli", "brotlicffi", "backports.zstd", "compression.zstd"})
_NO_ADDRESS = "redirected to what is no web address"
# Scrapy tells these by their message alone.
_MESSAGES = {
    "exceeded DOWNLOAD_MAXSIZE": "larger than the limit",
    "max redirections reached": "redirected too often",
    "Missing scheme in request url": _NO_ADDRESS,
}
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


def describe(error: BaseException | None) -> str:
    """The cause of a failed request: ``status 503``, ``host name not found``, ``timed out`` …"""
    if isinstance(error, HttpError):
        status = error.response.status
        # Scrapy follows the others itself.
        lost = status in _REDIRECTS and error.response.headers.get("Location")
        return _NO_ADDRESS if lost else f"status {status}"
    causes = list(_causes(error))
    for kind, words in _CAUSES:
        if any(isinstance(cause, kind) for cause in causes):
            return words
    if isinstance(error, EOFError) or type(error).__module__ in _UNPACKERS:
        return "what is sent cannot be unpacked"
    message = str(error)
    for part, words in _MESSAGES.items():
        if part in message:
            return words
    if isinstance(error, IgnoreRequest):
        return message or "not fetched"
    return f"{type(error).__name__}: {message}".strip(": ")[:300]


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """``error`` and what led to it; Twisted keeps several reasons for a failed answer."""
    while error is not None:
        yield error
        for failure in getattr(error, "reasons", ()):
            yield from _causes(failure.value)
        error = error.__cause__


def status_of(error: BaseException | None) -> int | None:
    """The HTTP status of a failed request, where there was an answer."""
    return error.response.status if isinstance(error, HttpError) else None


def retry_after(error: BaseException | None) -> timedelta | None:
    """How long the server asked us to wait (Retry-After in seconds or as a date), a day at the most."""
    return asked_wait(error.response.headers.get("Retry-After")) if isinstance(error, HttpError) else None


def asked_wait(header: bytes | None) -> timedelta | None:
    """The pause that a Retry-After ``header`` asks for, a day at the most; None when it cannot be read."""
    value = (header or b"").decode("latin-1").strip()
    if value.isascii() and value.isdigit():
        return min(timedelta(seconds=int(value[:9])), _LONGEST_WAIT)
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return min(max(moment - datetime.now(UTC), timedelta()), _LONGEST_WAIT)
