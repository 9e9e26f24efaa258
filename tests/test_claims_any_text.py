"""Claims hold their promises on any text: nothing fails, quotes are of the text, time is bounded."""

import json
import random

from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.analysis.claims import extract_claims
from monitor.analysis.lexicon import Word
from monitor.analysis.reading import read
from monitor.items import Claim
from tests.claimed import TOPIC
from tests.paths import ROOT

LANGUAGES = ("en", "ur", "ps", "fa", "hi", "")
STORIES = [
    json.loads(line)["text"]
    for line in (ROOT / "tests" / "eval" / "claims_own.jsonl").read_text(encoding="utf-8").splitlines()
]
FORMS = {
    language: [
        form for word in TOPIC.words if isinstance(word, Word) and word.language == language for form in word.forms
    ]
    for language in ("en", "ur", "ps", "fa", "hi")
}
SIGNS = [".", ",", "—", "(", ")", ":", ";", "\n\n", "“", "”", "5", "12", "۱۵", "2021", "،", "۔", "and", "of", "to", "-"]


def check(title: str, text: str, language: str) -> list[Claim]:
    """Extract and test what every claim promises."""
    reading = read(TOPIC, title, text, language)
    found = extract_claims(TOPIC, reading, language)
    for claim in found:
        if claim.start == -1:
            assert (claim.end, claim.quote) == (-1, reading.title)
        else:
            assert claim.quote == reading.text[claim.start : claim.end] != ""
        assert claim.count_low is not None or claim.count_high is not None
        if claim.count_low is not None and claim.count_high is not None:
            assert claim.count_low <= claim.count_high
        assert claim.claimant in (*TOPIC.sides, "unknown", "other")
        assert claim.party in (*TOPIC.parties, "unknown")
        assert claim.speaker is None or claim.speaker in reading.title + reading.text
    return found


@given(st.text(max_size=400), st.text(max_size=80), st.sampled_from(LANGUAGES))
@settings(max_examples=60, deadline=None)
def test_any_text(text: str, title: str, language: str) -> None:
    check(title, text, language)


@given(st.data(), st.sampled_from(sorted(FORMS)), st.sampled_from(LANGUAGES))
@settings(max_examples=150, deadline=None)
def test_any_words_of_the_lexicon_in_any_order(data: st.DataObject, words: str, language: str) -> None:
    pieces = data.draw(st.lists(st.sampled_from(FORMS[words] + SIGNS * 20), max_size=40))
    check("", " ".join(pieces), language)


@given(st.integers(0, len(STORIES) - 1), st.integers(0, 10**9), st.sampled_from(LANGUAGES))
@settings(max_examples=60, deadline=None)
def test_stories_cut_and_shuffled(number: int, seed: int, language: str) -> None:
    chance = random.Random(seed)
    words = STORIES[number].split()
    start = chance.randrange(len(words))
    chance.shuffle(words) if chance.random() < 0.5 else None
    check("", " ".join(words[start:]), language)


def test_an_empty_story_claims_nothing() -> None:
    assert check("", "", "en") == []
