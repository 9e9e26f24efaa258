"""Apprise, loaded only where messages go out: one address, its errors as one line, nothing of it in our log."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

# A mail server's pace is kept by our own rate; others know best how fast theirs may be asked.
_OWN_PACE = ("mailto", "mailtos", "json", "jsons", "xml", "xmls", "form", "forms")


def service(url: str) -> tuple[Any | None, str]:
    """The Apprise service of ``url``, or None for an address it cannot use; and what Apprise says about it."""
    import apprise

    with _said() as said:
        found = apprise.Apprise.instantiate(url, asset=_asset(), suppress_exceptions=True)
    if found is not None and url.split(":", 1)[0].lower() in _OWN_PACE:
        found.request_rate_per_sec = 0
    return found, said[0] if said else ""


def notify(url: str, title: str, text: str, html: str, severity: str) -> None:
    """Send one message; raises OSError with the reason in a line, which may hold parts of the address."""
    import apprise

    found, why = service(url)
    if found is None:
        raise OSError(f"the address is not one that Apprise can use: {why}")
    formats = found.notify_format if isinstance(found.notify_format, tuple) else (found.notify_format,)
    rich = apprise.NotifyFormat.HTML in formats and not url.lower().startswith(("json", "xml", "form"))
    sender = apprise.Apprise(asset=_asset())
    sender.add(found)
    kinds = {"info": "info", "warning": "warning", "critical": "failure"}
    with _said() as said:
        done = sender.notify(
            body=html if rich else text,
            title=title,
            notify_type=kinds[severity],
            body_format=apprise.NotifyFormat.HTML if rich else apprise.NotifyFormat.TEXT,
        )
    if not done:
        raise OSError("; ".join(dict.fromkeys(said)) or "Apprise could not deliver it and gives no reason")


def _asset() -> Any:
    import apprise

    return apprise.AppriseAsset(
        app_id="Border Monitor",
        app_desc="Border Monitor",
        app_url="",
        async_mode=False,
        interpret_escapes=False,
        interpret_emojis=False,
        storage_mode="memory",
    )


class _Collector(logging.Handler):
    """Keeps what Apprise logs in this thread: that is where it says why it failed."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.thread = threading.get_ident()
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.thread == self.thread and (record.levelno >= logging.WARNING or "xception" in record.msg):
            self.said.append(record.getMessage().replace("\n", " ")[:300])


@contextmanager
def _said() -> Iterator[list[str]]:
    logger = logging.getLogger("apprise")
    logger.propagate = False  # what it says may hold parts of addresses: we say it, without them
    logger.setLevel(logging.DEBUG)
    collector = _Collector()
    logger.addHandler(collector)
    try:
        yield collector.said
    finally:
        logger.removeHandler(collector)
