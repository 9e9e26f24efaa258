"""Which armed party lost: soldiers and fighters that are called by no country."""

from __future__ import annotations

from collections.abc import Iterator

from monitor.analysis.actors import Actor
from monitor.analysis.doers import doer, told_of
from monitor.analysis.grammar import View
from monitor.analysis.lexicon import Word
from monitor.analysis.losses import Loss
from monitor.analysis.offices import ground_side, place_side
from monitor.analysis.sides import UNKNOWN, Scene, attacking_side, is_own

_AMBIGUOUS, _CONTEXT, _MIXED_CIVILIAN = "ambiguous", "context", "civilian_any"
_THEIRS = "theirs"
_OWN_DEAD, _ENEMY_DEAD = "honorific_own", "pejorative_enemy"
_BACK = 4
_RULES = frozenset({"government", "force", "office", "person"})
# So many tokens behind a number or its outcome begins the side it is told of: "on the N side".
_GROUND = 3
# So many soldiers nobody loses without calling them his own.
_MANY = 20


def soldiers(loss: Loss, word: Word, view: View, scene: Scene, claimant: str, side: str) -> str:
    """Soldiers without a country: the speaker's own, the attacker's enemies, those of the place."""
    if side:
        return scene.forces[side]
    ground = ground_side(view, scene.topic, loss.mention.last, max(loss.mention.last, loss.outcome.last) + _GROUND)
    if ground:
        return scene.forces[ground]
    same = told_of(loss.mention.head, view, scene)
    if same:
        return same
    two_sided = claimant in scene.topic.sides
    if two_sided and (is_own(loss) or loss.word.side == _OWN_DEAD):
        return scene.forces[claimant]
    if two_sided and loss.word.side == _ENEMY_DEAD:
        return scene.forces[scene.other(claimant)]
    if two_sided and loss.active and view.language != "en":
        return _enemy_of_doer(view, loss, scene, claimant)
    killer = doer(view, loss, scene, claimant)
    if killer in scene.forces.values():
        return next(party for party in scene.forces.values() if party != killer)
    if killer == scene.irregulars and claimant in scene.topic.sides:
        return scene.forces[claimant]
    attacker = attacking_side(view, scene, loss)
    if attacker:
        return scene.forces[scene.other(attacker)]
    if two_sided and scene.forces[claimant] in scene.fighting:
        foe = scene.forces[scene.other(claimant)]
        soon = scene.last_side == claimant and view.index - scene.last_sentence <= 1
        if loss.mention.quantity.value >= _MANY or (view.language == "en" and soon and scene.last_party == foe):
            return foe
    if two_sided:
        return scene.forces[claimant]
    here = place_side(view, scene.topic)
    if here:
        return scene.forces[here]
    return word.means


def _enemy_of_doer(view: View, loss: Loss, scene: Scene, claimant: str) -> str:
    """Whom the doer of a deed told by ``claimant`` fights: where none is named, the speaker's side did it."""
    doer = ""
    said = max((verb.last for verb in view.of("verb") if verb.last <= loss.mention.first), default=0)
    for span in view.of("party", "actor"):
        if span.first >= loss.mention.first:
            break
        if span.first < said:
            continue  # who speaks
        entry = span.entry
        if isinstance(entry, Word) and (entry.means in (_AMBIGUOUS, scene.irregulars)):
            doer = "" if entry.side == _THEIRS else scene.irregulars
        elif isinstance(entry, Actor) and entry.party:
            doer = entry.party
    if doer in ("", scene.forces[claimant]):
        return scene.forces[scene.other(claimant)]
    return scene.forces[claimant]


def fighters(loss: Loss, view: View, scene: Scene, claimant: str, side: str) -> str:
    """Fighters, attackers, a name two groups share: who of the armed was spoken of last."""
    head = loss.mention.head
    assert head is not None
    theirs = view.has("possessive", loss.mention.first - 2, loss.mention.last + 1)
    own = scene.forces.get(claimant, UNKNOWN)
    if own in scene.fighting and own != scene.irregulars and (is_own(loss) or theirs):
        return own
    for span in view.of("actor"):
        entry = span.entry
        if isinstance(entry, Actor) and entry.confused_with and span.first < head.last and span.last > head.first:
            return scene.forces.get(entry.side, scene.irregulars)
    if side:
        return scene.forces[side]
    if own in scene.fighting and own != scene.irregulars and not loss.active:
        return armed_last(view, head.first, scene, claimant, own)
    if own in scene.fighting and doer(view, loss, scene, claimant) == scene.forces[scene.other(claimant)]:
        return own
    return armed_last(view, head.first, scene, claimant)


def armed_last(view: View, at: int, scene: Scene, claimant: str, default: str | None = None) -> str:
    """The party of fighters named last before token ``at`` that is not the speaker's own.

    Where none is named it is ``default``, irregulars if not given.
    """
    own = scene.forces.get(claimant, "")
    if view.language == "en" and own in scene.fighting:  # "their troops crossed, and five of them were killed"
        here = [party for party in armed(view, at, scene) if party != own]
        if here:
            return scene.irregulars if scene.irregulars in here else here[-1]
    for sentence in reversed([*scene.views[-_BACK:], view]):
        last = at if sentence is view else len(sentence.words)
        seen = [party for party in armed(sentence, last, scene) if party != own and party in scene.fighting]
        if scene.irregulars in seen:
            return scene.irregulars
        if seen:
            return seen[-1]
    if default is None:
        return _only_fighters(view, scene, claimant) or scene.irregulars
    return default


def _only_fighters(view: View, scene: Scene, claimant: str) -> str:
    """The force across the border, where an English story names no irregulars but those who rule there."""
    foe = scene.forces.get(scene.other(claimant), "") if claimant in scene.topic.sides else ""
    if view.language != "en" or foe not in scene.fighting:
        return ""
    named = [span.entry for one in [*scene.views, view] for span in one.of("party", "actor")]
    if any(isinstance(entry, Word) and entry.means == scene.irregulars for entry in named):
        return ""
    ruled = any(
        isinstance(entry, Actor) and entry.side == scene.other(claimant) and entry.actor_kind in _RULES
        for entry in named
    )
    return foe if ruled else ""


def armed(view: View, last: int, scene: Scene, begin: int = 0) -> Iterator[str]:
    """The armed parties named in a sentence from token ``begin`` to ``last``."""
    for span in view.of("party", "actor"):
        if span.last > last or span.first < begin:
            continue
        entry = span.entry
        if (
            isinstance(entry, Word)
            and entry.side != _CONTEXT
            and entry.means in (*scene.forces.values(), scene.irregulars)
        ):
            yield entry.means
        elif isinstance(entry, Actor) and entry.party:
            yield entry.party
        elif isinstance(entry, Actor) and entry.actor_kind == "government" and entry.side in scene.forces:
            yield scene.forces[entry.side]
