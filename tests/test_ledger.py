"""The ledger, the deaths read from it, and what counts as a change."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.analysis.changes import changes
from monitor.analysis.fatalities import fatalities
from monitor.analysis.ledger import Report, agree, bounds, ledger
from monitor.incident import Fatalities, Incident, LedgerLine, status_at
from monitor.items import Claim
from tests.borderland import PLACES, TOPIC, said

SIDES = ("veldria", "ostmark")
SIDE_OF = {party.id: party.side for party in TOPIC.parties.values()} | {"rebels": "other"}
START = datetime(2031, 5, 3, 6, tzinfo=UTC)


def report(number: int, *claims: Claim, origin: str = "") -> Report:
    name = f"s{number:03}"
    url = f"https://{name}.example/"
    return Report(name, name, url, "en", START + timedelta(hours=number), origin or name, claims)


def lines(*reports: Report) -> dict[tuple[str, str, str], LedgerLine]:
    found = ledger(reports, SIDES)
    assert len({line.key for line in found}) == len(found)
    return {(line.claimant, line.party, line.outcome): line for line in found}


def one(*reports: Report) -> LedgerLine:
    (line,) = ledger(reports, SIDES)
    return line


def counts(line: LedgerLine) -> list[int]:
    return [figure.best for figure in line.history]


def test_a_toll_that_rises_keeps_its_history() -> None:
    line = one(report(1, said(12)), report(2, said(12)), report(3, said(23)))
    assert (line.current.best, counts(line)) == (23, [12, 23])
    assert (line.history[0].story, line.history[0].repeats) == ("s001", 1)
    assert line.history[0].quote == said(12).quote and line.history[0].url == "https://s001.example/"


def test_the_order_in_which_stories_come_does_not_matter() -> None:
    reports = [report(1, said(12)), report(2, said(23)), report(3, said(12)), report(4, said(58, claimant="ostmark"))]
    assert ledger(reports, SIDES) == ledger(reports[::-1], SIDES)


def test_a_figure_told_again_later_changes_nothing() -> None:
    assert one(report(1, said(12)), report(2, said(23)), report(3, said(12))).current.best == 23


def test_one_slip_of_one_outlet_moves_nothing_that_many_say() -> None:
    reports = [report(i, said(23)) for i in range(10)]
    assert one(*reports, report(11, said(230))).current.best == 23


def test_a_number_goes_down_only_when_two_stories_say_so() -> None:
    reports = [report(i, said(23)) for i in range(4)]
    assert one(*reports, report(5, said(20))).current.best == 23
    assert one(*reports, report(5, said(20)), report(6, said(20))).current.best == 20


def test_dozens_stand_for_a_number_only_where_there_is_none() -> None:
    dozens = replace(said(12), qualifier="about", quote="Dozens of soldiers were killed.")
    assert one(report(1, said(9)), report(2, dozens), report(3, dozens)).current.best == 9
    assert one(report(1, dozens)).current.best == 12
    about = replace(said(30), qualifier="about", quote="About 30 soldiers were killed.")
    assert one(report(1, said(9)), report(2, about)).current.best == 30


def test_a_range_and_one_end_of_it_are_one_figure() -> None:
    line = one(report(1, said(60, count_high=70)), report(2, said(60)), report(3, said(70)))
    assert len(line.history) == 1 and line.current.repeats == 2
    assert counts(one(report(1, said(60, count_high=70)), report(2, said(90)))) == [60, 90]


def test_repeats_count_stories_and_origins_count_once() -> None:
    line = one(report(1, said(23), said(23), origin="wire"), report(2, said(23), origin="wire"), report(3, said(23)))
    assert line.current.repeats == 2 and line.current.origins == ("wire", "s003")


def test_sides_are_never_merged_and_contradict_each_other() -> None:
    found = lines(report(1, said(58)), report(2, said(23, claimant="ostmark")))
    assert {line.current.best for line in found.values()} == {58, 23}
    assert found["veldria", "ostmark_forces", "killed"].contradicted_by == ("ostmark",)
    assert found["ostmark", "ostmark_forces", "killed"].contradicted_by == ("veldria",)


def test_the_same_number_confirms() -> None:
    found = lines(report(1, said(23)), report(2, said(23, claimant="ostmark")))
    assert found["veldria", "ostmark_forces", "killed"].confirmed_by == ("ostmark",)
    assert not found["veldria", "ostmark_forces", "killed"].contradicted_by


def test_at_least_agrees_with_more_and_things_are_not_compared() -> None:
    found = lines(report(1, said(12, qualifier="at_least", count_high=None)), report(2, said(15, claimant="ostmark")))
    assert not any(line.contradicted_by for line in found.values())
    posts = [said(n, party="unknown", claimant=side, outcome="captured", what="posts") for side, n in
             (("veldria", 25), ("ostmark", 19))]  # fmt: skip
    assert not any(line.contradicted_by or line.confirmed_by for line in ledger([report(1, *posts)], SIDES))


def test_nobody_named_contradicts_nothing() -> None:
    found = lines(report(1, said(58)), report(2, said(23, claimant="unknown", speaker=None)))
    assert not any(line.contradicted_by for line in found.values())


def test_a_denial_stands_with_the_figure_it_denies_and_gives_none() -> None:
    denial = said(58, claimant="ostmark", stance="denied")
    found = lines(report(1, said(12)), report(2, said(58)), report(3, denial))
    line = found["veldria", "ostmark_forces", "killed"]
    assert [figure.quote for figure in line.denials] == [denial.quote]
    assert list(found) == [("veldria", "ostmark_forces", "killed")]


@pytest.mark.parametrize(
    "changed", [{"count_low": 57, "count_high": 57}, {"party": "civilians"}, {"outcome": "injured"}]
)
def test_a_denial_of_something_else_denies_nothing(changed: dict[str, object]) -> None:
    denial = replace(said(58, claimant="ostmark", stance="denied"), **changed)  # type: ignore[arg-type]
    assert not one(report(1, said(58)), report(2, denial)).denials


def test_nobody_gives_a_number_that_he_calls_false() -> None:
    theirs = [report(i, said(8, "civilians")) for i in range(3)]
    misread = [report(i, said(8, "civilians", claimant="ostmark")) for i in (4, 5)]
    denial = report(6, said(8, "civilians", claimant="ostmark", stance="denied"))
    found = lines(*theirs, *misread, denial)
    assert list(found) == [("veldria", "civilians", "killed")]
    assert len(found["veldria", "civilians", "killed"].denials) == 1


def test_a_number_in_the_wrong_mouth_is_left_out_where_that_one_has_its_own() -> None:
    theirs = [report(i, said(58)) for i in range(3)]
    own = [report(i, said(23, claimant="ostmark")) for i in (4, 5)]
    slip = report(6, said(58, claimant="ostmark"))
    assert counts(lines(*theirs, *own, slip)["ostmark", "ostmark_forces", "killed"]) == [23]
    assert counts(lines(*theirs, slip)["ostmark", "ostmark_forces", "killed"]) == [58], "it may have confirmed it"


def test_a_number_retold_without_a_source_is_no_other_claim_but_a_named_one_is() -> None:
    theirs = [report(i, said(58)) for i in range(3)]
    retold = report(4, said(58, claimant="other", speaker=None))
    hospital = report(4, said(58, claimant="other", speaker="the hospital"))
    assert len(lines(*theirs, retold)) == 1
    assert lines(*theirs, hospital)["veldria", "ostmark_forces", "killed"].confirmed_by == ("other",)


def test_whose_losses_is_settled_by_most_stories() -> None:
    clear = [report(i, said(23)) for i in range(3)]
    found = lines(*clear, report(4, said(23, party="unknown")), report(5, said(23, party="civilians")))
    assert list(found) == [("veldria", "ostmark_forces", "killed")]
    small = lines(report(1, said(7)), report(2, said(7, party="civilians")))
    assert len(small) == 2, "seven soldiers and seven others may well have died"
    large = lines(report(1, said(200)), report(2, said(200)), report(3, said(200, party="veldrian_forces")))
    assert len(large) == 1, "one claimant does not count two hundred twice"


def test_bounds_and_agreement() -> None:
    def figure(count: int, qualifier: str = "exact", high: int | None = None):
        return one(report(1, said(count, qualifier=qualifier, count_high=high or count))).current

    assert bounds(figure(12)) == (12, 12)
    assert bounds(figure(100, "about")) == (80, 120)
    assert bounds(figure(12, "up_to")) == (0, 12)
    assert agree(figure(12, "at_least"), figure(20)) and not agree(figure(12, "at_least"), figure(60))
    assert agree(figure(15, high=20), figure(18)) and not agree(figure(23), figure(58))


CLAIMS = st.builds(
    said,
    st.sampled_from([1, 7, 12, 23, 58, 200]),
    st.sampled_from(["ostmark_forces", "veldrian_forces", "civilians", "unknown"]),
    st.sampled_from(["veldria", "ostmark", "other", "unknown"]),
    st.sampled_from(["killed", "injured"]),
    stance=st.sampled_from(["claimed", "claimed", "claimed", "denied"]),
)


@given(st.lists(st.lists(CLAIMS, max_size=4), max_size=8))
def test_the_ledger_says_what_stories_say_and_nothing_else(told: list[list[Claim]]) -> None:
    reports = [report(number, *claims) for number, claims in enumerate(told)]
    found = ledger(reports, SIDES)
    assert ledger(reports[::-1], SIDES) == found
    claims = {(r.story, c.claimant, c.outcome, c.what, c.count_low, c.quote) for r in reports for c in r.claims}
    for line in found:
        assert line.current in line.history
        times = [figure.reported_at for figure in line.history]
        assert times == sorted(times)
        assert len({figure.best for figure in line.history}) == len(line.history)
        for figure in line.history:
            assert (figure.story, line.claimant, line.outcome, line.what, figure.count_low, figure.quote) in claims
            assert figure.repeats < len(reports)
        assert line.claimant not in line.contradicted_by + line.confirmed_by
        assert not set(line.contradicted_by) & set(line.confirmed_by)
    dead = fatalities(found, SIDE_OF, SIDES)
    if dead.best is not None:
        assert dead.low is not None and dead.high is not None
        assert dead.low <= dead.best <= dead.high


# ---- fatalities


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


# ---- changes


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
