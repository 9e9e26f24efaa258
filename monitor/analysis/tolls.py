"""Whose toll a number is that has no noun of its own: "their losses at 67", "the number of civilians killed is 17"."""

from __future__ import annotations

from monitor.analysis.actors import Actor
from monitor.analysis.bystanders import INCLUDED
from monitor.analysis.grammar import Span, View
from monitor.analysis.heads import ANYBODY
from monitor.analysis.lexicon import Word
from monitor.analysis.losses import Loss
from monitor.analysis.sides import Scene

_AMBIGUOUS, _OWN_LOSS, _LOSSES = "ambiguous", "own_loss", "ambiguous"
# In these languages the noun stands between the word for a number and the outcome: "the number of N killed".
_TOLL_OF = frozenset({"en", "fa"})
# "his side's losses": so many tokens lie between.
_OWN_FAR = 4
_DEFAULT = "_default"
_SPEAK_ONLY = frozenset({"person", "office", "media", "organisation"})


def antecedent(view: View, loss: Loss) -> Span | None:
    """The noun a number is told of in a relative clause: "the attackers …, of whom four were killed"."""
    if not loss.mention.bare or view.language == "en":
        return None
    for roles, first, last in view.phrases:
        if "subset_after" in roles and last == loss.mention.first:
            nouns = [span for span in view.of("party") if span.last <= first]
            return nouns[-1] if nouns and not _is_anybody(nouns[-1]) else None
    return None


def _is_anybody(noun: Span) -> bool:
    return isinstance(noun.entry, Word) and noun.entry.side == ANYBODY


def losing_side(view: View, loss: Loss, scene: Scene, claimant: str) -> str:
    """The side whose "losses" a number is said to be: "their losses at 67 killed", "its casualties as two wounded"."""
    for span in view.of("outcome"):
        word = span.entry
        if not isinstance(word, Word) or word.side not in (_LOSSES, _OWN_LOSS) or span == loss.outcome:
            continue
        if not 0 <= loss.mention.first - span.last <= INCLUDED or _is_cut(view, span.last, loss.mention.first):
            continue
        for other in view.of("actor", "party"):
            side = other.entry.side if isinstance(other.entry, Actor | Word) else ""
            beside = other.first == span.last if view.language == "fa" else span.first - 2 <= other.last <= span.first
            if beside and side in scene.topic.sides:
                return side
        reach = _OWN_FAR if view.language == "en" and not view.has("clause", span.first - _OWN_FAR, span.first) else 2
        if view.has("own", span.first - reach, span.last + 1) and claimant in scene.topic.sides:
            return claimant
    return claimant if claimant in scene.topic.sides and _are_own_losses(view, loss) else ""


def _are_own_losses(view: View, loss: Loss) -> bool:
    """Whether a number without a noun follows "own losses" said in one form."""
    for span in view.of("context"):
        if isinstance(span.entry, Word) and span.entry.means == "own" and view.has("toll", span.first, span.last):
            near = 0 <= loss.mention.first - span.last <= INCLUDED + loss.chained * INCLUDED
            if near and not _is_cut(view, span.last, loss.mention.first):
                return True
    return False


def _is_cut(view: View, first: int, last: int) -> bool:
    """Whether another clause begins between two tokens; "as" before a number begins none."""
    return any("clause" in view.roles[at] and "toll_verb" not in view.roles[at] for at in range(first, last))


def toll_noun(view: View, loss: Loss) -> Span | None:
    """The noun between an outcome and its toll: "of the killed civilians the number is 17"."""
    for span in view.of("party"):
        word = span.entry
        if loss.outcome.last <= span.first and span.last <= loss.mention.first and isinstance(word, Word):
            beside = span.first == loss.outcome.last and view.language in _TOLL_OF
            if word.side == ANYBODY or (word.means == _AMBIGUOUS and view.language != "en"):
                continue
            if beside or view.has("toll", span.last, loss.mention.first):
                return span
    for span in view.of("party") if view.language in _TOLL_OF else ():
        reach = span.first - (4 if view.language == "en" else 2)
        tolled = any(view.has(role, reach, span.first) for role in ("toll", "recount"))
        owned = view.language == "en" and view.has("genitive", span.last, loss.outcome.first)
        near = loss.outcome.first - span.last in (1, 2) and owned and _is_noun(view, loss.outcome)
        if near or (span.last == loss.outcome.first and tolled):
            return span if isinstance(span.entry, Word) and not _is_anybody(span) else None
    return None


def noun_amid(view: View, loss: Loss) -> Span | None:
    """The noun among whose bearers the losses are, in English: "four deaths among its troops"."""
    at = loss.outcome.last
    bodies = view.has("body", loss.outcome.first, at) and view.has("partitive", at, at + 1)
    if view.language != "en" or not (bodies or view.has("amid", at, at + 1)):
        return None
    return next((span for span in view.of("party") if at < span.first <= at + 2), None)


def side_beside(view: View, loss: Loss, scene: Scene, claimant: str) -> str:
    """The side named right before an outcome that is a noun: "the number of … dead"."""
    outcome = loss.outcome
    if loss.active and view.language == "en" and not _is_noun(view, outcome):
        return ""
    for span in view.of("actor"):
        entry = span.entry
        if not isinstance(entry, Actor) or entry.side not in scene.topic.sides or entry.actor_kind in _SPEAK_ONLY:
            continue
        linked = span.last == outcome.first - 1 and "genitive" in view.roles[span.last]
        behind = view.language == "fa" and span.first == outcome.last
        if span.last == outcome.first or linked or behind:
            return entry.side
    if view.has("own", outcome.first - 1, outcome.first) and claimant in scene.topic.sides:
        return claimant
    for span in (
        view.of("speaker") if view.language == "en" and view.has("genitive", outcome.first - 2, outcome.first) else ()
    ):
        side = span.entry.side.removesuffix(_DEFAULT) if isinstance(span.entry, Word) else ""
        if outcome.first - span.last in (1, 2) and side in scene.topic.sides:
            return side
    return ""


def _is_noun(view: View, outcome: Span) -> bool:
    """Whether an English outcome before its number is a noun: "the N dead at 16", no verb."""
    return view.has("adjective", outcome.first, outcome.last) or view.has("toll", outcome.first, outcome.last)
