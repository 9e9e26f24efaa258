"""The page of one story: headline, key points and body with what was found in it, and where it goes back to."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from datasette.utils.asgi import NotFound, Request, Response

from monitor.analysis.explain import explain
from monitor.cli.page import word_changes
from monitor.items import Story, isoformat
from monitor.store import archived, browse
from monitor.store.revisions import Revision, revisions_of
from monitor.store.stories import load_story
from monitor.web.incidents import render
from monitor.web.marks import paragraphs
from monitor.web.site import Site, query

if TYPE_CHECKING:
    from datasette.app import Datasette

# Longer texts are not compared word by word: it would take too long for a page.
_MOST_COMPARED = 30_000
# Longer texts are shown without marks of places and actors.
_MOST_READ = 100_000


@dataclass(frozen=True)
class Changed:
    """What became different from one revision to the next: ``(kind, words)`` with kind -, + or empty for the same."""

    revision: int
    replaced_at: str
    pieces: tuple[tuple[str, str], ...]


async def story_page(datasette: Datasette, request: Request) -> Response:
    """One story."""
    site, identifier = Site.of(datasette), request.url_vars["id"]
    story, copies, earlier, root, kept = await query(datasette, _load, identifier)
    if story is None:
        raise NotFound(f"There is no story {identifier}")
    read = explain(site.topic, story.title, story.text, story.language) if len(story.text) <= _MOST_READ else None
    return await render(
        datasette,
        request,
        "story.html",
        story=story,
        published=isoformat(story.published_at) if story.published_precision != "unknown" else None,
        fetched=isoformat(story.fetched_at),
        paragraphs=paragraphs(story.text, read, story.claims),
        copies=copies,
        kept=kept,
        root=root,
        changes=changes(story, earlier),
        page_name="search",
    )


def _load(
    conn: sqlite3.Connection, identifier: str
) -> tuple[Story | None, list[browse.StoryRow], list[Revision], browse.StoryRow | None, dict[int, str]]:
    story = load_story(conn, identifier)
    if story is None:
        return None, [], [], None, {}
    root = browse.story_rows(conn, [story.duplicate_of]) if story.duplicate_of else []
    kept = archived.kept_revisions(conn, story.id)
    return story, browse.copies_of(conn, story.id), revisions_of(conn, story.id), root[0] if root else None, kept


def changes(story: Story, earlier: list[Revision]) -> list[Changed]:
    """What was changed in ``story`` since it was first stored, newest first."""
    states = [(old.title, old.text) for old in earlier] + [(story.title, story.text)]
    found = []
    for old, (before, after) in zip(earlier, pairwise(states), strict=True):
        pieces: list[tuple[str, str]] = []
        for was, now in zip(before, after, strict=True):
            if len(was) + len(now) > _MOST_COMPARED:
                pieces += [("-", was), ("+", now)] if was != now else []
                continue
            pieces += [(kind, _bare(kind, words)) for kind, words in word_changes(was, now)]
        found.append(Changed(old.revision, old.replaced_at, tuple(pieces)))
    return found[::-1]


def _bare(kind: str, words: str) -> str:
    """The words of a change without the signs that a terminal needs to show what it is."""
    return words[2:-3] if kind else words
