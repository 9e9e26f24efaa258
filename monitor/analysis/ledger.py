"""The ledger of an incident: who says what of whose losses, since when, and where the sides do not agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from monitor.analysis.text import fold
from monitor.incident import Figure, LedgerLine, LineKey
from monitor.items import Claim

# A figure counts when it is told by at least this share of the stories that tell the line's best supported one …
_SUPPORT = 0.15
# … and one that is lower than the figure before it when so many tell it.
_STORIES_TO_LOWER = 2
# A number is of those losses, and of that claimant, that so many times more stories give than others do.
_MAJORITY = 3
# One claimant who gives one number as large as this for two parties gave it for one.
_LARGE = 20
# Where "at least" ends when two figures are compared: twice the number and some.
_AT_LEAST_TIMES, _AT_LEAST_PLUS = 2, 5
_ABOUT = 0.2

# Claimant, outcome, what, count.
Statement = tuple[str, str, str | None, int]


@dataclass(frozen=True, slots=True)
class Report:
    """A story as a source of claims: ``origin`` is whom its text goes back to."""

    story: str
    source: str
    url: str
    language: str
    reported_at: datetime
    origin: str
    claims: Sequence[Claim]


def ledger(reports: Iterable[Report], sides: Sequence[str]) -> tuple[LedgerLine, ...]:
    """The lines of the ledger that ``reports`` give, those of the two ``sides`` first.

    A line is what one claimant says of one party's losses of one kind. Its figures are each told once, by the story
    that had it first. Its current figure is the one first told last, among those that enough stories tell: one slip of
    one outlet moves nothing that ten others say, and a number goes down only when two say so. Nothing that one claimant
    says is ever put together with what another says.
    """
    ordered = sorted(reports, key=lambda report: (report.reported_at, report.story))
    settled = _parties(ordered)
    told: dict[LineKey, list[Figure]] = {}
    denials: list[tuple[str, Claim, Figure]] = []
    for report in ordered:
        for claim in report.claims:
            if claim.stance == "denied":
                denials.append((claim.claimant, claim, _figure(claim, report)))
            else:
                party = settled.get((*statement(claim), claim.party), claim.party)
                key = (claim.claimant, party, claim.outcome, claim.what)
                _tell(told.setdefault(key, []), _figure(claim, report))
    told = _rightly_attributed(told, denials)
    lines = [_line(key, figures) for key, figures in told.items()]
    order = {claimant: place for place, claimant in enumerate(sides)}
    lines.sort(key=lambda line: (order.get(line.claimant, len(order)), line.claimant == "unknown", _rank(line)))
    return tuple(_compared(line, lines, denials) for line in lines)


def statement(claim: Claim) -> Statement:
    """What two stories that repeat the same words of the same claimant have in common, however they put the rest."""
    count = claim.count_low if claim.count_low is not None else claim.count_high
    return claim.claimant, claim.outcome, claim.what, count or 0


def _parties(reports: Sequence[Report]) -> dict[tuple[str, str, str | None, int, str], str]:
    """Whose losses a number counts, where the stories that give it do not agree: those most of them say.

    One claimant who gives one number of the dead makes one statement; where a story leaves open whose dead they are, or
    is read otherwise than several others, it counts with those.
    """
    stories: dict[Statement, dict[str, set[str]]] = {}
    for report in reports:
        for claim in report.claims:
            if claim.stance != "denied":
                stories.setdefault(statement(claim), {}).setdefault(claim.party, set()).add(report.story)
    settled = {}
    for said, parties in stories.items():
        known = {party: told for party, told in parties.items() if party != "unknown"} or parties
        main = max(sorted(known), key=lambda party: len(known[party]))
        for party, told in parties.items():
            many = said[3] >= _LARGE or len(known[main]) >= _MAJORITY * len(told)
            if party != main and (party == "unknown" or many):
                settled[(*said, party)] = main
    return settled


def _rightly_attributed(
    told: Mapping[LineKey, list[Figure]], denials: Sequence[tuple[str, Claim, Figure]]
) -> dict[LineKey, list[Figure]]:
    """``told`` without the figures that were put into the wrong mouth; a line that has no other is left out.

    Nobody gives a number that he calls false: what more stories have him say counts. A number that many stories have
    from one claimant is not another's because a single story puts it so, where that one gives a number of his own, or
    where the story names nobody.
    """
    denied = Counter(
        (claimant, claim.outcome, claim.what, count) for claimant, claim, _ in denials for count in _counts(claim)
    )
    found = {}
    for key, figures in told.items():
        claimant, _, outcome, what = key
        kept = [
            figure
            for figure in figures
            if not _is_anothers(key, figure, told, denied[claimant, outcome, what, figure.best])
        ]
        if kept:
            found[key] = kept
    return found


def _is_anothers(key: LineKey, figure: Figure, told: Mapping[LineKey, list[Figure]], denied: int) -> bool:
    """Whether a figure is another claimant's; its own calls it false in ``denied`` stories."""
    claimant, party, outcome, what = key
    mine = 1 + figure.repeats
    theirs = max(
        (
            1 + other.repeats
            for (name, losses, kind, thing), others in told.items()
            if name not in (claimant, "unknown") and (losses, kind, thing) == (party, outcome, what)
            for other in others
            if other.best == figure.best
        ),
        default=0,
    )
    if denied >= mine or (denied and theirs > mine):
        return True
    if claimant == "unknown" and not figure.speaker:
        return theirs > 0
    if mine > 1 or theirs < _MAJORITY:
        return False
    if claimant in ("other", "unknown"):
        return not figure.speaker
    return any(own.repeats for own in told[key])


