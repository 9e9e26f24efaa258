"""Daily counts of a source or a language beside its rhythm, and what part of it could be expected on each day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from monitor.health.history import History, observed, representative
from monitor.health.rhythm import Low, Rhythm, find_low, learn
from monitor.sources import Source

# On a day when all are quieter (a holiday), each is forgiven what the median of so many others or more is, of so many
# entries a day or more: if that is below the third, and never more than the last, so that silence is still found.
_PEERS, _PEER_VOLUME, _LULL, _MOST_FORGIVEN = 8, 5.0, 0.95, 0.5


@dataclass(frozen=True)
class Volume:
    """A count for each day, newest first: as seen (None: nobody looked), the days fit to learn from, the rhythm."""

    seen: list[int | None]
    fit: list[int | None]
    rhythm: Rhythm | None

    @property
    def today(self) -> int | None:
        """The count of the last 24 hours."""
        return self.seen[0] if self.seen else None

    @property
    def usual(self) -> float | None:
        """Its usual count a day, once that is known."""
        return self.rhythm.usual if self.rhythm else None

    def low(self, factors: Sequence[float]) -> Low | None:
        """The count of the last day or days, when it is lower than chance explains."""
        return find_low(self.seen, self.rhythm, factors) if self.rhythm else None


def volume(counts: Sequence[int], reads: Sequence[int], coverage: Sequence[float]) -> Volume:
    """The volume of ``counts``, one a day, of what was read ``reads`` times on days covered so far."""
    seen = observed(counts, reads, coverage)
    fit = representative(seen, coverage)
    return Volume(seen, fit, learn(fit))


def source_volumes(history: History, sources: Iterable[Source]) -> dict[str, Volume]:
    """New entries a day of each enabled source that a run has known."""
    known = [(source.id, history.sources[source.id]) for source in sources if source.id in history.sources]
    return {
        identifier: volume([w.listed for w in past.windows], [w.reads for w in past.windows], history.coverage)
        for identifier, past in known
    }


def expectable(reach: Sequence[float], volumes: Mapping[str, Volume]) -> list[float]:
    """For each day, the part of its usual volume a source can be expected to show: our reach, and a common lull."""
    rhythmic = [v for v in volumes.values() if v.rhythm and v.rhythm.usual >= _PEER_VOLUME]
    factors = list(reach)
    for ago, share in enumerate(reach[:7]):
        shares = [
            seen / (v.rhythm.expected(ago) * share)
            for v in rhythmic
            if v.rhythm and v.rhythm.expected(ago) and share and (seen := v.seen[ago]) is not None
        ]
        if len(shares) >= _PEERS and (common := median(shares)) < _LULL:
            factors[ago] *= max(common, _MOST_FORGIVEN)
    return factors
