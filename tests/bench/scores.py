"""How close an extracted text comes to the reference: F1 over words, each counted as often as it stands."""

from __future__ import annotations

import re
from collections import Counter

# Scripts written without spaces count by character, else one wrong character would cost a sentence.
_TOKEN = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]|[^\W\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]+")


def tokens(text: str) -> Counter[str]:
    """The words of ``text``, lower case, with their counts."""
    return Counter(_TOKEN.findall(text.lower()))


def token_f1(found: str, reference: str) -> float:
    """Harmonic mean of precision and recall over words as a multiset; 0 when nothing is shared."""
    ours, theirs = tokens(found), tokens(reference)
    shared = sum((ours & theirs).values())
    return 2 * shared / (sum(ours.values()) + sum(theirs.values())) if shared else 0.0
