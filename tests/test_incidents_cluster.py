"""Stories into incidents: what joins them, what forbids it, and that their order does not matter."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.analysis.incidents import Apart, cluster, days_of, why
from monitor.analysis.sightings import IMPOSSIBLE, Wording, compare
from monitor.items import Story
from tests.borderland import DAY, GROUND, PLACES, said, seen, story


def groups(stories: list[Story], *apart: Apart) -> list[list[str]]:
    """The incidents, each as the names of its outlets."""
    names = {item.id: item.source for item in stories}
    found = cluster([seen(item) for item in stories], GROUND, apart)
    return sorted(sorted(names[identifier] for identifier in group) for group in found)


def weight(a: Story, b: Story) -> float:
    first, second = seen(a), seen(b)
    return sum(reason.weight for reason in compare(first, second, GROUND, Wording([first, second])))


def test_same_day_place_and_toll_are_one_incident_across_languages() -> None:
    one = story("one", said(23))
    assert groups([one, story("two", said(23), at=["west-gate"]), story("three", said(23), language="fa")]) == [
        ["one", "three", "two"]
    ]


def test_the_same_crossing_four_days_later_is_another() -> None:
    later = DAY + timedelta(days=4)
    assert groups([story("one", said(23)), story("two", said(23), day=later)]) == [["one"], ["two"]]


def test_two_districts_on_one_day_are_two() -> None:
    assert groups([story("one", said(3)), story("two", said(7), at=["far-pass"])]) == [["one"], ["two"]]


def test_a_day_that_rules_it_out_stands_alone() -> None:
    first, second = seen(story("one", said(23))), seen(story("two", said(23), day=DAY + timedelta(days=9)))
    reasons = compare(first, second, GROUND, Wording([first, second]))
    assert [reason.kind for reason in reasons] == ["date"] and reasons[0].weight == IMPOSSIBLE


def test_a_story_published_before_an_event_does_not_tell_of_it() -> None:
    early = story("early", said(23), day=None, published_at=story("x", day=DAY - timedelta(days=3)).published_at)
    assert weight(early, story("dated", said(23))) == IMPOSSIBLE


def test_a_raid_on_a_town_is_not_the_fight_at_the_crossing() -> None:
    raid = story("raid", said(8, "civilians"), at=["capital"], event_type="air_strike")
    assert groups([raid, story("fight", said(8))]) == [["fight"], ["raid"]]


def test_rare_numbers_speak_louder_than_small_and_round_ones() -> None:
    pairs = {n: weight(story("one", said(n)), story("two", said(n))) for n in (1, 5, 200, 58)}
    assert pairs[1] < pairs[5] < pairs[200] < pairs[58]


def test_denied_figures_join_nothing() -> None:
    assert weight(story("one", said(58)), story("two", said(58))) > weight(
        story("one", said(58)), story("two", said(58, stance="denied"))
    )


def test_a_night_along_the_line_takes_in_single_places_and_leaves_the_capital_and_raids_alone() -> None:
    wide = [story(f"wide{i}", said(58), said(23, claimant="ostmark"), at=["east-gate", "far-pass", "last-ford"])
            for i in range(4)]  # fmt: skip
    single = story("single", said(4), at=["last-ford"])
    blast = story("blast", at=["capital"], event_type="ied")
    raid = story("raid", said(9, "civilians"), at=["capital"], event_type="air_strike")
    before = story("before", said(2), at=["last-ford"], day=DAY - timedelta(days=4))
    assert groups([*wide, single, blast, raid, before]) == [
        ["before"],
        ["blast", "raid"],  # what was first heard of a raid is of that raid
        ["single", "wide0", "wide1", "wide2", "wide3"],
    ]


def test_raids_of_one_night_take_in_what_was_first_heard_of_one_of_their_places() -> None:
    raids = [story(f"raid{i}", at=["capital", "far-pass"], event_type="air_strike") for i in range(4)]
    raids += [story(f"pass{i}", at=["far-pass"], event_type="air_strike") for i in range(4)]
    blast = story("blast", at=["capital"], event_type="ied", language="fa", actors=[])
    fight = story("fight", said(3), at=["last-ford"], event_type="shelling")
    found = groups([*raids, blast, fight])
    assert ["fight"] in found and len(found) == 2
    assert "blast" in next(group for group in found if "raid0" in group)


def test_what_people_told_apart_stays_apart() -> None:
    stories = [story(name, said(23)) for name in ("one", "two", "three")]
    apart = Apart(frozenset({stories[0].id}), frozenset({stories[1].id, stories[2].id}))
    assert groups(stories) == [["one", "three", "two"]]
    assert groups(stories, apart) == [["one"], ["three", "two"]]


def test_days_are_those_that_enough_stories_give() -> None:
    night = [seen(replace(story(f"s{i}"), event_date_end=DAY + timedelta(days=1))) for i in range(9)]
    slip = seen(story("slip", day=DAY - timedelta(days=3)))
    assert days_of([*night, slip]) == (DAY, DAY + timedelta(days=1))
    assert days_of([slip]) == (DAY - timedelta(days=3),) * 2
    assert days_of([seen(story("undated", day=None, published_at=None, published_precision="unknown"))]) is None


def test_why_names_the_story_and_the_reasons() -> None:
    near, far = story("near", said(58)), story("far", said(4), at=["highmoor"], language="fa")
    other, reasons = why(seen(story("one", said(58))), [seen(near), seen(far)], GROUND)
    assert other == near.id
    assert {reason.kind for reason in reasons} >= {"date", "place", "figures", "type"}
    assert any("58" in reason.about for reason in reasons)


def test_nothing_and_one_story() -> None:
    assert cluster([], GROUND) == []
    assert groups([story("one")]) == [["one"]]


SPOTS = st.lists(st.sampled_from(sorted(GROUND.telling(PLACES))), min_size=0, max_size=3, unique=True)


@st.composite
def some_stories(draw: st.DrawFn) -> list[Story]:
    found = []
    for number in range(draw(st.integers(1, 9))):
        claims = [said(n) for n in draw(st.lists(st.sampled_from([1, 4, 12, 23, 58]), max_size=2, unique=True))]
        day = draw(st.sampled_from([None, DAY, DAY + timedelta(days=1), DAY + timedelta(days=5)]))
        kind = draw(st.sampled_from(["armed_clash", "shelling", "air_strike", "attack"]))
        found.append(story(f"outlet{number}", *claims, at=draw(SPOTS), day=day, event_type=kind))
    return found


@settings(max_examples=60, deadline=None)
@given(some_stories(), st.randoms(use_true_random=False))
def test_clusters_are_a_partition_whatever_the_order(stories: list[Story], rng: random.Random) -> None:
    found = groups(stories)
    assert sorted(name for group in found for name in group) == sorted(item.source for item in stories)
    shuffled = rng.sample(stories, len(stories))
    assert groups(shuffled) == found


@pytest.mark.parametrize("times", [0.8, 1.2])
def test_weights_are_not_on_a_knife_edge(times: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the tests above say of clear cases holds when a weight is a fifth larger or smaller."""
    from monitor.analysis import sightings

    stories = [
        story("one", said(23)), story("two", said(23), at=["west-gate"], language="fa"),
        story("other", said(7), at=["far-pass"]), story("later", said(23), day=DAY + timedelta(days=4)),
    ]  # fmt: skip
    expected = [["later"], ["one", "two"], ["other"]]
    for name in ("_SAME_PLACE", "_OTHER_PLACE", "_MOST_BY_FIGURES", "_SAME_TYPE", "_PER_ACTOR", "_PER_COSINE"):
        with monkeypatch.context() as patch:
            patch.setattr(sightings, name, getattr(sightings, name) * times)
            assert groups(stories) == expected, name
