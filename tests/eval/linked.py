"""How well stories are put together to incidents: ``python -m tests.eval.linked`` prints the numbers of docs/incidents.md.

Measured on the articles of the shared set (imported in several orders) and on the replay, day by day, through the code
of ``monitor import`` and ``monitor demo --replay``.
"""

from __future__ import annotations

import json
import random
import sys
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import mean
from tempfile import TemporaryDirectory
from typing import Any

from monitor.analysis.origins import Origins
from monitor.analysis.topic import Topic
from monitor.brief import Item
from monitor.config import Config
from monitor.demo.replay import Morning, NewsDay, news_days, replay, write_seeds
from monitor.followup import load_origins
from monitor.imports import import_lines
from monitor.incident import Incident
from monitor.linking import link_stories, read_until
from monitor.store.database import open_reader, open_store
from monitor.store.incidents import resolve
from tests.paths import ROOT, SHARED
from tests.replay_truth import read_lines

ARTICLES = SHARED / "eval" / "articles.jsonl"
ORDERS = 10
PORTION = 10  # so many articles come in between two linking runs
NOW = datetime(2026, 11, 22, tzinfo=UTC)

Groups = Mapping[str, str]  # item -> its group


@dataclass(frozen=True)
class Rate:
    """How much of what was found is right, and of what is right was found."""

    right: int
    found: int
    labelled: int

    @property
    def precision(self) -> float:
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        return self.right / self.labelled if self.labelled else 1.0

    def __str__(self) -> str:
        return f"precision {self.precision:.3f} ({self.right}/{self.found}), recall {self.recall:.3f} ({self.right}/{self.labelled})"


def b_cubed(found: Groups, gold: Groups) -> float:
    """B-cubed F1 (Bagga and Baldwin 1998) over the items of ``gold``; an item that is in no group stands alone."""
    mine, theirs = _members(found, gold), _members(gold, gold)
    precision = mean(len(mine[x] & theirs[x]) / len(mine[x]) for x in gold)
    recall = mean(len(mine[x] & theirs[x]) / len(theirs[x]) for x in gold)
    return 2 * precision * recall / (precision + recall)


def _members(groups: Groups, items: Iterable[str]) -> dict[str, set[str]]:
    every = list(items)
    by_group: dict[str, set[str]] = defaultdict(set)
    for item in every:
        by_group[groups.get(item, f"alone {item}")].add(item)
    return {item: by_group[groups.get(item, f"alone {item}")] for item in every}


def pairs(groups: Groups) -> set[tuple[str, str]]:
    """All pairs of items of one group."""
    by_group: dict[str, list[str]] = defaultdict(list)
    for item in sorted(groups):
        by_group[groups[item]].append(item)
    return {(a, b) for members in by_group.values() for i, a in enumerate(members) for b in members[i + 1 :]}


def rate(found: set[Any], labelled: set[Any]) -> Rate:
    """How ``found`` agrees with ``labelled``."""
    return Rate(len(found & labelled), len(found), len(labelled))


# ---- the shared set


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
    """Of the shared set: B-cubed F1 in order and in other orders, and near-duplicate pairs."""

    in_order: float
    shuffled: tuple[float, ...]
    duplicates: Rate
    agreement: float  # B-cubed F1 of the incidents of one order against those of another, mean


def measure_articles(topic: Topic, rows: Sequence[Mapping[str, Any]] | None = None) -> OfArticles:
    """Import the articles as they stand and in ``ORDERS`` random orders."""
    every = list(rows) if rows is not None else [json.loads(line) for line in ARTICLES.read_text("utf-8").splitlines()]
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


# ---- the replay


