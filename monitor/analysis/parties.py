"""Whose losses: the party of those counted, by their noun, what goes with it, who speaks and who attacked."""

from __future__ import annotations

from collections.abc import Iterable

from monitor.analysis.actors import Actor
from monitor.analysis.armed import armed, armed_last, fighters, soldiers
from monitor.analysis.bystanders import included_in, of_all, of_several, people
from monitor.analysis.carried import carried_on, men_of
from monitor.analysis.doers import loser
from monitor.analysis.grammar import View
from monitor.analysis.heads import ANYBODY
from monitor.analysis.lexicon import Word
from monitor.analysis.losses import Loss
from monitor.analysis.offices import ground_side
from monitor.analysis.sides import UNKNOWN, Scene, is_own, named_side
from monitor.analysis.targets import attackers_own, owner_of_things, side_of_nationals
from monitor.analysis.tolls import antecedent, losing_side, noun_amid, side_beside, toll_noun

_AMBIGUOUS, _CONTEXT, _THEIRS = "ambiguous", "context", "theirs"
_OWN_LOSS, _OWN_DEAD = "own_loss", "honorific_own"
# "Eleven more" are of the party told of so many sentences before.
_RECALLS = 2
_CUTS = frozenset({"clause", "stop", "comma", "negation"})
# "nine killed and 13 injured in its ranks": so many tokens lie between.
_IN_RANKS = 6
# How Urdu and others call the enemy's dead.
_ENEMY_WORDS = frozenset({"enemy_or_neutral", "pejorative_enemy"})
# ... when so many tokens at most stand between "on the other side" and them.
_ACROSS = 3


def party_of(loss: Loss, view: View, scene: Scene, claimant: str, before: Iterable[str], admitted: bool = False) -> str:
    """The id of the party that suffered ``loss``.

    ``claimant`` is the side that speaks, ``before`` the parties of the losses told earlier in the sentence;
    ``admitted`` losses are told with a verb like "acknowledged": they are the speaker's own.
    """
    earlier = list(before)
    head = loss.mention.head.entry if loss.mention.head is not None else None
    counts = isinstance(head, Word) and head.side != ANYBODY
    if admitted and not loss.active and counts and scene.forces.get(claimant) in scene.fighting:
        loss.mention.own = True
    known = view.language == "en" and scene.forces.get(claimant) in scene.told  # "has confirmed the death of three"
    if (
        admitted
        and claimant in scene.forces
        and loss.mention.bare
        and (known or loss.chained or _is_admitted(view, loss))
    ):
        return scene.forces[claimant]
    party = _first_party(loss, view, scene, claimant, earlier)
    if party == scene.civilians and not counts and of_several(view, loss, scene):
        return UNKNOWN
    second = loss.mention.beside.entry if loss.mention.beside is not None else None
    if not isinstance(second, Word) or second.means in (party, UNKNOWN):
        return party
    if second.side == _CONTEXT and not (
        second.means == _AMBIGUOUS and party in scene.fighting and _is_plain(view, loss)
    ):
        return party
    if second.means == _AMBIGUOUS or scene.irregulars in (party, second.means):
        return scene.irregulars if scene.civilians not in (party, second.means) else UNKNOWN
    return UNKNOWN


def says_whose(loss: Loss, view: View, scene: Scene) -> bool:
    """Whether the words themselves say whose loss it is, so that nothing had to be concluded."""
    head = loss.mention.head.entry if loss.mention.head is not None else None
    if isinstance(head, Word) and head.side not in (_CONTEXT, ANYBODY, _THEIRS) and head.means != _AMBIGUOUS:
        return True
    return bool(named_side(loss, view, scene)) or is_own(loss) or _is_enemy(loss, view)


def _is_admitted(view: View, loss: Loss) -> bool:
    """Whether a number is the object of a verb that owns up to it, in English: "admits six deaths"."""
    first = loss.mention.first
    return any(0 <= first - span.last <= 1 and view.has("admitting", span.first, span.last) for span in view.of("verb"))


def _is_enemy(loss: Loss, view: View) -> bool:
    """Whether those counted are called the enemy, or the enemy is said to have lost them."""
    if loss.mention.foe:
        return True
    first = loss.outcome.first - 2 if loss.word.side == _OWN_LOSS else loss.mention.first - 2
    return view.has("enemy", first, loss.mention.last) and not view.has("clause", first, loss.mention.first)


