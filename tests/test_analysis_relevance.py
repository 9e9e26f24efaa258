"""Judgements: what they rest on, and the shape they have; how often they are right is measured in tests/eval."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.analysis.keypoints import choose_key_points
from monitor.analysis.reading import read
from monitor.analysis.relevance import Judgement, judge
from monitor.analysis.tags import tag
from monitor.analysis.topic import Topic
from monitor.items import EVENT_TYPES
from tests.paths import ROOT

TOPIC = Topic.load(ROOT / "seeds")


def judged(text: str, language: str = "en", title: str = "") -> Judgement:
    return judge(TOPIC, read(TOPIC, title, text, language))


CLASH = "Afghan and Pakistani border guards exchanged fire near Torkham on Sunday, killing two soldiers."


def test_a_clash() -> None:
    judgement = judged(CLASH)
    assert judgement.relevant
    assert judgement.is_clash
    assert judgement.event_type == "armed_clash"


def test_the_evidence_points_at_its_words() -> None:
    judgement = judged(CLASH, title="Two die on the Durand Line")
    assert judgement.evidence
    for piece in judgement.evidence:
        part = "Two die on the Durand Line" if piece.part == "title" else CLASH
        assert part[piece.start : piece.end] == piece.words
        assert piece.weight
    assert "exchanged fire" in [piece.words for piece in judgement.evidence if piece.weight > 0]


def test_what_speaks_against_is_evidence_too() -> None:
    judgement = judged("Afghan and Pakistani players clashed in the T20 series at Sharjah.")
    assert not judgement.relevant
    assert [piece for piece in judgement.evidence if piece.weight < 0]


def test_one_side_alone_is_never_relevant() -> None:
    assert judged("Pakistani troops exchanged fire with gunmen, killing two soldiers.").relevance == 0
    assert judged("Afghan forces shelled a hideout in Panjshir, killing two.").relevance == 0


def test_only_the_opening_is_judged() -> None:
    filler = "The weather was fine and the market was full. " * 60
    assert len(filler) > 2000
    assert judged(CLASH + " " + filler).relevant
    assert not judged("Pakistan and Afghanistan sent students. " + filler + CLASH).relevant


def test_the_lead_counts_more_than_what_follows() -> None:
    filler = "The weather was fine and the market was full. " * 30
    assert judged(CLASH).relevance > judged(filler + CLASH).relevance > 0


def test_the_title_alone_can_tell() -> None:
    assert judged("", title="Pakistani jets bomb Afghan villages in Khost, killing nine").relevant


@pytest.mark.parametrize(
    ("text", "event_type"),
    [
        ("Pakistani air strikes hit Barmal in the Afghan province of Paktika on Friday, killing 12.", "air_strike"),
        (
            "Afghan forces fired mortars and artillery at Pakistani posts in Chaman on Sunday; shelling killed two.",
            "shelling",
        ),
        ("A Pakistani drone strike killed two people in Afghanistan's Nangarhar on Monday.", "drone_strike"),
        ("Pakistani troops foiled an infiltration attempt from Afghanistan on Friday, killing nine.", "infiltration"),
        ("Pakistan and the Afghan Taliban began a round of talks in Istanbul on Thursday.", "talks"),
        ("Pakistan and Afghanistan agreed to a ceasefire after fighting along the Durand Line.", "ceasefire"),
        (
            "The Torkham crossing between Pakistan and Afghanistan was closed on Sunday as tensions rose.",
            "crossing_closed",
        ),
        ("Pakistan condemned what it called Kabul's support for safe havens on Afghan soil.", "statement"),
    ],
)
def test_event_types(text: str, event_type: str) -> None:
    judgement = judged(text)
    assert judgement.relevant
    assert judgement.event_type == event_type


def test_an_irrelevant_story_has_no_event() -> None:
    judgement = judged("The weather was fine.")
    assert (judgement.relevant, judgement.is_clash, judgement.event_type) == (False, False, "other")


@pytest.mark.parametrize(
    "text",
    [
        "Afghan and Pakistani guards exchanged fire near Torkham last year, killing two soldiers.",
        "What is the Durand Line? An explainer on the clashes between Pakistani and Afghan forces at Torkham.",
        "Pakistan warned the Afghan Taliban of strikes if attacks from Afghan soil go on.",
    ],
)
def test_what_is_past_explained_or_threatened_is_no_clash(text: str) -> None:
    judgement = judged(text)
    assert judgement.relevant
    assert not judgement.is_clash


@settings(deadline=None)
@given(st.text(max_size=200), st.text(max_size=500), st.sampled_from(["en", "ur", "ps", "fa", "hi", "und"]))
def test_any_text_can_be_judged(title: str, text: str, language: str) -> None:
    judgement = judged(text, language, title)
    assert 0 <= judgement.relevance <= 1
    assert judgement.relevant == (judgement.relevance >= TOPIC.threshold)
    assert judgement.event_type in EVENT_TYPES
    assert judgement.relevant or not judgement.is_clash


@pytest.mark.parametrize("filling", ["a", "آ", "killed Torkham ", "Afghan Pakistani clash. ", "23 ", "\n", "؟"])
def test_a_megabyte_of_anything_is_judged_and_tagged(filling: str) -> None:
    reading = read(TOPIC, "", filling * (1_000_000 // len(filling)), "en")
    judgement = judge(TOPIC, reading)
    assert 0 <= judgement.relevance <= 1
    assert len(tag(TOPIC, reading).places) <= len(TOPIC.places)
    assert len(choose_key_points(TOPIC, reading, "en")) <= 3


@pytest.mark.parametrize(
    ("language", "text"),
    [
        # written where one side is at home, which it does not name
        ("ur", "سکیورٹی ذرائع نے بتایا کہ ہفتے کی شب پکتیکا اور خوست میں فضائی حملوں میں 40 خارجی مارے گئے۔"),
        # a border town whose name is also a word
        ("ur", "جمعے کی رات چمن اور اسپن بولدک کے درمیان شدید گولہ باری ہوئی، چار افغان شہری مارے گئے۔"),
        # a province with a short name
        ("ur", "کنڑ سے داغے گئے تین گولے باجوڑ کے ایک گاؤں میں گرے جس سے ایک بچی جاں بحق ہو گئی۔"),
    ],
)
def test_one_side_may_go_without_its_name(language: str, text: str) -> None:
    assert judge(TOPIC, read(TOPIC, "", text, language)).is_clash
