"""Near-duplicate text: word shingles, MinHash signatures cut into bands, exact similarity of candidates.

MinHash after Broder (1997), banding after Leskovec, Rajaraman and Ullman, *Mining of Massive Datasets*, chapter 3;
the hash family is multiply-shift (Dietzfelbinger et al. 1997). Signatures are a few lines of numpy because the usual
library computes the same at several times the cost per story and knows nothing of bands kept in SQLite.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from monitor.analysis.text import fold_whole

SHINGLE_WORDS = 3
BANDS = 40
ROWS = 3  # 40 bands of 3 rows find 99 % of pairs with a Jaccard similarity of 0.5, 93 % with 0.4

# Two texts are near-duplicates from this Jaccard similarity of their shingles on: different reports of one incident
# share less than 0.12, prints that an editor went through more than 0.36 in all labelled sets. Texts too short to be
# told by that must be more alike …
NEAR_JACCARD = 0.35
SHORT_JACCARD = 0.5
SHORT_SHINGLES = 30
# … or when this share of the shorter one's shingles stands in the longer one, and it is long enough to tell.
NEAR_CONTAINMENT = 0.8
CONTAINMENT_SHINGLES = 40

_random = np.random.Generator(np.random.PCG64(0x5EED))
_MULTIPLIERS = _random.integers(1, 2**63, size=(BANDS * ROWS, 1), dtype=np.uint64) * np.uint64(2) + np.uint64(1)
_SHIFT = np.uint64(32)
_MIX = np.uint64(0x9E3779B97F4A7C15)


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
        return self.jaccard >= enough or (
            self.containment >= NEAR_CONTAINMENT and self.smaller >= CONTAINMENT_SHINGLES
        )


@lru_cache(maxsize=65536)
def _word_hash(word: str) -> int:
    return crc32(word.encode())


def shingles(text: str) -> NDArray[np.uint64]:
    """Sorted distinct 64-bit hashes of all runs of three words of ``text``, letter variants folded.

    A text of fewer than three words gives one hash for what there is; an empty one gives none.
    """
    words = np.array([_word_hash(word) for word in _words(text)], dtype=np.uint64)
    if not len(words):
        return words
    if len(words) < SHINGLE_WORDS:
        words = np.concatenate([words, np.zeros(SHINGLE_WORDS - len(words), dtype=np.uint64)])
    runs = words[:-2]
    for offset in range(1, SHINGLE_WORDS):
        runs = runs * _MIX + words[offset : len(words) - SHINGLE_WORDS + 1 + offset]
    runs = (runs ^ (runs >> _SHIFT)) * _MIX
    return np.unique(runs)


def _words(text: str) -> list[str]:
    return [word if word.isalnum() else "".join(filter(str.isalnum, word)) or "-" for word in fold_whole(text).split()]


def bands(hashes: NDArray[np.uint64]) -> list[int]:
    """The keys (signed 64-bit) of the signature bands of a shingle set; empty for an empty set."""
    if not len(hashes):
        return []
    signature = ((hashes * _MULTIPLIERS) >> _SHIFT).min(axis=1).reshape(BANDS, ROWS)
    keys = np.arange(1, BANDS + 1, dtype=np.uint64)
    for row in range(ROWS):
        keys = (keys ^ signature[:, row]) * _MIX
        keys ^= keys >> _SHIFT
    return keys.astype(np.int64).tolist()


def compare(first: NDArray[np.uint64], second: NDArray[np.uint64]) -> Similarity:
    """Exact similarity of two shingle sets as ``shingles`` returns them."""
    smaller = min(len(first), len(second))
    if not smaller:
        return Similarity(0.0, 0.0, 0)
    shared = len(np.intersect1d(first, second, assume_unique=True))
    return Similarity(shared / (len(first) + len(second) - shared), shared / smaller, smaller)
