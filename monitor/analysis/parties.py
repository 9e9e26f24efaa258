"""Whose losses: the party of those counted, by their noun, what goes with it, who speaks and who attacked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from monitor.analysis.actors import Actor
from monitor.analysis.armed import armed, armed_last, fighters, soldiers
from monitor.analysis.grammar import Span, View
from monitor.analysis.lexicon import Word
from monitor.analysis.losses import Loss
from monitor.analysis.phrases import ANYBODY
from monitor.analysis.sides import UNKNOWN, Scene, events_of, is_own, named_side

_AMBIGUOUS, _CONTEXT, _MIXED_CIVILIAN = "ambiguous", "context", "civilian_any"
_THEIRS = "theirs"
_OWN_LOSS, _LOSSES = "own_loss", "ambiguous"
_OWN_DEAD, _ENEMY_DEAD = "honorific_own", "pejorative_enemy"
_FROM_AFAR = frozenset({"shelling", "air_strike", "drone_strike"})
_SPEAK_ONLY = frozenset({"person", "office", "media", "organisation"})
_LIVED_IN = frozenset({"houses", "public_buildings"})
_INCLUDED = 5
_DISPLACED = "displaced"
# "Eleven more" are of the party told of so many sentences before.
_RECALLS = 2


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
    if admitted and loss.chained and loss.mention.bare and claimant in scene.forces:
        return scene.forces[claimant]
    party = _first_party(loss, view, scene, claimant, earlier)
    second = loss.mention.beside.entry if loss.mention.beside is not None else None
    if not isinstance(second, Word) or second.means in (party, UNKNOWN) or second.side == _CONTEXT:
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
    if mention.head is None:
        return _without_noun(loss, view, scene, claimant, earlier)
    word = mention.head.entry
    if not isinstance(word, Word):
        return UNKNOWN
    side = named_side(loss, view, scene)
    if not side and word.side == _CONTEXT and _is_foreign(loss, scene):
        return UNKNOWN
    if word.side == _THEIRS and earlier:
        return earlier[-1]
    if word.side == ANYBODY:
        return _anybody(loss, view, scene, claimant, earlier, side)
    if word.means == _AMBIGUOUS and scene.irregulars in _included(view, loss):
        return scene.irregulars
    if word.means == _AMBIGUOUS:
        return fighters(loss, view, scene, claimant, side)
    if word.side == _CONTEXT:
        return soldiers(loss, word, view, scene, claimant, side)
    if word.means in scene.forces.values() and side:
        return scene.forces[side]
    possessed = view.language in ("ur", "hi") and view.has("possessive", mention.first - 1, mention.first)
    if possessed and claimant in scene.topic.sides and word.side in scene.topic.sides:
        return scene.forces[claimant]
    return word.means if word.means in scene.topic.parties else UNKNOWN


def _included(view: View, loss: Loss) -> set[str]:
    """The parties said to be among those counted: "45 attackers, among them members of …"."""
    for roles, first, last in view.phrases:
        if "subset_after" in roles and 0 <= first - loss.mention.last <= _INCLUDED:
            near = [span.entry for span in view.of("party") if last <= span.first <= last + _INCLUDED]
            return {word.means for word in near if isinstance(word, Word)}
        if "subset_before" in roles and 0 <= loss.mention.first - last <= 1:
            near = [span.entry for span in view.of("party") if first - _INCLUDED <= span.first < first]
            return {word.means for word in near if isinstance(word, Word)}
    return set()


def _is_foreign(loss: Loss, scene: Scene) -> bool:
    """Whether the noun phrase names a third country."""
    actors = [span.entry for span in loss.mention.nouns if isinstance(span.entry, Actor)]
    return any(actor.actor_kind == "country" and actor.side not in scene.topic.sides for actor in actors)


def _without_noun(loss: Loss, view: View, scene: Scene, claimant: str, earlier: list[str]) -> str:
    named = _side_beside(view, loss, scene, claimant)
    losing = _losing_side(view, loss, scene, claimant)
    if losing:
        return scene.forces[losing]
    antecedent = _antecedent(view, loss)
    if antecedent is not None:
        loss.mention.head, loss.mention.bare = antecedent, False
        return _first_party(loss, view, scene, claimant, earlier)
    counted = _toll_noun(view, loss)
    if counted is not None:
        return counted.means if counted.means in scene.topic.parties else UNKNOWN
    if named:
        return scene.forces[named]
    if loss.mention.bare and scene.civilians not in _included(view, loss):
        if earlier:
            return earlier[-1]
        if loss.word.side == _OWN_DEAD and claimant in scene.topic.sides:
            return scene.forces[claimant]
        if loss.mention.theirs or (loss.active and view.language != "en"):
            fought = armed_last(view, loss.mention.first, scene, claimant, "")
            if fought:
                return fought
        if view.index - scene.last_sentence <= 1 and scene.last_party:
            return scene.last_party
    if loss.mention.others and not earlier and scene.last_party and view.index - scene.last_sentence <= _RECALLS:
        return scene.last_party
    if scene.civilians in _included(view, loss) and scene.civilians in earlier[-1:]:
        return scene.civilians
    if scene.civilians in _included(view, loss):
        return _people(loss, view, scene, [*earlier, scene.last_party] if loss.mention.others else earlier)
    if loss.mention.others and earlier:
        return _of_all(earlier, _included(view, loss), scene)
    return _people(loss, view, scene, earlier)


def _antecedent(view: View, loss: Loss) -> Span | None:
    """The noun a number is told of in a relative clause: "the attackers …, of whom four were killed"."""
    if not loss.mention.bare or view.language == "en":
        return None
    for roles, first, last in view.phrases:
        if "subset_after" in roles and last == loss.mention.first:
            nouns = [span for span in view.of("party") if span.last <= first]
            return nouns[-1] if nouns and not _is_anybody(nouns[-1]) else None
    return None


def _of_all(earlier: list[str], included: set[str], scene: Scene) -> str:
    """The party of others counted after those told of: nobody knows which, where they are of several."""
    troops = {*scene.forces.values(), scene.irregulars}
    mixed = included & troops if earlier[-1] == scene.civilians else scene.civilians in included
    return earlier[-1] if len(set(earlier)) == 1 and not mixed else UNKNOWN


def _is_anybody(noun: Span) -> bool:
    return isinstance(noun.entry, Word) and noun.entry.side == ANYBODY


def _losing_side(view: View, loss: Loss, scene: Scene, claimant: str) -> str:
    """The side whose "losses" a number is said to be: "their losses at 67 killed", "its casualties as two wounded"."""
    for span in view.of("outcome"):
        word = span.entry
        if not isinstance(word, Word) or word.side not in (_LOSSES, _OWN_LOSS) or span == loss.outcome:
            continue
        if not 0 <= loss.mention.first - span.last <= _INCLUDED or _is_cut(view, span.last, loss.mention.first):
            continue
        for other in view.of("actor", "party"):
            side = other.entry.side if isinstance(other.entry, Actor | Word) else ""
            beside = other.first == span.last if view.language == "fa" else span.first - 2 <= other.last <= span.first
            if beside and side in scene.topic.sides:
                return side
        if view.has("own", span.first - 2, span.last + 1) and claimant in scene.topic.sides:
            return claimant
    return ""


def _is_cut(view: View, first: int, last: int) -> bool:
    """Whether another clause begins between two tokens; "as" before a number begins none."""
    return any("clause" in view.roles[at] and "toll_verb" not in view.roles[at] for at in range(first, last))


def _toll_noun(view: View, loss: Loss) -> Word | None:
    """The noun between an outcome and its toll: "of the killed civilians the number is 17"."""
    for span in view.of("party"):
        word = span.entry
        if loss.outcome.last <= span.first and span.last <= loss.mention.first and isinstance(word, Word):
            beside = span.first == loss.outcome.last and view.language == "fa"
            if word.side == ANYBODY or word.means == _AMBIGUOUS:
                continue
            if beside or view.has("toll", span.last, loss.mention.first):
                return word
    for span in view.of("party") if view.language == "fa" else ():
        if span.last == loss.outcome.first and view.has("toll", span.first - 2, span.first):
            return span.entry if isinstance(span.entry, Word) and not _is_anybody(span) else None
    return None


def _side_beside(view: View, loss: Loss, scene: Scene, claimant: str) -> str:
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
    return ""


def _is_noun(view: View, outcome: Span) -> bool:
    """Whether an English outcome before its number is a noun: "the N dead at 16", no verb."""
    return view.has("adjective", outcome.first, outcome.last) or view.has("toll", outcome.first, outcome.last)


def _loser(loss: Loss, view: View, scene: Scene, claimant: str) -> str:
    """Who lost: the side or party named last before the verb, else the speaker's."""
    parties = list(armed(view, loss.outcome.first, scene))
    return parties[-1] if parties else scene.forces.get(claimant, UNKNOWN)


