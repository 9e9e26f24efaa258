"""Claims: every count of losses of the event a story reports, whose, who says so, and in which sentence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

from monitor.analysis.attribution import Frame, denied_claimant, frame_of, frames
from monitor.analysis.background import is_background, is_current, opens_background
from monitor.analysis.gazetteer import GazetteerPlace
from monitor.analysis.grammar import View, rules, view
from monitor.analysis.lexicon import Word
from monitor.analysis.losses import Loss, losses
from monitor.analysis.mentions import coordinated
from monitor.analysis.parties import UNKNOWN, Scene, party_of
from monitor.analysis.reading import Reading
from monitor.analysis.speakers import Speaker
from monitor.analysis.topic import Topic
from monitor.items import Claim

# A speaker goes on for so many sentences that name none.
_GOES_ON = 3
_LEAD = 4
_FROM_AFAR = frozenset({"shelling", "air_strike", "drone_strike"})
_NOBODY = Speaker(UNKNOWN, None)
# A story longer than this is not read to its end: what comes after is no news.
_MOST_SENTENCES = 400


class _Told(NamedTuple):
    """A claim with where it was told: the sentence, and whether anybody was named for it."""

    claim: Claim
    sentence: int
    attributed: bool


def is_vague(claim: Claim) -> bool:
    """Whether the count is a word like "dozens" under its conventional value: "about" without an upper bound."""
    return claim.qualifier == "about" and claim.count_high is None


def extract_claims(topic: Topic, reading: Reading, language: str) -> list[Claim]:
    """The claims of a story, in its order.

    ``language`` is the code of the story's language; of others the order of words is guessed by the script. Parts
    of a total, ages, dates, sums and losses of earlier events are left out. Counts of one party and outcome listed
    together are added up. ``count_low`` and ``count_high`` are equal for an exact count; "at least" and "more
    than" leave ``count_high`` None, "up to" leaves ``count_low`` None. Vague words have the value ACLED gives them,
    the qualifier "about" and no ``count_high`` (see ``is_vague``). Quotes of the title have the offsets -1, -1.
    A denial is a claim of the one who denies. Never fails, whatever the text.
    """
    order = rules(language, reading.text or reading.title)
    scene = Scene(topic)
    scene.from_afar = _lead_is_from_afar(reading)
    told: list[_Told] = []
    state = _State(_home(topic, reading))
    for index in range(min(len(reading.sentences), _MOST_SENTENCES)):
        if not reading.by_sentence[index]:
            state.age += 1
            scene.views.append(view(reading, index, topic.grammar, order))
            continue
        told += _sentence(reading, index, order, scene, state)
    return _settle(told, topic)


class _State:
    """Who spoke last, how many sentences ago, and whether the paragraph is about another time."""

    def __init__(self, home: str) -> None:
        self.home = home
        self.speaker = _NOBODY
        self.age = 0
        self.background = False


def _lead_is_from_afar(reading: Reading) -> bool:
    for matches in reading.by_sentence[:_LEAD]:
        for match in matches:
            if isinstance(match.entry, Word) and match.kind == "event" and match.entry.means in _FROM_AFAR:
                return True
    return False


def _home(topic: Topic, reading: Reading) -> str:
    """The side on which the places of a story's opening lie; empty when they lie on both, or none is named."""
    sides = set()
    for matches in reading.by_sentence[:_LEAD]:
        for match in matches:
            if isinstance(match.entry, GazetteerPlace) and match.entry.kind not in ("country", "capital", "line"):
                sides.add(topic.side_of(match.entry))
    sides.discard("")
    return sides.pop() if len(sides) == 1 else ""


def _sentence(reading: Reading, index: int, order: str, scene: Scene, state: _State) -> list[_Told]:
    seen = view(reading, index, scene.topic.grammar, order)
    lost = losses(seen)
    counted = [(loss.mention.first, loss.mention.last) for loss in lost]
    found = frames(seen, scene.topic, state.home, counted)
    _pass_on(reading, seen, found, state)
    told: list[_Told] = []
    parties: list[str] = []
    groups = _add_up(seen, lost)
    for loss, extra in groups:
        first, last = loss.mention.first, max(loss.mention.last, loss.outcome.last)
        if state.background or is_background(seen, min(first, loss.outcome.first), last):
            continue
        frame = frame_of(seen, found, loss.mention.first)
        speaker = _speaker(frame, state)
        party = party_of(loss, seen, scene, speaker.side, parties)
        stance = frame.stance if frame else "claimed"
        claim = _claim(reading, index, loss, extra, party, speaker, stance, scene)
        told += _with_denied(claim, index, seen, scene, frame is not None or state.speaker is not _NOBODY)
        parties.append(party)
        scene.last_party, scene.last_sentence = party, seen.index
    _remember(seen, found, state)
    scene.views.append(seen)
    return told


