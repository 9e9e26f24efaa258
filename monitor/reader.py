"""What a worker process does with a page: all that needs this page alone, from its bytes to an analysed story."""

from __future__ import annotations

import gc
from datetime import UTC, datetime, tzinfo
from functools import cache, lru_cache
from pathlib import Path

from monitor.analysis.screen import Screen
from monitor.analysis.topic import Topic
from monitor.extract import everything, extract_page
from monitor.items import Page, Story
from monitor.stages import analyse, fingerprint, story_from_page
from monitor.warcwriter import pack

# With the first page that is read libraries load what they need for every page: languages' profiles, lists of their
# words, the public suffixes; and the analysis its weights.
_FIRST_URL = "https://first.example/page"
_FIRST_PAGE = f"""<html><head><title>Titre</title><link rel="canonical" href="{_FIRST_URL}"></head><body><article>
<h1>Titre</h1><p>Une phrase où l’on reconnaît une langue et un article.</p></article></body></html>"""
# So many new objects before the youngest are looked through for garbage; Python's 700 are made many times a page.
_BETWEEN_COLLECTIONS = 10_000


@lru_cache(maxsize=1)
def topic_at(seeds: Path) -> Topic:
    """The topic of the folder ``seeds``, read once a process; raises SeedsError."""
    return Topic.load(seeds)


@lru_cache(maxsize=1)
def screen_at(seeds: Path) -> Screen:
    """The cheap look at pages for the topic of the folder ``seeds``; raises SeedsError."""
    return Screen(topic_at(seeds))


def get_ready_to_read(seeds: Path) -> None:
    """Load what the reading of every page needs, before the first one comes."""
    screen_at(seeds).get_ready()
    _read_first_page(seeds)
    get_ready(seeds)


@cache
def _read_first_page(seeds: Path) -> None:
    # As one that was stored before: of others, what is not about the topic is not analysed.
    page = Page(_FIRST_URL, "", _FIRST_PAGE.encode(), datetime.now(UTC), recheck="first")
    read_page(page, seeds, UTC, keep=True)


def get_ready(seeds: Path) -> None:
    """Load the topic, which stays."""
    topic_at(seeds)
    gc.freeze()  # it stays for good: looking through it for garbage is lost time
    gc.set_threshold(_BETWEEN_COLLECTIONS, 20, 20)


def read_page(page: Page, seeds: Path, zone: tzinfo, keep: bool = False) -> Story | None:
    """The story on ``page``, analysed; None when no article text is found on it.

    ``zone`` is the time zone of its source. Of a story that is not about the topic, and was not stored before, only
    language and judgement are worked out; where its text lacks the words of the topic, not even those; and where no
    such words stand on the page as it is read, menus and scripts left out, not its text either: that is the dearest
    part. With ``keep`` a story that may be stored carries its page for the archive.
    """
    screen = screen_at(seeds)
    feed_title = page.feed_title or ""
    may_hold = everything if page.recheck else lambda text: screen.may_hold(f"{feed_title}\n{text}")
    extracted = extract_page(page.body, page.url, page.encoding, may_hold)
    if extracted is None:
        return None
    story = story_from_page(page, extracted, zone)
    if not story.text or not may_hold(f"{story.title}\n{story.text}"):
        story.relevance, story.relevant = 0.0, False
    elif analyse(story, topic_at(seeds), zone, only_relevant=page.recheck is None):
        fingerprint(story)
        story.packed = pack(page) if keep else None
    story.reading, story.analysed = None, True  # the reading is large, and has done its work
    return story
