"""How places lie to each other, on an invented border."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest

from monitor.analysis.ground import kilometres
from monitor.analysis.sightings import scene
from tests.borderland import GROUND, PLACES, story


@pytest.mark.parametrize(
    ("first", "second", "low", "high"),
    [
        ("east-gate", "east-gate", 1, 1),
        ("east-gate", "eastdale", 0.8, 1),  # in its district
        ("east-gate", "west-gate", 0.7, 0.9),  # faces it across the line
        ("east-gate", "eastdale-village", 0.6, 0.9),  # in the same district
        ("east-gate", "highmoor", 0.1, 0.5),  # in its province: says little
        ("highmoor", "highmoor", 0.1, 0.5),
        ("east-gate", "far-pass", -1, -1),
        ("east-gate", "capital", -1, -1),
    ],
)
def test_relations(first: str, second: str, low: float, high: float) -> None:
    assert low <= GROUND.related(first, second) <= high
    assert GROUND.related(first, second) == GROUND.related(second, first)


def test_relations_are_symmetric_and_bounded() -> None:
    known = GROUND.telling(PLACES)
    for a, b in product(known, known):
        assert -1 <= GROUND.related(a, b) <= 1
        assert GROUND.related(a, b) == GROUND.related(b, a), (a, b)


def test_countries_and_the_line_tell_no_place() -> None:
    assert GROUND.telling(["ostmark", "the-line", "highmoor", "east-gate", "nowhere"]) == ("highmoor", "east-gate")
    assert GROUND.spots(["highmoor", "east-gate", "eastdale"]) == ("east-gate", "eastdale")
    assert GROUND.at_the_line(["capital", "east-gate"]) == ("east-gate",)
    assert GROUND.is_line("the-line") and not GROUND.is_line("east-gate")


def test_spread_counts_places_that_lie_apart() -> None:
    assert GROUND.spread(["east-gate", "eastdale-village", "far-pass", "last-ford"]) == (
        "east-gate",
        "far-pass",
        "last-ford",
    )


def test_nearest_gives_the_pair() -> None:
    assert GROUND.nearest(["far-pass", "east-gate"], ["last-ford", "west-gate"])[1:] == ("east-gate", "west-gate")


def test_kilometres_of_a_degree_and_of_no_point() -> None:
    assert kilometres(PLACES["east-gate"], PLACES["far-pass"]) == pytest.approx(222.4, abs=0.2)
    assert kilometres(PLACES["east-gate"], PLACES["ostmark"]) is None


def test_a_fight_on_the_ground_is_at_the_line_not_where_somebody_spoke_of_it() -> None:
    told = story("capital-speaks", at=["capital", "highmoor"])
    assert scene(told, GROUND) == (), "of its places only the province lies at the line"
    assert scene(replace(told, event_type="air_strike"), GROUND) == ("capital",)
    assert scene(story("inland", at=["capital"]), GROUND) == ("capital",), "it names nothing at the line"
    assert scene(story("gate", at=["capital", "east-gate"]), GROUND) == ("east-gate",)
