"""Loading a seeds folder: what it holds, and how a mistake in it is told."""

import shutil
from pathlib import Path

import pytest

from monitor.analysis.topic import Topic
from monitor.errors import SeedsError
from tests.paths import ROOT

SECOND = ROOT / "tests" / "second_topic"


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    """A copy of the small second topic that a test may spoil."""
    return Path(shutil.copytree(SECOND, tmp_path / "seeds"))


def spoil(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{old!r} is not in {path.name}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_a_topic_holds_all_of_its_folder() -> None:
    topic = Topic.load(SECOND)
    assert topic.name == "Grenz Line"
    assert topic.sides == ("veldria", "ostmark")
    assert topic.places["karst-gate"].names["en"] == ("Karst crossing",)
    assert topic.actors["veldrian-army"].party == "veldrian_forces"
    assert topic.side_of_country == {"XA": "veldria", "XB": "ostmark"}
    assert topic.side_of(topic.places["highmoor"]) == "ostmark"
    assert topic.side_of(topic.places["karst-gate"]) == "", "a crossing lies on both sides"


def test_the_topic_is_frozen() -> None:
    with pytest.raises(AttributeError):
        Topic.load(SECOND).threshold = 1.0  # type: ignore[misc]


def test_a_language_may_have_several_files(seeds: Path) -> None:
    word = '[[word]]\ncategory = "event"\nmeans = "shelling"\nforms = "howitzer"\n'
    (seeds / "lexicon" / "en-more.toml").write_text(word, encoding="utf-8")
    assert {word.language for word in Topic.load(seeds).words} == {"en"}
    assert any(word.forms == ("howitzer",) for word in Topic.load(seeds).words)


@pytest.mark.parametrize(
    ("file", "old", "new", "field", "says"),
    [
        ("topic.toml", "threshold = 0.5", "threshold = 2", "threshold", "from 0 to 1"),
        ("topic.toml", "threshold = 0.5", "treshold = 0.5", "treshold", "unknown field"),
        ("topic.toml", '"ostmark"]', '"eastmark"]', "sides", "eastmark"),
        ("topic.toml", '["veldria", "ostmark"]', '["veldria", "veldria"]', "sides", "two sides"),
        ("topic.toml", "[relevance]", "[extra]\n[relevance]", "extra", "unknown table"),
        ("actors.toml", 'kind = "force"', 'kind = "farce"', "kind", "farce"),
        ("actors.toml", 'side = "veldria"\nparty', 'side = "eldria"\nparty', "side", "eldria"),
        ("actors.toml", 'id = "country-ostmark"', 'id = "country-veldria"', "id", "already"),
        ("actors.toml", "names_en", "name_en", "name_en", "unknown field"),
        ("actors.toml", 'party = "veldrian_forces"', 'filed_as = "nobody"', "filed_as", "nobody"),
        ("gazetteer.csv", "1.5,2.5", "195,2.5", "lat", "between -90 and 90"),
        ("gazetteer.csv", "1.5,2.5", "north,2.5", "lat", "north"),
        ("gazetteer.csv", ",crossing,", ",crosing,", "kind", "crosing"),
        ("gazetteer.csv", "highmoor,", "karst-gate,", "id", "already"),
        ("gazetteer.csv", ",,ostmark,,", ",,westmark,,", "faces", "westmark"),
        ("lexicon/en.toml", 'category = "event"', 'category = "events"', "category", "events"),
        ("lexicon/en.toml", 'forms = "clash', 'form = "clash', "form", "unknown field"),
        ("lexicon/en.toml", 'forms = "clash | clashes | clashed"', 'forms = " | "', "forms", "no form"),
        ("lexicon/en.toml", 'means = "killed"\n', "", "means", "is missing"),
    ],
)
def test_a_mistake_is_told_with_its_place(seeds: Path, file: str, old: str, new: str, field: str, says: str) -> None:
    spoil(seeds / file, old, new)
    with pytest.raises(SeedsError, match=says) as caught:
        Topic.load(seeds)
    assert caught.value.path == seeds / file
    assert caught.value.field == field
    if says == "unknown table":
        return  # it stands in no table, so no line is told
    assert caught.value.line is not None
    row = (seeds / file).read_text(encoding="utf-8").splitlines()[caught.value.line - 1]
    if says == "is missing":
        assert row == "[[word]]", "what is not there is looked for in its table"
    elif file.endswith("toml"):
        assert field in row


def test_broken_toml_names_its_line(seeds: Path) -> None:
    spoil(seeds / "lexicon" / "en.toml", 'means = "killed"', "means = killed")
    with pytest.raises(SeedsError) as caught:
        Topic.load(seeds)
    assert caught.value.line is not None


def test_a_missing_file_is_told(seeds: Path) -> None:
    (seeds / "gazetteer.csv").unlink()
    with pytest.raises(SeedsError, match="cannot be read"):
        Topic.load(seeds)


def test_an_empty_lexicon_is_told(seeds: Path) -> None:
    (seeds / "lexicon" / "en.toml").unlink()
    with pytest.raises(SeedsError, match="no lexicon"):
        Topic.load(seeds)


def test_a_wrong_number_is_told(seeds: Path) -> None:
    (seeds / "lexicon" / "numbers.csv").write_text("value,en,ur,ps,fa,hi\ntwo,two,,,,\n", encoding="utf-8")
    with pytest.raises(SeedsError, match="whole number") as caught:
        Topic.load(seeds)
    assert (caught.value.line, caught.value.field) == (2, "value")
