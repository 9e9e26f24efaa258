"""Near-duplicate text: word shingles, a sketch of each text kept in SQLite, exact similarity of candidates.

The sketch is Broder's (*On the resemblance and containment of documents*, 1997): of the hashes of all runs of five
words those below a fixed bound. That is the same sample of a passage wherever it stands, so it finds a short wire
inside a long story as well as an edited reprint. Bands of a MinHash signature (Leskovec, Rajaraman and Ullman, *Mining
of Massive Datasets*, chapter 3) were measured beside it: 40 bands of 3 rows found 3 in 100 of such wires, the sketch 9
in 10, with fewer keys a story, and as many of the edited reprints.

The libraries compute MinHash signatures, not this: datasketch 2.0 takes 160 µs for a story of 400 words, rensa 0.5
(Rust) 8 µs and 60 more for the strings it wants, both as exact as theory lets them be; their indexes live in memory.
Here the hashes are there already, and what is left to do is to sort them (10 µs).
"""

from __future__ import annotations

from dataclasses import dataclass
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from monitor.analysis.text import fold_whole

# Runs of this many words are compared; longer ones find the candidates: strangers share fewer of them.
SHINGLE_WORDS = 3
SKETCH_WORDS = 5
# The sketch holds one in so many runs, never fewer than the least (short texts) and never more than the most.
SKETCH_EVERY = 12
SKETCH_LEAST = 12
SKETCH_MOST = 96

# Two texts are near-duplicates from this Jaccard similarity of their shingles on: in all labelled sets different
# reports of one incident share less than 0.12, prints that an editor went through more than 0.35, ones that he wrote
# half anew more than 0.2: as much of a longer text can be the background that an outlet puts under every story. Texts
# too short to be told by that must be more alike …
NEAR_JACCARD = 0.3
EDITED_JACCARD = 0.22
EDITED_SHINGLES = range(60, 150)
SHORT_JACCARD = 0.5
SHORT_SHINGLES = 30
# … or when this share of the shorter one's shingles stands in the longer one (different reports: up to 0.3), and it is
# long enough to tell.
NEAR_CONTAINMENT = 0.6
CONTAINMENT_SHINGLES = 40

_SHIFT = np.uint64(32)
_MIX = np.uint64(0x9E3779B97F4A7C15)
_BOUND = np.uint64(2**64 // SKETCH_EVERY)


@dataclass(frozen=True)
class Similarity:
    """Jaccard similarity of two shingle sets, and the share of the smaller one found in the larger (both 0 to 1)."""

    jaccard: float
    containment: float
    smaller: int

    @property
    def near(self) -> bool:
        """Whether one text repeats the other."""
        enough = NEAR_JACCARD if self.smaller >= SHORT_SHINGLES else SHORT_JACCARD
        if self.smaller in EDITED_SHINGLES:
            enough = EDITED_JACCARD
        return self.jaccard >= enough or (self.containment >= NEAR_CONTAINMENT and self.smaller >= CONTAINMENT_SHINGLES)


def shingles(text: str) -> NDArray[np.uint64]:
    """Sorted distinct 64-bit hashes of all runs of three words of ``text``, letter variants folded.

    A text of fewer than three words gives one hash for what there is; an empty one gives none.
    """
    return _runs(text, SHINGLE_WORDS)


def sketch(text: str) -> list[int]:
    """The keys (signed 64-bit) under which ``text`` is looked up among stored ones; none for an empty text.

    Texts that share a good part of their words, or of the words of the shorter one, share keys.
    """
    hashes = _runs(text, SKETCH_WORDS)
    below = int(np.searchsorted(hashes, _BOUND))
    keys: list[int] = hashes[: min(max(below, SKETCH_LEAST), SKETCH_MOST)].view(np.int64).tolist()
    return keys


def _runs(text: str, length: int) -> NDArray[np.uint64]:
    spelled = _words(text)
    words = np.fromiter(map(crc32, map(str.encode, spelled)), dtype=np.uint64, count=len(spelled))
    if not len(words):
        return words
    if len(words) < length:
        words = np.concatenate([words, np.zeros(length - len(words), dtype=np.uint64)])
    count = len(words) - length + 1
    runs = words[:count]
    for offset in range(1, length):
        runs = runs * _MIX + words[offset : count + offset]
    runs = (runs ^ (runs >> _SHIFT)) * _MIX
    return _distinct(runs ^ (runs >> _SHIFT))


def _distinct(hashes: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The sorted distinct ``hashes``, at least one; np.unique takes ten times as long for so few."""
    hashes.sort()
    new = np.empty(len(hashes), dtype=bool)
    new[0] = True
    np.not_equal(hashes[1:], hashes[:-1], out=new[1:])
    return hashes[new]


def _words(text: str) -> list[str]:
    return [word if word.isalnum() else "".join(filter(str.isalnum, word)) or "-" for word in fold_whole(text).split()]


def compare(first: NDArray[np.uint64], second: NDArray[np.uint64]) -> Similarity:
    """Exact similarity of two shingle sets as ``shingles`` returns them."""
    smaller = min(len(first), len(second))
    if not smaller:
        return Similarity(0.0, 0.0, 0)
    shared = len(np.intersect1d(first, second, assume_unique=True))
    return Similarity(shared / (len(first) + len(second) - shared), shared / smaller, smaller)