def _of_both(view: View, loss: Loss) -> bool:
    """Whether men of both sides are counted together: "17 wounded on both sides"."""
    if loss.mention.head is not None and isinstance(loss.mention.head.entry, Word) and loss.word.side == _OWN_DEAD:
        return False
    last = max(loss.mention.last, loss.outcome.last)
    for span in view.of("context"):
        if isinstance(span.entry, Word) and span.entry.means == "both_sides":
            near = 0 <= span.first - last <= 1 and not view.has("comma", last, span.first)
            return near or loss.mention.first <= span.first < last
    return False


def _first_party(loss: Loss, view: View, scene: Scene, claimant: str, earlier: list[str]) -> str:
    mention = loss.mention
    if _of_both(view, loss):
        return UNKNOWN
    if claimant in scene.topic.sides and not mention.things and _is_enemy(loss, view):
        return scene.forces[scene.other(claimant)]
    side = named_side(loss, view, scene)
    lost = loser(view, loss, scene, claimant) if not side and not mention.things else ""
    if lost:
        return lost
    own, hit = scene.forces.get(claimant, ""), attackers_own(view, loss, scene)
    if hit and own not in ("", hit):
        return hit
    if claimant in scene.topic.sides and side_of_nationals(view, loss, scene) == claimant:
        return scene.civilians  # of its own men it would say that they were soldiers
    if mention.head is None:
        return _without_noun(loss, view, scene, claimant, earlier)
    word = mention.head.entry
    if not isinstance(word, Word):
        return UNKNOWN
    if not side and word.side == _CONTEXT and _is_foreign(loss, scene):
        return UNKNOWN
    if word.side == _THEIRS and earlier:
        return earlier[-1]
    if word.side == ANYBODY:
        return _anybody(loss, view, scene, claimant, earlier, side)
    if word.means == _AMBIGUOUS and scene.irregulars in included_in(view, loss):
        return scene.irregulars
    if word.means == _AMBIGUOUS:
        return fighters(loss, view, scene, claimant, side)
    if word.side == _CONTEXT:
        return soldiers(loss, word, view, scene, claimant, side)
    if word.means in scene.forces.values() and side:
        return scene.forces[side]
    possessed = view.language in ("ur", "hi") and view.has("possessive", mention.first - 1, mention.first)
    possessed = possessed or (view.language == "en" and mention.own)
    if possessed and claimant in scene.topic.sides and word.side in scene.topic.sides:
        return scene.forces[claimant]
    return word.means if word.means in scene.topic.parties else UNKNOWN


def _is_plain(view: View, loss: Loss) -> bool:
    """Whether the second noun under a number is a plain one, no name: "N men and gunmen"."""
    second = loss.mention.beside
    assert second is not None
    return not any(span.first < second.last and second.first < span.last for span in view.of("actor"))


def _is_foreign(loss: Loss, scene: Scene) -> bool:
    """Whether the noun phrase names a third country."""
    actors = [span.entry for span in loss.mention.nouns if isinstance(span.entry, Actor)]
    return any(actor.actor_kind == "country" and actor.side not in scene.topic.sides for actor in actors)


def _without_noun(loss: Loss, view: View, scene: Scene, claimant: str, earlier: list[str]) -> str:
    told = _told_beside(loss, view, scene, claimant, earlier)
    if told:
        return told
    if loss.mention.bare and scene.civilians not in included_in(view, loss):
        carried = carried_on(loss, view, scene, claimant, earlier)
        if carried:
            return carried
    if loss.mention.bare and not earlier and loss.word.side in _ENEMY_WORDS and claimant in scene.topic.sides:
        fought = armed_last(view, loss.mention.first, scene, claimant, "")
        if fought:
            return fought  # in words for the enemy's dead, after the enemy was named
    if loss.mention.others and not earlier and scene.last_party and view.index - scene.last_sentence <= _RECALLS:
        return of_all([scene.last_party], included_in(view, loss), scene)
    if scene.civilians in included_in(view, loss) and scene.civilians in earlier[-1:]:
        return scene.civilians
    if scene.civilians in included_in(view, loss):
        return people(loss, view, scene, [*earlier, scene.last_party] if loss.mention.others else earlier)
    if loss.mention.others and earlier:
        return of_all(earlier, included_in(view, loss), scene)
    return people(loss, view, scene, earlier)