class Replayed:
    """The replay taken in day by day into ``folder``, and what should have come of it."""

    def __init__(self, folder: Path) -> None:
        seeds = write_seeds(ROOT / "seeds", folder / "seeds")
        self.config = Config(db=folder / "monitor.db", seeds=seeds)
        self.days: list[NewsDay] = news_days(ROOT / "seeds")
        self.mornings: list[Morning] = list(replay(self.config, self.days, self._refuse))
        self.topic = Topic.load(seeds)
        self.classes = load_origins(self.config, self.topic).classes
        self.truth = {label["url"]: label for label in read_lines("truth.jsonl")}
        self.ledgers = tomllib.loads((ROOT / "seeds" / "replay" / "ledger.toml").read_text("utf-8"))
        with closing(open_reader(self.config.db)) as conn:
            self.stored = {row["url"]: dict(row) for row in conn.execute("select * from stories")}
        self.incident_of = self._incidents()

    @staticmethod
    def _refuse(line: int, fault: str) -> None:
        raise AssertionError(f"line {line}: {fault}")

    def _incidents(self) -> dict[str, str]:
        """The incident that most stories of each labelled one are in."""
        votes: dict[str, Counter[str]] = defaultdict(Counter)
        for url, row in self.stored.items():
            if row["incident_id"] and self.truth[url]["incident"]:
                votes[self.truth[url]["incident"]][row["incident_id"]] += 1
        return {slug: counts.most_common(1)[0][0] for slug, counts in votes.items()}

    def incidents_f1(self) -> tuple[float, float]:
        """B-cubed F1 over all labelled clash stories, and over those of them that were recognised as clashes."""
        gold = {url: label["incident"] for url, label in self.truth.items() if label["clash"] and label["incident"]}
        found = {url: row["incident_id"] for url, row in self.stored.items() if row["incident_id"]}
        return b_cubed(found, gold), b_cubed(found, {url: slug for url, slug in gold.items() if url in found})

    def duplicates(self) -> Rate:
        """Pairs of stories that print one text."""
        names = {row["id"]: url for url, row in self.stored.items()}
        found = {url: names[row["duplicate_of"] or row["id"]] for url, row in self.stored.items()}
        return rate(pairs(found), pairs({url: self._text_of(url) for url in self.truth}))

    def _text_of(self, url: str) -> str:
        while self.truth[url]["duplicate_of"]:
            url = self.truth[url]["duplicate_of"]
        return url

    def origins(self) -> float:
        """Share of relevant stories whose independent origin is told right."""
        right = [
            self._class(row["origin"]) == self._class(self.truth[url]["origin"])
            for url, row in self.stored.items()
            if self.truth[url]["relevant"]
        ]
        return mean(right)

    def _class(self, origin: str) -> str:
        return self.classes.get(origin, origin)

    def read(self, morning: Morning) -> dict[str, Incident]:
        """The labelled incidents as they are known on a morning."""
        with closing(open_reader(self.config.db)) as conn:
            found = read_until(conn, self.topic, self.incident_of.values(), morning.day.morning, self.classes)
        return {slug: found[identifier] for slug, identifier in self.incident_of.items() if identifier in found}

    def ledger_lines(self) -> tuple[Rate, Rate]:
        """Lines of the ledgers of all mornings, of people and of things: claimant, party, outcome and current figure."""
        found: tuple[set[Any], set[Any]] = (set(), set())
        wanted: tuple[set[Any], set[Any]] = (set(), set())
        for morning, truth in zip(self.mornings, self.ledgers["morning"], strict=True):
            for slug, incident in self.read(morning).items():
                for line in incident.claims:
                    if line.claimant != "unknown":
                        found[line.what is not None].add((truth["at"], slug, line.key, line.current.best))
            for ledger in truth.get("ledger", []):
                for line in ledger["lines"]:
                    key = line["claimant"], line["party"], line["outcome"], line.get("what")
                    if line["claimant"] != "unknown":
                        wanted["what" in line].add((truth["at"], ledger["incident"], key, line["count"]))
        return rate(found[0], wanted[0]), rate(found[1], wanted[1])

    def last_ledger_lines(self) -> Rate:
        """The same of the last morning alone, people only: what stands in the ledgers in the end."""
        found, wanted = set(), set()
        for slug, incident in self.read(self.mornings[-1]).items():
            found |= {(slug, line.key, line.current.best) for line in incident.claims if _is_of_people(line)}
        for ledger in self.ledgers["morning"][-1]["ledger"]:
            for line in ledger["lines"]:
                key = line["claimant"], line["party"], line["outcome"], line.get("what")
                if "what" not in line and line["claimant"] != "unknown":
                    wanted.add((ledger["incident"], key, line["count"]))
        return rate(found, wanted)

    def independent(self) -> float:
        """Mean share by which the number of independent origins of an incident on a morning is off."""
        off: list[float] = []
        for morning, truth in zip(self.mornings, self.ledgers["morning"], strict=True):
            now = self.read(morning)
            for ledger in truth.get("ledger", []):
                count = now[ledger["incident"]].origin_count if ledger["incident"] in now else 0
                off.append(abs(count - ledger["independent"]) / ledger["independent"])
        return mean(off)

    def _is_told_of(self, slug: str, morning: Morning) -> bool:
        """Whether an incident was told of in the two days before a morning; one that was not is quiet."""
        return any(
            label["incident"] == slug and timedelta(0) < morning.day.morning - self._at(url) <= timedelta(hours=48)
            for url, label in self.truth.items()
        )

    def _at(self, url: str) -> datetime:
        return datetime.fromisoformat(self.stored[url]["published_at"])

    def now_called(self, item: Item) -> str:
        """The id under which an incident of a brief goes in the end."""
        with closing(open_reader(self.config.db)) as conn:
            return resolve(conn, item.incident.id) or item.incident.id

    def briefs(self) -> dict[str, Rate]:
        """Of all mornings: incidents told as new, as changed, and (of those not quiet) as contested."""
        slugs = {identifier: slug for slug, identifier in self.incident_of.items()}
        told: dict[str, Rate] = {}
        for part in ("new", "changed", "contested"):
            found, wanted = set(), set()
            for morning, truth in zip(self.mornings, self.ledgers["morning"], strict=True):
                items = getattr(morning.brief, part)
                found |= {(truth["at"], slugs.get(self.now_called(item), item.incident.id)) for item in items}
                wanted |= {
                    (truth["at"], slug)
                    for slug in truth[part]
                    if part != "contested" or self._is_told_of(slug, morning)
                }
            told[part] = rate(found, wanted)
        return told


