"""Analysing the stored stories again, after a change of the seeds or of the program."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from copy import copy
from dataclasses import dataclass
from datetime import UTC, tzinfo

from monitor.analysis.origins import Origins
from monitor.analysis.topic import Topic
from monitor.items import Story
from monitor.stages import assess, credit_prints, date_event, find_claims, identify_language, tag_story, trace_origin
from monitor.store import stories


@dataclass
class ReprocessResult:
    """How many stories were read again, how many changed, and of these how many became relevant or irrelevant."""

    read: int = 0
    changed: int = 0
    now_relevant: int = 0
    now_irrelevant: int = 0


def reprocess(
    conn: sqlite3.Connection,
    topic: Topic,
    zones: Mapping[str, tzinfo],
    *,
    languages: bool = False,
    dry_run: bool = False,
    origins: Origins | None = None,
    progress: Callable[[], None] = lambda: None,
) -> ReprocessResult:
    """Read every stored story with ``topic`` and store what comes out differently; texts, dates and ids never change.

    ``zones`` are the time zones of known sources, ``origins`` finds whom a text goes back to. ``languages`` tells the
    languages anew as well, ``dry_run`` only counts. Each story is one transaction, so a killed run leaves every story
    either as it was or as it is to be.
    """
    result = ReprocessResult()
    origins = origins or Origins(topic, (), {})
    for identifier in stories.all_ids(conn):
        old = stories.load_story(conn, identifier)
        if old is None:
            continue
        new = read_again(old, topic, zones.get(old.source, UTC), languages)
        trace_origin(new, conn, origins)
        result.read += 1
        progress()
        if new.record() == old.record() and new.evidence == old.evidence:
            continue
        result.changed += 1
        result.now_relevant += new.relevant and not old.relevant
        result.now_irrelevant += old.relevant and not new.relevant
        if not dry_run:
            stories.replace_reading(conn, old, new)
            credit_prints(new, conn, origins)
    return result


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
