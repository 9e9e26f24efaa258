"""A replay, day by day through the code of ``monitor import`` and ``monitor demo --replay``, against its truth."""

from __future__ import annotations

import tomllib
from collections import Counter, defaultdict
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from statistics import mean
from typing import Any

from monitor.analysis.topic import Topic
from monitor.brief import Item
from monitor.config import Config
from monitor.demo.replay import Morning, NewsDay, news_days, replay, write_seeds
from monitor.followup import load_origins
from monitor.incident import Incident
from monitor.linking import read_until
from monitor.store.database import open_reader
from monitor.store.incidents import resolve
from tests.eval.grouping import Rate, b_cubed, pairs, rate
from tests.paths import ROOT
from tests.replay_truth import FOLDER, morning_records, read_days, read_lines, voices


class Replayed:
    """The replay in ``stories`` taken in day by day into ``folder``, and what should have come of it."""

    def __init__(self, folder: Path, stories: Path = FOLDER) -> None:
        seeds = write_seeds(ROOT / "seeds", folder / "seeds", stories)
        self.config = Config(db=folder / "monitor.db", seeds=seeds)
        self.days: list[NewsDay] = news_days(ROOT / "seeds", stories)
        self.mornings: list[Morning] = list(replay(self.config, self.days, self._refuse))
        self.topic = Topic.load(seeds)
        self.classes = load_origins(self.config, self.topic).classes
        self.truth = {label["url"]: label for label in read_lines("truth.jsonl", stories)}
        self.labelled = tomllib.loads((stories / "ledger.toml").read_text("utf-8"))["incident"]
        self.expected = morning_records(read_days(stories), self.truth, voices(stories))
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
        for morning, truth in zip(self.mornings, self.expected, strict=True):
            for slug, incident in self.read(morning).items():
                for line in incident.claims:
                    if line.claimant != "unknown":
                        found[line.what is not None].add((truth["at"], slug, line.key, line.current.best))
            for ledger in truth["incidents"]:
                for line in ledger["lines"]:
                    key = line["claimant"], line["party"], line["outcome"], line.get("what")
                    if line["claimant"] != "unknown":
                        wanted["what" in line].add((truth["at"], ledger["incident"], key, line["count"]))
        return rate(found[0], wanted[0]), rate(found[1], wanted[1])

    def whole_lines(self) -> Rate:
        """The same with the history of the figure, and with who denies it: what a faultless reader would write down."""
        found, wanted = set(), set()
        for morning, truth in zip(self.mornings, self.expected, strict=True):
            for slug, incident in self.read(morning).items():
                for line in incident.claims:
                    if line.claimant != "unknown":
                        history = tuple(figure.best for figure in line.history)
                        found.add((truth["at"], slug, line.key, line.current.best, history, bool(line.denials)))
            for ledger in truth["incidents"]:
                for line in ledger["lines"]:
                    key = line["claimant"], line["party"], line["outcome"], line.get("what")
                    denied = bool(set(line.get("denied_by", [])) - {line["claimant"]})
                    wanted.add((truth["at"], ledger["incident"], key, line["count"], tuple(line["history"]), denied))
        return rate(found, wanted)

    def last_ledger_lines(self) -> Rate:
        """The same of the last morning alone, people only: what stands in the ledgers in the end."""
        found, wanted = set(), set()
        for slug, incident in self.read(self.mornings[-1]).items():
            found |= {(slug, line.key, line.current.best) for line in incident.claims if _is_of_people(line)}
        for ledger in self.expected[-1]["incidents"]:
            for line in ledger["lines"]:
                key = line["claimant"], line["party"], line["outcome"], line.get("what")
                if "what" not in line and line["claimant"] != "unknown":
                    wanted.add((ledger["incident"], key, line["count"]))
        return rate(found, wanted)

    def independent(self) -> float:
        """Mean share by which the number of independent origins of an incident on a morning is off."""
        off: list[float] = []
        for morning, truth in zip(self.mornings, self.expected, strict=True):
            now = self.read(morning)
            for ledger in truth["incidents"]:
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
            for morning, truth in zip(self.mornings, self.expected, strict=True):
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
