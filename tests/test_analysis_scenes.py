"""Which places a story is filed under: where something happened, not where somebody spoke, was treated or came from."""

import pytest

from monitor.analysis.reading import read
from monitor.analysis.scenes import scenes
from monitor.analysis.topic import Topic
from tests.paths import ROOT

TOPIC = Topic.load(ROOT / "seeds")


def places(text: str, title: str = "", language: str = "en") -> list[str]:
    return [mention.place.id for mention in scenes(TOPIC, read(TOPIC, title, text, language))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("PESHAWAR: Afghan and Pakistani guards exchanged fire at Torkham on Sunday, killing two.", {"torkham"}),
        (
            "Pakistani jets bombed Barmal district in Paktika on Friday and killed nine. The wounded were taken to Sharana.",
            {"barmal", "paktika"},
        ),
        (
            "Guards traded fire at Angoor Adda, an official in Wana said. Pakistan blamed Afghan troops.",
            {"angoor-adda"},
        ),
        (
            "Pakistani aircraft struck Khost on Monday in response to an attack in Bannu that killed seven soldiers.",
            {"khost"},
        ),
        ("Afghan and Pakistani forces clashed along the Durand Line overnight, killing dozens.", {"durand-line"}),
    ],
)
def test_where_it_happened(text: str, expected: set[str]) -> None:
    assert set(places(text)) == expected


def test_a_story_that_tells_of_no_incident_has_all_places_it_names() -> None:
    found = places(
        "Officials of Pakistan and Afghanistan will meet at Torkham and then at Chaman to speak about visas."
    )
    assert set(found) == {"torkham", "chaman"}


def test_the_likeliest_comes_first_with_its_chance() -> None:
    text = "Afghan forces shelled Chaman on Sunday, killing six people in Chaman, said a doctor in Quetta."
    found = scenes(TOPIC, read(TOPIC, "", text, "en"))
    assert found[0].place.id == "chaman"
    assert found[0].count == 2
    assert 0.5 < found[0].prominence <= 1
    assert "quetta" not in places(text)


def test_a_headline_may_stand_above_the_dateline() -> None:
    text = (
        "Rockets kill four in Bajaur\nKHAR: Two rockets fired from Afghanistan hit a house on Wednesday, police said."
    )
    assert places(text) == ["bajaur"]