def _counts(claim: Claim) -> set[int]:
    return {count for count in (claim.count_low, claim.count_high) if count is not None}


def _figure(claim: Claim, report: Report) -> Figure:
    return Figure(
        count_low=claim.count_low,
        count_high=claim.count_high,
        qualifier=claim.qualifier,
        stance=claim.stance,
        speaker=claim.speaker,
        quote=claim.quote,
        start=claim.start,
        end=claim.end,
        story=report.story,
        source=report.source,
        url=report.url,
        language=report.language,
        reported_at=report.reported_at,
        origins=(report.origin,),
    )


def _tell(figures: list[Figure], new: Figure) -> None:
    """Add ``new`` to the figures of a line, or to the repeats of the one that says the same."""
    for place, old in enumerate(figures):
        if _is_same(_numbers(old), _numbers(new)):
            if old.story != new.story:
                origins = tuple(dict.fromkeys((*old.origins, *new.origins)))
                figures[place] = replace(old, origins=origins, repeats=old.repeats + 1)
            return
    figures.append(new)


def _numbers(figure: Figure) -> tuple[int, int]:
    """The number, or the ends of the range."""
    return figure.best, figure.best if figure.count_high is None else figure.count_high


def _is_same(first: tuple[int, int], second: tuple[int, int]) -> bool:
    """Whether two figures are one: the same numbers, or a range and one end of it."""
    if first == second:
        return True
    return (first[0] == first[1] and first[0] in second) or (second[0] == second[1] and second[0] in first)


def _line(key: LineKey, figures: Sequence[Figure]) -> LedgerLine:
    claimant, party, outcome, what = key
    most = max(1 + figure.repeats for figure in figures)
    # "Dozens" stands for a number only where there is none.
    numbers = [figure for figure in figures if not is_vague(figure)] or figures
    current = numbers[0]
    for figure in numbers[1:]:
        stories = 1 + figure.repeats
        enough = stories >= _SUPPORT * most and (figure.best > current.best or stories >= _STORIES_TO_LOWER)
        if enough or 1 + current.repeats < _SUPPORT * most:
            current = figure
    return LedgerLine(claimant, party, outcome, what, current, tuple(figures))


def is_vague(figure: Figure) -> bool:
    """Whether a figure is read out of a word like "dozens": about so many, and the number is not in the sentence."""
    return figure.qualifier == "about" and str(figure.best) not in fold(figure.quote)


def _rank(line: LedgerLine) -> tuple[bool, str, str, str]:
    """Deaths first, then other losses of people, then of things."""
    return (
        line.what is not None,
        {"killed": "0", "injured": "1"}.get(line.outcome, line.outcome),
        line.party,
        str(line.what),
    )


def _compared(
    line: LedgerLine, lines: Sequence[LedgerLine], denials: Sequence[tuple[str, Claim, Figure]]
) -> LedgerLine:
    # Posts and tanks are never compared: each side counts those of the other, and stories do not always say whose.
    others = [o for o in lines if o.key[1:] == line.key[1:] and o.claimant != line.claimant and line.what is None]
    known = line.party != "unknown"
    same = {o.claimant for o in others if agree(o.current, line.current) and o.claimant != "unknown"}
    different = {o.claimant for o in others if o.claimant != "unknown" and not agree(o.current, line.current)}
    return replace(
        line,
        denials=tuple(figure for claimant, claim, figure in denials if _denies(claimant, claim, line)),
        confirmed_by=tuple(sorted(same)),
        contradicted_by=tuple(sorted(different)) if known and line.claimant != "unknown" else (),
    )


def _denies(claimant: str, claim: Claim, line: LedgerLine) -> bool:
    if claimant == line.claimant or claim.outcome != line.outcome or claim.what != line.what:
        return False
    if claim.party not in (line.party, "unknown"):
        return False
    counts = {figure.count_low for figure in line.history} | {figure.count_high for figure in line.history}
    return bool(_counts(claim) & counts)


def agree(a: Figure, b: Figure) -> bool:
    """Whether two figures can both be true: "at least 12" and 15 can, 58 and 23 cannot."""
    low_a, high_a = bounds(a)
    low_b, high_b = bounds(b)
    return low_a <= high_b and low_b <= high_a


def bounds(figure: Figure) -> tuple[float, float]:
    """Lowest and highest number that a figure is compatible with."""
    low = figure.count_low if figure.count_low is not None else 0
    high = figure.count_high if figure.count_high is not None else low
    if figure.qualifier in ("at_least", "more_than"):
        high = max(high, low * _AT_LEAST_TIMES + _AT_LEAST_PLUS)
    elif figure.qualifier == "up_to":
        low = 0
    elif figure.qualifier == "about":
        return low * (1 - _ABOUT), high * (1 + _ABOUT)
    return low, high


def by_key(lines: Iterable[LedgerLine]) -> Mapping[LineKey, LedgerLine]:
    """The lines by who says what of whom."""
    return {line.key: line for line in lines}