def _pass_on(reading: Reading, seen: View, found: list[Frame], state: _State) -> None:
    """Carry over, or end, what the sentences before have set."""
    new = (
        seen.index == 0 or "\n" in reading.text[_end_of(reading, seen.index - 1) : reading.sentences[seen.index].start]
    )
    if new or is_current(seen):
        state.background = False
    if opens_background(seen) and seen.part == "text":
        state.background = state.background or not is_current(seen)
    state.age += 1
    limit = _GOES_ON if not new else 2
    if state.age > limit or (seen.index and reading.sentences[seen.index - 1].part != seen.part):
        state.speaker = _NOBODY


def _end_of(reading: Reading, index: int) -> int:
    return reading.sentences[index].end if reading.sentences[index].part == "text" else 0


def _remember(seen: View, found: list[Frame], state: _State) -> None:
    if not found:
        return
    state.age = 0
    spoken = [frame.speaker for frame in found if frame.speaker is not None]
    if spoken:
        state.speaker = spoken[-1]


def _speaker(frame: Frame | None, state: _State) -> Speaker:
    if frame is None or frame.speaker is None:
        return state.speaker
    return frame.speaker


def _add_up(seen: View, found: list[Loss]) -> list[tuple[Loss, int]]:
    """Losses of one outcome listed side by side, with what the later ones add: "nine children and a woman"."""
    groups: list[tuple[Loss, int]] = []
    for loss in found:
        if groups:
            last, extra = groups[-1]
            same = last.outcome == loss.outcome and _kin(last, loss)
            if same and not last.mention.things and coordinated(seen, last.mention, loss.mention):
                merged = replace(last, mention=replace(last.mention, last=loss.mention.last))
                groups[-1] = (merged, extra + loss.mention.quantity.value)
                continue
        groups.append((loss, 0))
    return groups


def _kin(left: Loss, right: Loss) -> bool:
    """Whether two nouns count the same party: both civilians, both soldiers, or the second is "others"."""
    if right.mention.others:
        return True
    one, two = left.mention.head, right.mention.head
    if one is None or two is None or not isinstance(one.entry, Word) or not isinstance(two.entry, Word):
        return False
    return one.entry.means == two.entry.means and one.entry.means != "ambiguous" and two.entry.side != "none"


def _claim(
    reading: Reading, index: int, loss: Loss, extra: int, party: str, speaker: Speaker, stance: str, scene: Scene
) -> Claim:
    part, start, end = reading.sentences[index]
    title = part == "title"
    quantity = loss.mention.quantity
    head = loss.mention.head.entry if loss.mention.things and loss.mention.head else None
    own = scene.forces.get(speaker.side) == party and not loss.mention.things
    return Claim(
        claimant=speaker.side,
        speaker=speaker.words,
        party=party,
        outcome=loss.word.means,
        what=head.means if isinstance(head, Word) else None,
        count_low=None if quantity.low is None else quantity.low + extra,
        count_high=None if quantity.high is None else quantity.high + extra,
        qualifier=quantity.qualifier,
        stance="confirmed" if own and stance == "claimed" else stance,
        quote=reading.title if title else reading.text[start:end],
        start=-1 if title else start,
        end=-1 if title else end,
    )


def _with_denied(claim: Claim, index: int, seen: View, scene: Scene, attributed: bool) -> Iterable[_Told]:
    """The claim, and before a denial the claim that is denied, where its side is named."""
    if claim.stance == "denied":
        other = denied_claimant(seen, scene.topic, claim.claimant)
        if other is not None:
            denied = replace(claim, claimant=other.side, speaker=other.words, stance="claimed")
            yield _Told(denied, index, True)
    yield _Told(claim, index, attributed)


def _settle(told: list[_Told], topic: Topic) -> list[Claim]:
    """One claim for every figure by the same claimant; the first mention keeps its quote."""
    kept: list[Claim] = []
    keys: set[tuple[object, ...]] = set()
    for item in told:
        claim = item.claim
        key = _key(claim)
        if key not in keys:
            keys.add(key)
            kept.append(claim)
    return kept


def _key(claim: Claim) -> tuple[object, ...]:
    count = claim.count_low if claim.count_low is not None else claim.count_high
    denied = claim.stance == "denied"
    return claim.claimant, claim.party, claim.outcome, claim.what, count, denied
