"""What is different between two readings of an incident, and whether it is a real change."""

from __future__ import annotations

from collections.abc import Iterator

from monitor.analysis.ledger import by_key
from monitor.incident import Change, Incident


def changes(before: Incident | None, after: Incident) -> tuple[Change, ...]:
    """The real changes from ``before`` (None: it was not known) to ``after``; empty when nothing worth telling is new.

    More stories that say the same are no change; another figure, a denial, a contradiction, one more independent
    origin, a new place are.
    """
    if before is None:
        return (Change("new"), *_claims(None, after))
    return (*_claims(before, after), *_disputes(before, after), *_extent(before, after))


def _claims(before: Incident | None, after: Incident) -> Iterator[Change]:
    old = by_key(before.claims) if before else {}
    for line in after.claims:
        was = old.get(line.key)
        if was is None:
            yield Change("claim", line=line)
        elif (was.current.count_low, was.current.count_high) != (line.current.count_low, line.current.count_high):
            yield Change("claim", line=line, was=was.current)


def _disputes(before: Incident, after: Incident) -> Iterator[Change]:
    old = by_key(before.claims)
    for line in after.claims:
        was = old.get(line.key)
        for other in line.contradicted_by:
            if was is None or other not in was.contradicted_by:
                yield Change("contradiction", line=line, other=other)
        if line.denials and not (was and was.denials):
            yield Change("denial", line=line, text=line.denials[0].quote)


def _extent(before: Incident, after: Incident) -> Iterator[Change]:
    if after.origin_count > before.origin_count:
        yield Change("confirmed", text=str(after.origin_count))
    known = {place.id for place in before.places}
    for place in after.places:
        if place.id not in known and before.places:
            yield Change("place", text=place.name)
    if before.status != after.status:
        yield Change("status", text=after.status)


# Changes that make a new revision of an incident; the others are noted with the revision it has.
REAL = frozenset({"new", "claim", "denial", "contradiction", "merged", "split"})
