"""Key points: whole sentences that carry the story."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.analysis.keypoints import choose_key_points
from monitor.analysis.reading import read
from monitor.analysis.text import sentences
from monitor.analysis.topic import Topic
from tests.paths import ROOT

TOPIC = Topic.load(ROOT / "seeds")


def points(text: str, title: str = "", language: str = "en", highlights: tuple[str, ...] = ()) -> list[str]:
    return choose_key_points(TOPIC, read(TOPIC, title, text, language), language, highlights)


STORY = """Read more: our coverage of the region
By A Reporter
(Photo: a truck waits at the gate.)
The morning was cold and the bazaar opened late, as it always does in winter.
Two Pakistani soldiers were killed and five wounded when Afghan forces shelled a post near Torkham on Sunday, the military said.
The Afghan defence ministry rejected the claim and accused Pakistan of firing first, saying that three of its guards died.
Two Pakistani soldiers were killed and five wounded when Afghan forces shelled a post near Torkham, the military said on Sunday.
The crossing was closed and both sides agreed to hold talks on Monday.
The town lies on an old road that merchants have used for a thousand years or more."""


def test_what_happened_then_who_says_what_then_what_follows() -> None:
    first, second, third = points(STORY)
    assert first.startswith("Two Pakistani soldiers were killed")
    assert second.startswith("The Afghan defence ministry rejected")
    assert third.startswith("The crossing was closed")


def test_nothing_is_said_twice() -> None:
    assert len([point for point in points(STORY) if point.startswith("Two Pakistani")]) == 1


def test_a_point_is_no_repetition_of_the_title() -> None:
    title = "Two Pakistani soldiers killed, five wounded as Afghan forces shell post near Torkham on Sunday"
    text = "Two Pakistani soldiers were killed and five wounded as Afghan forces shelled a post near Torkham on Sunday. Talks begin on Monday at the border, both sides said."
    assert points(text, title) == ["Talks begin on Monday at the border, both sides said."]


def test_furniture_is_no_point() -> None:
    text = "Read more\nPhoto: AFP\nBy A Reporter in Town\nFollow us on @outlet.\nSee https://outlet.example/live for all we know.\nSubscribe"
    assert points(text) == []


def test_the_pages_own_highlights_are_taken() -> None:
    own = (
        "Two killed near the gate.",
        " Talks on  Monday. ",
        "Two killed near the gate.",
        "Trade has stopped for now.",
        "A fourth.",
    )
    assert points(STORY, highlights=own) == [
        "Two killed near the gate.",
        "Talks on Monday.",
        "Trade has stopped for now.",
    ]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (
            "ur",
            "طورخم سرحد پر فائرنگ سے دو پاکستانی فوجی شہید اور پانچ زخمی ہوئے۔ افغان طالبان نے پاکستان پر پہلے فائرنگ کا الزام لگایا۔ سرحد ہر قسم کی آمدورفت کے لیے بند کر دی گئی ہے۔ موسم سرد اور خشک ہے اور بازار کھلے ہیں۔",
        ),
        (
            "ps",
            "په تورخم کې په ډزو کې دوه پاکستاني سرتېري وژل شوي او پنځه ټپیان دي. طالبانو پر پاکستان د لومړیو ډزو تور لګولی دی. د تورخم لاره پر ټولو مسافرو تړل شوې ده. هوا سړه ده او بازارونه نن خلاص دي.",
        ),
        (
            "fa",
            "در تیراندازی در تورخم دو سرباز پاکستانی کشته و پنج تن زخمی شدند. طالبان پاکستان را به آغاز تیراندازی متهم کردند. گذرگاه تورخم به روی همه مسافران بسته شده است. هوا سرد است و بازارها امروز باز هستند.",
        ),
    ],
)
def test_points_in_the_language_of_the_story(language: str, text: str) -> None:
    whole = [text[start:end] for start, end in sentences(text)]
    assert points(text, language=language) == whole[:3]


def test_a_short_story_has_fewer_points() -> None:
    assert len(points("Two soldiers were killed near Torkham on Sunday. Ends.")) == 1
    assert points("") == []


@settings(deadline=None)
@given(st.text(max_size=600), st.text(max_size=60))
def test_points_are_whole_sentences_of_the_text(text: str, title: str) -> None:
    whole = {" ".join(text[start:end].split()) for start, end in sentences(text)}
    chosen = points(text, title)
    assert len(chosen) <= 3
    assert len(set(chosen)) == len(chosen)
    assert set(chosen) <= whole
