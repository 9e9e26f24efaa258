"""The seeds we ship are whole: every entry can be found, ids agree with the documented ones, coordinates make sense."""

import csv
import re
from collections import Counter
from pathlib import Path

import pytest

from monitor.analysis.gazetteer import COLUMNS, GazetteerPlace
from monitor.analysis.lexicon import CATEGORIES, Word
from monitor.analysis.reading import read
from monitor.analysis.text import boundaries, fold
from monitor.analysis.topic import Topic
from monitor.items import EVENT_TYPES
from tests.paths import ROOT

SEEDS = ROOT / "seeds"
TOPIC = Topic.load(SEEDS)
LANGUAGES = ("en", "ur", "ps", "fa", "hi")
ARABIC = re.compile("[\u0620-\u06ff]")


def test_the_ids_of_the_record() -> None:
    assert TOPIC.sides == ("afghanistan", "pakistan")
    assert set(TOPIC.all_sides) == {"afghanistan", "pakistan", "other", "unknown"}
    assert set(TOPIC.parties) == {"pakistani_forces", "afghan_forces", "militants", "civilians", "unknown"}


def test_event_words_have_event_types() -> None:
    used = {word.means for word in TOPIC.words if word.category == "event"}
    assert used <= EVENT_TYPES
    assert used >= EVENT_TYPES - {"other"}


@pytest.mark.parametrize(
    ("category", "allowed"),
    [
        ("outcome", {"killed", "injured", "captured", "missing", "displaced", "destroyed"}),
        ("cue", {"line", "across", "near", "border", "crossing"}),
        ("qualifier", {"exact", "at_least", "more_than", "about", "up_to", "range"}),
        ("weekday", {"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"}),
    ],
)
def test_meanings_are_of_the_documented_vocabulary(category: str, allowed: set[str]) -> None:
    assert {word.means for word in TOPIC.words if word.category == category} <= allowed


def test_a_keyword_has_one_category() -> None:
    tags: dict[str, set[str]] = {}
    for word in TOPIC.words:
        if word.keyword:
            tags.setdefault(word.keyword.casefold(), set()).add(word.tag)
    for actor in TOPIC.actors.values():
        if actor.keyword:
            tags.setdefault(actor.keyword.casefold(), set()).add(actor.tag)
    assert {keyword: found for keyword, found in tags.items() if len(found) > 1} == {}


def test_keywords_are_english() -> None:
    assert [word.keyword for word in TOPIC.words if word.keyword and not word.keyword.isascii()] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_form_is_in_the_script_of_its_language(language: str) -> None:
    wrong = []
    for word in TOPIC.words:
        if word.language != language:
            continue
        for form in word.forms:
            arabic, latin = bool(ARABIC.search(form)), bool(re.search("[a-zA-Z]", form))
            devanagari = bool(re.search("[\u0900-\u097f]", form))
            expected = {"en": latin and not arabic, "hi": devanagari and not arabic}.get(
                language, arabic and not devanagari
            )
            if not expected and not re.fullmatch(r"[\W\d_]*[$%\d.]*[\W\d_]*", form):
                wrong.append(form)
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_form_is_found_in_a_text(language: str) -> None:
    """A form that no text can match is a mistake: it holds a letter that folding changes, or a trap swallows it."""
    missed = []
    for word in TOPIC.words:
        if word.language != language or word.category in ("trap", "grammar"):
            continue
        for form in word.forms:
            if not boundaries(fold(form)).strip():
                continue
            reading = read(TOPIC, "", f"\n{form}\n", language)
            if not any(isinstance(match.entry, Word) and match.entry.means == word.means for match in reading.matches):
                missed.append((word.category, word.means, form))
    assert missed == []


def test_every_category_is_used() -> None:
    assert CATEGORIES - {word.category for word in TOPIC.words} == set()


