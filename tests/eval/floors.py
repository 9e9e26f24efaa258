"""Floors under accuracy: kept in floors.toml with the hash of each set, sealed, raised freely and lowered with a reason."""

from __future__ import annotations

import hashlib
import json
import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

FLOORS = Path(__file__).parent / "floors.toml"
MARGIN = 0.02
Values = Mapping[str, Mapping[str, tuple[float, int]]]
Table = dict[str, dict[str, float]]


@dataclass(frozen=True)
class Lowered:
    """Floors of one set that went down together: each as ``measure.language was -> now``, when and why."""

    name: str
    date: str
    reason: str
    floors: tuple[str, ...]


@dataclass(frozen=True)
class Pinned:
    """What is pinned for one set: its hash, and the floors by measure and language."""

    sha256: str
    floors: Table


@dataclass(frozen=True)
class Floors:
    """The whole file."""

    sets: Mapping[str, Pinned]
    lowered: tuple[Lowered, ...] = ()
    seal: str = ""

    def sealed(self) -> str:
        """What the seal has to be: a floor edited by hand no longer fits it."""
        told = [[name, pinned.sha256, pinned.floors] for name, pinned in sorted(self.sets.items())]
        return hashlib.sha256(
            json.dumps([told, [vars(low) for low in self.lowered]], sort_keys=True).encode()
        ).hexdigest()


class QuietLoweringError(Exception):
    """A floor would go down although the set is the same and nobody said why."""


def read_floors(path: Path = FLOORS) -> Floors:
    """The floors in ``path``; none where there is no file."""
    if not path.is_file():
        return Floors({})
    data: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    sets = {name: Pinned(table["sha256"], table["floors"]) for name, table in data["set"].items()}
    return Floors(sets, tuple(_lowered(entry) for entry in data.get("lowered", [])), data["seal"])


def _lowered(entry: Mapping[str, Any]) -> Lowered:
    return Lowered(entry["set"], entry["date"], entry["reason"], tuple(entry["floors"]))


def floor_under(value: float, rests_on: int) -> float:
    """A little below ``value``: one label of a small set may be lost, or ``MARGIN`` of a large one."""
    return max(0, math.floor((value - max(MARGIN, 1 / rests_on)) * 1000 + 1e-6)) / 1000


def below(floors: Table, measured: Values) -> list[str]:
    """The measures that are under their floor, each as a line to print."""
    lines = []
    for measure, languages in floors.items():
        for language, floor in languages.items():
            value = measured.get(measure, {}).get(language, (0.0, 0))[0]
            if value < floor:
                lines.append(f"{measure} {language}: {value:.3f} is under the floor of {floor:.3f}")
    return lines


def pin(old: Floors, measured: Mapping[str, tuple[str, Values]], reason: str, today: date) -> Floors:
    """New floors under what was measured (by set: its hash and values).

    A floor never goes down here while it holds. One that no longer holds goes down only where the set has changed,
    or where ``reason`` says why; either way the fall is written down. Sets that are absent keep their floors.

    Raises QuietLoweringError otherwise.
    """
    sets, lowered, quiet = dict(old.sets), list(old.lowered), []
    for name, (sha256, found) in measured.items():
        before = old.sets.get(name, Pinned(sha256, {}))
        changed = before.sha256 != sha256
        floors, falls = _move(before.floors, found, hold=not changed)
        why = reason or ("the set has changed" if changed else "")
        if falls and why:
            lowered.append(Lowered(name, today.isoformat(), why, tuple(falls)))
        elif falls:
            quiet += [f"{name} {fall}" for fall in falls]
        sets[name] = Pinned(sha256, floors)
    if quiet:
        raise QuietLoweringError("these floors would be lowered; say why with --reason:\n" + "\n".join(quiet))
    return replace(new := Floors(sets, tuple(lowered)), seal=new.sealed())


def _move(before: Table, found: Values, hold: bool) -> tuple[Table, list[str]]:
    """Floors under ``found``, and those that fell. With ``hold``, one that still bears its value stays or rises."""
    floors: Table = {}
    falls = []
    for measure, languages in found.items():
        for language, (value, rests_on) in languages.items():
            was = before.get(measure, {}).get(language, 0.0)
            now = floor_under(value, rests_on)
            if hold and value >= was:
                now = max(now, was)
            if now < was:
                falls.append(f"{measure}.{language} {was} -> {now}")
            floors.setdefault(measure, {})[language] = now
    return floors, falls


def write_floors(floors: Floors, path: Path = FLOORS) -> None:
    """Write ``floors`` to ``path``."""
    lines = [
        "# Floors under accuracy, by set, measure and language. Written by `python -m tests.eval --pin`, which raises",
        "# them freely and lowers one only where its set has changed or `--reason` is given. Not to be edited by hand:",
        "# the seal would no longer fit.",
        f'seal = "{floors.seal}"',
    ]
    for name, pinned in sorted(floors.sets.items()):
        lines += ["", f"[set.{name}]", f'sha256 = "{pinned.sha256}"', f"[set.{name}.floors]"]
        for measure, languages in pinned.floors.items():
            inside = ", ".join(f"{language} = {value}" for language, value in sorted(languages.items()))
            lines.append(f"{measure} = {{ {inside} }}")
    for low in floors.lowered:
        told = json.dumps(list(low.floors))
        lines += ["", "[[lowered]]", f'set = "{low.name}"', f'date = "{low.date}"']
        lines += [f"reason = {json.dumps(low.reason, ensure_ascii=False)}", f"floors = {told}"]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
