"""What a story's text goes back to: its credit, the text it repeats, the side whose word it is, or its outlet."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path

import pytest

from monitor.analysis.origins import Agency, Origins, load_agencies
from monitor.analysis.topic import Topic
from monitor.errors import SeedsError
from monitor.imports import import_lines
from monitor.items import Story
from monitor.reading import class_of, report
from monitor.reprocess import reprocess
from monitor.store.database import open_store
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


def test_a_story_with_one_officials_word_alone_goes_back_to_him() -> None:
    ministry = said(9, "veldrian_forces", "ostmark", speaker="Ostmark defence ministry")
    assert ORIGINS.find(story("paper", ministry)) == "ostmark-ministry"
    assert ORIGINS.find(story("paper", said(9, claimant="ostmark", speaker="a colonel"))) == "paper", "told to it alone"
    assert ORIGINS.find(story("paper", said(9, claimant="ostmark"), said(58))) == "paper"
    assert ORIGINS.find(story("paper", said(9, claimant="other"))) == "paper"


def test_an_agencys_own_story_goes_back_to_it_whatever_it_repeats() -> None:
    assert ORIGINS.find(story("world-wire", said(9)), repeated="paper") == "world-wire"
    ministry = said(9, "veldrian_forces", "ostmark", speaker="Ostmark defence ministry")
    assert ORIGINS.find(story("world-wire", ministry)) == "world-wire", "its own account of what was said"
    assert ORIGINS.find(told("EASTDALE (OWA) - Guards fought.", source="world-wire")) == "ost-wire", (
        "a print of another's"
    )


BODY = (
    "Guards of both sides fought at the east gate for most of the night, and the sound of guns was heard as far away as"
    " the market town, where people stayed up until the morning. A spokesman of the district said that the first shots"
    " had come from the other bank of the river, and that the gate would stay closed until the damage had been seen to."
    " Nobody on this side was hurt by the shells, he added, but two barns and the roof of a school had burnt down."
)


def imported(folder: Path, *sources: str, text: str = BODY) -> dict[str, str]:
    """The origin of each print of a text that the outlets ``sources`` have, taken in in this order."""
    lines = [
        json.dumps({"url": f"https://{name}.example/a", "source": name, "text": text + f" Told by {name}."}).encode()
        for name in sources
    ]
    with closing(open_store(folder / "m.db")) as conn:
        import_lines(lines, conn, TOPIC, lambda n, fault: None, {}, ORIGINS)
        before = dict(conn.execute("select source, origin from stories").fetchall())
        assert (
            conn.execute("select count(*) from stories where duplicate_of is not null").fetchone()[0] == len(lines) - 1
        )
        reprocess(conn, TOPIC, {}, origins=ORIGINS)
        assert dict(conn.execute("select source, origin from stories").fetchall()) == before
    return before


def test_prints_that_came_before_the_agencys_own_story_go_back_to_it(tmp_path: Path) -> None:
    assert set(imported(tmp_path, "paper", "herald", "world-wire", "courier").values()) == {"world-wire"}


def test_prints_that_no_agency_is_behind_go_back_to_the_first(tmp_path: Path) -> None:
    assert set(imported(tmp_path, "paper", "herald", "courier").values()) == {"paper"}


def test_all_voices_of_one_side_are_one_independent_origin() -> None:
    names = ("veldria-gazette", "veldrian-army", "veldria", "ost-wire", "ostmark-ministry", "world-wire", "paper")
    counted = {name: class_of(story("paper", origin=name), ORIGINS.classes) for name in names}
    assert counted["veldria-gazette"] == counted["veldrian-army"] == counted["veldria"]
    assert counted["ost-wire"] == counted["ostmark-ministry"] != counted["veldria"]
    assert (counted["world-wire"], counted["paper"]) == ("world-wire", "paper")


def test_what_a_sides_voice_says_nobody_told_it_is_that_sides_word() -> None:
    bare = said(9, "veldrian_forces", "unknown", speaker=None)
    other = said(4, "veldrian_forces", "other", speaker="a shepherd")
    gazette = story("veldria-gazette", bare, other, origin="veldria-gazette")
    told_by = report(gazette, gazette.claims, ORIGINS.classes)
    assert [claim.claimant for claim in told_by.claims] == ["veldria", "other"]
    paper = story("paper", bare, origin="paper")
    assert [claim.claimant for claim in report(paper, paper.claims, ORIGINS.classes).claims] == ["unknown"]


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
