"""The brief: what is new, what changed, what is contested, what went quiet, and what could not be seen."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from monitor.analysis.changes import changes
from monitor.analysis.topic import Topic
from monitor.incident import Change, Incident
from monitor.items import Story, isoformat
from monitor.linking import read_until
from monitor.phrases import quiet_sentence
from monitor.reading import class_of, reported_at
from monitor.store.incidents import iterate
from monitor.store.stories import between

# Kinds of stories that a duty officer wants beside the incidents, in this order.
DIPLOMACY = ("ceasefire", "talks", "crossing_closed", "statement")
_MOST_STORIES = 6
_REPORTED = frozenset({"claim", "denial", "contradiction"})
# An incident that has been quiet for longer than this is not looked at again.
_LOOK_BACK = timedelta(days=4)


@dataclass(frozen=True, slots=True)
class Item:
    """One incident in a brief, and what changed of it."""

    incident: Incident
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class Brief:
    """What a duty officer has to know of the time from ``since`` to ``until``.

    ``quiet`` are incidents not told of any more, ``stories`` relevant stories of talks, truces and crossings,
    ``unseen`` is the sentence on what could not be seen.
    """

    since: datetime
    until: datetime
    new: tuple[Item, ...]
    changed: tuple[Item, ...]
    contested: tuple[Item, ...]
    quiet: tuple[Item, ...]
    stories: tuple[Story, ...]
    story_count: int
    outlet_count: int
    unseen: str

    @property
    def quiet_sentence(self) -> str:
        """How many clashes are new, and what could not be seen: the sentence that ``monitor status`` begins with."""
        return quiet_sentence(len(self.new), self.since, self.until, self.unseen)

    def record(self) -> dict[str, Any]:
        """The brief as one JSON-ready object."""
        return {
            "since": isoformat(self.since),
            "until": isoformat(self.until),
            **{name: [_item_record(item) for item in getattr(self, name)] for name in ("new", "changed")},
            **{name: [item.incident.id for item in getattr(self, name)] for name in ("contested", "quiet")},
            "stories": [
                {"id": s.id, "event_type": s.event_type, "title": s.title, "source": s.source, "url": s.url}
                for s in self.stories
            ],
            "story_count": self.story_count,
            "outlet_count": self.outlet_count,
            "unseen": self.unseen,
            "quiet_sentence": self.quiet_sentence,
        }


def _item_record(item: Item) -> dict[str, Any]:
    found = [{"kind": change.kind, **change.record()} for change in item.changes]
    return {"incident": item.incident.record(), "changes": found}


def make_brief(
    conn: sqlite3.Connection,
    topic: Topic,
    since: datetime,
    until: datetime,
    *,
    classes: Mapping[str, str],
    unseen: str,
) -> Brief:
    """The brief of what was published from ``since`` to before ``until``, as the store has it.

    Incidents are read twice, from what was published before the one time and before the other: the same store and the
    same times give the same brief, whenever it is made. What was published before ``since`` but stored after it, for
    its source could not be read sooner, was in no earlier brief, and is news in this one. ``unseen`` is said by who
    judges the sources' health.
    """
    recent = [incident.id for incident in iterate(conn, since=since - _LOOK_BACK, until=until)]
    after = read_until(conn, topic, recent, until, classes)
    before = read_until(conn, topic, recent, since, classes, learned_by=until)
    told = between(conn, since, until)
    items = [Item(now, _real(before.get(identifier), now)) for identifier, now in after.items()]
    items.sort(key=lambda item: (-len(item.incident.story_ids), item.incident.id))
    known = [item for item in items if item.incident.id in before]
    return Brief(
        since=since,
        until=until,
        new=tuple(item for item in items if item.incident.id not in before),
        changed=tuple(item for item in known if item.changes),
        contested=tuple(item for item in items if item.incident.status == "contested"),
        quiet=tuple(
            item for item in known if item.incident.status == "quiet" and before[item.incident.id].status != "quiet"
        ),
        stories=_beside(told, classes),
        story_count=len(told),
        outlet_count=len({story.source for story in told}),
        unseen=unseen,
    )


def _real(before: Incident | None, after: Incident) -> tuple[Change, ...]:
    if before is None:
        return ()
    return tuple(change for change in changes(before, after) if change.kind in _REPORTED and _is_telling(change))


def _is_telling(change: Change) -> bool:
    """Whether a change is one of figures that somebody stands for."""
    return change.line is not None and change.line.claimant != "unknown"


def _beside(told: Iterable[Story], classes: Mapping[str, str]) -> tuple[Story, ...]:
    """Stories of talks, truces and crossings: of each kind those of most origins, no text twice."""
    chosen: list[Story] = []
    for kind in DIPLOMACY:
        seen: set[str] = set()
        for story in told:
            origin = class_of(story, classes)
            if story.event_type == kind and not story.is_clash and story.duplicate_of is None and origin not in seen:
                seen.add(origin)
                chosen.append(story)
    chosen.sort(key=lambda story: (DIPLOMACY.index(story.event_type), -reported_at(story).timestamp(), story.id))
    return _some_of_each(chosen)


def _some_of_each(stories: Sequence[Story]) -> tuple[Story, ...]:
    """At most so many, the kinds taking turns."""
    queues = [[s for s in stories if s.event_type == kind] for kind in DIPLOMACY]
    found: list[Story] = []
    while any(queues) and len(found) < _MOST_STORIES:
        for queue in queues:
            if queue and len(found) < _MOST_STORIES:
                found.append(queue.pop(0))
    return tuple(sorted(found, key=lambda story: (DIPLOMACY.index(story.event_type), story.id)))
