"""Pages for tests of the archive: stored with their story as the crawl does it, without a crawl."""

from __future__ import annotations

import hashlib
from contextlib import closing
from pathlib import Path

from monitor.archive import keep_page
from monitor.items import Page, Story
from monitor.store.database import open_store, transaction
from monitor.store.stories import add_story
from monitor.warcwriter import pack
from tests.webworld import NOW, story


def with_page(body: bytes, number: int = 1, **changed: object) -> Story:
    """A story that brings the page ``body`` along."""
    found = story(number, **changed)
    found.packed = pack(Page(url=found.url, source=found.source, body=body, fetched_at=NOW, listing_url=found.url))
    found.page_sha256 = hashlib.sha256(body).hexdigest()
    return found


def keep(db: Path, *stories: Story) -> None:
    """Store ``stories`` and their pages."""
    with closing(open_store(db)) as conn:
        for item in stories:
            with transaction(conn):
                add_story(conn, item)
                keep_page(conn, db, item)
