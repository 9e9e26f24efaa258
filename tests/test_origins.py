"""What a story's text goes back to: its credit, the text it repeats, the side whose word it is, or its outlet."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.analysis.origins import Agency, Origins, load_agencies
from monitor.analysis.topic import Topic
from monitor.errors import SeedsError
from monitor.items import Story
from monitor.reading import class_of
from tests.borderland import TOPIC, said, story
from tests.paths import ROOT

ORIGINS = Origins(
    TOPIC,
    [Agency("world-wire", "World Wire", ("World Wire", "WWA")), Agency("ost-wire", "Ost Wire", ("OWA",), "ostmark")],
    {"veldria-gazette": "veldria"},
)


def told(text: str, **changed: object) -> Story:
    return story("paper", **{"text": text, "origin": None, **changed})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    [
        "EASTDALE (WWA) - Guards fought at the gate.\nMore of it.",
        "EASTDALE, May 3 (World Wire) — Guards fought at the gate.",
        "WWA: Guards fought at the gate.",
        "Guards fought at the gate.\nNobody was hurt. (WWA)",
        "Guards fought at the gate.\nSource: World Wire",
        "Guards fought at the gate.\nWith inputs from WWA and staff",
    ],
)
def test_credits_in_the_dateline_and_in_the_last_line(text: str) -> None:
    assert ORIGINS.find(told(text)) == "world-wire"


@pytest.mark.parametrize(
    "text",
    [
        "Guards fought at the gate, an officer told WWA on Saturday.\nNobody was hurt.",
        "Guards fought.\nA reporter of the World Wire was hurt in it, and then the day went on as before.",
        "Guards fought at the gate.\nThe WWA building was not hit.\nIt is closed.",
    ],
)
def test_an_agency_that_was_told_something_is_no_origin(text: str) -> None:
    assert ORIGINS.find(told(text)) == "paper"


def test_the_byline_credits_and_an_unknown_agency_is_known_by_its_letters() -> None:
    assert ORIGINS.find(told("Guards fought.", byline="World Wire")) == "world-wire"
    assert ORIGINS.find(told("EASTDALE (XYZ) - Guards fought at the gate.")) == "xyz"


def test_a_credit_goes_before_the_text_that_is_repeated_and_that_before_the_outlet() -> None:
    assert ORIGINS.find(told("EASTDALE (WWA) - Guards fought."), repeated="other") == "world-wire"
    assert ORIGINS.find(told("Guards fought."), repeated="other") == "other"
    assert ORIGINS.find(told("Guards fought.")) == "paper"


def test_a_story_with_one_sides_word_alone_goes_back_to_it() -> None:
    ministry = said(9, "veldrian_forces", "ostmark", speaker="Ostmark defence ministry")
    assert ORIGINS.find(story("paper", ministry)) == "ostmark-ministry"
    assert ORIGINS.find(story("paper", said(9, claimant="ostmark", speaker="a colonel"))) == "ostmark"
    assert ORIGINS.find(story("paper", said(9, claimant="ostmark"), said(58))) == "paper"
    assert ORIGINS.find(story("paper", said(9, claimant="other"))) == "paper"


def test_all_voices_of_one_side_are_one_independent_origin() -> None:
    names = ("veldria-gazette", "veldrian-army", "veldria", "ost-wire", "ostmark-ministry", "world-wire", "paper")
    counted = {name: class_of(story("paper", origin=name), ORIGINS.classes) for name in names}
    assert counted["veldria-gazette"] == counted["veldrian-army"] == counted["veldria"]
    assert counted["ost-wire"] == counted["ostmark-ministry"] != counted["veldria"]
    assert (counted["world-wire"], counted["paper"]) == ("world-wire", "paper")


def test_mistakes_in_the_file_are_named(tmp_path: Path) -> None:
    path = tmp_path / "agencies.toml"
    good = '[[agency]]\nid = "one"\nname = "One"\ncredits = "ONE | One Wire"\n'
    path.write_text(good)
    assert load_agencies(path, TOPIC) == [Agency("one", "One", ("ONE", "One Wire"))]
    for text, words in (
        (good + good, "declared twice"),
        (good + 'speaks_for = "atlantis"\n', "no side of actors.toml"),
        (good + "colour = 1\n", "colour"),
    ):
        path.write_text(text)
        with pytest.raises(SeedsError, match=words):
            load_agencies(path, TOPIC)


def test_the_shipped_agencies_can_be_told_apart() -> None:
    topic = Topic.load(ROOT / "seeds")
    found = [*load_agencies(ROOT / "seeds" / "agencies.toml", topic)]
    found += load_agencies(ROOT / "seeds" / "replay" / "agencies.toml", topic)
    credited = {(name.casefold(), agency.id) for agency in found for name in agency.credits}
    assert len(credited) == len({name for name, _ in credited}) and len(found) > 10
    origins = Origins(topic, found, {})
    for agency in found:
        for name in agency.credits:
            assert origins.find(told(f"TOWN ({name}) - Guards fought at the gate.")) == agency.id, name
