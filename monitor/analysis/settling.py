"""From what each sentence of a story tells to its claims: one for every figure of a claimant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from monitor.analysis.speakers import UNKNOWN, Speaker
from monitor.items import Claim

# The opening of a story often gives the figures before it says whose they are: by these sentences it must be said.
_OPENING = 4
_SOON = 3
# The same figure from this on is of the same people, whoever gives it.
_TELLING = 10


class Told(NamedTuple):
    """A claim with where it was told: the sentence, and whether anybody was named for it who may have counted.

    ``home`` is the side at home with a medium that told it without a source; ``named`` losses are those of persons
    told by name, who may be in a count, ``more`` ones come on top of others; of ``sure`` ones the party is said, not
    concluded. ``own`` is the party of the claimant's own forces, ``theirs`` the side whose people those counted are
    said to be in words that the other side would not choose first.
    """

    claim: Claim
    sentence: int
    attributed: bool = False
    home: str = ""
    named: bool = False
    more: bool = False
    sure: bool = True
    own: str = ""
    theirs: str = ""


def settle(told: Sequence[Told], voices: Sequence[tuple[int, Speaker]]) -> list[Claim]:
    """One claim for every figure by the same claimant; the first mention keeps its quote.

    Figures told without a speaker are those of the speaker who gives the same figure elsewhere in the story, or, in
    its opening, of the one who speaks next; unless that speaker gives another figure for the same loss. ``voices``
    are the speakers of the two sides in order, with their sentences.
    """
    told = _without_vaguer(_without_shares(told))
    apart = _contradicted(told)
    kept: list[Claim] = []
    keys: set[tuple[object, ...]] = set()
    for item in told:
        claim = item.claim
        if item.named and any(not other.named and _alike(claim, other.claim) for other in told):
            continue
        if not item.attributed and item.sentence not in apart:
            claim = _assigned(item, told, voices)
        claim = _as_in_the_text(_known_party(claim, item, told), told)
        key = (claim.claimant, claim.party, claim.outcome, claim.what, _count(claim), claim.stance == "denied")
        if key not in keys:
            keys.add(key)
            kept.append(claim)
    return kept


def _without_shares(told: Sequence[Told]) -> list[Told]:
    """What is told without figures that one sentence gives for several places, where another gives their sum."""
    groups: dict[tuple[object, ...], list[Told]] = {}
    totals: dict[tuple[object, ...], set[int]] = {}
    for item in told:
        claim = item.claim
        loss = (claim.outcome, claim.what, claim.party)
        if claim.count_low is not None and not item.named:
            groups.setdefault((*loss, item.sentence, claim.claimant), []).append(item)
            totals.setdefault((*loss, claim.claimant), set()).add(claim.count_low)
    shares = [
        item
        for (outcome, what, party, _, claimant), items in groups.items()
        if len(items) > 1 and sum(item.claim.count_low or 0 for item in items) in totals[outcome, what, party, claimant]
        for item in items
    ]
    return [item for item in told if not any(item is share for share in shares)]


def _without_vaguer(told: Sequence[Told]) -> list[Told]:
    """What is told without headlines that say less than the text: "up to 70" of 60 to 70, of whom 200 were."""
    text = [item for item in told if item.claim.start >= 0]
    return [item for item in told if not (item.claim.start < 0 and any(_says_less(item.claim, one) for one in text))]


def _says_less(headline: Claim, other: Told) -> bool:
    claim = other.claim
    if (headline.outcome, headline.what) != (claim.outcome, claim.what) or claim.stance == "denied":
        return False
    if headline.claimant not in (claim.claimant, UNKNOWN):
        return False
    if headline.count_low is None:
        return claim.count_low is not None and headline.count_high == claim.count_high
    same = headline.count_low == claim.count_low and headline.party != claim.party
    return same and other.sure and headline.count_low >= _TELLING and UNKNOWN not in (headline.party, claim.party)


def _count(claim: Claim) -> tuple[int | None, bool]:
    """The figure of a claim, and whether it is the value of a word like "dozens"."""
    vague = claim.qualifier == "about" and claim.count_high is None
    return claim.count_low if claim.count_low is not None else claim.count_high, vague


def _alike(one: Claim, two: Claim) -> bool:
    return (one.outcome, one.what, one.party) == (two.outcome, two.what, two.party)


def _same_loss(one: Claim, two: Claim) -> bool:
    return (one.outcome, one.what) == (two.outcome, two.what) and (
        one.party == two.party or UNKNOWN in (one.party, two.party)
    )


def _contradicted(told: Sequence[Told]) -> set[int]:
    """The sentences without a speaker whose figures somebody else in the story gives otherwise."""
    found = set()
    for item in told:
        if item.attributed or item.named:
            continue
        named = [
            other.claim
            for other in told
            if other.attributed
            and not other.named
            and (not other.more or _count(other.claim) == _count(item.claim))
            and other.claim.stance != "denied"
            and _alike(item.claim, other.claim)
        ]
        if named and all(_count(claim) != _count(item.claim) for claim in named):
            found.add(item.sentence)
    return found


def _assigned(item: Told, told: Sequence[Told], voices: Sequence[tuple[int, Speaker]]) -> Claim:
    """The claim under the speaker it belongs to."""
    claim = item.claim
    for other in told:
        same = other.attributed and other.claim.stance != "denied" and _same_loss(claim, other.claim)
        if same and _count(other.claim) == _count(claim):
            party = claim.party if claim.party != UNKNOWN else other.claim.party
            return replace(
                claim,
                claimant=other.claim.claimant,
                speaker=other.claim.speaker,
                party=party,
                stance=other.claim.stance,
            )
    if item.sentence < _OPENING:
        for sentence, speaker in voices:
            if item.theirs not in ("", speaker.side):
                break
            if item.sentence <= sentence <= item.sentence + _SOON and item.home in ("", speaker.side):
                if _gives_another(told, claim, speaker.side):
                    return claim
                return replace(claim, claimant=speaker.side, speaker=speaker.words)
    if len({speaker.side for _, speaker in voices}) == 1 and voices[0][0] <= min(item.sentence, _OPENING):
        speaker = voices[0][1]
        if item.home in ("", speaker.side) and not _gives_another(told, claim, speaker.side):
            return replace(claim, claimant=speaker.side, speaker=speaker.words)
    return claim


def _as_in_the_text(claim: Claim, told: Sequence[Told]) -> Claim:
    """A claim of the title with who says so in the text, where that gives the figure to one other claimant."""
    if claim.start >= 0 or claim.stance == "denied" or (_count(claim)[0] or 0) < _TELLING:
        return claim
    same = [
        other.claim
        for other in told
        if other.claim.start >= 0
        and other.attributed
        and other.claim.stance != "denied"
        and _alike(claim, other.claim)
        and _count(other.claim) == _count(claim)
    ]
    if len({other.claimant for other in same}) != 1 or same[0].claimant in (claim.claimant, UNKNOWN):
        return claim
    return replace(claim, claimant=same[0].claimant, speaker=same[0].speaker, stance=same[0].stance)


def _gives_another(told: Sequence[Told], claim: Claim, side: str) -> bool:
    """Whether a side gives figures for a loss in the story, and none of them is that of the claim."""
    counts = {
        _count(other.claim)
        for other in told
        if other.attributed
        and not other.named
        and not other.more
        and other.claim.claimant == side
        and other.claim.stance != "denied"
        and _same_loss(claim, other.claim)
    }
    return bool(counts) and _count(claim) not in counts


def _known_party(claim: Claim, item: Told, told: Sequence[Told]) -> Claim:
    """The claim with the party that another mention of the same figure names, where its own words name none."""
    if item.sure and claim.party != UNKNOWN:
        return claim
    for other in told:
        same = (other.claim.outcome, _count(other.claim), other.claim.what) == (
            claim.outcome,
            _count(claim),
            claim.what,
        )
        guessed = claim.party != UNKNOWN and other.claim.party == item.own
        told_beside = claim.party != UNKNOWN and other.sentence == item.sentence
        if guessed or told_beside or other.claim.party == UNKNOWN or not (other.sure or claim.party == UNKNOWN):
            continue
        if same and (
            claim.claimant in (other.claim.claimant, UNKNOWN)
            or (claim.party == UNKNOWN and (claim.count_low or 0) >= _TELLING)
        ):
            return replace(claim, party=other.claim.party)
    return claim
