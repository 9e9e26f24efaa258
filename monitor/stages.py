"""What is done to a story, stage by stage; the pipelines, ``import`` and ``reprocess`` all call these functions."""

from __future__ import annotations

import hashlib
import sqlite3
from datetime import datetime, tzinfo
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from monitor.analysis.claims import extract_claims
from monitor.analysis.keypoints import choose_key_points
from monitor.analysis.origins import Origins
from monitor.analysis.reading import read
from monitor.analysis.relevance import Evidence, judge
from monitor.analysis.tags import tag
from monitor.analysis.topic import Topic
from monitor.analysis.when import UNDATED, event_date
from monitor.dates import Candidate, choose_published
from monitor.dedup import compare, shingles, sketch
from monitor.entries import Entry
from monitor.extract import Extracted
from monitor.items import Page, Story
from monitor.language import detect_language
from monitor.store import revisions, stories
from monitor.urls import canonical_url

_TITLE_WORDS = 3
_LONGEST_TITLE = 120


def story_from_page(page: Page, extracted: Extracted, timezone: tzinfo) -> Story:
    """The story on ``page``: what the page says, completed by what the feed said about it."""
    candidates = list(extracted.dates)
    if page.feed_published_at is not None and page.feed_published_precision != "unknown":
        candidates.append(Candidate("feed", at=page.feed_published_at, precision=page.feed_published_precision))
    dated = choose_published(candidates, now=page.fetched_at, timezone=timezone)
    return Story(
        url=page.url,
        canonical_url=extracted.canonical_url,
        source=page.source,
        title=choose_title(extracted.title, page.feed_title, extracted.site_name) or page.url,
        text=extracted.text,
        fetched_at=page.fetched_at,
        byline=extracted.byline,
        summary=page.feed_summary,
        published_at=dated.at,
        published_precision=dated.precision,
        page_sha256=extracted.page_sha256,
        html_language=extracted.html_language,
        highlights=extracted.highlights,
        listing_url=page.listing_url,
        recheck=page.recheck,
    )


def story_from_text(
    entry: Entry, text: str, source: str, *, fetched_at: datetime, timezone: tzinfo, recheck: str | None = None
) -> Story:
    """The story whose whole ``text`` stands in a document that lists many: no page has to be extracted."""
    found = Candidate("feed", at=entry.published_at, precision=entry.published_precision)
    dated = choose_published([found] if entry.published_at else [], now=fetched_at, timezone=timezone)
    return Story(
        url=entry.url,
        canonical_url=canonical_url(entry.url),
        source=source,
        title=entry.title or entry.url,
        text=text,
        fetched_at=fetched_at,
        byline=entry.author,
        published_at=dated.at,
        published_precision=dated.precision,
        page_sha256=hashlib.sha256(text.encode()).hexdigest(),
        html_language=entry.language,
        listing_url=canonical_url(entry.url),
        recheck=recheck,
    )


def choose_title(page_title: str | None, feed_title: str | None, site_name: str | None = None) -> str | None:
    """The story's own headline: the page's without the outlet's name at its end, or the feed's when that is clearer."""
    if not page_title:
        return feed_title
    if feed_title and len(feed_title.split()) >= _TITLE_WORDS and page_title.startswith(feed_title.rstrip("… .")):
        return feed_title
    for separator in (" | ", " - ", " – ", " — ", " :: "):
        head, found, tail = page_title.rpartition(separator)
        if found and len(head.split()) >= _TITLE_WORDS and site_name and _same_name(tail, site_name):
            return head.strip()
    return page_title


def _same_name(first: str, second: str) -> bool:
    a, b = ("".join(filter(str.isalnum, name.casefold())) for name in (first, second))
    return bool(a and b) and (a in b or b in a)


def identify_language(story: Story) -> None:
    """Set the story's language and variant."""
    found = detect_language(f"{story.title}\n{story.text}", hint=story.html_language)
    story.language, story.variant = found.language, found.variant


def first_line(text: str) -> str:
    """The first line of ``text``, cut after a word where it is long: stands for a title where there is none."""
    line = next(iter(text.splitlines()), "")
    return line if len(line) <= _LONGEST_TITLE else line[:_LONGEST_TITLE].rsplit(" ", 1)[0] + " …"