def _told_beside(loss: Loss, view: View, scene: Scene, claimant: str, earlier: list[str]) -> str:
    """The party of a number without a noun, where words beside it tell: "their losses", "the dead among its troops"."""
    sided = claimant in scene.topic.sides
    if view.language == "en" and sided and loss.mention.own:
        return scene.forces[claimant]
    if loss.mention.bare and earlier and view.has("other_side", loss.mention.first - _ACROSS, loss.mention.first):
        side = next((side for side, force in scene.forces.items() if force == earlier[-1]), "")
        if side:
            return scene.forces[scene.other(side)]
    losing = losing_side(view, loss, scene, claimant)
    if losing:
        return scene.forces[losing]
    if view.language == "en" and sided and _is_in_own_ranks(view, loss):
        return scene.forces[claimant]
    if loss.mention.bare and earlier[-1:] and earlier[-1] in scene.forces.values():  # "two here, three on the N side"
        side = ground_side(view, scene.topic, loss.mention.last, loss.mention.last + _ACROSS)
        if side:
            return scene.forces[side]
    noun = antecedent(view, loss) or toll_noun(view, loss)
    named = "" if noun is not None else side_beside(view, loss, scene, claimant)
    if named:
        return scene.forces[named]
    amid = None if noun is not None else noun_amid(view, loss)
    if amid is not None:
        loss.mention.own = view.has("own", amid.first - 2, amid.last)
    noun = noun or amid
    if noun is None:
        return ""
    loss.mention.head, loss.mention.bare = noun, False
    loss.mention.nouns += [span for span in view.of("actor") if span.last == noun.first]
    return _first_party(loss, view, scene, claimant, earlier)


def _is_in_own_ranks(view: View, loss: Loss) -> bool:
    """Whether an English number is told of the speaker's own side behind it: "nine killed and 13 hurt in its ranks"."""
    end = next((at for at in range(loss.outcome.last, len(view.words)) if view.roles[at] & _CUTS), len(view.words))
    return loss.mention.bare and view.has("own_ranks", loss.outcome.last, min(end, loss.outcome.last + _IN_RANKS))


def _are_people(view: View, loss: Loss) -> bool:
    """Whether those counted are called people in English: anybody, not more of those counted before."""
    head = loss.mention.head
    return view.language == "en" and head is not None and view.has("persons", head.first, head.last)


def _loser(loss: Loss, view: View, scene: Scene, claimant: str) -> str:
    """Who lost: the side or party named last before the verb, else the speaker's."""
    parties = list(armed(view, loss.outcome.first, scene))
    return parties[-1] if parties else scene.forces.get(claimant, UNKNOWN)


def _anybody(loss: Loss, view: View, scene: Scene, claimant: str, earlier: list[str], side: str) -> str:
    counted = toll_noun(view, loss)
    named = side_beside(view, loss, scene, claimant) if loss.outcome.last <= loss.mention.first else ""
    if named:
        return scene.forces[named]
    if counted is not None:
        loss.mention.head = counted
        return _first_party(loss, view, scene, claimant, earlier)
    if loss.mention.theirs and not earlier:
        return armed_last(view, loss.mention.first, scene, claimant)
    if loss.mention.own and claimant in scene.topic.sides and not _are_people(view, loss):
        return scene.forces[claimant]
    if claimant in scene.topic.sides and view.has("other_side", loss.mention.first - _ACROSS, loss.mention.first):
        return scene.forces[scene.other(claimant)]
    classifier = view.has("classifier", loss.mention.quantity.last, loss.mention.last)
    if view.language == "fa" and loss.mention.own_before and not loss.active and claimant in scene.topic.sides:
        return scene.forces[claimant]  # "of ours three men"
    if (loss.mention.others or classifier) and earlier and not _are_people(view, loss):
        return of_all(earlier, included_in(view, loss), scene)
    robbed = owner_of_things(view, scene) if loss.active or loss.mention.clitic else ""
    if robbed and robbed != scene.forces.get(claimant):
        return robbed  # "they took a post of N's men and killed ten"
    if is_own(loss) and claimant in scene.topic.sides and not _are_people(view, loss):
        return scene.forces[claimant]
    if loss.word.side == _OWN_LOSS:
        return _loser(loss, view, scene, claimant)
    if loss.mention.others and scene.last_party and view.index - scene.last_sentence <= 1:
        return UNKNOWN if _are_people(view, loss) and scene.last_party in scene.troops else scene.last_party
    men = men_of(view, loss, scene, claimant)
    if men:
        return men
    if side and any(isinstance(span.entry, Actor) and span.entry.party for span in loss.mention.nouns):
        return scene.forces[side]
    return people(loss, view, scene, earlier)
