"""A web server in a process of its own that does nothing but hand out what it holds in memory, and says when."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import threading
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from types import TracebackType


@dataclass(frozen=True)
class Resource:
    """What stands at one path; with an ``etag`` a conditional request is answered 304."""

    body: bytes
    type: str = "text/html; charset=utf-8"
    etag: str | None = None


@dataclass(frozen=True)
class Log:
    """What the server saw since it was last asked to forget.

    ``first`` and ``last`` are readings of the machine's monotonic clock, the same in every process; ``cpu`` is the
    processor time the server itself took, in seconds.
    """

    first: float | None
    last: float | None
    cpu: float
    bytes: int
    statuses: Mapping[int, int]
    paths: Mapping[str, int] = field(repr=False)


class Server:
    """Serves ``site`` (path → Resource) on loopback addresses until the block is left; ``port`` is the same on all."""

    def __init__(self, site: Mapping[str, Resource], addresses: Sequence[str] = ("127.0.0.1",)) -> None:
        context = multiprocessing.get_context("spawn")
        self._control, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, dict(site), tuple(addresses)), daemon=True)
        self.port = 0

    def __enter__(self) -> Server:
        self._process.start()
        answer = self._control.recv()
        if isinstance(answer, OSError):
            raise answer
        self.port = answer
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self._process.terminate()
        self._process.join()

    def forget(self) -> None:
        """Begin a new log."""
        self._control.send("forget")
        self._control.recv()

    def put(self, site: Mapping[str, Resource]) -> None:
        """Serve ``site`` too: what could not be written before the port was known."""
        self._control.send(dict(site))
        self._control.recv()

    def log(self) -> Log:
        """What was asked for since the last ``forget``."""
        self._control.send("log")
        found: Log = self._control.recv()
        return found


def usable_addresses(wanted: int) -> list[str]:
    """Up to ``wanted`` loopback addresses of this machine; some systems have 127.0.0.1 only."""
    import socket

    found = []
    for number in range(1, wanted + 1):
        address = f"127.0.0.{number}"
        with socket.socket() as probe:
            try:
                probe.bind((address, 0))
            except OSError:
                break
        found.append(address)
    return found


class _Tally:
    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        self.first: float | None = None
        self.last: float | None = None
        self.bytes = 0
        self.statuses: Counter[int] = Counter()
        self.paths: Counter[str] = Counter()
        self.cpu_before = time.process_time()

    def log(self) -> Log:
        cpu = time.process_time() - self.cpu_before
        return Log(self.first, self.last, cpu, self.bytes, dict(self.statuses), dict(self.paths))


class _Handler(asyncio.Protocol):
    """Just enough HTTP/1.1: GET, keep-alive, If-None-Match."""

    def __init__(self, answers: Mapping[str, tuple[bytes, bytes, str | None]], tally: _Tally) -> None:
        self.answers, self.tally, self.waiting = answers, tally, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        transport.set_write_buffer_limits(high=16 << 20)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.waiting += data
        while (end := self.waiting.find(b"\r\n\r\n")) >= 0:
            head, self.waiting = self.waiting[:end], self.waiting[end + 4 :]
            self._answer(head)

    def _answer(self, head: bytes) -> None:
        tally = self.tally
        if tally.first is None:
            tally.first = time.monotonic()
        path = head.split(b" ", 2)[1].decode("latin-1")
        start, body, etag = self.answers.get(path, _NOT_FOUND)
        status = 404 if start is _NOT_FOUND[0] else 200
        if etag and b"if-none-match: " + etag.lower().encode() in head.lower():
            start, body, status = b"HTTP/1.1 304 Not Modified\r\nContent-Length: 0\r\n\r\n", b"", 304
        tally.paths[path] += 1
        tally.statuses[status] += 1
        tally.bytes += len(body)
        tally.last = time.monotonic()
        self.transport.write(start)
        if body:
            self.transport.write(body)
        if b"connection: close" in head.lower():
            self.transport.close()


_NOT_FOUND = (b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", b"", None)


def _serve(control: Connection, site: dict[str, Resource], addresses: tuple[str, ...]) -> None:
    asyncio.run(_run(control, site, addresses))


async def _run(control: Connection, site: dict[str, Resource], addresses: tuple[str, ...]) -> None:
    answers = _answers(site)
    tally = _Tally()
    loop = asyncio.get_running_loop()
    port = 0
    try:
        for address in addresses:
            server = await loop.create_server(lambda: _Handler(answers, tally), address, port, backlog=1024)
            port = server.sockets[0].getsockname()[1]
    except OSError as error:
        control.send(error)
        return
    control.send(port)
    threading.Thread(target=_obey, args=(control, tally, answers), daemon=True).start()
    await asyncio.Event().wait()


def _obey(control: Connection, tally: _Tally, answers: dict[str, tuple[bytes, bytes, str | None]]) -> None:
    while True:
        try:
            order = control.recv()
        except EOFError:  # whoever started us is gone
            os._exit(0)
        if order == "log":
            control.send(tally.log())
            continue
        if order == "forget":
            tally.clear()
        else:
            answers.update(_answers(order))
        control.send(None)


def _answers(site: Mapping[str, Resource]) -> dict[str, tuple[bytes, bytes, str | None]]:
    return {path: (_start(resource), resource.body, resource.etag) for path, resource in site.items()}


def _start(resource: Resource) -> bytes:
    lines = ["HTTP/1.1 200 OK", f"Content-Type: {resource.type}", f"Content-Length: {len(resource.body)}"]
    if resource.etag:
        lines.append(f"ETag: {resource.etag}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode()
