"""A page in headless Chromium for tests and screenshots: the server in a thread, the browser, what it complained of."""

from __future__ import annotations

import shutil
import socket
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from monitor.config import Config, load_config

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

# The evening of the last day that the newswire tells of.
THEN = datetime(2025, 10, 18, 18, 0, tzinfo=UTC)
_FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync --disable-dev-shm-usage --font-render-hinting=none"
).split()


def chromium() -> str | None:
    """Where Chromium is, if it is."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def skip_without_browser() -> None:
    """Skip the calling tests, with the reason, where no browser can be driven."""
    pytest.importorskip("playwright.sync_api", reason="playwright is not installed (make test installs it)")
    if chromium() is None:
        pytest.skip("no Chromium here; on Debian: apt install chromium", allow_module_level=True)


@contextmanager
def served(
    config: Config, token: str | None = None, clock: Callable[[], datetime] | None = lambda: THEN
) -> Iterator[str]:
    """The address of the web page of ``config``, answered by a thread of this process."""
    import uvicorn

    from monitor.web.server import build_app

    # The protocol named, or asyncio would let answers wait for acknowledgements.
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    sock.bind(("127.0.0.1", 0))
    app = build_app(config, token, clock)
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", access_log=False, lifespan="on"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [sock]}, daemon=True)
    thread.start()
    deadline = time.monotonic() + 30
    while not server.started:
        assert thread.is_alive() and time.monotonic() < deadline, "the server did not start"
        time.sleep(0.02)
    try:
        yield f"http://127.0.0.1:{sock.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(10)


@contextmanager
def browser() -> Iterator[Browser]:
    """Headless Chromium, with a new empty profile."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright, tempfile.TemporaryDirectory():
        found = playwright.chromium.launch(executable_path=chromium(), args=_FLAGS)
        try:
            yield found
        finally:
            found.close()


class Visit:
    """One reader: a page of the browser, all that it asked for, and all that it complained of."""

    def __init__(self, browser: Browser, base: str, **context: Any) -> None:
        self.base = base
        self.complaints: list[str] = []
        self.requests: list[str] = []
        self.context = browser.new_context(**{"timezone_id": "Asia/Karachi", "locale": "en-GB", **context})
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(10_000)
        self.page.on("console", lambda said: self._heard(said.type, said.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: self.requests.append(request.url))

    def _heard(self, kind: str, text: str) -> None:
        if kind in ("error", "warning"):
            self.complaints.append(text)

    def open(self, path: str) -> Page:
        """Go to a page of ours and wait until it is all there."""
        answer = self.page.goto(self.base + path, wait_until="load")
        assert answer is not None
        assert answer.status == 200, f"{path}: status {answer.status}"
        return self.page

    def strangers(self) -> list[str]:
        """Addresses asked for that are not on our server."""
        return [url for url in self.requests if not url.startswith((self.base, "data:", "about:"))]


def newswire(folder: Path) -> Config:
    """The newswire crawled into ``folder``, its stories linked: configuration of a database to show."""
    from monitor.analysis.topic import Topic
    from monitor.crawl import run_crawl
    from monitor.demo.newswire import Newswire
    from monitor.linking import link_stories
    from monitor.store.database import open_store
    from tests.paths import ROOT

    config = load_config(environ={}, db=folder / "m.db", seeds=folder / "seeds", timeout=4.0)
    with Newswire(ROOT / "seeds") as wire:
        wire.write_seeds(folder / "seeds")
        run_crawl(config, allow_private_hosts=True)
    with closing(open_store(config.db)) as conn:
        link_stories(conn, Topic.load(config.seeds), THEN)
    return config
