"""A web of its own for tests: one loopback address an outlet, one port, and full control of every byte that is sent."""

from __future__ import annotations

import asyncio
import gzip
import json
import socket
import struct
import threading
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from types import TracebackType
from typing import Any

import brotli

# The decoder that Scrapy itself uses.
from scrapy.utils._compression import zstd


class End(Enum):
    """How an answer ends: the connection stays open for the next request, is closed, or is reset."""

    KEEP = "keep"
    CLOSE = "close"
    RESET = "reset"


@dataclass(frozen=True)
class Asked:
    """One request as the server saw it; header names in lower case, ``at`` in seconds of a monotonic clock."""

    host: str
    path: str
    headers: Mapping[str, str]
    at: float
    site: str = field(repr=False)


# What an answer sends, step by step: bytes, pauses in seconds, and its end (CLOSE when none is given).
Steps = Iterable["bytes | float | End"]
Answer = Callable[[Asked], Steps]

PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": lambda body: gzip.compress(body, mtime=0),
    "deflate": zlib.compress,
    "br": lambda body: brotli.compress(body, quality=4),
    "zstd": zstd.compress,
}


def head(status: int | str = 200, *lines: str, type: str = "text/html; charset=utf-8") -> bytes:
    """Status line and headers as given, without a length."""
    given = [f"Content-Type: {type}"] if type else []
    return "\r\n".join([f"HTTP/1.1 {status} X", *given, *lines, "", ""]).encode("latin-1")


def reply(
    body: bytes | str = b"", status: int = 200, type: str = "text/html; charset=utf-8", packed: str = "", **headers: str
) -> Answer:
    """A correct answer; ``packed`` names its Content-Encoding, ``headers`` take underscores for hyphens."""
    sent = body.encode() if isinstance(body, str) else body
    if packed:
        sent, headers = PACKERS[packed](sent), {"Content_Encoding": packed, **headers}
    lines = [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]

    def answer(asked: Asked) -> Steps:
        return [head(status, f"Content-Length: {len(sent)}", *lines, type=type) + sent, End.KEEP]

    return answer


def raw(*steps: bytes | float | End) -> Answer:
    """Exactly these steps."""
    return lambda asked: steps


def in_turn(*answers: Answer) -> Answer:
    """The first answer to the first request, and so on; the last to all that follow."""
    left = list(answers)
    return lambda asked: (left.pop(0) if len(left) > 1 else left[0])(asked)


def for_ever(first: bytes, again: bytes, pause: float = 0) -> Answer:
    """``first``, and then ``again`` without end."""

    def answer(asked: Asked) -> Iterator[bytes | float | End]:
        yield first
        while True:
            yield again
            if pause:
                yield pause

    return answer


@dataclass
class Outlet:
    """One source: what it answers (path → answer), and its ways in as the seeds declare them (paths)."""

    id: str
    answers: dict[str, Answer] = field(default_factory=dict)
    feeds: Sequence[str] = ("/feed",)
    sitemaps: Sequence[str] = ()
    sections: Sequence[str] = ()
    others: Callable[[str], Answer | None] = lambda path: None
    host: str = ""
    url: str = ""

    def answer(self, path: str) -> Answer:
        """What it answers to a request for ``path``."""
        found = self.answers.get(path) or self.others(path)
        return found or reply("not here", status=404, type="text/plain")

    def declaration(self) -> str:
        """Its block of the seeds."""
        ways = {"feeds": self.feeds, "sitemaps": self.sitemaps, "sections": self.sections}
        values: dict[str, Any] = {
            **{"id": self.id, "name": self.id.replace("-", " ").title(), "country": "XA", "languages": ["en"]},
            **{"affiliation": "independent", "homepage": f"{self.url}/", "expected_per_day": [0, 50]},
            **{name: [self.url + path for path in paths] for name, paths in ways.items() if paths},
        }
        return "[[source]]\n" + "\n".join(f"{name} = {json.dumps(value)}" for name, value in values.items()) + "\n"


class HostileWeb:
    """Serves ``outlets``, the n-th at 127.0.1.n, from a thread of its own until the block is left."""

    def __init__(self, outlets: Sequence[Outlet]) -> None:
        self.asked: list[Asked] = []
        self.outlets = {f"127.0.1.{number}": outlet for number, outlet in enumerate(outlets, 1)}
        self._sockets = [socket.create_server(("127.0.1.1", 0))]
        self.port = self._sockets[0].getsockname()[1]
        for host, outlet in self.outlets.items():
            outlet.host, outlet.url = host, f"http://{host}:{self.port}"
            if host != "127.0.1.1":
                self._sockets.append(socket.create_server((host, self.port)))
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def paths(self, outlet: Outlet) -> list[str]:
        """The paths that were asked of ``outlet``, in order, without robots.txt."""
        return [asked.path for asked in self.asked if asked.host == outlet.host and asked.path != "/robots.txt"]

    def __enter__(self) -> HostileWeb:
        self._thread.start()
        for listener in self._sockets:
            asyncio.run_coroutine_threadsafe(asyncio.start_server(self._serve, sock=listener), self._loop).result(10)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        asyncio.run_coroutine_threadsafe(_cancel_all(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        for listener in self._sockets:
            listener.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        outlet = self.outlets[writer.get_extra_info("sockname")[0]]
        try:
            while (asked := await self._read(reader, outlet)) and await _send(writer, outlet.answer(asked.path)(asked)):
                pass
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # the crawler, or the test, had enough
        finally:
            writer.close()

    async def _read(self, reader: asyncio.StreamReader, outlet: Outlet) -> Asked | None:
        text = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        line, *lines = text.strip().split("\r\n")
        headers = dict(line.split(": ", 1) for line in lines)
        lower = {name.lower(): value for name, value in headers.items()}
        asked = Asked(outlet.host, line.split(" ")[1], lower, time.monotonic(), outlet.url)
        self.asked.append(asked)
        return asked


async def _send(writer: asyncio.StreamWriter, steps: Steps) -> bool:
    """Take the steps; whether the connection stays open."""
    for step in steps:
        if isinstance(step, bytes):
            writer.write(step)
            await writer.drain()
            await asyncio.sleep(0)  # draining alone gives no other connection a turn
        elif isinstance(step, float | int):
            await asyncio.sleep(step)
        elif step is End.RESET:
            connection: socket.socket = writer.get_extra_info("socket")
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            writer.transport.abort()
            return False
        else:
            return step is End.KEEP
    return False


async def _cancel_all() -> None:
    for task in asyncio.all_tasks():
        if task is not asyncio.current_task():
            task.cancel()
