"""How many died by the ledger, and what is different between two ledgers."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from monitor.analysis.changes import changes
from monitor.analysis.fatalities import fatalities
from monitor.analysis.ledger import ledger
from monitor.analysis.tally import Report
from monitor.incident import Fatalities, Incident, status_at
from monitor.items import Claim
from tests.borderland import PLACES, said
from tests.test_ledger import SIDE_OF, SIDES, START, report


def dead(*claims: Claim) -> Fatalities:
    return fatalities(ledger([report(i, claim) for i, claim in enumerate(claims)], SIDES), SIDE_OF, SIDES)


def test_no_death_reported() -> None:
    assert dead(said(4, outcome="injured")) == Fatalities()


def test_a_side_is_believed_about_its_own_dead() -> None:
    assert dead(said(58), said(23, claimant="ostmark")) == Fatalities(23, 23, 58)


def test_the_dead_of_both_sides_and_civilians_are_added() -> None:
    found = dead(
        said(58), said(23, claimant="ostmark"), said(9, "veldrian_forces"),
        said(200, "veldrian_forces", claimant="ostmark"), said(2, "civilians", claimant="other"),
    )  # fmt: skip
    assert found == Fatalities(23 + 9 + 2, 23 + 9 + 2, 58 + 200 + 2)


def test_each_sides_own_civilians_are_added() -> None:
    ours, theirs = said(12, "civilians"), said(4, "civilians", claimant="ostmark")
    assert dead(ours, theirs) == Fatalities(16, 4, 16)
    assert dead(ours, theirs, said(17, "civilians", claimant="other")) == Fatalities(16, 4, 21)
    assert dead(ours, said(17, "civilians", claimant="other")) == Fatalities(12, 12, 17)


def test_rebels_count_with_the_side_that_the_claimant_fights() -> None:
    assert dead(said(9, "veldrian_forces"), said(200, "rebels", claimant="ostmark")) == Fatalities(9, 9, 200)
    assert dead(said(5, "rebels", claimant="other")) == Fatalities(5, 5, 5)


def test_deaths_of_nobody_named_count_only_beyond_the_others() -> None:
    assert dead(said(23), said(30, "unknown", claimant="other")) == Fatalities(23, 23, 30)
    assert dead(said(30, "unknown", claimant="other"), said(20, "unknown")) == Fatalities(20, 20, 30)


def test_a_figure_that_nobody_stands_for_moves_no_bound() -> None:
    rumour = said(1000, "civilians", claimant="unknown", speaker=None)
    assert dead(said(8, "civilians"), rumour) == Fatalities(8, 8, 8)
    assert dead(rumour) == Fatalities(1000, 1000, 1000)


def incident(*reports: Report, **changed: object) -> Incident:
    found = ledger(reports, SIDES)
    values: dict[str, object] = {
        "id": "i1", "title": "Armed clash", "event_type": "armed_clash", "date_start": None, "date_end": None,
        "time_precision": "unknown", "places": (PLACES["east-gate"].item(),), "lat": None, "lon": None,
        "geo_precision": None, "status": "developing", "story_ids": tuple(r.story for r in reports),
        "outlet_count": len(reports), "origin_count": 1, "languages": ("en",), "actors": (), "claims": found,
        "fatalities": Fatalities(), "first_reported_at": START, "last_reported_at": START,
    }  # fmt: skip
    return Incident(**{**values, **changed})  # type: ignore[arg-type]


def kinds(before: Incident | None, after: Incident) -> list[str]:
    return [change.kind for change in changes(before, after)]


def test_new_and_unchanged() -> None:
    first = incident(report(1, said(12)))
    assert kinds(None, first) == ["new", "claim"]
    assert kinds(first, first) == []
    assert kinds(first, incident(report(1, said(12)), report(2, said(12)))) == []


def test_another_figure_tells_what_was_before() -> None:
    first = incident(report(1, said(12)))
    (found,) = changes(first, incident(report(1, said(12)), report(2, said(23))))
    assert found.kind == "claim" and found.was and found.was.best == 12 and found.line and found.line.current.best == 23


def test_contradiction_and_denial_are_changes_of_both_lines() -> None:
    first = incident(report(1, said(58)))
    other = incident(report(1, said(58)), report(2, said(23, claimant="ostmark")))
    assert sorted(kinds(first, other)) == ["claim", "contradiction", "contradiction"]
    denied = incident(report(1, said(58)), report(2, said(58, claimant="ostmark", stance="denied")))
    assert kinds(first, denied) == ["denial"]
    assert kinds(denied, denied) == []


def test_origin_place_and_status() -> None:
    first = incident(report(1, said(12)))
    places = (*first.places, PLACES["far-pass"].item())
    wider = replace(first, origin_count=2, places=places, status="contested")
    assert kinds(first, wider) == ["confirmed", "place", "status"]


def test_status_of_an_incident() -> None:
    calm, disputed = ledger([report(1, said(12))], SIDES), ledger(
        [report(1, said(12)), report(2, said(58, claimant="ostmark"))], SIDES
    )  # fmt: skip
    assert status_at(START, START, calm) == "developing"
    assert status_at(START, START, disputed) == "contested"
    assert status_at(START + timedelta(hours=49), START, disputed) == "quiet"