def assess(story: Story, topic: Topic) -> None:
    """Read the story once and set relevance, event type, whether it reports a clash, and the evidence for it.

    A title that is only the beginning of the text is not read twice.
    """
    title = "" if story.title == first_line(story.text) else story.title
    story.reading = read(topic, title, story.text, story.language)
    judgement = judge(topic, story.reading)
    story.relevance, story.relevant = judgement.relevance, judgement.relevant
    story.event_type, story.is_clash = judgement.event_type, judgement.is_clash
    story.evidence = [{name: getattr(item, name) for name in Evidence.__slots__} for item in judgement.evidence]


def date_event(story: Story, zone: tzinfo) -> None:
    """Set the days of the event that a story of a clash reports; ``zone`` is that of its outlet."""
    published = None if story.published_precision == "unknown" else story.published_at
    found = event_date(story.reading, published, zone) if story.is_clash else UNDATED
    story.event_date, story.event_date_end, story.time_precision = found.start, found.end, found.precision
    story.partial_date = str(found.partial) if found.partial else None


def tag_story(story: Story, topic: Topic) -> None:
    """Set keywords, places, actors and key points from the reading that ``assess`` made."""
    tags = tag(topic, story.reading)
    story.keywords = sorted(tags.keywords, key=lambda found: (-found.count, found.keyword, found.category))
    story.places, story.actors = tags.places, tags.actors
    story.key_points = choose_key_points(topic, story.reading, story.language, story.highlights)


def find_claims(story: Story, topic: Topic) -> None:
    """Set the claims of a story that reports a clash, from the reading that ``assess`` made."""
    story.claims = extract_claims(topic, story.reading, story.language) if story.is_clash else []


def analyse(story: Story, topic: Topic, zone: tzinfo, *, only_relevant: bool = False) -> bool:
    """All stages that need the story alone, in their order; a given language is kept.

    ``zone`` is the time zone of its source. With ``only_relevant`` the later stages are spared on other stories;
    returns whether they were done.
    """
    if story.language == "und":
        identify_language(story)
    assess(story, topic)
    if only_relevant and not story.relevant:
        return False
    date_event(story, zone)
    tag_story(story, topic)
    find_claims(story, topic)
    return True


def fingerprint(story: Story) -> None:
    """Set the keys under which copies of the story are found."""
    story.bands = sketch(story.text)


def is_unchanged(story: Story, conn: sqlite3.Connection) -> bool:
    """Whether a stored story that was looked at again has the title and text it had."""
    old = stories.load_story(conn, story.recheck or "")
    same = old is not None and old.title == story.title
    return same and old is not None and stories.text_sha256(old.text) == stories.text_sha256(story.text)


def revise_story(story: Story, conn: sqlite3.Connection, now: datetime) -> int:
    """Store the new state of a story that was looked at again; return its revision number."""
    old = stories.load_story(conn, story.recheck or "")
    if old is None:
        raise LookupError(f"story {story.recheck} is not in the store")
    if not story.bands:
        fingerprint(story)
    return revisions.revise(conn, old.id, story, sketch(old.text), now)


def link_duplicate(story: Story, conn: sqlite3.Connection) -> None:
    """Link the story to the first stored one whose text it repeats; sets its ``bands`` where they are not."""
    if not story.bands:
        fingerprint(story)
    hashes = None
    for identifier, text in stories.near_candidates(conn, story.bands):
        hashes = shingles(story.text) if hashes is None else hashes
        if compare(hashes, _stored_shingles(text)).near:
            story.duplicate_of = stories.root_of(conn, identifier)
            return


@lru_cache(maxsize=1024)  # the stories that are printed again are the same few for hours
def _stored_shingles(text: str) -> NDArray[np.uint64]:
    return shingles(text)


def trace_origin(story: Story, conn: sqlite3.Connection, origins: Origins) -> None:
    """Set whom the story's text goes back to; call it when claims and ``duplicate_of`` are known.

    The agency that one of its prints credits, or that prints it itself, is the origin of all, whichever came first.
    """
    prints = stories.prints_of(conn, story.duplicate_of or story.id)
    agencies = [origin for identifier, origin in prints if origin in origins.agencies and identifier != story.id]
    first = prints[0][1] if prints and story.duplicate_of else None
    story.origin = origins.find(story, agencies[0] if agencies else first)


def credit_prints(story: Story, conn: sqlite3.Connection, origins: Origins) -> None:
    """Give the stored prints of a text that credit no agency the one that ``story``, a later print, goes back to."""
    if story.duplicate_of and story.origin in origins.agencies:
        prints = stories.prints_of(conn, story.duplicate_of)
        stories.set_origin(conn, [key for key, origin in prints if origin not in origins.agencies], story.origin)
