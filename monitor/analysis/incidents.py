"""Stories into incidents: agglomerative clustering of witnesses, the same whatever order they came in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from monitor.analysis.ground import Ground
from monitor.analysis.sightings import FORBIDDEN, GROUND, Reason, Sighting, Wording, compare, ruled_out

# What the reasons for one incident have to weigh together, before any is heard against it.
_THRESHOLD = 1.8
# So many of the best pairs speak for two groups, beside the mean of all pairs.
_BEST = 3
_WEIGHT_OF_BEST = 0.5
_NIGHT = timedelta(days=1)
# A day belongs to an incident when this share of the stories that give its best told day give it.
_DAY_SHARE = 1 / 6
# A raid hit the places that so many of its stories, and this share of them, name; from this relation on two places are
# one.
_FEWEST, _SHARE_HIT, _SAME = 2, 0.2, 0.7

Group = list[Sighting]


@dataclass(frozen=True, slots=True)
class Apart:
    """Stories that a person has told apart: none of ``these`` belongs with one of ``those``."""

    these: frozenset[str]
    those: frozenset[str]

    def forbids(self, first: Iterable[str], second: Iterable[str]) -> bool:
        """Whether it forbids the stories ``first`` and ``second`` to be of one incident."""
        a, b = set(first), set(second)
        return bool((a & self.these and b & self.those) or (a & self.those and b & self.these))


def cluster(sightings: Sequence[Sighting], ground: Ground, apart: Sequence[Apart] = ()) -> list[list[str]]:
    """The ids of stories by incident, each group and the groups sorted by story id.

    Groups are united while their linkage is positive: half the mean over all pairs (average linkage, Sokal and
    Michener 1958), half the mean of the three best pairs, so that a group is joined by who is close to some of it and
    at odds with none. Then a night of fighting along the whole line takes in what is told of single places on it, and
    a night of raids from the air what is told of one of the places that were hit.
    """
    ordered = sorted(sightings, key=lambda sighting: sighting.story)
    wording = Wording(ordered)
    score = np.zeros((len(ordered), len(ordered)))
    for i, a in enumerate(ordered):
        for j, b in enumerate(ordered[:i]):
            weight = ruled_out(a, b)
            if weight is None:
                weight = sum(reason.weight for reason in compare(a, b, ground, wording))
            if any(decision.forbids((a.story,), (b.story,)) for decision in apart):
                weight = FORBIDDEN
            score[i, j] = weight - _THRESHOLD
    groups = [[ordered[i] for i in group] for group in _agglomerate(score + score.T)]
    groups = _one_raid(_take_in(groups, ground, apart), ground, apart)
    return sorted(sorted(s.story for s in group) for group in groups)


def why(story: Sighting, others: Sequence[Sighting], ground: Ground) -> tuple[str, list[Reason]]:
    """The story among ``others`` (not empty) that speaks most for it that ``story`` belongs with them, and how."""
    wording = Wording([story, *others])
    reasons = {other.story: compare(story, other, ground, wording) for other in others}
    best = max(reasons, key=lambda other: (sum(reason.weight for reason in reasons[other]), other))
    return best, reasons[best]


def _agglomerate(score: NDArray[np.float64]) -> list[list[int]]:
    """Groups of row numbers of a symmetric score matrix."""
    count = len(score)
    groups = [[i] for i in range(count)]
    if count < 2:
        return groups
    total = score.copy()
    best = np.full((count, count, _BEST), np.nan)
    best[:, :, 0] = score
    size = np.ones(count)
    linkage = score.copy()
    np.fill_diagonal(linkage, -np.inf)
    while True:
        a, b = divmod(int(linkage.argmax()), count)
        if linkage[a, b] <= 0:
            return [group for group in groups if group]
        groups[a], groups[b] = groups[a] + groups[b], []
        total[a] += total[b]
        size[a] += size[b]
        # NaNs sort last: what is kept are the best of both.
        both = np.concatenate([best[a], best[b]], axis=1)
        best[a] = -np.sort(-both, axis=1)[:, :_BEST]
        joined = (1 - _WEIGHT_OF_BEST) * total[a] / (size[a] * size) + _WEIGHT_OF_BEST * np.nanmean(best[a], axis=1)
        gone = ~np.isfinite(linkage[a])
        linkage[a] = np.where(gone, -np.inf, joined)
        linkage[b] = linkage[:, b] = -np.inf
        linkage[a, b] = -np.inf
        linkage[:, a], total[:, a], best[:, a] = linkage[a], total[a], best[a]


def _take_in(groups: list[Group], ground: Ground, apart: Sequence[Apart]) -> list[Group]:
    """The groups, those of single places united with a fight along the whole line in the same night."""
    left = sorted(groups, key=lambda group: (-len(group), group[0].story))
    for wide in [group for group in left if is_along_the_line(group, ground)]:
        span = days_of(wide)
        if span is None or not any(group is wide for group in left):
            continue
        for other in [group for group in left if group is not wide]:
            forbidden = any(a.forbids(_ids(wide), _ids(other)) for a in apart)
            if not forbidden and _may_be_of_it(other, ground) and _same_night(span, other):
                wide.extend(other)
                left = [group for group in left if group is not other]
    return left


def _one_raid(groups: list[Group], ground: Ground, apart: Sequence[Apart]) -> list[Group]:
    """The groups, those of one place united with raids of the same night whose stories name that place among others."""
    left = sorted(groups, key=lambda group: (-len(group), group[0].story))
    for raid in [group for group in left if _from_the_air(group) and len(group) >= _FEWEST]:
        span = days_of(raid)
        if span is None or not any(group is raid for group in left):
            continue
        hit = _places_hit(raid)
        for other in [group for group in left if group is not raid and len(group) < len(raid)]:
            forbidden = any(a.forbids(_ids(raid), _ids(other)) for a in apart)
            if not forbidden and _same_night(span, other) and _is_part_of_raid(other, hit, ground):
                raid.extend(other)
                left = [group for group in left if group is not other]
    return left


def _places_hit(raid: Group) -> list[str]:
    """The spots that enough stories of a raid name."""
    counts = Counter(place for sighting in raid for place in set(sighting.spots))
    return sorted(place for place, count in counts.items() if count >= max(_FEWEST, len(raid) * _SHARE_HIT))


def _is_part_of_raid(group: Group, hit: Sequence[str], ground: Ground) -> bool:
    """Whether all that a group locates, and calls no fight on the ground, is at the places hit."""
    if not hit or any(sighting.event_type in GROUND for sighting in group):
        return False
    heads = [sighting.spots[:1] for sighting in group if sighting.spots]
    return bool(heads) and all(ground.nearest(head, hit)[0] >= _SAME for head in heads)


def _ids(group: Group) -> list[str]:
    return [sighting.story for sighting in group]


def _from_the_air(group: Sequence[Sighting]) -> bool:
    return 2 * sum(sighting.from_the_air for sighting in group) > len(group)


def _may_be_of_it(group: Group, ground: Ground) -> bool:
    """Whether a group may tell of a part of the fighting at the line: not of a strike, and not of a place inland."""
    located = [sighting for sighting in group if sighting.spots]
    inland = sum(not ground.at_the_line(sighting.spots) for sighting in located)
    return not _from_the_air(group) and 2 * inland <= len(located)


def is_along_the_line(group: Sequence[Sighting], ground: Ground) -> bool:
    """Whether a group tells of fighting along the whole line, not of one place and what else was said."""
    if _from_the_air(group):
        return False
    saying = sum(sighting.along_the_line for sighting in group)
    heads = {place for sighting in group for place in ground.at_the_line(sighting.spots[:2])}
    places = len(ground.spread(sorted(heads)))
    return saying >= max(3, len(group) / 4) or places >= 3 or (places == 2 and saying >= max(2, len(group) / 10))


def days_of(group: Sequence[Sighting]) -> tuple[date, date] | None:
    """First and last day of what a group reports: the days that enough of its stories give; None when none does."""
    counts: Counter[date] = Counter()
    for sighting in group:
        if sighting.dated and sighting.first and sighting.last:
            length = (sighting.last - sighting.first).days + 1
            counts.update(sighting.first + timedelta(days=day) for day in range(min(length, 31)))
    if counts:
        most = max(counts.values())
        kept = [day for day, count in counts.items() if count >= min(most, max(2, most * _DAY_SHARE))]
        return min(kept), max(kept)
    guessed = [(s.first, s.last) for s in group if s.first and s.last]
    return (max(first for first, _ in guessed), min(last for _, last in guessed)) if guessed else None


def _same_night(span: tuple[date, date], other: Group) -> bool:
    days = days_of(other)
    if days is None or not (days[0] <= span[1] and days[1] >= span[0]):
        return False
    return any(sighting.dated for sighting in other) or days[1] <= span[1] + _NIGHT
