"""Incidents as the JSON that the store keeps of them, and back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from monitor.incident import Fatalities, Figure, Incident, LedgerLine, status_at
from monitor.items import Place, moment


def incident_from(record: Mapping[str, Any], now: datetime | None = None) -> Incident:
    """The incident that ``Incident.record`` wrote; with ``now``, its status at this time."""
    first, last = _moment(record["first_reported_at"]), _moment(record["last_reported_at"])
    lines = tuple(_line(line) for line in record["claims"])
    return Incident(
        id=record["id"],
        title=record["title"],
        event_type=record["event_type"],
        date_start=_day(record["date_start"]),
        date_end=_day(record["date_end"]),
        time_precision=record["time_precision"],
        places=tuple(Place(**place) for place in record["places"]),
        lat=record["lat"],
        lon=record["lon"],
        geo_precision=record["geo_precision"],
        status=record["status"] if now is None else status_at(now, last, lines),
        story_ids=tuple(record["story_ids"]),
        outlet_count=record["outlet_count"],
        origin_count=record["origin_count"],
        languages=tuple(record["languages"]),
        actors=tuple(record["actors"]),
        claims=lines,
        fatalities=Fatalities(**record["fatalities"]),
        first_reported_at=first,
        last_reported_at=last,
        revision=record["revision"],
    )


def _line(record: Mapping[str, Any]) -> LedgerLine:
    history = tuple(_figure(figure) for figure in record["history"])
    current = _figure({name: record[name] for name in record["history"][0]})
    return LedgerLine(
        claimant=record["claimant"],
        party=record["party"],
        outcome=record["outcome"],
        what=record["what"],
        current=current,
        history=history,
        denials=tuple(_figure(figure) for figure in record["denials"]),
        contradicted_by=tuple(record["contradicted_by"]),
        confirmed_by=tuple(record["confirmed_by"]),
    )


def _figure(record: Mapping[str, Any]) -> Figure:
    return Figure(**{**record, "reported_at": _moment(record["reported_at"]), "origins": tuple(record["origins"])})


def _moment(text: str) -> datetime:
    found = moment(text)
    assert found is not None
    return found


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
