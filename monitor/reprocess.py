"""Analysing the stored stories again, after a change of the seeds or of the program."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from datetime import UTC, tzinfo

from monitor.analysis.origins import Origins
from monitor.analysis.topic import Topic
from monitor.dedup import sketch
from monitor.items import Story
from monitor.stages import assess, credit_prints, date_event, find_claims, identify_language, tag_story, trace_origin
from monitor.store import stories
from monitor.store.rows import batches


@dataclass
class ReprocessResult:
    """How many stories were read again, how many changed, and of these how many became relevant or irrelevant."""

    read: int = 0
    changed: int = 0
    now_relevant: int = 0
    now_irrelevant: int = 0


# Reads stories again out of their pages: those of a portion whose page can be read, by id.
ReadPages = Callable[[Sequence[Story]], Mapping[str, Story]]
# So many stories are read from their pages at a time.
_PORTION = 32


def reprocess(
    conn: sqlite3.Connection,
    topic: Topic,
    zones: Mapping[str, tzinfo],
    *,
    languages: bool = False,
    dry_run: bool = False,
    origins: Origins | None = None,
    read_pages: ReadPages | None = None,
    progress: Callable[[], None] = lambda: None,
) -> ReprocessResult:
    """Read every stored story with ``topic`` and store what comes out differently; ids never change.

    Nor do texts and dates, except with ``read_pages``, which reads those it can out of their pages again. ``zones`` are
    the time zones of known sources, ``origins`` finds whom a text goes back to. ``languages`` tells the languages anew
    as well, ``dry_run`` only counts. Each story is one transaction, so a killed run leaves every story either as it was
    or as it is to be.
    """
    result = ReprocessResult()
    origins = origins or Origins(topic, (), {})
    for some in batches(stories.all_ids(conn), _PORTION):
        fresh = read_pages(stories.load_many(conn, some)) if read_pages else {}
        for identifier in some:
            old = stories.load_story(conn, identifier)
            if old is None:
                continue
            read = fresh.get(old.id)
            new = page_again(old, read) if read else read_again(old, topic, zones.get(old.source, UTC), languages)
            trace_origin(new, conn, origins)
            result.read += 1
            progress()
            if new.record() == old.record() and new.evidence == old.evidence:
                continue
            result.changed += 1
            result.now_relevant += new.relevant and not old.relevant
            result.now_irrelevant += old.relevant and not new.relevant
            if not dry_run:
                stories.replace_reading(conn, old, new, sketch(old.text) if read else None)
                credit_prints(new, conn, origins)
    return result


def page_again(story: Story, read: Story) -> Story:
    """``read``, what its page says now, as the stored ``story``: its identity, history and links stay."""
    kept = "id url canonical_url source fetched_at summary page_sha256 duplicate_of incident_id revision".split()
    return replace(read, **{name: getattr(story, name) for name in kept})


def read_again(story: Story, topic: Topic, zone: tzinfo, languages: bool = False) -> Story:
    """A copy of ``story`` as the stages read it now."""
    new = copy(story)
    # Points that do not stand in the text are the page's own; they cannot be chosen again from the text.
    if story.key_points and not all(point in story.text for point in story.key_points):
        new.highlights = tuple(story.key_points)
    if languages:
        identify_language(new)
    assess(new, topic)
    date_event(new, zone)
    tag_story(new, topic)
    find_claims(new, topic)
    return new
