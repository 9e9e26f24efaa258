"""The truth of a replay, read and folded: what a faultless reader would have in its ledgers on each morning."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.paths import ROOT

FOLDER = ROOT / "seeds" / "replay"
HOUR = 6  # a news day runs from six o'clock UTC to six o'clock UTC
Key = tuple[str, str, str, str | None]


def key_of(claim: dict[str, Any]) -> Key:
    """Which line of a ledger a claim is about."""
    return claim["claimant"], claim["party"], claim["outcome"], claim.get("what")


@dataclass
class Line:
    """One line: the figures standing, oldest first, each as (count, when, url, is it a part); who denies which."""

    figures: list[tuple[int, datetime, str, bool]] = field(default_factory=list)
    withdrawn: list[tuple[int, str]] = field(default_factory=list)
    denials: list[tuple[str, int, str]] = field(default_factory=list)

    @property
    def history(self) -> list[int]:
        return [figure[0] for figure in self.figures]


Ledger = dict[Key, Line]


def read_days(folder: Path = FOLDER) -> list[tuple[date, list[dict[str, Any]]]]:
    """The stories of each news day, in the order of their file."""
    files = sorted(folder.glob("20*.jsonl"))
    return [(date.fromisoformat(path.stem), read_lines(path.name, folder)) for path in files]


def read_lines(name: str, folder: Path = FOLDER) -> list[dict[str, Any]]:
    """The objects in a JSON Lines file of a replay."""
    return [json.loads(line) for line in (folder / name).read_text("utf-8").splitlines()]


def published(story: dict[str, Any]) -> datetime:
    """When a story came out, in UTC."""
    return datetime.fromisoformat(story["published"]).astimezone(UTC)


def mornings(days: Sequence[date]) -> list[datetime]:
    """The morning that ends each news day."""
    return [datetime(day.year, day.month, day.day, HOUR, tzinfo=UTC) + timedelta(days=1) for day in days]


def fold(stories: Iterable[dict[str, Any]], truth: dict[str, dict[str, Any]]) -> dict[str, Ledger]:
    """The ledger of every incident after ``stories``, which come in the order of publication."""
    ledgers: dict[str, Ledger] = {}
    for story in stories:
        label = truth[story["url"]]
        when = published(story)
        for claim in label["claims"]:
            incident = claim.get("incident", label["incident"])
            line = ledgers.setdefault(incident, {}).setdefault(key_of(claim), Line())
            if claim["count"] not in line.history:
                line.figures.append((claim["count"], when, story["url"], claim.get("part", False)))
        for claim in label["withdraws"]:
            line = ledgers[label["incident"]][key_of(claim)]
            line.withdrawn.append((claim["count"], story["url"]))
            line.figures = [figure for figure in line.figures if figure[0] != claim["count"]]
        for denial in label["denies"]:
            line = ledgers[label["incident"]][key_of(denial)]
            entry = (denial["by"], denial["count"])
            if entry not in [known[:2] for known in line.denials]:
                line.denials.append((*entry, story["url"]))
    return ledgers


def contradictions(ledger: Ledger, key: Key) -> list[str]:
    """Claimants whose current figure for the same people differs from that of ``key``; never for things.

    The figure of a part of the incident contradicts nothing but a smaller total.
    """
    if key[3] is not None:
        return []
    count, _, _, part = ledger[key].figures[-1]
    found = []
    for other, line in ledger.items():
        if other == key or other[1:] != key[1:]:
            continue
        theirs, _, _, their_part = line.figures[-1]
        small = (part and (their_part or count <= theirs)) or (their_part and theirs <= count)
        if theirs != count and not small:
            found.append(other[0])
    return sorted(found)


def confirmations(ledger: Ledger, key: Key) -> list[str]:
    """Claimants whose current figure for the same people equals that of ``key``."""
    return sorted(
        other[0]
        for other, line in ledger.items()
        if other != key and other[1:] == key[1:] and key[3] is None and line.history[-1] == ledger[key].history[-1]
    )


def line_record(ledger: Ledger, key: Key) -> dict[str, Any]:
    """A line of a morning's ledger as ``ledger.toml`` has it."""
    line = ledger[key]
    record: dict[str, Any] = {"claimant": key[0], "party": key[1], "outcome": key[2]}
    if key[3] is not None:
        record["what"] = key[3]
    record["count"] = line.history[-1]
    record["history"] = line.history
    if line.figures[-1][3]:
        record["part"] = True
    for name, values in (
        ("contradicted_by", contradictions(ledger, key)),
        ("confirmed_by", confirmations(ledger, key)),
        ("denied_by", sorted({by for by, _, _ in line.denials})),
        ("withdrawn", [count for count, _ in line.withdrawn]),
    ):
        if values:
            record[name] = values
    return record


