"""Claims: every count of losses of the event a story reports, whose, who says so, and in which sentence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from monitor.analysis.attribution import denied_claimant, frame_of, frames
from monitor.analysis.background import is_background, is_cause, is_current
from monitor.analysis.framing import Frame
from monitor.analysis.grammar import View, rules, view
from monitor.analysis.heads import ANYBODY
from monitor.analysis.lexicon import Word
from monitor.analysis.losses import Loss, losses, recount
from monitor.analysis.mentions import mentions
from monitor.analysis.parties import party_of, says_whose
from monitor.analysis.phrases import coordinated
from monitor.analysis.reading import Match, Reading
from monitor.analysis.settling import Told, settle
from monitor.analysis.sides import UNKNOWN, Scene, attacking_side, named_side
from monitor.analysis.speakers import Speaker
from monitor.analysis.topic import Topic
from monitor.analysis.voices import Voices
from monitor.items import Claim

_LEAD = 4
_OWN_DEAD = "honorific_own"
_SOON_AFTER = 2
_FROM_AFAR = frozenset({"shelling", "air_strike", "drone_strike"})
# A story longer than this is not read to its end: what comes after is no news. One with more losses is a table.
_MOST_SENTENCES, _MOST_LOSSES = 400, 200


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
    voices = Voices(topic, reading)
    told: list[Told] = []
    for index in range(min(len(reading.sentences), _MOST_SENTENCES)):
        if len(told) > _MOST_LOSSES:
            break
        if _matters(reading.by_sentence[index], index):
            seen = view(reading, index, topic.grammar, order)
            told += _sentence(reading, seen, scene, voices, told)
            told = _told_apart(seen, told, scene)
            scene.views.append(seen)
        elif voices.opens(index) and _matters(reading.by_sentence[index + 1], index + 1):
            voices.begin(view(reading, index, topic.grammar, order))
        else:
            voices.skip(index)
    return settle(told, voices.heard)


_SPEAKS = frozenset({"office", "person"})
_MATTERS = frozenset({"outcome", "verb", "speaker"})


def _matters(matches: tuple[Match, ...], index: int) -> bool:
    """Whether a sentence can say anything about losses, or about who speaks of them."""
    return any(
        match.kind in _MATTERS
        or (index < _LEAD and match.kind == "actor" and getattr(match.entry, "actor_kind", "") in _SPEAKS)
        for match in matches
    )


def _lead_is_from_afar(reading: Reading) -> bool:
    for matches in reading.by_sentence[:_LEAD]:
        for match in matches:
            if isinstance(match.entry, Word) and match.kind == "event" and match.entry.means in _FROM_AFAR:
                return True
    return False


def _told_apart(seen: View, told: list[Told], scene: Scene) -> list[Told]:
    """The claims, those about people as civilians where women and children are said to be among the dead."""
    if "among_the_dead" not in seen.all_roles:
        return told
    kinds = {
        span.entry.means for span in seen.of("party") if isinstance(span.entry, Word) and span.entry.side != ANYBODY
    }
    if kinds != {scene.civilians}:
        return told
    return [
        item._replace(claim=replace(item.claim, party=scene.civilians))
        if seen.index - item.sentence <= _SOON_AFTER and item.claim.party == UNKNOWN and item.claim.what is None
        else item
        for item in told
    ]


class _Judged(NamedTuple):
    """A loss with all that is known of it; ``extra`` is what others listed with it add."""

    loss: Loss
    party: str
    speaker: Speaker
    stance: str
    sure: bool
    extra: int


def _sentence(reading: Reading, seen: View, scene: Scene, voices: Voices, before: list[Told]) -> list[Told]:
    """What one sentence claims."""
    again = any("recount" in roles for roles, _, _ in seen.phrases)
    counted = mentions(seen) if again or seen.of("outcome") else []
    lost = losses(seen, counted)
    if again and not lost and seen.index - scene.last_sentence <= 1:
        lost = [loss for loss in [recount(seen, counted, scene.last_loss)] if loss is not None]
    elif again and lost:
        behind = [mention for mention in counted if mention.first >= lost[-1].mention.last and mention.bare]
        lost += [loss for loss in [recount(seen, behind, lost[-1])] if loss is not None]
    found = frames(seen, voices.known, [loss.mention for loss in lost] + [m for m in counted if m.part])
    voices.begin(seen)
    judged: list[_Judged] = []
    parties: list[str] = []
    of_losers: dict[Frame | None, Speaker] = {}
    past = 0
    for loss in lost:
        first, last = min(loss.mention.first, loss.outcome.first), max(loss.mention.last, loss.outcome.last)
        frame = frame_of(seen, found, loss.mention.first)
        recalled = frame is not None and seen.has("recalling", frame.verb, frame.verb + 1)
        if voices.past or recalled or is_background(seen, first, last, voices.day):
            past += not is_cause(seen, first, last)
            continue
        speaker = of_losers.get(frame) or voices.speaker(frame)
        if _are_brought_in(seen, loss, speaker, before, judged, scene):
            continue
        if judged and judged[-1].speaker.side != speaker.side:
            parties = []
        stance = frame.stance if frame else "claimed"
        before_it = [*parties, UNKNOWN] if _follows_several(loss, judged) else parties
        party = party_of(loss, seen, scene, speaker.side, before_it, stance == "confirmed")
        speaker = of_losers[frame] = _of_losers(seen, loss, speaker, party, scene)
        if _is_repeated_part(seen, loss, party, before, judged):
            continue
        parties += [] if loss.mention.things else [party]
        scene.last_party, scene.last_sentence, scene.last_loss = party, seen.index, loss
        scene.last_side = speaker.side
        if not loss.mention.things:
            scene.told.add(party)
        _add(seen, judged, _Judged(loss, party, speaker, stance, says_whose(loss, seen, scene), 0))
    voices.end(seen, found)
    voices.past = voices.past or (0 < past == len(lost) and not is_current(seen))
    return [told for item in judged for told in _told(reading, seen, item, scene, voices)]


def _follows_several(loss: Loss, judged: list[_Judged]) -> bool:
    """Whether a bare number comes after two parties under one outcome: "two N and a M were killed and nine hurt"."""
    if not loss.mention.bare or len(judged) < 2:
        return False
    one, two = judged[-2:]
    return one.loss.outcome == two.loss.outcome != loss.outcome and one.party != two.party


def _of_losers(seen: View, loss: Loss, speaker: Speaker, party: str, scene: Scene) -> Speaker:
    """The speaker; officials of no known side are taken for that of those they name, or of those under attack."""
    if speaker.side != UNKNOWN or speaker.words is None or speaker.hearsay:
        return speaker
    side = named_side(loss, seen, scene) or next((s for s, force in scene.forces.items() if force == party), "")
    attacker = attacking_side(seen, scene, loss)
    if not side and attacker and party == scene.civilians:
        side = scene.other(attacker)
    return speaker._replace(side=side) if side else speaker


def _is_repeated_part(seen: View, loss: Loss, party: str, told: list[Told], judged: list[_Judged]) -> bool:
    """Whether the badly injured, or some "of them", are counted after all of their party have been."""
    mention = loss.mention
    severe = seen.has("severe", loss.outcome.first - 2, loss.outcome.last + 4)
    if not severe and not any("subset_before" in roles and first == mention.last for roles, first, _ in seen.phrases):
        return False
    totals = [(t.claim.outcome, t.claim.party, t.claim.count_low or 0) for t in told]
    totals += [(i.loss.word.means, i.party, i.loss.mention.quantity.value) for i in judged]
    return any(
        outcome == loss.word.means and count >= mention.quantity.value and (severe or other in (party, UNKNOWN))
        for outcome, other, count in totals
    )


def _are_brought_in(
    seen: View, loss: Loss, speaker: Speaker, told: list[Told], judged: list[_Judged], scene: Scene
) -> bool:
    """Whether bodies are counted that are among the dead the same side has told of."""
    if not seen.has("body", loss.outcome.first, loss.outcome.last):
        return False
    side, least = named_side(loss, seen, scene), loss.mention.quantity.value
    parties = (scene.forces.get(side, ""), UNKNOWN) if side else ()
    dead = [(t.claim.claimant, t.claim.count_low or 0, t.claim.party, t.claim.outcome) for t in told]
    dead += [(i.speaker.side, i.loss.mention.quantity.value, i.party, i.loss.word.means) for i in judged]
    return any(
        whose == speaker.side and outcome == loss.word.means and count >= least and (not parties or party in parties)
        for whose, count, party, outcome in dead
    )


def _add(seen: View, judged: list[_Judged], new: _Judged) -> None:
    """Append a loss, or add it to the one it is listed with: "nine children and a woman"."""
    if judged and _belongs(seen, judged[-1], new):
        last = judged[-1]
        last.loss.mention.last = new.loss.mention.last
        judged[-1] = last._replace(extra=last.extra + new.loss.mention.quantity.value)
    else:
        judged.append(new)


def _belongs(seen: View, last: _Judged, new: _Judged) -> bool:
    """Whether two losses of one party and outcome are listed side by side, as parts without a total."""
    if last.loss.outcome != new.loss.outcome or last.party != new.party or new.loss.mention.things:
        return False
    if not coordinated(seen, last.loss.mention, new.loss.mention):
        return False
    if new.loss.mention.others:
        return True
    heads = [item.loss.mention.head.entry if item.loss.mention.head is not None else None for item in (last, new)]
    named = [isinstance(head, Word) and head.side != ANYBODY for head in heads]
    # "four women and a man" are five civilians
    return new.party != UNKNOWN and isinstance(heads[1], Word) and any(named)


def _told(reading: Reading, seen: View, item: _Judged, scene: Scene, voices: Voices) -> Iterator[Told]:
    """The claim, and before a denial the claim that is denied, where its side is named."""
    speaker, known = item.speaker, voices.known
    told = Told(_claim(reading, seen, item, scene), seen.index, home=speaker.home)
    told = told._replace(
        named=item.loss.mention.named,
        more=item.loss.mention.others,
        sure=item.sure,
        own=scene.forces.get(speaker.side, ""),
        theirs=_whose_people(seen, item, scene),
    )
    if told.claim.stance == "denied":
        other = denied_claimant(seen, known, told.claim.claimant)
        if other is not None:
            claim = replace(told.claim, claimant=other.side, speaker=other.words, stance="claimed")
            yield told._replace(claim=claim, attributed=True)
    sided = speaker.side != UNKNOWN or (speaker.hearsay and speaker.words is not None)
    yield told._replace(attributed=sided and not (speaker.hearsay and speaker.home != ""))


def _whose_people(seen: View, item: _Judged, scene: Scene) -> str:
    """The side whose people the dead are said to be by being called its civilians, or martyrs of its forces."""
    if seen.language == "en":
        return ""
    if item.loss.word.side == _OWN_DEAD:
        return next((side for side, force in scene.forces.items() if force == item.party), "")
    return named_side(item.loss, seen, scene) if item.party == scene.civilians else ""


def _claim(reading: Reading, seen: View, item: _Judged, scene: Scene) -> Claim:
    part, start, end = reading.sentences[seen.index]
    title = part == "title"
    quantity, speaker = item.loss.mention.quantity, item.speaker
    head = item.loss.mention.head.entry if item.loss.mention.things and item.loss.mention.head else None
    own = scene.forces.get(speaker.side) == item.party and head is None
    return Claim(
        claimant=speaker.side,
        speaker=speaker.words,
        party=item.party,
        outcome=item.loss.word.means,
        what=head.means if isinstance(head, Word) else None,
        count_low=None if quantity.low is None else quantity.low + item.extra,
        count_high=None if quantity.high is None else quantity.high + item.extra,
        qualifier=quantity.qualifier,
        stance="confirmed" if own and item.stance == "claimed" else item.stance,
        quote=reading.title if title else reading.text[start:end],
        start=-1 if title else start,
        end=-1 if title else end,
    )
