"""The words of alerts: one line that says all, figures and their sides; texts of stories made safe."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from monitor.figures import Names, number
from monitor.phrases import language_name, many, some

_RTL = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
# What could reorder, break or hide parts of a line: controls and the marks that override or isolate directions.
_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]")
# Words by which chat services call people (@everyone, <!channel>): a headline must not.
_CALLS = re.compile(r"@(?=\w)|<(?=[!@#])")
_TITLES = {
    "new": "New {event}",
    "claim": "Claim",
    "contradiction": "Contradiction",
    "denial": "Denial",
    "confirmed": "Confirmed",
    "story": "Story",
    "repeat": "Goes on",
}
_LONGEST = 160


def clean(text: object, longest: int = 400) -> str:
    """``text`` of a story as one safe line: no control or direction marks, calls nobody, not too long."""
    words = " ".join(_UNSAFE.sub(" ", unicodedata.normalize("NFC", str(text or ""))).split())
    words = _CALLS.sub(lambda match: f"{match[0]}\u2060", words)
    return words if len(words) <= longest else f"{words[: longest - 1].rstrip()}…"


def isolated(text: str) -> str:
    """``text`` so that right-to-left words do not reorder what stands beside them (Unicode FSI … PDI)."""
    return f"\u2068{text}\u2069" if is_rtl(text) else text


def is_rtl(text: str) -> bool:
    """Whether ``text`` has right-to-left letters."""
    return bool(_RTL.search(text))


def words_of(identifier: object) -> str:
    """An id of the seeds as words: ``border_guards`` → ``Border guards``."""
    text = clean(identifier).replace("_", " ").replace("-", " ")
    return text[:1].upper() + text[1:]


def figure(record: Mapping[str, Any]) -> str:
    """The figure of a line, as it is written down with an alert: ``23``, ``at least 200``, ``19–21``, ``some``."""
    return number({"count_low": record["low"], "count_high": record["high"], "qualifier": record["qualifier"]})


def losses(line: Mapping[str, Any], names: Names) -> str:
    """What a line of the ledger counts: ``Border guards killed``, ``Posts captured (of border guards)``."""
    text = clean(names.losses(line["party"], line["outcome"], line["what"]))
    return text[:1].upper() + text[1:]


def claimant(line: Mapping[str, Any], names: Names) -> str:
    """Who says so: the side; the words of the text where it is none."""
    if line["claimant"] in ("other", "unknown"):
        return isolated(clean(line.get("speaker") or "", 60)) or names.claimant("unknown")
    return clean(names.claimant(line["claimant"]))


def where(places: Sequence[Mapping[str, Any]], most: int = 3) -> str:
    """The places, those most told of first: ``Karst Gate, Lower Valley``."""
    names = [isolated(clean(place["name"], 60)) for place in places]
    return some(names, most) if names else "place unknown"


def when(incident: Mapping[str, Any]) -> str:
    """The day or days of an incident: ``11 Oct 2025``, ``11–12 Oct 2025``."""
    start, end = (
        date.fromisoformat(incident[key]) if incident.get(key) else None for key in ("date_start", "date_end")
    )
    if start is None:
        return "day unknown"
    last = f"{(end or start).day} {end or start:%b %Y}"
    if end is None or end == start:
        return last
    return (
        f"{start.day}–{last}"
        if (start.year, start.month) == (end.year, end.month)
        else f"{start.day} {start:%b} – {last}"
    )


def evidence(incident: Mapping[str, Any]) -> str:
    """How well it stands: ``single source``, ``4 independent origins, 9 outlets``."""
    if incident["origin_count"] <= 1:
        outlets = f", carried by {incident['outlet_count']} outlets" if incident["outlet_count"] > 1 else ""
        return f"single source{outlets}"
    return f"{many(incident['origin_count'], 'independent origin')}, {many(incident['outlet_count'], 'outlet')}"


def event(incident: Mapping[str, Any]) -> str:
    """The type of event in words."""
    kind = clean(incident["event_type"]).replace("_", " ")
    return {"other": "incident", "statement": "incident", "ied": "explosion"}.get(kind, kind)


def sides(lines: Sequence[Mapping[str, Any]], names: Names, most: int = 3) -> str:
    """The figures face to face, in short: ``Border guards killed: North 58, South 23``."""
    parts = []
    for name, said in face_to_face(lines, names)[:most]:
        told = ", ".join(f"{claimant(line, names)} {figure(line)}{_mark(line)}" for line in said)
        parts.append(f"{name}: {told}")
    return "; ".join(parts)


def face_to_face(lines: Sequence[Mapping[str, Any]], names: Names) -> list[tuple[str, list[Mapping[str, Any]]]]:
    """The lines of a ledger by what they count: contested losses first, then deaths, then as the ledger has them."""
    groups: dict[str, list[Mapping[str, Any]]] = {}
    for line in lines:
        groups.setdefault(losses(line, names), []).append(line)
    return sorted(
        groups.items(), key=lambda item: (not any(map(_contested, item[1])), item[1][0]["outcome"] != "killed")
    )


def _contested(line: Mapping[str, Any]) -> bool:
    return bool(line["contradicted_by"] or line["denials"])


def _mark(line: Mapping[str, Any]) -> str:
    return " (denied)" if line["denials"] else ""


def fact_line(payload: Mapping[str, Any], names: Names) -> str:
    """The fact of an alert by itself: ``South now says 23 border guards killed (before: 12)``."""
    kind, line = payload["kind"], payload.get("line")
    if kind == "new":
        return f"New {event(payload['incident'])}"
    if kind == "confirmed":
        return f"Confirmed by {many(payload['incident']['origin_count'], 'independent origin')}"
    if line is None:
        return _TITLES.get(kind, words_of(kind))
    lost, who = losses(line, names), claimant(line, names)
    if kind == "claim":
        now = f"{lost}: {who} {'now ' if payload.get('before') else ''}says {figure(line)}"
        return now + (f", before {figure(payload['before'])}" if payload.get("before") else "") + _speaker(line, names)
    if kind == "denial":
        return f"Denied: {lost}: {figure(line)}, as {who} says"
    against = some([clean(names.claimant(name)) for name in line["contradicted_by"]]) or "another side"
    return f"Contradiction: {lost}: {who} says {figure(line)}, {against} otherwise"


def _speaker(line: Mapping[str, Any], names: Names) -> str:
    speaker = clean(line.get("speaker") or "", 60)
    told = line["claimant"] in ("other", "unknown") or speaker.casefold() == claimant(line, names).casefold()
    return f" ({isolated(speaker)})" if speaker and not told else ""


def headline(payload: Mapping[str, Any], names: Names) -> str:
    """One line that says all of an alert."""
    kind = payload["kind"]
    if kind in ("source", "language", "run"):
        return _health_line(payload)
    if kind in ("brief", "all_clear"):
        return clean(payload["title"])
    if kind in ("closed", "reopened"):
        return f"Crossing {kind}: {isolated(clean(payload['place']))}; single source: {_source(payload)}"
    if kind == "search":
        title = isolated(clean(payload["stories"][0]["title"], _LONGEST))
        told = evidence(payload) if payload["outlet_count"] > 1 else f"single source: {_source(payload)}"
        return f"Search {clean(payload['search'], 64)}: {title}; {where(payload['places'])}; {told}"
    if "incident" not in payload:
        title = isolated(clean(payload["stories"][0]["title"], _LONGEST))
        return f"{title}; {where(payload['places'])}; single source: {_source(payload)}"
    incident = payload["incident"]
    told = sides(incident["claims"], names, 2) if kind in ("new", "confirmed", "story", "repeat") else ""
    parts = [f"{fact_line(payload, names)}: {where(incident['places'])}, {when(incident)}", told, evidence(incident)]
    return "; ".join(part for part in parts if part)


def changes_line(payloads: Sequence[Mapping[str, Any]], names: Names) -> str:
    """One line that says all of several changes of one incident: how many, where, both sides' figures of them."""
    incident = payloads[-1]["incident"]
    changed = {losses(payload["line"], names) for payload in payloads if payload.get("line")}
    lines = [line for line in incident["claims"] if losses(line, names) in changed]
    parts = [
        f"{len(payloads)} changes: {where(incident['places'])}, {when(incident)}",
        sides(lines, names),
        evidence(incident),
    ]
    return "; ".join(part for part in parts if part)


def _source(payload: Mapping[str, Any]) -> str:
    return clean(payload["stories"][0]["source"], 60)


def _health_line(payload: Mapping[str, Any]) -> str:
    what = {"source": "Source", "language": "Language", "run": ""}[payload["kind"]]
    name = f"{what} {isolated(clean(payload['subject']))}".strip()
    name = name[:1].upper() + name[1:]
    if not payload["bad"]:
        return f"{name} is well again"
    reasons = "; ".join(clean(reason, 200) for reason in payload["reasons"])
    return f"{name} is {'unhealthy' if payload['state'] == 'sick' else payload['state']}: {reasons}"


def languages(codes: Sequence[str]) -> str:
    """The languages it is told in."""
    return some([language_name(code) for code in codes], 6)
