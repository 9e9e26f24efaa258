"""People's corrections of how stories were put together: kept with who and why, applied whenever all is read anew."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from monitor.analysis.topic import Topic
from monitor.errors import MonitorError, NotFound
from monitor.linking import OnUpdates, refresh
from monitor.reading import rejection
from monitor.store import decisions as decided
from monitor.store import incidents
from monitor.store.database import transaction
from monitor.store.stories import load_story


class NoDecision(MonitorError):
    """What was decided changes nothing, or cannot be."""

    exit_code = 2


@dataclass(frozen=True)
class Desk:
    """Where decisions are made: the store and topic, who decides, why and when.

    ``classes`` gives, for an origin that does not stand for itself, the one it counts as; ``on_updates`` is given what
    became of the incidents, in the transaction of the decision: alerts are queued with it. Each method keeps a
    decision, reads the incidents it touches anew, both or neither, and returns in words what became of it. Each raises
    NotFound for an incident or story that is not there, and NoDecision.
    """

    conn: sqlite3.Connection
    topic: Topic
    classes: Mapping[str, str]
    by: str
    reason: str
    now: datetime
    on_updates: OnUpdates | None = None

    def merge(self, incident: str, other: str) -> str:
        """Put two incidents together."""
        one, two = self._known(incident), self._known(other)
        if one == two:
            raise NoDecision(f"{incident} and {other} are one incident already ({one})")
        detail = {"other": two, "founder": self._founder(one), "other_founder": self._founder(two)}
        self._keep("merge", one, detail, (one, two))
        return f"{two} is part of {incidents.resolve(self.conn, one)} now"

    def split(self, incident: str, stories: Sequence[str]) -> str:
        """Take ``stories`` out of an incident, to be one of their own."""
        one = self._known(incident)
        members = incidents.members(self.conn, [one])[one]
        strange = [story for story in stories if story not in members]
        if strange:
            raise NotFound(
                f"{', '.join(strange)}: no story of incident {one}; 'monitor show incident {one}' lists them"
            )
        rest = [story for story in members if story not in stories]
        if not rest:
            raise NoDecision(f"{one}: these are all its stories; nothing would be left")
        self._keep("split", one, {"stories": list(stories), "rest": rest}, (one,))
        new = sorted(set(incidents.incidents_of(self.conn, stories).values()))
        return f"{len(stories)} stories of {one} are {' and '.join(new)} now"

    def rename(self, incident: str, title: str) -> str:
        """Give an incident a title that stays."""
        one = self._known(incident)
        title = " ".join(title.split())
        if not title:
            raise NoDecision("a title must have at least one letter")
        self._keep("rename", one, {"title": title}, (one,))
        return f"{one} is called {title!r} now"

    def move(self, story: str, incident: str) -> str:
        """Put a story into another incident; only a story that reports a clash belongs to one."""
        one = self._known(incident)
        found = load_story(self.conn, story)
        if found is None:
            raise NotFound(f"there is no story with id {story!r}")
        if not found.is_clash:
            raise NoDecision(f"story {found.id} reports no clash; only stories that do belong to incidents")
        if found.incident_id == one:
            raise NoDecision(f"story {found.id} belongs to {one} already")
        touched = {one, found.incident_id or one}
        self._keep("move", one, {"story": found.id, "founder": self._founder(one)}, touched)
        return f"story {found.id} belongs to {incidents.incidents_of(self.conn, [found.id])[found.id]} now"

    def reject(self, incident: str, story: str, number: int) -> str:
        """Strike the ``number``-th claim of a story (from 1) out of the ledger; it stays with its story."""
        one = self._known(incident)
        found = load_story(self.conn, story)
        if found is None or (found.incident_id != one and not self._is_told_by(one, found.id)):
            raise NotFound(f"{story}: no story of incident {one}; 'monitor show incident {one}' lists them")
        if not 1 <= number <= len(found.claims):
            raise NotFound(f"story {found.id} has {len(found.claims)} claims, and no number {number}")
        claim = found.claims[number - 1]
        self._keep("reject", one, {"claim": list(rejection(found.id, claim))}, (one,))
        return f"rejected: {claim.quote}"

    def _keep(self, kind: str, incident: str, detail: Mapping[str, object], touched: Collection[str]) -> None:
        with transaction(self.conn):
            decided.decide(self.conn, kind, incident, detail, self.by, self.reason, self.now)
            refresh(self.conn, self.topic, self.now, touched, self.classes, self.on_updates)

    def _is_told_by(self, incident: str, story: str) -> bool:
        """Whether a story of another incident gives a figure of this one beside its own."""
        read = incidents.load_incident(self.conn, incident)
        return read is not None and any(
            figure.story == story for line in read.claims for figure in (*line.history, *line.denials)
        )

    def _known(self, identifier: str) -> str:
        found = incidents.resolve(self.conn, identifier)
        if found is None:
            raise NotFound(f"there is no incident {identifier!r}; 'monitor incidents' lists ids")
        return found

    def _founder(self, incident: str) -> str:
        """The first story of an incident: it stands for it when decisions are applied."""
        return incidents.members(self.conn, [incident])[incident][0]
