"""Stories nobody wrote: words of an invented language whose frequencies follow Zipf's law, some stories near-copies."""

from __future__ import annotations

import itertools
import random
from bisect import bisect
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from monitor.items import Keyword, Place, Story

# The commonest words are those of English, so that the language of the text is found to be English.
_COMMON = (
    "the of to and in a that for is on was with he said as it by at from were be have has they an who will had not"
    " this his but after been their which are would its more one two when government people police there new also"
    " officials year two-thirds about out last first minister country into than over state other some could between"
).split()
_ONSETS = "b br c ch cl d dr f fl g gr h j k l m n p pl pr qu r s sh sl st t th tr v w z".split()
_VOWELS = "a e i o u ai ea ee ia io ou".split()
_CODAS = ["", "", "", "l", "m", "n", "nd", "ng", "r", "rd", "rt", "s", "st", "t", "x"]
_EPOCH = datetime(2025, 10, 1, tzinfo=UTC)


class Vocabulary:
    """``size`` words, drawn with probability falling as one over rank (Zipf's law, exponent 1.05)."""

    def __init__(self, size: int = 60_000, seed: int = 1) -> None:
        chance = random.Random(seed)
        words = dict.fromkeys(_COMMON)
        while len(words) < size:
            parts = chance.choices((2, 3, 4), (5, 4, 1))[0]
            words[
                "".join(chance.choice(_ONSETS) + chance.choice(_VOWELS) + chance.choice(_CODAS) for _ in range(parts))
            ] = None
        self.words = list(words)
        self._weights = list(itertools.accumulate(1 / (rank + 2.7) ** 1.05 for rank in range(size)))

    def draw(self, chance: random.Random, count: int) -> list[str]:
        """``count`` words by their frequency."""
        return chance.choices(self.words, cum_weights=self._weights, k=count)

    def word_of_share(self, share: float) -> str:
        """The word at which the commoner ones make up ``share`` of all text (0 to 1)."""
        return self.words[min(bisect(self._weights, share * self._weights[-1]), len(self.words) - 1)]

    def sentence(self, chance: random.Random) -> str:
        """A sentence of 8 to 32 words."""
        words = self.draw(chance, chance.randint(8, 32))
        return " ".join(words).capitalize() + "."

    def paragraphs(self, chance: random.Random, count: int) -> list[str]:
        """``count`` paragraphs of one to four sentences."""
        return [" ".join(self.sentence(chance) for _ in range(chance.randint(1, 4))) for _ in range(count)]


@dataclass(frozen=True)
class Mixture:
    """How often a story nearly repeats an earlier one, and how many words of it are then changed."""

    copies: float = 0.1
    changed: float = 0.05


def stories(seed: int = 2, mixture: Mixture = Mixture()) -> Iterator[Story]:
    """Stories without end, of 100 to 500 words each; the same ones every time for the same ``seed``."""
    vocabulary, chance = Vocabulary(), random.Random(seed)
    kept: list[str] = []
    for number in itertools.count():
        if kept and chance.random() < mixture.copies:
            text = _near_copy(chance.choice(kept), vocabulary, chance, mixture.changed)
        else:
            text = "\n".join(vocabulary.paragraphs(chance, chance.randint(4, 12)))
            # Copies are made of old and new stories alike, and memory stays bounded.
            if len(kept) < 2000:
                kept.append(text)
            else:
                kept[chance.randrange(2000)] = text
        yield _story(number, text, vocabulary, chance)


def _near_copy(text: str, vocabulary: Vocabulary, chance: random.Random, changed: float) -> str:
    paragraphs = []
    for paragraph in text.split("\n"):
        words = paragraph.split(" ")
        for place in range(len(words)):
            if chance.random() < changed:
                words[place] = vocabulary.draw(chance, 1)[0]
        paragraphs.append(" ".join(words))
    return "\n".join(paragraphs)


def _story(number: int, text: str, vocabulary: Vocabulary, chance: random.Random) -> Story:
    when = _EPOCH + timedelta(minutes=number)
    url = f"https://outlet{number % 120}.example/news/{number}"
    sentences = text.split("\n")
    keywords = {chance.randrange(400): chance.randint(1, 6) for _ in range(8)}
    places = dict.fromkeys(chance.randrange(300) for _ in range(3))
    return Story(
        url=url,
        canonical_url=url,
        source=f"outlet-{number % 120}",
        title=" ".join(vocabulary.draw(chance, 9)).capitalize(),
        text=text,
        fetched_at=when,
        published_at=when,
        published_precision="minute",
        language="en",
        relevance=0.9,
        relevant=True,
        key_points=[sentence[:200] for sentence in sentences[:3]],
        keywords=[Keyword(f"keyword {key}", "subject", count) for key, count in keywords.items()],
        places=[Place(f"Place {key}", None, "XA", key / 10, key / 20, 1, id=f"place-{key}") for key in places],
        actors=[f"actor-{chance.randrange(40)}"],
    )
