"""Claims: every count of losses of the event a story reports, whose, who says so, and in which sentence."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from monitor.analysis.actors import Actor
from monitor.analysis.attribution import NOBODY, Frame, denied_claimant, frame_of, frames
from monitor.analysis.background import is_background, is_current, opens_background
from monitor.analysis.gazetteer import GazetteerPlace
from monitor.analysis.grammar import View, rules, view
from monitor.analysis.lexicon import Word
from monitor.analysis.losses import Loss, losses
from monitor.analysis.mentions import coordinated, mentions
from monitor.analysis.parties import UNKNOWN, Scene, party_of, says_whose
from monitor.analysis.reading import Reading
from monitor.analysis.settling import Told, settle
from monitor.analysis.speakers import Known, Speaker
from monitor.analysis.topic import Topic
from monitor.items import Claim

# A speaker goes on for so many sentences that name none.
_GOES_ON = 3
_GOES_ON_APART = 2
_LEAD = 4
_FROM_AFAR = frozenset({"shelling", "air_strike", "drone_strike"})
# A story longer than this is not read to its end: what comes after is no news.
_MOST_SENTENCES = 400


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
    state = _State(Known(topic, _home(topic, reading)))
    for index in range(min(len(reading.sentences), _MOST_SENTENCES)):
        _sentence(reading, index, order, scene, state)
    return settle(state.told, state.voices)


class _State:
    """What has been told, who spoke last and how many sentences ago, and whether the paragraph is about the past."""

    def __init__(self, known: Known) -> None:
        self.known = known
        self.told: list[Told] = []
        self.voices: list[tuple[int, Speaker]] = []
        self.speaker = self.last = NOBODY
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
    dateline = _dateline(topic, reading)
    if dateline:
        return dateline
    for matches in reading.by_sentence[:_LEAD]:
        for match in matches:
            if isinstance(match.entry, GazetteerPlace) and match.entry.kind not in ("country", "capital", "line"):
                sides.add(topic.side_of(match.entry))
    sides.discard("")
    return sides.pop() if len(sides) == 1 else ""


_DATELINE = re.compile(r"\s*(?:,[^.:\n]{0,30})?\s*(?:\([^)]{0,40}\))?\s*[:—–-](?=\s)")


def _dateline(topic: Topic, reading: Reading) -> str:
    """The side of the place a story is datelined from: what is not said to be elsewhere happens there."""
    for match in reading.matches:
        if match.part == "text" and isinstance(match.entry, GazetteerPlace):
            if reading.text[: match.start].strip() or not _DATELINE.match(reading.text, match.end):
                return ""
            return topic.side_of(match.entry)
    return ""


def _sentence(reading: Reading, index: int, order: str, scene: Scene, state: _State) -> None:
    """Read one sentence and add what it claims to what has been told."""
    seen = view(reading, index, scene.topic.grammar, order)
    counted = mentions(seen)
    lost = losses(seen, counted)
    found = frames(seen, state.known, counted)
    _pass_on(reading, seen, state)
    parties: list[str] = []
    said_by = NOBODY
    for loss, extra in _add_up(seen, lost):
        first, last = min(loss.mention.first, loss.outcome.first), max(loss.mention.last, loss.outcome.last)
        if state.background or is_background(seen, first, last) or _is_repeated_part(seen, loss, state):
            continue
        frame = frame_of(seen, found, loss.mention.first)
        speaker = _speaker(frame, state)
        if speaker.side != said_by.side:
            parties, said_by = [], speaker
        stance = frame.stance if frame else "claimed"
        party = party_of(loss, seen, scene, speaker.side, parties, stance == "confirmed")
        claim = _claim(reading, index, loss, extra, party, speaker, stance, scene)
        sure = says_whose(loss, seen, scene)
        told = Told(claim, seen.index, home=speaker.home, named=loss.mention.named, sure=sure)
        state.told += _with_denied(told, seen, state.known, speaker)
        parties.append(party)
        scene.last_party, scene.last_sentence = party, seen.index
    _remember(seen, found, state)
    scene.views.append(seen)


def _is_repeated_part(seen: View, loss: Loss, state: _State) -> bool:
    """Whether the badly injured are counted after all injured have been."""
    if not seen.has("severe", loss.outcome.first - 2, loss.outcome.last + 2):
        return False
    return any(told.claim.outcome == loss.word.means for told in state.told)


def _pass_on(reading: Reading, seen: View, state: _State) -> None:
    """Carry over, or end, what the sentences before have set."""
    new = _begins_paragraph(reading, seen.index)
    if new or is_current(seen):
        state.background = False
    if opens_background(seen) and seen.part == "text" and not is_current(seen):
        state.background = True
    state.age += 1
    if state.age > (_GOES_ON_APART if new else _GOES_ON):
        state.speaker = NOBODY
    if seen.index and reading.sentences[seen.index - 1].part != seen.part:
        state.speaker = NOBODY


def _begins_paragraph(reading: Reading, index: int) -> bool:
    if index == 0 or reading.sentences[index - 1].part != reading.sentences[index].part:
        return True
    return "\n" in reading.text[reading.sentences[index - 1].end : reading.sentences[index].start]


def _remember(seen: View, found: list[Frame], state: _State) -> None:
    """Keep who spoke in a sentence for those after it."""
    if not found:
        return
    state.age = 0
    for frame in found:
        if frame.speaker is None:
            continue
        speaker = _carried(frame.speaker, state)
        state.known.learn(speaker)
        if seen.part == "text":
            state.speaker = state.last = speaker
        silent = seen.has("negation", frame.verb, frame.verb + 7)
        if speaker.side in state.known.topic.sides and frame.stance != "denied" and not silent:
            state.voices.append((seen.index, speaker))


def _speaker(frame: Frame | None, state: _State) -> Speaker:
    if frame is None or frame.speaker is None:
        return state.speaker if frame is None or state.speaker is not NOBODY else state.last
    return _carried(frame.speaker, state)


def _carried(speaker: Speaker, state: _State) -> Speaker:
    """The speaker; "the sources", "the official" of no known side are those who spoke just before."""
    if speaker.side == UNKNOWN and speaker.words and state.speaker.side in state.known.topic.sides and state.age <= 1:
        return Speaker(state.speaker.side, speaker.words)
    return speaker


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
    if _countries(left) and _countries(right) and _countries(left) != _countries(right):
        return False
    return one.entry.means == two.entry.means and one.entry.means != "ambiguous" and two.entry.side != "none"


def _countries(loss: Loss) -> set[str]:
    """The sides and countries the noun phrase of a loss names."""
    return {span.entry.side for span in loss.mention.nouns if isinstance(span.entry, Actor)}


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


def _with_denied(told: Told, seen: View, known: Known, speaker: Speaker) -> Iterable[Told]:
    """The claim, and before a denial the claim that is denied, where its side is named."""
    if told.claim.stance == "denied":
        other = denied_claimant(seen, known, told.claim.claimant)
        if other is not None:
            claim = replace(told.claim, claimant=other.side, speaker=other.words, stance="claimed")
            yield told._replace(claim=claim, attributed=True)
    sided = speaker.side != UNKNOWN or (speaker.hearsay and speaker.words is not None)
    yield told._replace(attributed=sided and not (speaker.hearsay and speaker.home != ""))
