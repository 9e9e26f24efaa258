"""Who did it: the party of those who do the English deed that ends in a loss, as the subject of its clause tells."""

from __future__ import annotations

from monitor.analysis.actors import Actor
from monitor.analysis.grammar import Span, View
from monitor.analysis.lexicon import Word
from monitor.analysis.losses import Loss
from monitor.analysis.sides import UNKNOWN, Scene

_AMBIGUOUS, _CONTEXT, _ANYBODY = "ambiguous", "context", "none"
_OWN_LOSS = "own_loss"
_DOERS = frozenset({"country", "government", "force", "group"})
# Outcomes that are nouns or adjectives are nobody's deed.
_NOUNS = ("adjective", "toll", "verbal_noun")
_VERB_PARTS = frozenset({"auxiliary", "adverb"})
# What stands between the beginning of a clause and its subject.
_BEFORE_SUBJECT = frozenset({"article", "own", "the_same", "determiner", "adverb", "and", "quote"})


def doer(view: View, loss: Loss, scene: Scene, claimant: str) -> str:
    """The party whose deed an English loss is; empty where the clause has no subject that tells.

    ``claimant`` is the side that speaks: "its jets", "our men", "they" behind a verb of saying are its own.
    """
    return "" if loss.word.side == _OWN_LOSS else _subject(view, loss, scene, claimant)


def loser(view: View, loss: Loss, scene: Scene, claimant: str) -> str:
    """The party that is said in English to have lost somebody: "they lost three men", "the attackers lost 17"."""
    return _subject(view, loss, scene, claimant) if loss.word.side == _OWN_LOSS else ""


def _subject(view: View, loss: Loss, scene: Scene, claimant: str) -> str:
    nouns = any(view.has(role, loss.outcome.first, loss.outcome.last) for role in _NOUNS)
    put_at = view.has("toll_verb", loss.mention.first - 1, loss.mention.first)  # "the number of N killed at six"
    if not loss.active or nouns or put_at or view.language != "en":
        return ""
    begin = _clause_of(view, loss)
    own = scene.forces.get(claimant, "")
    described = _described(view, begin, loss.outcome.first)
    if described is not None:
        return told_of(described, view, scene) or _shared(described, view, scene) or _party(described, scene, own)
    verb = loss.outcome.first
    while verb > begin and view.has("auxiliary", verb - 1, verb):
        verb -= 1
    if view.has("pronoun", verb - 1, verb) and verb > begin:
        return own
    for at in range(begin, loss.outcome.first):
        if view.has("pronoun", at, at + 1) or (view.has("we", at, at + 1) and not view.has("own", at, at + 1)):
            opens = at == begin or view.only(_BEFORE_SUBJECT, begin, at) or view.has("the_same", at - 1, at)
            return own if opens else ""
        span = next((span for span in view.of("party", "actor", "event", "object") if span.first == at), None)
        if span is None:
            if "preposition" in view.roles[at] and "the_same" not in view.roles[at]:
                return ""
            continue
        if view.has("own", at - 1, at) or view.has("own", at, span.last):
            return own
        party = told_of(span, view, scene) or _shared(span, view, scene) or _party(span, scene, own)
        if party or span.kind in ("event", "object"):
            return party
    return ""


def told_of(noun: Span | None, view: View, scene: Scene) -> str:
    """The party of "the guards": that of the guards named before in an English sentence."""
    if view.language != "en" or noun is None or view.words[noun.first - 1 : noun.first] != ["the"]:
        return ""
    for span in reversed(view.of("party")):
        entry = span.entry
        one, two = view.words[span.last - 1].removesuffix("s"), view.words[noun.last - 1].removesuffix("s")
        if span.last < noun.first and (one.startswith(two) or two.startswith(one)):
            return entry.means if isinstance(entry, Word) and entry.means in scene.forces.values() else ""
    return ""


def _described(view: View, begin: int, end: int) -> Span | None:
    """The noun a relative clause is about in which the verb stands: "it fought N who had killed six"."""
    at = next((at for at in range(end - 1, begin - 1, -1) if "relative" in view.roles[at]), None)
    if at is None or not view.only(_VERB_PARTS, at + 1, end):
        return None
    return next((span for span in reversed(view.of("party")) if begin <= span.first and span.last == at), None)


def _shared(noun: Span, view: View, scene: Scene) -> str:
    """The force called by a name that another group shares: those who rule."""
    names = [span.entry for span in view.of("actor") if span.first < noun.last and noun.first < span.last]
    return next((scene.forces.get(n.side, "") for n in names if isinstance(n, Actor) and n.confused_with), "")


def _clause_of(view: View, loss: Loss) -> int:
    """Where the clause begins whose verb a loss is: behind the last word that opens one, or verb of saying."""
    said = max((verb.last for verb in view.of("verb") if verb.last <= loss.outcome.first), default=0)
    opened = max((at + 1 for at in range(loss.outcome.first) if "clause" in view.roles[at]), default=0)
    begin = max(said, opened)
    if begin < len(view.words) and view.has("the_same", begin, begin + 1):
        begin += 1  # "said that"
    return begin


def _party(span: Span, scene: Scene, own: str) -> str:
    """The party of a subject: troops called by no country are the speaker's own."""
    entry = span.entry
    if isinstance(entry, Actor):
        return entry.party or (scene.forces.get(entry.side, "") if entry.actor_kind in _DOERS else "")
    if not isinstance(entry, Word) or entry.category != "party" or entry.side == _ANYBODY:
        return ""
    if entry.means == _AMBIGUOUS:
        return scene.irregulars
    if entry.side == _CONTEXT:
        return own
    return entry.means if entry.means not in (UNKNOWN, scene.civilians) else ""
