"""HTTP servers of the demo newswire: one loopback address (or port) an outlet, real sockets, real misbehaviour."""

from __future__ import annotations

import errno
import gzip
import logging
import socket
import socketserver
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from monitor.demo.site import NOT_FOUND, Answer, route
from monitor.errors import MonitorError

logger = logging.getLogger(__name__)

IDLE_SECONDS = 30
_POLL_SECONDS = 0.2
_ATTEMPTS = 20


@dataclass(frozen=True)
class Request:
    """One request as it came in: ``at`` in seconds of the monotonic clock, host with port, target, user agent."""

    at: float
    host: str
    path: str
    user_agent: str


@dataclass
class RequestLog:
    """All requests of all outlets, in order of arrival; safe to read and write from any thread."""

    _entries: list[Request] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def add(self, request: Request) -> None:
        """Note a request."""
        with self._lock:
            self._entries.append(request)

    def snapshot(self) -> list[Request]:
        """The requests so far."""
        with self._lock:
            return list(self._entries)

    def clear(self) -> None:
        """Forget all requests."""
        with self._lock:
            self._entries.clear()

    def __iter__(self) -> Iterator[Request]:
        return iter(self.snapshot())

    def __len__(self) -> int:
        return len(self.snapshot())


class OutletServer(ThreadingHTTPServer):
    """The server of one outlet; ``site`` is set once its address is known."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, address: tuple[str, int], log: RequestLog, closing: threading.Event, stall: float) -> None:
        super().__init__(address, _Handler)
        self.log, self.closing, self.stall_seconds = log, closing, stall
        self.site: dict[str, Answer] = {}
        self.asked: set[str] = set()
        self.open: set[socket.socket] = set()
        self.host = f"{address[0]}:{self.server_port}"

    def server_bind(self) -> None:
        """Bind without the look-up of the host's name that http.server does, which can take seconds offline."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = str(self.server_address[0]), int(self.server_address[1])

    def process_request(self, request: Any, client_address: Any) -> None:
        """Answer in a thread, and remember the connection so that it can be ended with the server."""
        self.open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """Close a connection that is done."""
        self.open.discard(request)
        super().shutdown_request(request)

    def hang_up(self) -> None:
        """End the connections that visitors keep open."""
        for connection in list(self.open):
            with suppress(OSError):  # the visitor was faster
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A visitor who hangs up is no error of ours; the rest is logged."""
        logger.debug("request from %s failed", client_address, exc_info=True)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "newsroom"
    timeout = IDLE_SECONDS
    server: OutletServer

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: the request log is what counts."""

    def _answer(self, with_body: bool) -> None:
        user_agent = self.headers.get("User-Agent", "")
        self.server.log.add(Request(time.monotonic(), self.server.host, self.path, user_agent))
        key = route(self.path)
        answer = self.server.site.get(key, NOT_FOUND)
        if answer.first and key not in self.server.asked:
            self.server.asked.add(key)
            answer = answer.first
        if answer.status == 200 and self.headers.get("If-None-Match") == answer.etag:
            answer, with_body = Answer(304, headers=(("ETag", answer.etag),)), False
        try:
            self._send(answer, with_body)
        except (ConnectionError, TimeoutError):
            self.close_connection = True

    def _send(self, answer: Answer, with_body: bool) -> None:
        body = answer.body
        compress = answer.compress and "gzip" in self.headers.get("Accept-Encoding", "")
        if compress:
            body = gzip.compress(body, mtime=0)
        self.send_response(answer.status)
        if answer.status != 304:
            self.send_header("Content-Type", answer.content_type)
            self.send_header("Content-Length", str(len(body)))
        if compress:
            self.send_header("Content-Encoding", "gzip")
        if answer.status == 200:
            self.send_header("ETag", answer.etag)
        for name, value in answer.headers:
            self.send_header(name, value)
        self.end_headers()
        if not with_body:
            return
        half = len(body) // 2 if answer.stall else 0
        self.wfile.write(body[:half])
        if answer.stall:
            self.wfile.flush()
            self.server.closing.wait(self.server.stall_seconds)
        self.wfile.write(body[half:])


@contextmanager
def serve(count: int, stall_seconds: float) -> Iterator[tuple[list[OutletServer], RequestLog]]:
    """Serve ``count`` outlets until the block ends; the caller fills each server's ``site``.

    Outlet i listens on 127.0.0.<i+1>, all on one port, so that each is a host of its own; where the system answers
    only 127.0.0.1, each gets a port of its own there. Nothing listens beyond loopback.
    """
    log, closing = RequestLog(), threading.Event()
    servers = _bind(count, log, closing, stall_seconds)
    threads = [
        threading.Thread(target=server.serve_forever, args=(_POLL_SECONDS,), name=server.host, daemon=True)
        for server in servers
    ]
    for thread in threads:
        thread.start()
    try:
        yield servers, log
    finally:
        closing.set()
        with ThreadPoolExecutor(len(servers)) as pool:
            list(pool.map(OutletServer.shutdown, servers))
        for server, thread in zip(servers, threads, strict=True):
            server.hang_up()
            server.server_close()
            thread.join()


def _bind(count: int, log: RequestLog, closing: threading.Event, stall: float) -> list[OutletServer]:
    """Bind all servers, on one port of many addresses where that works."""
    for _ in range(_ATTEMPTS):
        servers: list[OutletServer] = []
        try:
            for number in range(count):
                port = servers[0].server_port if servers else 0
                servers.append(OutletServer((f"127.0.0.{number + 1}", port), log, closing, stall))
            return servers
        except OSError as error:
            for server in servers:
                server.server_close()
            if error.errno != errno.EADDRINUSE:
                return [OutletServer(("127.0.0.1", 0), log, closing, stall) for _ in range(count)]
    raise MonitorError(f"no port is free on all of 127.0.0.1 to 127.0.0.{count}: stop other local servers, try again")
