"""Near-duplicates: similarity is exact, bands find what is similar, and nothing depends on spelling variants."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.dedup import bands, compare, shingles

WORDS = [f"word{number}" for number in range(400)]


def text_of(rng: random.Random, length: int = 200) -> list[str]:
    return [rng.choice(WORDS) for _ in range(length)]


@given(st.text())
def test_any_text_has_shingles_and_bands(text: str) -> None:
    hashes = shingles(text)
    assert list(hashes) == sorted(set(hashes.tolist()))
    assert all(-(2**63) <= key < 2**63 for key in bands(hashes))


@given(st.text(min_size=1), st.text(min_size=1))
def test_similarity_is_symmetric_and_bounded(first: str, second: str) -> None:
    a, b = shingles(first), shingles(second)
    assert compare(a, b) == compare(b, a)
    assert 0 <= compare(a, b).jaccard <= compare(a, b).containment <= 1


def test_jaccard_by_hand() -> None:
    # Shingles abc bcd cde against abc bcd cdx: two of four shared.
    found = compare(shingles("a b c d e"), shingles("a b c d x"))
    assert (found.jaccard, found.containment) == (0.5, 2 / 3)


def test_spelling_variants_and_punctuation_do_not_count() -> None:
    assert compare(shingles("طورخم کی سرحد، بند ہے"), shingles("طورخم كي سرحد بند هے")).jaccard == 1.0
    assert (
        compare(shingles("Shells fell; “nobody” was hurt."), shingles('shells fell, "nobody" was hurt')).jaccard == 1.0
    )


@pytest.mark.parametrize("changed", [5, 10, 20])
def test_bands_find_edited_reprints(changed: int) -> None:
    rng, found = random.Random(7), 0
    for _ in range(100):
        words = text_of(rng)
        edited = list(words)
        for position in rng.sample(range(len(words)), changed):
            edited[position] = "edit"
        first, second = shingles(" ".join(words)), shingles(" ".join(edited))
        assert compare(first, second).near == (compare(first, second).jaccard >= 0.35)
        found += bool(set(bands(first)) & set(bands(second)))
    assert found >= 99


def test_bands_hardly_ever_join_strangers() -> None:
    rng = random.Random(11)
    signatures = [set(bands(shingles(" ".join(text_of(rng))))) for _ in range(100)]
    assert sum(bool(a & b) for a in signatures for b in signatures if a is not b) == 0


def test_short_wire_inside_a_long_story_is_near() -> None:
    rng = random.Random(3)
    wire = text_of(rng, 60)
    found = compare(shingles(" ".join(wire)), shingles(" ".join(text_of(rng, 400) + wire + text_of(rng, 100))))
    assert found.jaccard < 0.35 and found.near


def test_short_texts_must_be_more_alike_than_long_ones() -> None:
    rng = random.Random(5)
    for length, near in ((20, False), (120, True)):
        words = text_of(rng, length)
        edited = [word if place % 8 else "edit" for place, word in enumerate(words)]
        found = compare(shingles(" ".join(words)), shingles(" ".join(edited)))
        assert 0.35 <= found.jaccard < 0.5
        assert found.near == near, (length, found)


def test_empty_texts_are_not_alike() -> None:
    assert not compare(shingles(""), shingles("")).near
    assert bands(shingles("")) == []
