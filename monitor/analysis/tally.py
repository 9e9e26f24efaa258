"""What stories tell, sorted by who says it of whose losses, each different figure with the stories that tell it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from monitor.incident import Figure, LineKey
from monitor.items import Claim

# A number is of those losses, and of that claimant, that so many times more stories give than others do.
_MAJORITY = 3
# One claimant who gives one number as large as this for two parties gave it for one.
_LARGE = 20

# Claimant, outcome, what, count.
Statement = tuple[str, str, str | None, int]
# A statement and the party it was read of: the party it is of.
Settled = Mapping[tuple[str, str, str | None, int, str], str]


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


@dataclass(slots=True)
class Tally:
    """One figure of a line as the first story has it, and the reports that tell it, the first first."""

    first: Figure
    reports: list[Report] = field(default_factory=list)

    @property
    def figure(self) -> Figure:
        """The figure with all that its repeats add to it."""
        origins = tuple(dict.fromkeys(report.origin for report in self.reports))
        return replace(self.first, origins=origins, repeats=len(self.reports) - 1)


Told = Mapping[LineKey, list[Tally]]


def statement(claim: Claim) -> Statement:
    """What two stories that repeat the same words of the same claimant have in common, however they put the rest."""
    count = claim.count_low if claim.count_low is not None else claim.count_high
    return claim.claimant, claim.outcome, claim.what, count or 0


def counts(claim: Claim) -> set[int]:
    """The numbers that a claim gives."""
    return {count for count in (claim.count_low, claim.count_high) if count is not None}


def tell(reports: Sequence[Report], settled: Settled) -> Told:
    """What ``reports``, in order of time, claim; without what is put into a wrong mouth, and what was taken back."""
    told: dict[LineKey, list[Tally]] = {}
    denied: Counter[Statement] = Counter()
    for report in reports:
        for claim in report.claims:
            if claim.stance == "denied":
                denied.update((claim.claimant, claim.outcome, claim.what, count) for count in counts(claim))
            else:
                party = settled.get((*statement(claim), claim.party), claim.party)
                _add(told.setdefault((claim.claimant, party, claim.outcome, claim.what), []), claim, report)
    kept = {
        key: [
            tally
            for tally in tallies
            if not _is_anothers(key, tally, told, denied) and not _is_taken_back(tally, tallies)
        ]
        for key, tallies in told.items()
    }
    return {key: tallies for key, tallies in kept.items() if tallies}


def settle_parties(reports: Iterable[Report]) -> Settled:
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


def _add(tallies: list[Tally], claim: Claim, report: Report) -> None:
    """Add a claim to the figures of a line, or to the reports of the one that says the same."""
    new = figure_of(claim, report)
    for tally in tallies:
        if _is_same(_numbers(tally.first), _numbers(new)):
            if all(known.story != report.story for known in tally.reports):
                tally.reports.append(report)
            return
    tallies.append(Tally(new, [report]))


def figure_of(claim: Claim, report: Report) -> Figure:
    """A claim as the figure of a ledger."""
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


def _numbers(figure: Figure) -> tuple[int, int]:
    """The number, or the ends of the range."""
    return figure.best, figure.best if figure.count_high is None else figure.count_high


def _is_same(first: tuple[int, int], second: tuple[int, int]) -> bool:
    """Whether two figures are one: the same numbers, or a range and one end of it."""
    if first == second:
        return True
    return (first[0] == first[1] and first[0] in second) or (second[0] == second[1] and second[0] in first)


def _is_anothers(key: LineKey, tally: Tally, told: Told, denied: Mapping[Statement, int]) -> bool:
    """Whether a figure was put into the wrong mouth.

    Nobody gives a number that he calls false: what more stories have him say counts. A number that many stories have
    from one claimant is not another's because a single story puts it so, where that one gives a number of his own, or
    where the story names nobody. A large one is so whosever losses the stories say it counts.
    """
    claimant, party, outcome, what = key
    mine, count = len(tally.reports), tally.first.best
    calls_false = denied.get((claimant, outcome, what, count), 0)
    theirs = max(
        (
            len(other.reports)
            for (name, losses, *kind), others in told.items()
            if name not in (claimant, "unknown") and kind == [outcome, what] and (losses == party or count >= _LARGE)
            for other in others
            if other.first.best == count
        ),
        default=0,
    )
    if calls_false >= mine or (calls_false and theirs > mine):
        return True
    if claimant == "unknown" and not tally.first.speaker:
        return theirs > 0
    if mine > 1 or theirs < _MAJORITY:
        return False
    if claimant in ("other", "unknown"):
        return not tally.first.speaker
    return any(len(own.reports) > 1 for own in told[key])


def _is_taken_back(tally: Tally, line: Sequence[Tally]) -> bool:
    """Whether every outlet that told a figure later told, instead of it, one that was known before it: it was wrong."""
    return all(
        any(_corrects(other, tally, outlet) for other in line if other is not tally)
        for outlet in {report.source for report in tally.reports}
    )


def _corrects(right: Tally, wrong: Tally, outlet: str) -> bool:
    if right.first.reported_at >= wrong.first.reported_at or len(right.reports) < len(wrong.reports):
        return False
    told_right = [report.reported_at for report in right.reports if report.source == outlet]
    told_wrong = [report.reported_at for report in wrong.reports if report.source == outlet]
    return bool(told_right) and max(told_right) > max(told_wrong)