def _is_of_people(line: Any) -> bool:
    return line.what is None and line.claimant != "unknown"


def main() -> None:
    """Print what is measured."""
    topic = Topic.load(ROOT / "seeds")
    if ARTICLES.is_file():
        got = measure_articles(topic)
        print(f"shared, in order: B-cubed F1 {got.in_order:.3f}")
        print(f"shared, {ORDERS} orders: mean {mean(got.shuffled):.3f}, lowest {min(got.shuffled):.3f}")
        print(f"shared, one order against another: B-cubed F1 {got.agreement:.3f}")
        print(f"shared, near-duplicate pairs: {got.duplicates}")
    with TemporaryDirectory() as folder:
        seen = Replayed(Path(folder))
        every, recognised = seen.incidents_f1()
        print(f"replay: B-cubed F1 {every:.3f} over all clash stories, {recognised:.3f} over those recognised as such")
        print(f"replay, near-duplicate pairs: {seen.duplicates()}")
        print(f"replay, origin told right: {seen.origins():.3f}")
        people, things = seen.ledger_lines()
        print(f"replay, ledger of all mornings, people: {people}")
        print(f"replay, ledger of all mornings, things: {things}")
        print(f"replay, ledger of the last morning, people: {seen.last_ledger_lines()}")
        print(f"replay, independent origins off by {seen.independent():.3f} of their number")
        for part, told in seen.briefs().items():
            print(f"replay, briefs, {part}: {told}")
        if "-v" in sys.argv:
            show_faults(seen)


def show_faults(seen: Replayed) -> None:
    """Print the last ledgers where they are wrong, and the briefs that are."""
    slugs = {identifier: slug for slug, identifier in seen.incident_of.items()}
    now = seen.read(seen.mornings[-1])
    for ledger in seen.ledgers["morning"][-1]["ledger"]:
        want = {(li["claimant"], li["party"], li["outcome"], li.get("what")): li["count"] for li in ledger["lines"]}
        have = {line.key: line.current.best for line in now[ledger["incident"]].claims}
        for key in sorted(want.keys() | have.keys(), key=str):
            if want.get(key) != have.get(key):
                print(f"  {ledger['incident']}: {key}: {have.get(key)} for {want.get(key)}")
    for morning, truth in zip(seen.mornings, seen.ledgers["morning"], strict=True):
        for part in ("new", "changed", "contested"):
            found = {slugs.get(seen.now_called(i), i.incident.title) for i in getattr(morning.brief, part)}
            wanted = {s for s in truth[part] if part != "contested" or seen._is_told_of(s, morning)}
            if found != wanted:
                extra, missing = sorted(found - wanted), sorted(wanted - found)
                print(f"  {morning.day.morning:%d}: {part}: wrong {extra}, missing {missing}")


if __name__ == "__main__":
    main()
