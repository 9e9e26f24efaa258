"""Sending one message through one channel: Apprise, a signed webhook, an Atom feed, a file, standard output."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from monitor.alerts.atom import add_entry
from monitor.alerts.channels import Channel
from monitor.alerts.messages import Message
from monitor.items import isoformat

_CONNECT_SECONDS, _READ_SECONDS = 10.0, 20.0


def send(channel: Channel, message: Message, now: datetime) -> None:
    """Send ``message`` through ``channel``; raises OSError or ValueError with the reason."""
    _SENDERS[channel.kind](channel, message, now)


def sign(secret: str, identifier: str, timestamp: int, body: bytes) -> str:
    """The signature of a webhook: HMAC-SHA256 over id, time and body (Standard Webhooks 1.0.0, scheme v1).

    A secret that begins with ``whsec_`` is base64, as that standard has it; any other is taken as it stands.
    """
    key = base64.b64decode(secret[6:]) if secret.startswith("whsec_") else secret.encode()
    digest = hmac.new(key, f"{identifier}.{timestamp}.".encode() + body, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(digest).decode()}"


def _webhook(channel: Channel, message: Message, now: datetime) -> None:
    import requests

    body = json.dumps({**message.data, "text": message.text}, ensure_ascii=False, separators=(",", ":")).encode()
    timestamp = int(now.timestamp())
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "border-monitor",
        "webhook-id": message.id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": sign(channel.secret, message.id, timestamp, body),
    }
    try:
        with requests.Session() as session:
            session.trust_env = False
            reply = session.post(
                channel.url,
                data=body,
                headers=headers,
                timeout=(_CONNECT_SECONDS, _READ_SECONDS),
                allow_redirects=False,
                stream=True,
            )
            status = reply.status_code
    except requests.RequestException as error:
        raise OSError(_cause(error)) from error
    if not 200 <= status < 300:
        raise OSError(f"the receiver answered with status {status}")


def _cause(error: Exception) -> str:
    """The cause of a failed request without its address."""
    names = {"ConnectTimeout": "timed out", "ReadTimeout": "timed out", "SSLError": "the certificate is not trusted"}
    name = type(error).__name__
    if name == "ConnectionError":
        return "could not connect" if "refused" not in str(error) else "connection refused"
    return names.get(name, name)


def _apprise(channel: Channel, message: Message, now: datetime) -> None:
    from monitor.alerts.services import notify

    notify(channel.url, message.title, message.text, message.html, message.severity)


def _atom(channel: Channel, message: Message, now: datetime) -> None:
    assert channel.path is not None
    add_entry(channel.path, channel.title, message, now)


def _file(channel: Channel, message: Message, now: datetime) -> None:
    """One JSON object a line; the line is on the disk before the message counts as sent."""
    assert channel.path is not None
    line = json.dumps({"sent_at": isoformat(now), **message.data, "text": message.text}, ensure_ascii=False)
    append_line(channel.path, line)


def append_line(path: Path, line: str) -> None:
    """Append ``line`` to the file at ``path``, ending first a line that a crash cut off."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
    try:
        size = os.fstat(handle).st_size
        cut = size > 0 and os.pread(handle, 1, size - 1) != b"\n"
        data = (b"\n" if cut else b"") + line.encode() + b"\n"
        if os.write(handle, data) != len(data):
            raise OSError(f"{path}: only a part could be written")
        os.fsync(handle)
    finally:
        os.close(handle)


def _stdout(channel: Channel, message: Message, now: datetime) -> None:
    sys.stdout.write(f"{message.title}\n\n{message.text.partition(chr(10))[2]}\n")
    sys.stdout.flush()


_SENDERS: dict[str, Callable[[Channel, Message, datetime], None]] = {
    "apprise": _apprise,
    "webhook": _webhook,
    "atom": _atom,
    "file": _file,
    "stdout": _stdout,
}
