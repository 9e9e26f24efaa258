"""A real web server on loopback for tests: replies by path, and a log of what was asked."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType


@dataclass(frozen=True)
class Reply:
    """One answer: status, body and headers; ``wait`` is called before it is sent."""

    body: bytes | str = b""
    status: int = 200
    type: str = "text/html; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)
    wait: Callable[[], object] | None = None


@dataclass(frozen=True)
class Asked:
    """One request as the server saw it."""

    path: str
    headers: Mapping[str, str]


class Site:
    """Serves ``replies`` (path → Reply, text, or a function of the request) until the block is left."""

    def __init__(
        self, replies: Mapping[str, Reply | str | Callable[[Asked], Reply]] | None = None, host: str = "127.0.0.1"
    ) -> None:
        self.replies = dict(replies or {})
        self.asked: list[Asked] = []
        self._server = ThreadingHTTPServer((host, 0), self._handler())
        self._server.daemon_threads = True
        self.url = f"http://{host}:{self._server.server_port}"

    def paths(self) -> list[str]:
        """The paths asked for, in order, without robots.txt."""
        return [asked.path for asked in self.asked if asked.path != "/robots.txt"]

    def __enter__(self) -> Site:
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                asked = Asked(self.path, dict(self.headers.items()))
                site.asked.append(asked)
                default = Reply(status=404, body="not here")
                found = site.replies.get(self.path, default)
                reply = found(asked) if callable(found) else found
                if isinstance(reply, str):
                    reply = Reply(reply)
                if reply.wait:
                    reply.wait()
                body = reply.body.encode() if isinstance(reply.body, str) else reply.body
                self.send_response(reply.status)
                self.send_header("Content-Length", str(len(body)))
                if reply.type:
                    self.send_header("Content-Type", reply.type)
                for name, value in reply.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                """The log is ``Site.asked``."""

        return Handler


def rss(*links: str, extra: str = "") -> Reply:
    """An RSS feed with one entry a link."""
    items = "".join(
        f"<item><title>Entry {n} of the feed</title><link>{link}</link>"
        f"<pubDate>Sun, 12 Oct 2025 0{n % 10}:00:00 GMT</pubDate></item>"
        for n, link in enumerate(links)
    )
    text = f"<?xml version='1.0'?><rss version='2.0'><channel><title>Feed</title>{items}{extra}</channel></rss>"
    return Reply(text, type="application/rss+xml")
