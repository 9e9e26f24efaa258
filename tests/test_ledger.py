"""The ledger, the deaths read from it, and what counts as a change."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.analysis.fatalities import fatalities
from monitor.analysis.ledger import agree, bounds, ledger
from monitor.analysis.tally import Report
from monitor.incident import LedgerLine
from monitor.items import Claim
from tests.borderland import TOPIC, said

SIDES = ("veldria", "ostmark")
SIDE_OF = {party.id: party.side for party in TOPIC.parties.values()} | {"rebels": "other"}
START = datetime(2031, 5, 3, 6, tzinfo=UTC)


def report(number: int, *claims: Claim, origin: str = "", source: str = "") -> Report:
    name = f"s{number:03}"
    url = f"https://{name}.example/"
    return Report(name, source or name, url, "en", START + timedelta(hours=number), origin or name, claims)


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


def test_a_story_that_tells_a_figure_twice_is_one_repeat() -> None:
    assert one(report(1, said(23), said(23)), report(2, said(23), said(23))).current.repeats == 1


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


def test_a_denial_is_of_whose_losses_the_denied_number_counts() -> None:
    theirs = [report(i, said(200, "rebels", claimant="ostmark")) for i in range(3)]
    denial = said(200, "veldrian_forces", claimant="veldria", stance="denied")
    misread = said(200, "veldrian_forces", claimant="ostmark")
    line = lines(*theirs, report(4, denial, misread))["ostmark", "rebels", "killed"]
    assert [figure.stance for figure in line.denials] == ["denied"] and line.current.repeats == 3


def test_each_side_counts_the_civilians_on_its_own_side() -> None:
    def against(*claims: Claim) -> dict[str, tuple[str, ...]]:
        found = ledger([report(i, claim) for i, claim in enumerate(claims)], SIDES, ["civilians"])
        return {line.claimant: line.contradicted_by for line in found}

    ours, theirs = said(100, "civilians"), said(4, "civilians", claimant="ostmark")
    assert against(ours, theirs) == {"veldria": (), "ostmark": ()}
    missionaries = said(346, "civilians", claimant="other")
    assert against(ours, theirs, missionaries) == {"veldria": ("other",), "ostmark": (), "other": ("veldria",)}


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


def test_a_large_number_in_the_wrong_mouth_is_left_out_whosever_losses_it_is_said_to_count() -> None:
    theirs = [report(i, said(23, claimant="ostmark")) for i in range(3)]
    own = [report(i, said(9, "veldrian_forces")) for i in (4, 5)]
    slip = report(6, said(23, "veldrian_forces"))
    assert counts(lines(*theirs, *own, slip)["veldria", "veldrian_forces", "killed"]) == [9]
    small = [report(i, said(7, claimant="ostmark")) for i in range(3)]
    assert counts(
        lines(*small, *own, report(6, said(7, "veldrian_forces")))["veldria", "veldrian_forces", "killed"]
    ) == [9, 7]


def test_a_number_that_its_only_outlet_takes_back_leaves_the_history() -> None:
    others = [report(i, said(16)) for i in (1, 2)]
    wrong = report(3, said(26), source="gazette")
    assert counts(one(*others, wrong)) == [16, 26]
    assert counts(one(*others, wrong, report(4, said(16), source="gazette"))) == [16]
    assert counts(one(*others, wrong, report(4, said(16), said(26), source="gazette"))) == [16, 26], "both are told"
    assert counts(one(*others, wrong, report(4, said(16), source="herald"))) == [16, 26], "another outlet's word"
    assert counts(one(*others, wrong, report(5, said(26)), report(4, said(16), source="gazette"))) == [16, 26]


def test_a_figure_that_rises_is_not_taken_back() -> None:
    assert counts(one(report(1, said(12), source="gazette"), report(2, said(23), source="gazette"))) == [12, 23]


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