def _anybody(loss: Loss, view: View, scene: Scene, claimant: str, earlier: list[str], side: str) -> str:
    counted = _toll_noun(view, loss)
    named = _side_beside(view, loss, scene, claimant) if loss.outcome.last <= loss.mention.first else ""
    if counted is not None or named:
        return scene.forces[named] if named else counted.means if counted else UNKNOWN
    if loss.mention.theirs and not earlier:
        return armed_last(view, loss.mention.first, scene, claimant)
    classifier = view.has("classifier", loss.mention.quantity.last, loss.mention.last)
    if (loss.mention.others or classifier) and earlier:
        return _of_all(earlier, _included(view, loss), scene)
    if is_own(loss) and claimant in scene.topic.sides:
        return scene.forces[claimant]
    if loss.word.side == _OWN_LOSS:
        return _loser(loss, view, scene, claimant)
    if loss.mention.others and scene.last_party and view.index - scene.last_sentence <= 1:
        return scene.last_party
    if side and any(isinstance(span.entry, Actor) and span.entry.party for span in loss.mention.nouns):
        return scene.forces[side]
    return _people(loss, view, scene, earlier)


def _people(loss: Loss, view: View, scene: Scene, earlier: list[str]) -> str:
    """Civilians where the words around say so, else unknown: people may be anybody."""
    troops = set(scene.forces.values()) | {scene.irregulars}
    if loss.word.means == _DISPLACED:
        return scene.civilians
    if troops & set(earlier):
        return UNKNOWN
    if scene.civilians in (included := _included(view, loss)) and included & troops:
        return UNKNOWN
    kinds = {word.side for word in _party_words(view) if word.means == scene.civilians}
    if kinds and not (_MIXED_CIVILIAN in kinds and _has_part(view)):
        return scene.civilians
    if (
        events_of(view, _FROM_AFAR)
        or _lived_in(view)
        or (scene.from_afar and not events_of(view, frozenset({"armed_clash"})))
    ):
        return scene.civilians
    return scene.civilians if scene.told == {scene.civilians} else UNKNOWN


def _party_words(view: View) -> Iterator[Word]:
    for span in view.of("party"):
        if isinstance(span.entry, Word):
            yield span.entry


def _has_part(view: View) -> bool:
    return any(role in roles for roles, _, _ in view.phrases for role in ("subset_after", "subset_before"))


def _lived_in(view: View) -> bool:
    speakers = view.of("speaker")
    for span in view.of("object"):
        if isinstance(span.entry, Word) and span.entry.means in _LIVED_IN:
            target = view.has("onto", span.first - 3, span.last + 1)
            if target or not any(other.first <= span.first < other.last for other in speakers):
                return True
    return False
