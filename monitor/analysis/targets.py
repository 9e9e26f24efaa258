"""Whom an attack is said to be on, and whose posts were taken: those are lost whom the next number counts."""

from __future__ import annotations

from monitor.analysis.actors import Actor
from monitor.analysis.grammar import Span, View
from monitor.analysis.losses import Loss
from monitor.analysis.sides import Scene, attacking_side, is_of_party, named_side

# So many tokens at most lie between an attack and those attacked in English.
_HIT = 2
# In these languages the word for "on" stands behind those attacked, in Pashto on either side of them, else before.
_MARK_BEHIND, _MARK_EITHER = frozenset({"ur", "hi"}), frozenset({"ps"})


def target(view: View, loss: Loss, scene: Scene) -> str:
    """The party of the troops or gunmen attacked last before a number: "fired on N's soldiers, killed one"."""
    for span in reversed(view.of("party", "actor")):
        party = is_of_party(span, scene)
        if span.last <= loss.mention.first and party and _is_marked(view, span):
            return party
    return ""


def _is_marked(view: View, span: Span) -> bool:
    if view.language == "en":  # "attacked N troops", "fired on the retreating militants"
        at = span.first - view.has("article", span.first - 1, span.first)
        return any(0 <= at - event.last <= _HIT for event in view.of("event")) and not _is_cut(view, at)
    behind = view.has("onto", span.last, span.last + 1) and not view.has("dative", span.last, span.last + 1)
    before = view.has("onto", span.first - 1, span.first)
    if view.language in _MARK_BEHIND:
        return behind
    return before or (behind and view.language in _MARK_EITHER)


def _is_cut(view: View, at: int) -> bool:
    """Whether those before a token do the deed, are beside it or begin another clause: "raid by N", "shells, N"."""
    return view.has("doer", at - 1, at) or view.has("comma", at - 1, at) or view.has("clause", at - 1, at)


def owner_of_things(view: View, scene: Scene) -> str:
    """The party whose posts or the like were told of as taken or destroyed right before in the sentence."""
    last = scene.last_loss
    if last is None or not last.mention.things or scene.last_sentence != view.index or view.language == "en":
        return ""
    side = named_side(last, view, scene)
    return scene.forces[side] if side else ""


def attackers_own(view: View, loss: Loss, scene: Scene) -> str:
    """The party of attackers to whom a Pashto clitic says that those lost belonged: "N attacked, 20 of them …"."""
    if view.language != "ps" or loss.active or not loss.mention.bare:
        return ""
    if not view.has("clitic", loss.mention.last, loss.mention.last + 1):
        return ""
    side = attacking_side(view, scene, loss)
    return scene.forces[side] if side else ""


def side_of_nationals(view: View, loss: Loss, scene: Scene) -> str:
    """The side that is all that is said of those counted: "seven N", where a noun for men would stand behind it."""
    mention = loss.mention
    if view.language == "en" or mention.things:
        return ""
    for span in mention.nouns:
        alone = (span.first, span.last) == (mention.quantity.last, mention.last)
        if alone and isinstance(span.entry, Actor) and span.entry.actor_kind == "country":
            return span.entry.side if span.entry.side in scene.forces else ""
    return ""
