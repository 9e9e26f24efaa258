"""Makes the pictures of docs/screenshots anew, from the invented newswire: ``make screenshots``."""

from __future__ import annotations

import sqlite3
import sys
import tempfile
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.browser import Visit, browser, chromium, newswire, served
from tests.paths import ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Page

FOLDER = ROOT / "docs" / "screenshots"
_DESK = {"viewport": {"width": 1120, "height": 720}}
_DARK = {**_DESK, "color_scheme": "dark"}
_PHONE = {"viewport": {"width": 390, "height": 780}}
_RANGE = "first=2025-10-01&last=2025-10-20"


def _open_figure(page: Page) -> None:
    page.locator(".faceoff details summary").first.click()


def _nothing(page: Page) -> None:
    page.wait_for_timeout(50)


def pictures(ids: dict[str, str]) -> dict[str, tuple[str, dict[str, Any], Any]]:
    """Name of each picture: the page, the reader's screen, and what is done before."""
    return {
        "situation": ("/", _DESK, _nothing),
        "situation-phone": ("/", _PHONE, _nothing),
        "incident": (f"/incident/{ids['incident']}", _DESK, _open_figure),
        "map": (f"/map?{_RANGE}", _DESK, lambda page: page.wait_for_selector(".map .border")),
        "timeline-dark": (f"/timeline?{_RANGE}", _DARK, _nothing),
        "story-urdu": (f"/story/{ids['ur']}", _DESK, _nothing),
        "search-pashto": ("/search?q=جګړه", _DESK, _nothing),
        "sources": ("/sources", _DESK, _nothing),
        "query": ("/data/clashes_by_source?first=2025-10-01", _DESK, _nothing),
    }


def main() -> None:
    """Crawl the newswire, serve it, and take all pictures."""
    if chromium() is None:
        sys.exit("screenshots: no Chromium here; on Debian: apt install chromium")
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        config = newswire(Path(folder))
        with closing(sqlite3.connect(config.db)) as conn:
            (widest,) = conn.execute("select id from incidents order by story_count desc limit 1").fetchone()
            claimed = (
                "select s.id from stories s join claims c on c.story = s.pk where c.start >= 0 and language = 'ur'"
            )
            (urdu,) = conn.execute(claimed).fetchone()
        with served(config) as base, browser() as found:
            for name, (path, screen, prepare) in pictures({"incident": widest, "ur": urdu}).items():
                visit = Visit(found, base, **screen)
                prepare(visit.open(path))
                visit.page.screenshot(path=FOLDER / f"{name}.png")
                visit.context.close()
                print(f"docs/screenshots/{name}.png")


if __name__ == "__main__":
    main()