def rows() -> list[dict[str, str]]:
    with (SEEDS / "gazetteer.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_the_gazetteer_is_large_and_its_coordinates_lie_in_the_region() -> None:
    assert len(TOPIC.places) >= 480
    for place in TOPIC.places.values():
        if place.lat is not None and place.lon is not None:
            assert 23 < place.lat < 39, place.id
            assert 60 < place.lon < 75.5, place.id
            # Of the line there is a middle, which is no place to mark on a map.
            assert place.geo_precision in ((None,) if place.kind == "line" else (1, 2, 3)), place.id


def test_a_place_has_both_coordinates_or_none() -> None:
    assert [place.id for place in TOPIC.places.values() if (place.lat is None) != (place.lon is None)] == []


def test_places_name_their_province() -> None:
    provinces = {
        name for place in TOPIC.places.values() if place.kind in ("province", "state") for name in place.admin1
    }
    unknown = {name for place in TOPIC.places.values() for name in place.admin1} - provinces
    assert unknown <= {"Islamabad"}


def test_faces_are_on_the_other_side() -> None:
    for place in TOPIC.places.values():
        if place.faces and len(place.countries) == 1:
            other = TOPIC.places[place.faces]
            assert other.countries != place.countries, (place.id, other.id)


def test_every_name_leads_to_its_place() -> None:
    """Each name in each language, with its province beside it, is read as that place or as one of the same name."""
    missed = []
    for place in TOPIC.places.values():
        for language, names in place.names.items():
            for name in names:
                reading = read(TOPIC, "", _in_context(place, name, language), language)
                found = {match.entry.id for match in reading.matches if isinstance(match.entry, GazetteerPlace)}
                if place.id not in found and not found & _namesakes(name):
                    missed.append((place.id, language, name))
    assert missed == []


def _in_context(place: GazetteerPlace, name: str, language: str) -> str:
    beside = [name, *place.context]
    beside += [
        other
        for province in TOPIC.places.values()
        if province.name in place.admin1
        for other in province.names.get(language, ())[:1]
    ]
    if place.faces:
        beside += TOPIC.places[place.faces].names.get(language, ())[:1]
    return ". ".join(beside)


def _namesakes(name: str) -> set[str]:
    key = boundaries(fold(name)).strip()
    return {
        place.id
        for place in TOPIC.places.values()
        for names in place.names.values()
        for other in (*names, place.name)
        if boundaries(fold(other)).strip() == key
    }


def test_sources_of_coordinates_are_known() -> None:
    assert set(Counter(row["source"] for row in rows())) <= {
        "UCDP-GED",
        "GeoNames",
        "AF-districts",
        "hand-known",
        "none",
    }
    assert list(rows()[0]) == COLUMNS


def test_every_actor_can_be_named() -> None:
    assert [actor.id for actor in TOPIC.actors.values() if not actor.names.get("en")] == []


@pytest.mark.parametrize("name", ["README.md", "NOTICE"])
def test_origin_and_licence_are_told(name: str) -> None:
    text = (SEEDS / name).read_text(encoding="utf-8")
    for origin in ("UCDP", "GeoNames", "CC BY 4.0", "MIT"):
        assert origin in text


def test_the_readme_documents_every_file_field_and_category() -> None:
    text = (SEEDS / "README.md").read_text(encoding="utf-8")
    for path in sorted(SEEDS.glob("*.*")):
        assert path.name in text, path.name
    for name in (*COLUMNS, *CATEGORIES, "strength", "keyword", "filed_as", "confused_with", "threshold"):
        assert f"`{name}`" in text, name


def test_no_machine_path_is_in_the_seeds() -> None:
    assert [path for path in SEEDS.rglob("*.toml") if f"{ROOT}/" in path.read_text(encoding="utf-8")] == []


def test_files_end_in_a_line_break() -> None:
    files = [path for path in SEEDS.rglob("*") if path.suffix in (".toml", ".csv", ".md")]
    assert [path for path in files if not Path(path).read_bytes().endswith(b"\n")] == []
