"""An incident, our reading of many stories: where and when, who stands behind it, and the ledger of what is claimed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Literal

from monitor.items import Place, isoformat

Status = Literal["developing", "contested", "quiet"]
# After so long without a new report an incident is quiet.
_QUIET_AFTER = timedelta(hours=48)
# What the ledger has one line for: who says it, whose losses, killed or captured or …, and of what (posts, tanks).
LineKey = tuple[str, str, str, str | None]


@dataclass(frozen=True, slots=True)
class Figure:
    """A number as the first story that has it says it, with its sentence; ``repeats`` counts the stories after it.

    ``origins`` are the independent origins it comes from; ``reported_at`` is when the first story was published.
    """

    count_low: int | None
    count_high: int | None
    qualifier: str
    stance: str
    speaker: str | None
    quote: str
    start: int
    end: int
    story: str
    source: str
    url: str
    language: str
    reported_at: datetime
    origins: tuple[str, ...]
    repeats: int = 0

    @property
    def best(self) -> int:
        """The number to show and to compare: the lower bound, or the only one there is."""
        return self.count_low if self.count_low is not None else self.count_high or 0

    def record(self) -> dict[str, Any]:
        """The figure as a JSON-ready object."""
        return {**asdict(self), "reported_at": isoformat(self.reported_at), "origins": list(self.origins)}


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """What one claimant says of one party's losses of one kind: the ``current`` figure, and the ``history`` up to it.

    ``history`` has each different figure once, as first told, oldest first; ``current`` is one of them. ``denials`` are
    other claimants' sentences that say it is not so. ``contradicted_by`` are claimants who give another figure for the
    same losses; ``confirmed_by`` those who give the same.
    """

    claimant: str
    party: str
    outcome: str
    what: str | None
    current: Figure
    history: tuple[Figure, ...]
    denials: tuple[Figure, ...] = ()
    contradicted_by: tuple[str, ...] = ()
    confirmed_by: tuple[str, ...] = ()

    @property
    def key(self) -> LineKey:
        """Which line of the ledger this is."""
        return self.claimant, self.party, self.outcome, self.what

    def record(self) -> dict[str, Any]:
        """The line as a JSON-ready object, the current figure's fields first."""
        return {
            "claimant": self.claimant,
            "party": self.party,
            "outcome": self.outcome,
            "what": self.what,
            **self.current.record(),
            "history": [figure.record() for figure in self.history],
            "denials": [figure.record() for figure in self.denials],
            "contradicted_by": list(self.contradicted_by),
            "confirmed_by": list(self.confirmed_by),
        }


@dataclass(frozen=True, slots=True)
class Fatalities:
    """Deaths in an incident: a cautious estimate and its bounds; all None when no death is reported."""

    best: int | None = None
    low: int | None = None
    high: int | None = None


@dataclass(frozen=True, slots=True)
class Incident:
    """One incident as read of all its stories. ``revision`` counts its real changes; ``story_ids`` are oldest first."""

    id: str
    title: str
    event_type: str
    date_start: date | None
    date_end: date | None
    time_precision: str
    places: tuple[Place, ...]
    lat: float | None
    lon: float | None
    geo_precision: int | None
    status: Status
    story_ids: tuple[str, ...]
    outlet_count: int
    origin_count: int
    languages: tuple[str, ...]
    actors: tuple[str, ...]
    claims: tuple[LedgerLine, ...]
    fatalities: Fatalities
    first_reported_at: datetime
    last_reported_at: datetime
    revision: int = 1

    def record(self) -> dict[str, Any]:
        """The incident as one JSON-ready object with the documented fields in the documented order."""
        return {
            "id": self.id,
            "title": self.title,
            "event_type": self.event_type,
            "date_start": self.date_start.isoformat() if self.date_start else None,
            "date_end": self.date_end.isoformat() if self.date_end else None,
            "time_precision": self.time_precision,
            "places": [asdict(place) for place in self.places],
            "lat": self.lat,
            "lon": self.lon,
            "geo_precision": self.geo_precision,
            "status": self.status,
            "story_ids": list(self.story_ids),
            "outlet_count": self.outlet_count,
            "origin_count": self.origin_count,
            "languages": list(self.languages),
            "actors": list(self.actors),
            "claims": [line.record() for line in self.claims],
            "fatalities": asdict(self.fatalities),
            "first_reported_at": isoformat(self.first_reported_at),
            "last_reported_at": isoformat(self.last_reported_at),
            "revision": self.revision,
        }


ChangeKind = Literal[
    "new", "merged", "split", "claim", "denial", "contradiction", "confirmed", "place", "status", "renamed"
]


@dataclass(frozen=True, slots=True)
class Change:
    """One real change of an incident. ``line`` is the ledger line it is about, where it is about one.

    ``new``: first seen. ``claim``: a claimant gives a first or another figure (``was`` is the one before).
    ``denial``, ``contradiction``: a figure is denied, or another claimant gives another one. ``confirmed``: one more
    independent origin. ``merged``, ``split``: with or from the incident ``other``. ``status``: developing, contested,
    quiet. ``place``: a place it was not known to reach.
    """

    kind: ChangeKind
    line: LedgerLine | None = None
    other: str | None = None
    text: str = ""
    was: Figure | None = None

    def record(self) -> dict[str, Any]:
        """What is different, as a JSON-ready object."""
        line = self.line
        return {
            "claimant": line and line.claimant,
            "party": line and line.party,
            "outcome": line and line.outcome,
            "what": line and line.what,
            "figure": line and line.current.record(),
            "was": self.was and self.was.record(),
            "other": self.other,
            "text": self.text,
        }


def status_at(now: datetime, last_reported_at: datetime, lines: Sequence[LedgerLine]) -> Status:
    """``quiet`` when nothing was reported for two days, ``contested`` while figures are disputed, else ``developing``.

    A figure is disputed that somebody stands for, and another denies or gives otherwise.
    """
    if now - last_reported_at > _QUIET_AFTER:
        return "quiet"
    disputed = any((line.contradicted_by or line.denials) and line.claimant != "unknown" for line in lines)
    return "contested" if disputed else "developing"


@dataclass(frozen=True, slots=True)
class Update:
    """What one linking run made of one incident: its state before (None: new) and after, and what is different."""

    before: Incident | None
    after: Incident
    changes: tuple[Change, ...] = field(default=())
