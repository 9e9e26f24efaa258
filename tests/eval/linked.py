"""How well stories are put together to incidents: ``python -m tests.eval.linked`` prints the numbers of docs/incidents.md.

Measured on the articles of the shared set and of the sets ``years`` (imported in several orders), on the replay, and on a second sequence of other
events, which is kept to check that what is mended for the first holds elsewhere.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import mean
from tempfile import TemporaryDirectory
from typing import Any

from monitor.analysis.origins import Origins
from monitor.analysis.topic import Topic
from monitor.imports import import_lines
from monitor.linking import link_stories
from monitor.store.database import open_store
from tests.eval.grouping import Groups, Rate, b_cubed, pairs, rate
from tests.eval.replayed import Replayed
from tests.eval.sets import YEARS
from tests.paths import ROOT, SHARED
from tests.replay_truth import FOLDER

ARTICLES = SHARED / "eval" / "articles.jsonl"
SECOND = ROOT / "tests" / "eval" / "second"
ORDERS = 10
PORTION = 10  # so many articles come in between two linking runs
NOW = datetime(2026, 11, 22, tzinfo=UTC)


def import_articles(rows: Sequence[Mapping[str, Any]], topic: Topic, db: Path) -> tuple[Groups, Groups]:
    """Import articles in this order, linking every ``PORTION``; the incident of each, and the text it repeats."""
    lines = [
        json.dumps(
            {"url": f"https://o{row['id']}.example/{row['id']}", "text": row["text"], "published": row["published"]}
            | {"language": row["lang"]}
        ).encode()
        for row in rows
    ]
    origins = Origins(topic, (), {})
    with closing(open_store(db)) as conn:
        for begin in range(0, len(lines), PORTION):
            import_lines(lines[begin : begin + PORTION], conn, topic, lambda number, fault: None, {}, origins)
            link_stories(conn, topic, NOW, classes=origins.classes)
        stored = conn.execute("select url, incident_id, duplicate_of, id from stories").fetchall()
    name = {row["id"]: row["url"].rpartition("/")[2] for row in stored}
    incidents = {name[row["id"]]: row["incident_id"] for row in stored if row["incident_id"]}
    return incidents, {name[row["id"]]: name[row["duplicate_of"] or row["id"]] for row in stored}


@dataclass(frozen=True)
class OfArticles:
    """Of single articles: B-cubed F1 in order and in other orders, and near-duplicate pairs."""

    in_order: float
    shuffled: tuple[float, ...]
    duplicates: Rate
    agreement: float  # B-cubed F1 of the incidents of one order against those of another, mean


def measure_articles(topic: Topic, path: Path) -> OfArticles:
    """Import the articles of a file as they stand and in ``ORDERS`` random orders."""
    every = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    gold = {row["id"]: row["incident"] for row in every if row["clash"]}
    same = pairs({row["id"]: row["near_dup_group"] for row in every if row.get("near_dup_group")})
    orders = [every, *(random.Random(seed).sample(every, len(every)) for seed in range(ORDERS))]
    scores, found, duplicates = [], [], set[tuple[str, str]]()
    with TemporaryDirectory() as folder:
        for number, order in enumerate(orders):
            incidents, texts = import_articles(order, topic, Path(folder) / f"{number}.db")
            scores.append(b_cubed(incidents, gold))
            found.append(incidents)
            duplicates = duplicates or pairs(texts)
    agreed = mean(b_cubed(other, {item: found[0].get(item, item) for item in gold}) for other in found[1:])
    return OfArticles(scores[0], tuple(scores[1:]), rate(duplicates, same), agreed)


def main() -> None:
    """Print what is measured."""
    topic = Topic.load(ROOT / "seeds")
    for name, path in (("shared", ARTICLES), *((f"years {path.stem}", path) for path in sorted(YEARS.glob("*.jsonl")))):
        if path.is_file():
            got = measure_articles(topic, path)
            print(f"{name}, in order: B-cubed F1 {got.in_order:.3f}")
            print(f"{name}, {ORDERS} orders: mean {mean(got.shuffled):.3f}, lowest {min(got.shuffled):.3f}")
            print(f"{name}, one order against another: B-cubed F1 {got.agreement:.3f}")
            print(f"{name}, near-duplicate pairs: {got.duplicates}")
    for name, stories in (("replay", FOLDER), ("second", SECOND)):
        with TemporaryDirectory() as folder:
            seen = Replayed(Path(folder), stories)
            show(name, seen)
            if "-v" in sys.argv:
                show_faults(seen)


def show(name: str, seen: Replayed) -> None:
    """Print the numbers of a replay."""
    every, recognised = seen.incidents_f1()
    print(f"{name}: B-cubed F1 {every:.3f} over all clash stories, {recognised:.3f} over those recognised as such")
    print(f"{name}, near-duplicate pairs: {seen.duplicates()}")
    print(f"{name}, origin told right: {seen.origins():.3f}")
    people, things = seen.ledger_lines()
    print(f"{name}, ledger of all mornings, people: {people}")
    print(f"{name}, ledger of all mornings, things: {things}")
    print(f"{name}, ledger of all mornings, with history and denials: {seen.whole_lines()}")
    print(f"{name}, ledger of the last morning, people: {seen.last_ledger_lines()}")
    print(f"{name}, independent origins off by {seen.independent():.3f} of their number")
    for part, told in seen.briefs().items():
        print(f"{name}, briefs, {part}: {told}")


def show_faults(seen: Replayed) -> None:
    """Print the last ledgers where they are wrong, and the briefs that are."""
    slugs = {identifier: slug for slug, identifier in seen.incident_of.items()}
    now = seen.read(seen.mornings[-1])
    for ledger in seen.expected[-1]["incidents"]:
        want = {(li["claimant"], li["party"], li["outcome"], li.get("what")): li["count"] for li in ledger["lines"]}
        have = {line.key: line.current.best for line in now[ledger["incident"]].claims}
        for key in sorted(want.keys() | have.keys(), key=str):
            if want.get(key) != have.get(key):
                print(f"  {ledger['incident']}: {key}: {have.get(key)} for {want.get(key)}")
    for morning, truth in zip(seen.mornings, seen.expected, strict=True):
        for part in ("new", "changed", "contested"):
            found = {slugs.get(seen.now_called(i), i.incident.title) for i in getattr(morning.brief, part)}
            wanted = {s for s in truth[part] if part != "contested" or seen._is_told_of(s, morning)}
            if found != wanted:
                extra, missing = sorted(found - wanted), sorted(wanted - found)
                print(f"  {morning.day.morning:%d}: {part}: wrong {extra}, missing {missing}")


if __name__ == "__main__":
    main()
