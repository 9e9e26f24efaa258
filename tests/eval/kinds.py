"""What kinds of fault claims have: the right figure with a wrong label, a figure that is no claim, a claim overlooked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from tests.eval.measures import Outcome
from tests.eval.scoring import Key

KINDS = (
    "said by somebody else",
    "somebody else's losses",
    "both wrong, or another outcome",
    "no claim of this story",
    "claim in a story that is no clash",
    "overlooked",
)
_COUNT, _VICTIMS, _OUTCOME, _CLAIMANT = range(4)
_SAME = (
    (KINDS[0], (_COUNT, _VICTIMS, _OUTCOME)),
    (KINDS[1], (_COUNT, _OUTCOME, _CLAIMANT)),
    (KINDS[2], (_COUNT,)),
)


def kinds(outcomes: Iterable[Outcome]) -> Counter[str]:
    """How often each kind of fault occurs among the claims about people. A figure with a wrong label counts once."""
    result: Counter[str] = Counter()
    for outcome in outcomes:
        if "claims" not in outcome.found:
            continue
        extra, missed = list(outcome.extra("claims").elements()), list(outcome.missed("claims").elements())
        for kind, fields in _SAME:
            result[kind] += _pair(extra, missed, fields)
        result[KINDS[4] if outcome.article.clash is False else KINDS[3]] += len(extra)
        result[KINDS[5]] += len(missed)
    return result


def _pair(extra: list[Key], missed: list[Key], fields: tuple[int, ...]) -> int:
    """Take out pairs of a finding and a label that agree in ``fields``; return how many there were."""
    pairs = 0
    for found in list(extra):
        label = next((key for key in missed if all(key[f] == found[f] for f in fields)), None)
        if label is not None:
            extra.remove(found)
            missed.remove(label)
            pairs += 1
    return pairs
