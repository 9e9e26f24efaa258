"""Whose losses a number goes on with: that of the number before, the doer's foe, those told of just before."""

from __future__ import annotations

from monitor.analysis.armed import armed, armed_last
from monitor.analysis.doers import doer
from monitor.analysis.grammar import View
from monitor.analysis.lexicon import Word
from monitor.analysis.losses import Loss
from monitor.analysis.sides import UNKNOWN, Scene
from monitor.analysis.targets import target

_OWN_DEAD = "honorific_own"
# Men are of the troops told of so many sentences before.
_RECALLS = 2
_KILLED, _CAPTURED, _MISSING = "killed", "captured", "missing"


def carried_on(loss: Loss, view: View, scene: Scene, claimant: str, earlier: list[str]) -> str:
    """The party a bare number goes on with: that of the number before, the doer's foe, "them" who were told of."""
    sided = claimant in scene.topic.sides
    if sided and _is_own_after_theirs(view, loss):
        return scene.forces[claimant]  # "theirs at 58, and their own at nine"
    own_deed = sided and doer(view, loss, scene, claimant) == scene.forces[claimant]
    if earlier and not own_deed:
        return earlier[-1]
    if loss.word.side == _OWN_DEAD and sided:
        return scene.forces[claimant]
    struck = loss.active or view.has("participle", loss.mention.first - 1, loss.mention.first)  # "leaving 12 dead"
    hit = target(view, loss, scene) if view.language == "en" and struck and not own_deed else ""
    if hit:
        return hit
    if loss.mention.theirs or (loss.active and (view.language != "en" or own_deed)):
        foe = scene.other(claimant) if own_deed and scene.forces[claimant] in scene.fighting else ""
        fought = scene.forces[foe] if foe else target(view, loss, scene) if view.language != "en" else ""
        fought = fought or _hurt_before(loss, view, scene, claimant)
        fought = fought or armed_last(view, loss.mention.first, scene, claimant, "")
        if fought:
            return fought
    last = "" if scene.last_party == UNKNOWN and view.language == "en" else scene.last_party
    soon = _RECALLS if view.language == "en" and "recount" in view.all_roles else 1
    if view.index - scene.last_sentence <= soon and last and not _is_another_toll(loss, view, scene):
        return last
    if view.language == "en" and sided and not scene.told and loss.word.means == _KILLED:
        fought = armed_last(view, loss.mention.first, scene, claimant, "")
        if fought == scene.irregulars:
            return fought
    if view.language == "en" and sided and loss.word.means == _CAPTURED:
        return scene.forces[scene.other(claimant)]
    return ""


def _hurt_before(loss: Loss, view: View, scene: Scene, claimant: str) -> str:
    """Civilians, where "one of them" is one of those whom the same speaker has just counted, in English."""
    near = view.index - scene.last_sentence <= 1 and scene.last_side == claimant
    said = max((verb.last for verb in view.of("verb") if verb.last <= loss.mention.first), default=0)
    of_them = view.language == "en" and loss.mention.theirs and not any(armed(view, loss.mention.first, scene, said))
    return scene.last_party if near and of_them and scene.last_party == scene.civilians else ""


def men_of(view: View, loss: Loss, scene: Scene, claimant: str) -> str:
    """The party of those called men in English: the troops told of before, in the sentence or by the same speaker."""
    head = loss.mention.head
    if head is None or not view.has("men", head.first, head.last):
        return ""
    said = max((verb.last for verb in view.of("verb") if verb.last <= loss.mention.first), default=0)
    before = list(armed(view, loss.mention.first, scene, said))
    if before:
        return before[-1]
    own = loss.word.means == _MISSING or loss.word.side == _OWN_DEAD
    if own and claimant in scene.topic.sides:
        return scene.forces[claimant]
    recent = view.index - scene.last_sentence <= _RECALLS and scene.last_side == claimant
    return scene.last_party if recent and scene.last_party in scene.troops else ""


def _is_another_toll(loss: Loss, view: View, scene: Scene) -> bool:
    """Whether a total of the wounded follows the dead, or the other way round: it may be of others."""
    put_at = view.language == "en" and view.has("toll_verb", loss.mention.first - 1, loss.mention.first)
    tolled = loss.outcome.last <= loss.mention.first and (put_at or not loss.active)
    return tolled and scene.last_loss is not None and scene.last_loss.word.means != loss.word.means


def _is_own_after_theirs(view: View, loss: Loss) -> bool:
    """Whether a number is called one's own without a noun: "theirs at 58, and their own at nine", "its three dead"."""
    if view.language != "en":
        return False
    at = loss.mention.first - 1
    if view.has("own", at, at + 1) and not view.has("their", at, at + 1):
        return True
    owned = [span.last for span in view.of("context") if isinstance(span.entry, Word) and span.entry.side == "own"]
    return any(0 <= loss.mention.first - last <= 1 for last in owned)
