"""Folding to one spelling with the way back, and sentences."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.analysis.text import boundaries, fold, normalise, sentences

# Letters, marks, joiners and spaces of all the scripts in play, so that odd neighbours meet often.
ODD = st.text(
    alphabet=st.sampled_from(
        "aZéİßﬁ½٣۴५ ی ي ى ې ۍ ئ ک ك ګ گ ه ہ ھ ة ۀ أ إ آ ء ؤ ے ۓ\u200c\u200d\u064b\u0654ـ\u00ad\u2003\n،؛؟۔क़ा्'’–-0123٬,ﷲＡ𝐏"
    ),
    max_size=60,
)
ANY = st.one_of(st.text(max_size=200), ODD)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ښاري", "ښاری"),
        ("كتاب", "کتاب"),
        ("ګرځي", "گرځی"),
        ("حملۀ", "حمله"),
        ("حملة", "حملہ"),
        ("أمن", "امن"),
        ("مسؤول", "مسوول"),
        ("دست‌کم", "دستکم"),
        ("مُحَمَّد", "محمد"),
        ("حـمله", "حمله"),
        ("٢٣", "23"),
        ("۲۳", "23"),
        ("२३", "23"),
        ("Türkiye", "turkiye"),
        ("cease\u2011fire", "cease-fire"),
        ("“Friendship” Gate", '"friendship" gate'),
        ("फ़ौज", "फौज"),
        ("ﷲ", "الله"),
        ("a\u00a0 b\n c", "a b c"),
    ],
)
def test_variants_fold_to_one_spelling(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(("text", "folded"), [("5شہری", "5 شہری"), ("۱۱مه", "11 مہ"), ("F-16", "f-16"), ("23۔", "23۔")])
def test_digits_are_set_apart_from_letters_they_are_never_joined_to(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(("one", "other"), [("کے", "کی"), ("میں", "مین"), ("ګل", "کل"), ("ټول", "تول")])
def test_letters_that_make_another_word_stay_apart(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@given(ANY)
def test_folding_is_idempotent(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(ANY)
def test_normalising_is_folding(text: str) -> None:
    assert normalise(text).text == fold(text)


@given(ANY)
def test_every_folded_character_leads_back_to_what_it_came_from(text: str) -> None:
    normalised = normalise(text)
    last = 0
    for at, char in enumerate(normalised.text):
        start, end = normalised.original_span(at, at + 1)
        assert 0 <= start < end <= len(text)
        assert start >= last, "offsets never run backwards"
        last = start
        if char != " ":
            assert char in fold(text[start:end])


@given(ANY, st.data())
def test_spans_hold_what_was_found(text: str, data: st.DataObject) -> None:
    normalised = normalise(text)
    if not normalised.text.strip():
        return
    start = data.draw(st.integers(0, len(normalised.text) - 1))
    end = data.draw(st.integers(start + 1, len(normalised.text)))
    first, last = normalised.original_span(start, end)
    assert fold(normalised.text[start:end]).strip() in fold(text[first:last])


@given(ANY)
def test_boundaries_keep_length(text: str) -> None:
    assert len(boundaries(fold(text))) == len(fold(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Two died. Nine were hurt!", ["Two died.", "Nine were hurt!"]),
        (
            "Gen. A. B. Karim spoke at 2 p.m. The fire had stopped.",
            ["Gen. A. B. Karim spoke at 2 p.m.", "The fire had stopped."],
        ),
        ("It lies 2.5 km inland. Nobody came.", ["It lies 2.5 km inland.", "Nobody came."]),
        ("TOWN: A shell fell. It hit a house.", ["TOWN: A shell fell.", "It hit a house."]),
        ("He said: “Stop.” They did.", ["He said: “Stop.”", "They did."]),
        ("دو افراد زخمی ہوئے۔ سرحد بند ہے۔", ["دو افراد زخمی ہوئے۔", "سرحد بند ہے۔"]),
        ("دوه کسان ټپيان شول. لاره تړلې ده؟ هو.", ["دوه کسان ټپيان شول.", "لاره تړلې ده؟", "هو."]),
        ("دو تن زخمی شدند. مرز بسته است!", ["دو تن زخمی شدند.", "مرز بسته است!"]),
        ("दो लोग घायल हुए। सीमा बंद है।", ["दो लोग घायल हुए।", "सीमा बंद है।"]),
        ("First line\nSecond line", ["First line", "Second line"]),
        ("", []),
        ("...", []),
    ],
)
def test_sentences(text: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end in sentences(text)] == expected


@given(ANY)
def test_sentences_are_ordered_and_whole(text: str) -> None:
    last = 0
    for start, end in sentences(text):
        assert last <= start < end <= len(text)
        assert text[start:end] == text[start:end].strip()
        last = end
    kept = "".join(text[start:end] for start, end in sentences(text))
    assert sum(char.isalnum() for char in kept) == sum(char.isalnum() for char in text)
