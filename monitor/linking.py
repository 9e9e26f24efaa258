"""Linking: the stories that came in find their incidents, and what changed by it is told."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from hashlib import blake2b

from monitor.analysis.changes import REAL, changes
from monitor.analysis.ground import Ground
from monitor.analysis.incidents import Apart, cluster
from monitor.analysis.sightings import sighting
from monitor.analysis.tally import Report
from monitor.analysis.topic import Topic
from monitor.belonging import Belonging
from monitor.incident import Change, Incident, Update
from monitor.incident_ids import incident_id, name_groups
from monitor.items import Story
from monitor.portions import portions
from monitor.reading import event_days, read_incident, reported_at
from monitor.store import decisions as decided
from monitor.store import incidents, stories, waiting
from monitor.store.database import transaction

# Stories are linked in portions, by day: so many at a time, and no portion over a longer gap.
_PORTION = 120
_GAP = timedelta(days=8)
# A story is compared with those of so many days before and after it.
_AROUND = timedelta(days=4)
# Of an incident with more stories, so many stand for all: fewer where there are so many incidents that their witnesses
# would be more than these, which is what one portion can be compared with in a few seconds.
_WITNESSES, _FEWEST_WITNESSES, _ALL_WITNESSES = 60, 8, 600
# Of the stories of the same days whose turn comes later, so many are looked at already.
_AHEAD = 240
# A story without a date is compared with the stories of so many incidents that are like it, one with a date with so
# many stories without; so many of a story's places are asked for.
_LIKE_UNDATED, _PLACES = 8, 3

OnUpdates = Callable[[sqlite3.Connection, Sequence[Update]], object]


def link_stories(
    conn: sqlite3.Connection,
    topic: Topic,
    now: datetime,
    *,
    classes: Mapping[str, str] | None = None,
    on_updates: OnUpdates | None = None,
    progress: Callable[[int], None] = lambda count: None,
) -> list[Update]:
    """Give every story that waits its incident; return what became of the incidents it touched.

    Stories are clustered anew together with all that happened around the same days, so their order hardly matters;
    an incident keeps its id as long as stories of it are left. ``classes`` gives, for an origin that does not stand for
    itself, the one it counts as. Each portion is one transaction with what ``on_updates`` writes: alerts are queued
    with the change that causes them, or neither is stored. A killed run goes on where it was.
    """
    linker = _Linker(conn, topic, now, classes or {})
    found: list[Update] = []
    for portion in portions(waiting.unlinked(conn), _PORTION, _GAP):
        with transaction(conn):
            updates = linker.link(portion)
            if on_updates is not None:
                on_updates(conn, updates)
        found += updates
        progress(len(portion))
    return found


def refresh(
    conn: sqlite3.Connection,
    topic: Topic,
    now: datetime,
    identifiers: Iterable[str],
    classes: Mapping[str, str] | None = None,
    on_updates: OnUpdates | None = None,
) -> list[Update]:
    """Link the stories of the incidents ``identifiers`` again, after a decision about them.

    One transaction, with what ``on_updates`` writes.
    """
    linker = _Linker(conn, topic, now, classes or {})
    with transaction(conn):
        touched = incidents.members(conn, set(identifiers))
        updates = linker.link([story for group in touched.values() for story in group])
        if on_updates is not None:
            on_updates(conn, updates)
    return updates


def read_until(
    conn: sqlite3.Connection,
    topic: Topic,
    identifiers: Iterable[str],
    until: datetime,
    classes: Mapping[str, str],
    learned_by: datetime | None = None,
) -> dict[str, Incident]:
    """The incidents ``identifiers`` as what was published before ``until`` tells of them, those that were told of.

    What was stored from ``until`` to before ``learned_by`` was not known then, whenever it was published.
    """
    linker = _Linker(conn, topic, until, classes)
    groups = {}
    for identifier, members in incidents.members(conn, set(identifiers)).items():
        late = stories.stored_between(conn, members, until, learned_by) if learned_by else set()
        told = [s for s in stories.load_many(conn, members) if reported_at(s) < until and s.id not in late]
        if told:
            groups[identifier] = told
    return linker.read(groups)


@dataclass
class _Linker:
    """One linking run: what it knows of the topic, and of what people decided."""

    conn: sqlite3.Connection
    topic: Topic
    now: datetime
    classes: Mapping[str, str]
    ground: Ground = field(init=False)
    people: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        self.ground = Ground(self.topic.places)
        self.people = frozenset(a.id for a in self.topic.actors.values() if a.actor_kind == "person")

    @cached_property
    def decisions(self) -> list[decided.Decision]:
        return decided.decisions(self.conn)

    def link(self, portion: Sequence[str]) -> list[Update]:
        """Link one portion of stories; the caller holds the transaction."""
        loaded = {story.id: story for story in stories.load_many(self.conn, portion)}
        telling = {i for i, story in loaded.items() if story.is_clash}
        touched = set(incidents.incidents_of(self.conn, loaded).values())
        incidents.leave(self.conn, set(loaded) - telling)
        around = self._around([loaded[identifier] for identifier in sorted(telling)])
        linked = incidents.incidents_of(self.conn, around)
        touched |= set(linked.values())
        ahead = [identifier for identifier in around if identifier not in linked and identifier not in loaded]
        around = [identifier for identifier in around if identifier not in set(ahead[_AHEAD:])]
        # An incident that has just lost its last story is among them too, with none.
        old = {gone: list[str]() for gone in touched} | self._with_forced(incidents.members(self.conn, touched))
        wanted = (telling | set(around) | {s for group in old.values() for s in group}) - set(loaded)
        loaded.update({story.id: story for story in stories.load_many(self.conn, sorted(wanted))})
        loaded = {identifier: story for identifier, story in loaded.items() if story.is_clash}
        groups = self._groups(loaded, old)
        updates = self._store(
            name_groups(groups, old, sorted(loaded, key=lambda s: _order(loaded[s])), self._is_free), old, loaded
        )
        waiting.linked(self.conn, portion)
        return updates

    def _around(self, new: Sequence[Story]) -> list[str]:
        """Ids of the stories that may tell of the same as ``new``."""
        days = [day for story in new for day in event_days(story)]
        found: list[str] = []
        if days:
            found += waiting.clashes_between(self.conn, min(days) - _AROUND, max(days) + _AROUND)
        for story in new:
            seen = sighting(story, self.ground, self.people)
            numbers = [(outcome, count) for _, outcome, _, count in seen.figures if count > 2]
            places = seen.spots[:_PLACES] or seen.areas[:_PLACES]
            if event_days(story):
                found += waiting.undated_alike(self.conn, numbers, places, _LIKE_UNDATED)
            else:
                like = waiting.alike(self.conn, numbers, places, _LIKE_UNDATED)
                found += [s for group in incidents.members(self.conn, like).values() for s in group]
        return list(dict.fromkeys(found))

    def _with_forced(self, old: dict[str, list[str]]) -> dict[str, list[str]]:
        """``old`` with the incidents that decisions put together with one of it."""
        wanted = set(old)
        for decision in self.decisions:
            named = {decision.incident, decision.detail.get("other")} - {None}
            now = {incidents.resolve(self.conn, str(name)) for name in named} - {None}
            if now & wanted:
                wanted |= {str(name) for name in now}
        return incidents.members(self.conn, wanted) if wanted - set(old) else old

    def _groups(self, loaded: Mapping[str, Story], old: Mapping[str, list[str]]) -> list[set[str]]:
        """The stories by incident, as they are read now and as people decided."""
        witnesses, followers = self._witnesses(loaded, old)
        seen = [sighting(loaded[identifier], self.ground, self.people) for identifier in witnesses]
        groups = [set(group) for group in cluster(seen, self.ground, self._told_apart())]
        for group in groups:
            group |= {follower for follower, leader in followers.items() if leader in group}
        return self._as_decided(groups)

    def _witnesses(self, loaded: Mapping[str, Story], old: Mapping[str, list[str]]) -> tuple[list[str], dict[str, str]]:
        """The stories to compare, and for each that is left out one that it goes with."""
        followers: dict[str, str] = {}
        most = max(_FEWEST_WITNESSES, min(_WITNESSES, _ALL_WITNESSES // max(1, len(old))))
        for group in old.values():
            known = sorted((s for s in group if s in loaded), key=lambda s: blake2b(s.encode()).digest())
            for story in known[most:]:
                followers[story] = known[0]
        return sorted(set(loaded) - set(followers)), followers

    def _told_apart(self) -> list[Apart]:
        splits = [decision for decision in self.decisions if decision.kind == "split"]
        return [Apart(frozenset(d.detail["stories"]), frozenset(d.detail["rest"])) for d in splits]

    def _as_decided(self, groups: list[set[str]]) -> list[set[str]]:
        """The groups with what people decided of merging and moving done to them, in the order of the decisions."""
        for decision in self.decisions:
            if decision.kind == "merge":
                one, two = (_group_of(groups, decision.detail[name]) for name in ("founder", "other_founder"))
                if one is not None and two is not None and one is not two:
                    one |= two
                    groups = [group for group in groups if group is not two]
            elif decision.kind == "move":
                story = decision.detail["story"]
                there = _group_of(groups, decision.detail["founder"])
                here = _group_of(groups, story)
                if here is not None and there is not None and here is not there:
                    here.discard(story)
                    there.add(story)
        return [group for group in groups if group]

    def _is_free(self, identifier: str) -> bool:
        return incidents.is_free(self.conn, identifier)

    def _store(
        self, named: Mapping[str, set[str]], old: Mapping[str, list[str]], loaded: Mapping[str, Story]
    ) -> list[Update]:
        updates = []
        # What is told of another incident is looked up in the store: every story must have its place before.
        incidents.assign(self.conn, named, self.now)
        told = self.read(
            {identifier: [loaded[story] for story in group] for identifier, group in sorted(named.items())}
        )
        for identifier, read in told.items():
            group = named[identifier]
            before = incidents.load_incident(self.conn, identifier) if identifier in old else None
            merged = sorted(o for o in old if o not in named and set(old[o]) & group)
            split = [o for o in old if o != identifier and before is None and o in named and set(old[o]) & group]
            found = [
                *changes(before, read),
                *(Change("merged", other=other) for other in merged),
                *(Change("split", other=other) for other in split),
            ]
            real = any(change.kind in REAL for change in found)
            after = replace(read, revision=(before.revision + real) if before else 1)
            if before is None or found or after != before:
                incidents.put(self.conn, after, found, self.now)
                updates.append(Update(before, after, tuple(found)))
        for gone in sorted(set(old) - set(named)):
            heirs = sorted(
                (-len(group & set(old[gone])), new) for new, group in named.items() if group & set(old[gone])
            )
            incidents.forward(self.conn, gone, heirs[0][1] if heirs else None, self.now)
        founders = {incident_id(story): identifier for identifier, group in named.items() for story in group}
        incidents.follow(self.conn, founders, self.now)
        return updates

    def read(self, groups: Mapping[str, Sequence[Story]]) -> dict[str, Incident]:
        """The incidents that ``groups`` of stories tell of, with what people decided about them."""
        rejected = frozenset(tuple(d.detail["claim"]) for d in self.decisions if d.kind == "reject")
        belonging = Belonging(self.conn, self.topic, self.ground, self.classes, rejected)
        reports = belonging.reports(groups, self.now)
        return {identifier: self._read(identifier, group, reports[identifier]) for identifier, group in groups.items()}

    def _read(self, identifier: str, group: Sequence[Story], reports: Sequence[Report]) -> Incident:
        renamed = [d.detail["title"] for d in self.decisions if d.kind == "rename" and self._is(d.incident, identifier)]
        return read_incident(
            identifier,
            group,
            reports,
            {story.id: sighting(story, self.ground, self.people) for story in group},
            self.topic,
            self.ground,
            classes=self.classes,
            title=renamed[-1] if renamed else None,
            now=self.now,
        )

    def _is(self, named: str | None, identifier: str) -> bool:
        return named is not None and (named == identifier or incidents.resolve(self.conn, named) == identifier)


def _group_of(groups: Sequence[set[str]], story: str) -> set[str] | None:
    return next((group for group in groups if story in group), None)


def _order(story: Story) -> tuple[bool, datetime, str]:
    known = story.published_at is not None and story.published_precision != "unknown"
    return not known, (story.published_at if known and story.published_at else story.fetched_at), story.id
