"""Near-duplicates: similarity is exact, bands find what is similar, and nothing depends on spelling variants."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.dedup import SKETCH_MOST, compare, shingles, sketch

WORDS = [f"word{number}" for number in range(400)]


def text_of(rng: random.Random, length: int = 200) -> list[str]:
    return [rng.choice(WORDS) for _ in range(length)]


@given(st.text())
def test_any_text_has_shingles_and_a_sketch(text: str) -> None:
    hashes = shingles(text)
    assert list(hashes) == sorted(set(hashes.tolist()))
    keys = sketch(text)
    assert all(-(2**63) <= key < 2**63 for key in keys)
    assert len(set(keys)) == len(keys) <= SKETCH_MOST and bool(keys) == bool(len(hashes))


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
def test_sketches_find_edited_reprints(changed: int) -> None:
    rng, found = random.Random(7), 0
    for _ in range(100):
        words = text_of(rng)
        edited = list(words)
        for position in rng.sample(range(len(words)), changed):
            edited[position] = "edit"
        first, second = shingles(" ".join(words)), shingles(" ".join(edited))
        assert compare(first, second).near == (compare(first, second).jaccard >= 0.3)
        found += bool(set(sketch(" ".join(words))) & set(sketch(" ".join(edited))))
    assert found >= 99


def test_sketches_hardly_ever_join_strangers() -> None:
    rng = random.Random(11)
    signatures = [set(sketch(" ".join(text_of(rng)))) for _ in range(100)]
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
    assert sketch("") == []


@pytest.mark.parametrize(("wire", "story"), [(60, 400), (100, 900), (200, 2000)])
def test_sketches_find_a_wire_inside_a_long_story(wire: int, story: int) -> None:
    rng, found = random.Random(wire), 0
    for _ in range(50):
        words = text_of(rng, wire)
        begin = rng.randrange(story - wire)
        around = text_of(rng, story - wire)
        long = " ".join(around[:begin] + words + around[begin:])
        assert compare(shingles(" ".join(words)), shingles(long)).near
        found += bool(set(sketch(" ".join(words))) & set(sketch(long)))
    assert found >= 48


def test_a_sketch_is_the_same_sample_wherever_a_passage_stands() -> None:
    rng = random.Random(13)
    passage = text_of(rng, 300)
    alone, inside = sketch(" ".join(passage)), sketch(" ".join(text_of(rng, 200) + passage))
    assert len(set(alone) - set(inside)) <= 1
