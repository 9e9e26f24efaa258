"""The gate before every page: whose requests are answered, and what a browser is forbidden to do with the answers.

Outside of Datasette, so that its own pages, its errors and its files get the same headers and the same question.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import ipaddress
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from dataclasses import dataclass
from html import escape
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qs

from monitor.web.policies import COPY_POLICY, POLICY

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

_POLICY = b"content-security-policy"
HEADERS: tuple[tuple[bytes, bytes], ...] = (
    (_POLICY, POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"geolocation=(), camera=(), microphone=(), interest-cohort=()"),
    (b"x-robots-tag", b"noindex, nofollow"),
)
COOKIE = "monitor_entrance"
# Of Datasette's own pages under /-/ only these are let through; the rest shows files and inner workings of the server.
_OPEN = ("/-/static/", "/-/static-plugins/", "/-/border/")
_ENTER = "/-/enter"
_LONGEST_FORM = 4096
_LONGEST_QUERY = 16_384
# Seconds that a wrong token costs; one after the other, so that many connections do not guess faster.
_PENALTY = 1.0


def is_loopback(host: str) -> bool:
    """Whether ``host`` (a name or an address) is this very machine."""
    if host.strip("[]").lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


@dataclass
class Gate:
    """An ASGI application around ``app``.

    With ``token`` None, who asks is on this machine, and only requests that name it as loopback are answered: a page
    elsewhere on the web could otherwise have its name point here and read everything. With a token, it has to be
    given once in a form (a cookie remembers it) or in an Authorization header.
    """

    app: App
    token: str | None = None

    def __post_init__(self) -> None:
        self._turn = asyncio.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return

        async def send_guarded(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": _guarded(scope, message.get("headers", []))}
            await send(message)

        refused = self._refusal(scope)
        if refused:
            await _answer(send_guarded, *refused)
        elif self.token is not None and scope["path"] == _ENTER and scope["method"] == "POST":
            await self._enter(scope, receive, send_guarded)
        elif self.token is not None and not self._known(scope) and not scope["path"].startswith("/-/static-plugins/"):
            if _header(scope, b"authorization"):
                async with self._turn:
                    await asyncio.sleep(_PENALTY)
            await _answer(send_guarded, 401, _form(""), [(b"www-authenticate", b'Bearer realm="monitor"')])
        else:
            await self.app(scope, receive, send_guarded)

    def _refusal(self, scope: Scope) -> tuple[int, str] | None:
        """Status and text of the answer to a request that nobody honest makes; None for others."""
        path: str = scope["path"]
        if self.token is None and not is_loopback(_host(_header(scope, b"host"))):
            return 421, "This page is served to this machine only; open it as http://127.0.0.1 or http://localhost."
        if scope["method"] not in ("GET", "HEAD") and path != _ENTER:
            return 405, "Nothing can be changed here."
        if len(scope.get("query_string", b"")) > _LONGEST_QUERY:
            return 414, "The address is too long."
        if path.startswith("//") or "\\" in path or any(ord(char) < 32 for char in path):
            return 404, "There is no such page."
        if path.startswith("/-/") and path != _ENTER and not path.startswith(_OPEN):
            return 404, "There is no such page."
        return None

    def _known(self, scope: Scope) -> bool:
        assert self.token is not None
        kind, _, given = _header(scope, b"authorization").partition(" ")
        if kind.lower() == "bearer" and hmac.compare_digest(given.strip().encode(), self.token.encode()):
            return True
        cookies = SimpleCookie()
        try:
            cookies.load(_header(scope, b"cookie"))
        except CookieError:
            return False
        found = cookies.get(COOKIE)
        return found is not None and hmac.compare_digest(found.value.encode(), pass_of(self.token).encode())

    async def _enter(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take the token from the form; remember it in a cookie that no script and no other site can use."""
        assert self.token is not None
        body = await _body(receive)
        given = parse_qs(body.decode("utf-8", "replace")).get("token", [""])[0].strip()
        async with self._turn:
            if not hmac.compare_digest(given.encode(), self.token.encode()):
                await asyncio.sleep(_PENALTY)
                await _answer(send, 401, _form("That was not it."))
                return
        cookie = f"{COOKIE}={pass_of(self.token)}; Path=/; HttpOnly; SameSite=Lax; Max-Age=2592000"
        if scope.get("scheme") == "https" or _header(scope, b"x-forwarded-proto") == "https":
            cookie += "; Secure"
        await _answer(send, 303, "", [(b"location", b"/"), (b"set-cookie", cookie.encode())])


def pass_of(token: str) -> str:
    """What the cookie holds: something that only the token gives, and that does not give the token."""
    return hmac.new(token.encode(), b"entrance", hashlib.sha256).hexdigest()


def _guarded(scope: Scope, headers: Sequence[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    # A copy of somebody else's page brings a narrower policy along; no other answer has one of its own.
    narrower = (_POLICY, COPY_POLICY.encode())
    given = {**dict(HEADERS), _POLICY: narrower[1]} if narrower in headers else dict(HEADERS)
    kept = [(name, value) for name, value in headers if name.lower() not in given]
    if scope["path"].startswith("/-/static") and scope.get("query_string", b"").startswith(b"v="):
        kept = [(name, value) for name, value in kept if name.lower() != b"cache-control"]
        kept.append((b"cache-control", b"public, max-age=31536000, immutable"))
    return [*kept, *given.items()]


def _header(scope: Scope, name: bytes) -> str:
    return next((value.decode("latin-1") for key, value in scope["headers"] if key.lower() == name), "")


def _host(value: str) -> str:
    """The host of a Host header, without the port."""
    if value.startswith("["):
        return value.partition("]")[0] + "]"
    return value.partition(":")[0]


async def _body(receive: Receive) -> bytes:
    body = b""
    while len(body) <= _LONGEST_FORM:
        message = await receive()
        body += bytes(message.get("body", b""))
        if not message.get("more_body"):
            return body
    return b""


async def _answer(send: Send, status: int, text: str, headers: Sequence[tuple[bytes, bytes]] = ()) -> None:
    kind = b"text/html; charset=utf-8" if text.startswith("<") else b"text/plain; charset=utf-8"
    start = {"type": "http.response.start", "status": status}
    await send({**start, "headers": [(b"content-type", kind), (b"cache-control", b"no-store"), *headers]})
    await send({"type": "http.response.body", "body": text.encode()})


def _form(said: str) -> str:
    """The page that asks for the token."""
    return f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Token needed</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="/-/static-plugins/monitor.web/app.css"></head>
<body><main class="gate"><h1>Token needed</h1>
<form method="post" action="{_ENTER}"><label for="token">Token of this server</label>
<input id="token" name="token" type="password" autocomplete="current-password" required autofocus>
<button type="submit">Enter</button></form><p role="alert">{escape(said)}</p></main></body></html>"""
