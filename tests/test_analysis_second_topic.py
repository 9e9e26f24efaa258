"""Another border is another seeds folder: reading, judging and tagging work on it without a change of code."""

from monitor.analysis.keypoints import choose_key_points
from monitor.analysis.reading import read
from monitor.analysis.relevance import judge
from monitor.analysis.screen import Screen
from monitor.analysis.tags import tag
from monitor.analysis.topic import Topic
from tests.paths import ROOT

TOPIC = Topic.load(ROOT / "tests" / "second_topic")
OURS = Topic.load(ROOT / "seeds")
TITLE = "Five killed as Veldrian and Ostmark troops clash"
TEXT = (
    "Veldrian troops and Ostmark guards exchanged fire at Karst Gate on Monday, and five people were killed. "
    "The Ostmark defence ministry said that the Veldrian army fired first along the Grenz Line. "
    "The crossing was closed to traders."
)


def test_a_clash_on_the_other_border() -> None:
    judgement = judge(TOPIC, read(TOPIC, TITLE, TEXT, "en"))
    assert judgement.relevant
    assert judgement.is_clash
    assert judgement.event_type == "armed_clash"
    assert "exchanged fire" in [piece.words for piece in judgement.evidence]


def test_it_is_nothing_to_our_border_nor_ours_to_it() -> None:
    assert judge(OURS, read(OURS, TITLE, TEXT, "en")).relevance == 0
    ours = "Afghan and Pakistani guards exchanged fire at Torkham, killing two."
    assert judge(OURS, read(OURS, "", ours, "en")).relevant
    assert judge(TOPIC, read(TOPIC, "", ours, "en")).relevance == 0


def test_tags_come_from_its_folder() -> None:
    tags = tag(TOPIC, read(TOPIC, TITLE, TEXT, "en"))
    assert [place.id for place in tags.places] == ["karst-gate"]
    assert {"veldrian-army", "ostmark-ministry"} == set(tags.actors)
    assert {"clash", "exchange of fire", "Grenz Line", "killed", "Veldrian army"} <= {k.keyword for k in tags.keywords}


def test_key_points() -> None:
    reading = read(TOPIC, "", TEXT, "en")
    assert choose_key_points(TOPIC, reading, "en")[0].startswith("Veldrian troops and Ostmark guards exchanged fire")


def test_screen() -> None:
    screen = Screen(TOPIC)
    assert screen.may_be_relevant(f"<p>{TEXT}</p>".encode(), None)
    assert not screen.may_be_relevant(b"<p>Veldrian cheese won a prize.</p>", None)
