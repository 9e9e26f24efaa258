"""What a story's opening shows, what each sign weighs, and how the weights are fitted."""

import pytest

from monitor.analysis.reading import read
from monitor.analysis.signals import opening_signals
from monitor.analysis.signs import Signs, story_signs
from monitor.analysis.topic import Topic
from monitor.analysis.weights import Weights, weights
from tests.eval.weigh import Example, fit
from tests.paths import ROOT

TOPIC = Topic.load(ROOT / "seeds")
FILLER = "The weather was fine and the market was full. It rained later. "


def signs(text: str, title: str = "", language: str = "en") -> Signs:
    return story_signs(opening_signals(TOPIC, read(TOPIC, title, text, language)))


def test_what_the_lead_shows_counts_once_more() -> None:
    text = "Guards exchanged fire at Torkham on Sunday."
    assert {"crossing", "lead crossing", "fight", "lead over fight"} <= signs(text).keys()
    later = signs(FILLER + text)
    assert {"crossing", "over fight"} <= later.keys()
    assert "lead crossing" not in later


def test_a_sign_has_the_words_that_show_it() -> None:
    text = "Afghan forces shelled Chaman, killing two."
    match = signs(text)["toll"]
    assert match is not None
    assert text[match.start : match.end] == "killing"


def test_what_is_told_needs_both_sides_for_some_signs() -> None:
    assert "both & fight" in signs("Afghan and Pakistani troops exchanged fire.")
    assert "both & fight" not in signs("Afghan troops exchanged fire with bandits.")


def test_what_happens_at_another_border_is_told_apart() -> None:
    shown = signs("Troops exchanged fire across the Line of Control in Poonch, killing two.")
    assert "elsewhere fight" in shown
    assert "fight" not in shown


def test_what_stands_behind_the_news_shows_only_that_it_does() -> None:
    shown = signs(FILLER + "Last year Afghan and Pakistani forces exchanged fire at Torkham.")
    assert "standing" in shown
    assert not shown.keys() & {"crossing", "sides", "recalled"}


def test_an_empty_story_shows_nothing() -> None:
    assert signs("") == {}


def test_the_chance_comes_of_what_the_signs_add() -> None:
    weighed = Weights({"bias": -1.0, "one": 1.0, "two": 2.0, "huge": 1e6})
    assert weighed.chance(["one"]) == 0.5
    assert weighed.chance(["one", "two", "unknown"]) == pytest.approx(0.8808, abs=1e-4)
    assert weighed.chance(["huge"]) == pytest.approx(1.0)


def test_weights_know_no_sign_that_nothing_shows() -> None:
    names = set(weights("relevance").of) | set(weights("clash").of)
    assert {"bias", "lead both & fight", "crossing"} <= names
    assert not [name for name in names if name != name.strip() or "  " in name]


def test_a_fit_finds_what_tells_the_examples_apart() -> None:
    rows = [Example(frozenset({"always", "good"}), True, True)] * 20
    rows += [Example(frozenset({"always", "bad"}), False, False)] * 20
    rows += [Example(frozenset({"rare", "good"}), True, True)]
    found = fit(rows, [row.relevant for row in rows])
    assert found["good"] > 0.5 > -0.5 > found["bad"]
    assert "rare" not in found
