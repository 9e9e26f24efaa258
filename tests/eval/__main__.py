"""``python -m tests.eval``: measure accuracy on every set, write docs/accuracy.md and, if asked, pin the floors."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime

from monitor.analysis.topic import Topic
from tests.eval.floors import QuietLoweringError, below, pin, read_floors, write_floors
from tests.eval.measures import run, values
from tests.eval.report import Measured, write_report
from tests.eval.sets import load_sets
from tests.paths import ROOT

REPORT = ROOT / "docs" / "accuracy.md"


def main() -> int:
    """Measure, report, and return 1 where a floor does not hold."""
    parser = argparse.ArgumentParser(prog="python -m tests.eval", description=__doc__)
    parser.add_argument("--pin", action="store_true", help="raise the floors to what was measured, less a margin")
    parser.add_argument("--reason", default="", help="why a floor may be lowered; written into floors.toml")
    parser.add_argument("--no-docs", action="store_true", help="leave docs/accuracy.md alone")
    arguments = parser.parse_args()
    topic = Topic.load(ROOT / "seeds")
    today = datetime.now(UTC).date()
    results = [Measured(chosen, tuple(run(topic, chosen))) for chosen in load_sets()]
    found = {result.set.name: (result.set.sha256, values(result.set, result.outcomes)) for result in results}
    floors = read_floors()
    if arguments.pin:
        try:
            floors = pin(floors, found, arguments.reason, today)
        except QuietLoweringError as error:
            print(error, file=sys.stderr)
            return 1
        write_floors(floors)
    if not arguments.no_docs:
        write_report(REPORT, results, today)
    for result in results:
        print(result.summary())
    under = [
        f"{name} {line}"
        for name, (_, got) in found.items()
        if name in floors.sets
        for line in below(floors.sets[name].floors, got)
    ]
    print("\n".join(under), file=sys.stderr)
    return 1 if under else 0


if __name__ == "__main__":
    sys.exit(main())