def state(ledger: Ledger) -> list[dict[str, Any]]:
    """All lines of a ledger, in the order of claimant, party, outcome and thing."""
    return [line_record(ledger, key) for key in sorted(ledger, key=lambda key: [part or "" for part in key])]


def voices(folder: Path = FOLDER) -> dict[str, str]:
    """The side that each official voice speaks for: outlets of the replay, officials and bodies of the actors' file."""
    outlets = tomllib.loads((folder / "outlets.toml").read_text("utf-8"))["source"]
    actors = tomllib.loads((ROOT / "seeds" / "actors.toml").read_text("utf-8"))["actor"]
    sides = tomllib.loads((ROOT / "seeds" / "topic.toml").read_text("utf-8"))["topic"]["sides"]
    found = {actor["id"]: actor["side"] for actor in actors if actor.get("side") in sides}
    return found | {outlet["id"]: outlet["speaks_for"] for outlet in outlets if "speaks_for" in outlet}


def independent(origins: Iterable[str], sides: dict[str, str]) -> int:
    """How many voices ``origins`` are when all official mouths of one side (``sides``) count as one."""
    return len({f"side {sides[origin]}" if origin in sides else origin for origin in origins})


def told(label: dict[str, Any]) -> set[str]:
    """The incidents a story tells of: its own, and those it gives figures of beside it."""
    return {label["incident"], *(claim.get("incident") for claim in label["claims"])} - {None}


def morning_records(
    days: Sequence[tuple[date, list[dict[str, Any]]]], truth: dict[str, dict[str, Any]], sides: dict[str, str]
) -> list[dict[str, Any]]:
    """What ``ledger.toml`` says of every morning, from the stories and their labels alone."""
    records: list[dict[str, Any]] = []
    before: dict[str, list[dict[str, Any]]] = {}
    so_far: list[dict[str, Any]] = []
    for at, (_, stories) in zip(mornings([day for day, _ in days]), days, strict=True):
        so_far = so_far + stories
        fresh = {slug for story in stories for slug in told(truth[story["url"]])}
        ledgers = fold(so_far, truth)
        known = sorted({truth[story["url"]]["incident"] for story in so_far} - {None})
        now = {slug: state(ledgers.get(slug, {})) for slug in known}
        disputed = [
            slug for slug in known if any("contradicted_by" in line or "denied_by" in line for line in now[slug])
        ]
        records.append(
            {
                "at": at,
                "new": [slug for slug in known if slug not in before],
                "changed": [slug for slug in known if slug in before and before[slug] != now[slug]],
                "contested": disputed,
                "silent": [slug for slug in known if slug not in fresh],
                "incidents": [
                    {"incident": slug, **_counts(slug, so_far, truth, sides), "lines": now[slug]} for slug in known
                ],
            }
        )
        before = now
    return records


def _counts(
    slug: str, stories: list[dict[str, Any]], truth: dict[str, dict[str, Any]], sides: dict[str, str]
) -> dict[str, int]:
    mine = [story for story in stories if truth[story["url"]]["incident"] == slug]
    origins = {truth[story["url"]]["origin"] for story in mine}
    return {
        "stories": len(mine),
        "outlets": len({story["source"] for story in mine}),
        "origins": len(origins),
        "independent": independent(origins, sides),
    }
