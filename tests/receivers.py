"""Real receivers on loopback: a mail server (aiosmtpd) and a webhook receiver (http.server) that checks signatures."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Callable
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any

from aiosmtpd.controller import Controller

SECRET = "hook-secret-0815"


class Mail:
    """A mail server that keeps what it gets; ``refuse`` makes it answer with an error."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.refuse = False
        self._controller = Controller(self, hostname="127.0.0.1", port=0)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.refuse:
            return "451 try again later"
        self.messages.append(BytesParser(policy=default).parsebytes(envelope.content))  # type: ignore[arg-type]
        return "250 taken"

    def __enter__(self) -> Mail:
        import socket

        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._controller.port = free.getsockname()[1]
        self._controller.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._controller.stop()

    @property
    def url(self) -> str:
        port = self._controller.port
        return f"mailto://127.0.0.1:{port}?from=monitor@desk.example&to=night@desk.example&mode=insecure"

    def subjects(self) -> list[str]:
        return [str(message["Subject"]) for message in self.messages]

    def ids(self) -> list[str]:
        """The reference each message bears at its end: the id of the notification."""
        return [reference(text_of(message)) for message in self.messages]


def text_of(message: EmailMessage, kind: str = "plain") -> str:
    body = message.get_body((kind,))
    assert body is not None
    return str(body.get_content())


def reference(text: str) -> str:
    return text.rsplit("Ref ", 1)[1].split()[0].split("<")[0]


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        """A sender that was killed breaks its connection: nothing to report."""


class Hook:
    """A webhook receiver; a body whose signature is wrong or old is refused and counted in ``forged``."""

    def __init__(self, log: Path | None = None, secret: str = SECRET) -> None:
        self.received: list[dict[str, Any]] = []
        self.ids: list[str] = []
        self.forged = 0
        self.status = 204
        self.wait: Callable[[], object] | None = None
        self.secret, self.log = secret, log
        self._server = _Server(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/hook"

    def __enter__(self) -> Hook:
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def genuine(self, headers: Any, body: bytes) -> bool:
        """Checked as a receiver would write it, by the Standard Webhooks specification."""
        signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
        expected = base64.b64encode(hmac.new(self.secret.encode(), signed, hashlib.sha256).digest()).decode()
        return hmac.compare_digest(headers["webhook-signature"], f"v1,{expected}")

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        hook = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if hook.wait:
                    hook.wait()
                genuine = hook.genuine(self.headers, body)
                if not genuine:
                    hook.forged += 1
                elif hook.status < 300:
                    hook.received.append(json.loads(body))
                    hook.ids.append(self.headers["webhook-id"])
                self.send_response(hook.status if genuine else 401)
                self.send_header("Location", f"{hook.url}/elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def do_GET(self) -> None:
                hook.received.append({"path": self.path})
                self.send_response(hook.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                """What came in is in ``received``."""

        return Handler


def until(true: Callable[[], object], seconds: float = 10.0) -> bool:
    """Whether ``true`` becomes so in time."""
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True
