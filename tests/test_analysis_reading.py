"""Finding the topic's words, names and numbers in a story."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.analysis.reading import Match, Reading, read
from monitor.analysis.text import fold
from monitor.analysis.topic import Topic
from tests.paths import ROOT

TOPIC = Topic.load(ROOT / "seeds")


def found(text: str, language: str, *kinds: str, title: str = "") -> list[tuple[str, Any]]:
    """The words and the meaning of every match of some kinds."""
    reading = read(TOPIC, title, text, language)
    return [(reading.words(match), meaning(match)) for match in reading.of(*kinds)]


def meaning(match: Match) -> Any:
    for name in ("id", "means", "value"):
        if (value := getattr(match.entry, name, None)) is not None:
            return value
    raise AssertionError(match)


@pytest.mark.parametrize(
    ("text", "language", "words", "means"),
    [
        ("The ceasefire held.", "en", "ceasefire", "ceasefire"),
        ("سرحد پر جنگ بندی ہو گئی۔", "ur", "جنگ بندی", "ceasefire"),
        ("سرحد پر جنگ‌بندی ہو گئی۔", "ur", "جنگ‌بندی", "ceasefire"),
        ("دو طرف بر سر آتش‌بس توافق کردند.", "fa", "آتش‌بس", "ceasefire"),
        ("دو طرف بر سر آتش بس توافق کردند.", "fa", "آتش بس", "ceasefire"),
        ("دو طرف بر سر آتشبس توافق کردند.", "fa", "آتشبس", "ceasefire"),
        ("د اوربند په اړه خبرې", "ps", "د اوربند", "ceasefire"),
    ],
)
def test_the_longest_form_wins(text: str, language: str, words: str, means: str) -> None:
    events = found(text, language, "event")
    assert (words, means) in events
    assert not [word for word, meant in events if meant == "armed_clash"], "war is not read inside ceasefire"


def test_a_word_inside_another_is_not_found() -> None:
    assert found("The bulldozer was mortared into a warm shellac wall.", "en", "event") == []


def test_persian_endings_may_be_glued_or_set_apart() -> None:
    for text in ("درگیری‌های شدید", "درگیریهای شدید", "درگیری های شدید"):
        assert [means for _, means in found(text, "fa", "event")] == ["armed_clash"]


def test_letter_variants_and_signs_do_not_matter() -> None:
    plain = found("حمله هوایی در ننگرهار", "fa", "event", "place")
    assert [means for _, means in found("حملۀ هوايي در نَنگرهار", "fa", "event", "place")] == [m for _, m in plain]


def test_words_of_a_language_in_the_same_script_do_not_count() -> None:
    assert found("اس میں سے", "ur", "event") == [], "Persian for mine is Urdu for in, without its dot"
    assert ("درون", "drone_strike") not in found("گھر کے درون", "ur", "event")


def test_a_post_in_another_script_is_read_too() -> None:
    text = "The spokesman wrote: افغان فورسز کی فائرنگ سے دو افراد زخمی ہوئے"
    assert "injured" in [means for _, means in found(text, "en", "outcome")]


def test_an_unknown_language_counts_all_words() -> None:
    assert found("حملات هوایی", "und", "event")


@pytest.mark.parametrize(
    ("text", "language", "place"),
    [
        ("Chaman was shelled.", "en", "chaman"),
        ("چمن میں باب دوستی پر فائرنگ", "ur", "chaman"),
        ("طورخم بارڈر بند", "ur", "torkham"),
        ("په سپینبولدک کې", "ps", "spin-boldak"),
        ("در سپین‌بولدک", "fa", "spin-boldak"),
        ("काबुल में धमाका", "hi", "kabul"),
    ],
)
def test_places(text: str, language: str, place: str) -> None:
    assert place in [means for _, means in found(text, language, "place")]


def test_an_ambiguous_name_needs_its_context() -> None:
    assert found("باغ میں چمن ہرا ہے۔", "ur", "place") == []
    assert ("مردان", "mardan") not in found("زنان و مردان", "fa", "place")


def test_context_chooses_among_places_of_one_name() -> None:
    near = found("Fighters crossed into Jani Khel and Bannu.", "en", "place")
    assert ("Jani Khel", "jani-khel-bannu") in near
    far = found("A house in the Jani Khel district of Paktika was hit.", "en", "place")
    assert "jani-khel-paktika" in [place for _, place in far]


def test_a_bare_name_is_the_place_that_the_story_names_in_full() -> None:
    text = "در ولسوالی برمل ولایت پکتیکا بازاری بمباران شد. برمل در امتداد خط دیورند و روبه‌روی وزیرستان جنوبی است."
    found = [match.entry.id for match in read(TOPIC, "", text, "fa").of("place")]  # type: ignore[attr-defined]
    assert "south-waziristan" in found and "barmal" in found and "birmal-sw" not in found


def test_a_place_inside_a_longer_name_is_that_name() -> None:
    assert [place for _, place in found("The Kabul River is low.", "en", "place")] == ["kabul-river"]
    assert found("The TTP, or Tehreek-i-Taliban Pakistan, denied it.", "en", "place") == []


def test_traps_swallow_what_is_inside_them() -> None:
    assert found("A fuel tanker burned.", "en", "object") == []
    assert found("He wrote in a post on X.", "en", "object") == []


def test_numbers_in_all_digits_and_words() -> None:
    values = [value for _, value in found("At least 1,500 of ۲۳ and ٤٥ and 12.5 and fifty-eight", "en", "number")]
    assert values == [1500, 23, 45, 58]


def test_offsets_are_those_of_the_original() -> None:
    reading = read(TOPIC, "حملۀ هوایی", "او گفت: «د‌ست‌کم ۲۳ تن کشته شدند»", "fa")
    for match in reading.matches:
        words = reading.words(match)
        assert words == words.strip()
    assert ("حملۀ هوایی", "title") in [(reading.words(match), match.part) for match in reading.matches]


def test_matches_know_their_sentence() -> None:
    reading = read(TOPIC, "Clash at Torkham", "Two soldiers died. The ceasefire held.", "en")
    assert len(reading.sentences) == 3
    for number, matches in enumerate(reading.by_sentence):
        assert all(match.sentence == number for match in matches)
        assert all(reading.words(match) in reading.sentence_text(number) for match in matches)
    assert [reading.words(match) for match in reading.by_sentence[2]] == ["ceasefire", "held"]


WORDS = st.sampled_from(
    "killed 23 Torkham آتش‌بس حملۀ طورخم فائرنگ ۲۳ تن . ، ۔ \n ceasefire’s (Kabul) مُ ـ 5شہری ध्वज سپین‌بولدک".split(" ")
)


@settings(deadline=None)
@given(
    st.one_of(st.text(max_size=300), st.lists(WORDS, max_size=40).map(" ".join)),
    st.sampled_from(["en", "ur", "ps", "fa", "hi", "und", ""]),
)
def test_any_text_can_be_read(text: str, language: str) -> None:
    reading: Reading = read(TOPIC, text[:40], text, language)
    order = [(match.part == "text", match.start) for match in reading.matches]
    assert order == sorted(order)
    for match in reading.matches:
        part = reading.title if match.part == "title" else reading.text
        assert 0 <= match.start < match.end <= len(part)
        assert fold(part[match.start : match.end]).strip()
        sentence = reading.sentences[match.sentence]
        assert sentence.part == match.part
        assert sentence.start <= match.start


@pytest.mark.parametrize("filling", ["a", "آ", "Torkham ", "23 ", "\n", ".", "\u0301", "<b>", "killed. "])
def test_a_megabyte_of_anything_is_read(filling: str) -> None:
    text = filling * (1_000_000 // len(filling))
    assert read(TOPIC, "", text, "en").text == text


def test_reading_needs_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert read(TOPIC, "", "Torkham", "en").matches
