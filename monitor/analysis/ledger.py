"""The ledger of an incident: who says what of whose losses, since when, and where the sides do not agree."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from monitor.analysis.tally import Report, Settled, Tally, counts, figure_of, settle_parties, tell
from monitor.analysis.text import fold
from monitor.incident import Figure, LedgerLine, LineKey
from monitor.items import Claim

# A figure counts when it is told by at least this share of the stories that tell the line's best supported one …
_SUPPORT = 0.15
# … and one that is lower than the figure before it when so many tell it.
_STORIES_TO_LOWER = 2
# Where "at least" ends when two figures are compared: twice the number and some.
_AT_LEAST_TIMES, _AT_LEAST_PLUS = 2, 5
_ABOUT = 0.2

Denial = tuple[Claim, Figure]


def ledger(reports: Iterable[Report], sides: Sequence[str], everywhere: Collection[str] = ()) -> tuple[LedgerLine, ...]:
    """The lines of the ledger that ``reports`` give, those of the two ``sides`` first.

    ``everywhere`` are the parties whose people live on both sides: civilians.

    A line is what one claimant says of one party's losses of one kind. Its figures are each told once, by the story
    that had it first. Its current figure is the one first told last, among those that enough stories tell: one slip of
    one outlet moves nothing that ten others say, and a number goes down only when two say so. Nothing that one claimant
    says is ever put together with what another says.
    """
    ordered = sorted(reports, key=lambda report: (report.reported_at, report.story))
    settled = settle_parties(ordered)
    lines = [_line(key, tallies) for key, tallies in tell(ordered, settled).items()]
    order = {claimant: place for place, claimant in enumerate(sides)}
    lines.sort(key=lambda line: (order.get(line.claimant, len(order)), line.claimant == "unknown", _rank(line)))
    denials = [(c, figure_of(c, report)) for report in ordered for c in report.claims if c.stance == "denied"]
    return tuple(
        _compared(line, [o for o in lines if _are_comparable(line, o, lines, sides, everywhere)], denials, settled)
        for line in lines
    )


def _line(key: LineKey, tallies: Sequence[Tally]) -> LedgerLine:
    claimant, party, outcome, what = key
    figures = [tally.figure for tally in tallies]
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
    line: LedgerLine, others: Sequence[LedgerLine], denials: Sequence[Denial], settled: Settled
) -> LedgerLine:
    known = line.party != "unknown" and line.claimant != "unknown"
    same = {other.claimant for other in others if agree(other.current, line.current)}
    different = {other.claimant for other in others} - same
    return replace(
        line,
        denials=tuple(figure for claim, figure in denials if _denies(claim, line, settled)),
        confirmed_by=tuple(sorted(same)),
        contradicted_by=tuple(sorted(different)) if known else (),
    )


def _are_comparable(
    line: LedgerLine, other: LedgerLine, lines: Sequence[LedgerLine], sides: Sequence[str], everywhere: Collection[str]
) -> bool:
    """Whether two claimants count the same people.

    Posts and tanks are never compared: each side counts those of the other, and stories do not always say whose. Of
    people who live on both sides each side counts those on its own; who belongs to none is compared with the side that
    counts most.
    """
    if other.claimant in (line.claimant, "unknown") or other.key[1:] != line.key[1:] or line.what is not None:
        return False
    if line.party not in everywhere:
        return True
    theirs = [one for one in lines if one.key[1:] == line.key[1:] and one.claimant in sides]
    most = max(theirs, key=lambda one: one.current.best, default=None)
    return all(one.claimant not in sides or one is most for one in (line, other))


def _denies(claim: Claim, line: LedgerLine, settled: Settled) -> bool:
    """Whether ``claim`` says of a figure of ``line``, its current one or one before, that it is not so."""
    if claim.claimant == line.claimant or claim.outcome != line.outcome or claim.what != line.what:
        return False
    told = {count for figure in line.history for count in (figure.count_low, figure.count_high)}
    # Whose losses the number counts was read of the denial as of the claim: it is of those most stories say.
    return any(
        claim.party in (line.party, "unknown")
        or settled.get((line.claimant, claim.outcome, claim.what, count, claim.party)) == line.party
        for count in counts(claim) & told
    )


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
