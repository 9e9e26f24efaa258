"""Messages: what a group of alerts says, as a line, as plain text, as HTML and as JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any
from urllib.parse import urlsplit

from monitor.alerts import wording
from monitor.alerts.wording import changes_line, clean, fact_line, figure, headline, isolated
from monitor.figures import Names

_MOST_IN_DIGEST = 40
_STYLE = "border-collapse:collapse"
_CELL = "border:1px solid #999;padding:2px 8px;text-align:start"


@dataclass(frozen=True, slots=True)
class Item:
    """One alert in a message: its id, severity, when it was found, and what was written down of it."""

    alert: str
    severity: str
    found_at: str
    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Message:
    """What one channel is told at once. ``id`` stays the same when it has to be sent again."""

    id: str
    severity: str
    title: str
    text: str
    html: str
    data: Mapping[str, Any]


_ORDER = {"critical": 0, "warning": 1, "info": 2}


def compose(identifier: str, items: Sequence[Item], *, names: Names, link: str = "", again: bool = False) -> Message:
    """The message of one group of alerts: they are about one incident, one story, one state … or share a rule."""
    severity = min((item.severity for item in items), key=_ORDER.__getitem__)
    blocks = [_block(group, names, link) for group in _by_subject(items)]
    title = blocks[0][0] + (f" (and {len(blocks) - 1} more)" if len(blocks) > 1 else "")
    end = f"Ref {identifier}" + (" (sent before; it may come twice)" if again else "")
    text = "\n\n".join(block[1] for block in blocks) + f"\n\n{end}\n"
    body = "<hr>".join(block[2] for block in blocks)
    html = f'<div dir="ltr">{body}<p style="color:#777"><small>{escape(end)}</small></p></div>'
    return Message(identifier, severity, title, text, html, _data(identifier, severity, title, items))


def digest(identifier: str, groups: Sequence[Sequence[Item]], *, names: Names, link: str = "") -> Message:
    """One message in place of many: a line for each group, the most urgent first, and how many are left out."""
    lines = []
    for items in groups:
        severity = min((item.severity for item in items), key=_ORDER.__getitem__)
        lines.append((_ORDER[severity], severity, _title(items, names), _links(items[-1].payload, link)[:1]))
    lines.sort(key=lambda line: line[0])
    every = [item for items in groups for item in items]
    title = f"Digest of {len(groups)} alerts: {_counted(every)}"
    shown, left = lines[:_MOST_IN_DIGEST], max(0, len(lines) - _MOST_IN_DIGEST)
    more = f"… and {left} more: monitor alerts list" if left else ""
    plain = [f"• {line}" + (f"\n  {links[0][1]}" if links else "") for _, _, line, links in shown]
    text = "\n".join([title, "", *plain, *([more] if more else []), "", f"Ref {identifier}", ""])
    rows = "".join(f"<li>{_html(line)}{_html_link(links)}</li>" for _, _, line, links in shown)
    tail = f"<p>{escape(more)}</p>" if more else ""
    html = (
        f'<div dir="ltr"><p><b>{escape(title)}</b></p><ul>{rows}</ul>{tail}<p><small>Ref {identifier}</small></p></div>'
    )
    severity = min((line[1] for line in lines), key=_ORDER.__getitem__)
    return Message(identifier, severity, title, text, html, _data(identifier, severity, title, every))


def _counted(items: Sequence[Item]) -> str:
    counts: dict[str, int] = {}
    for item in items:
        counts[item.payload["kind"]] = counts.get(item.payload["kind"], 0) + 1
    return ", ".join(f"{count} × {kind.replace('_', ' ')}" for kind, count in counts.items())


def _by_subject(items: Sequence[Item]) -> list[list[Item]]:
    groups: dict[str, list[Item]] = {}
    for item in items:
        incident = item.payload.get("incident")
        groups.setdefault(f"incident {incident['id']}" if incident else item.alert, []).append(item)
    return list(groups.values())


def _title(items: Sequence[Item], names: Names) -> str:
    """The line of a group: that of its being new, or of all that changed of it."""
    if len(items) > 1 and all("incident" in item.payload and item.payload["kind"] != "new" for item in items):
        return changes_line([item.payload for item in items], names)
    first = next((item for item in items if item.payload["kind"] == "new"), items[0])
    newest = items[-1].payload
    payload = {**first.payload, "incident": newest["incident"]} if "incident" in newest else first.payload
    return headline(payload, names)


def _block(items: Sequence[Item], names: Names, link: str) -> tuple[str, str, str]:
    """Line, plain text and HTML of alerts about one thing."""
    newest, title = items[-1].payload, _title(items, names)
    # Facts are told as they were found; what the incident itself is, as it is known by now.
    told = [{**item.payload, "incident": newest["incident"]} for item in items] if "incident" in newest else []
    facts = [fact_line(payload, names) for payload in told]
    facts = [fact for fact in dict.fromkeys(facts) if fact not in title]
    parts = [_paragraphs(newest), _figures(newest, names), _about(newest)]
    links = _links(newest, link)
    text = [title, *(f"- {fact}" for fact in facts)]
    text += [line for part in parts for line in part[0]]
    text += [f"  {name}: {url}" for name, url in links]
    html = f"<p><b>{_html(title)}</b></p>"
    if facts:
        html += f"<ul>{''.join(f'<li>{_html(fact)}</li>' for fact in facts)}</ul>"
    html += "".join(part[1] for part in parts)
    if links:
        html += f"<ul>{''.join(f'<li>{_html_link([one])}</li>' for one in links)}</ul>"
    return title, "\n".join(text), html


def _paragraphs(payload: Mapping[str, Any]) -> tuple[list[str], str]:
    """The text of briefs and all-clears, which is made elsewhere."""
    lines = [clean(line, 2000) for line in str(payload.get("text") or "").splitlines()]
    return lines, str(payload.get("html") or "") or "".join(f"<p>{_html(line)}</p>" for line in lines if line)


def _figures(payload: Mapping[str, Any], names: Names) -> tuple[list[str], str]:
    """What each side says of the same losses, face to face."""
    incident = payload.get("incident")
    if not incident or not incident["claims"]:
        return [], ""
    groups = wording.face_to_face(incident["claims"], names)
    text = ["", "What each side says:"]
    who = list(dict.fromkeys(wording.claimant(line, names) for _, lines in groups for line in lines))
    rows = ""
    for name, lines in groups:
        text.append(f"  {name}: " + " · ".join(f"{wording.claimant(line, names)} {_cell(line)}" for line in lines))
        cells = ""
        for one in who:
            # The name stands in the cell too, for the plain text that mail programs make of it.
            told = [f"{one} {_cell(line)}" for line in lines if wording.claimant(line, names) == one]
            cells += f'<td style="{_CELL}">{_html(", ".join(told)) or "–"}</td>'
        rows += f'<tr><th style="{_CELL}">{_html(name)}</th>{cells}</tr>'
    if incident.get("more_claims"):
        text.append(f"  … and {incident['more_claims']} more figures")
    head = "".join(f'<th style="{_CELL}">{_html(one)}</th>' for one in who)
    table = f'<table style="{_STYLE}"><tr><th style="{_CELL}"></th>{head}</tr>{rows}</table>'
    quotes = [line for _, lines in groups for line in lines if line.get("quote")][:4]
    text += [f"  {_quoted(line)}" for line in quotes]
    said = "".join(
        f"<p>“{_html(isolated(clean(line['quote'])))}” – {_html(clean(line['source'], 60))}</p>" for line in quotes
    )
    return text, table + said


def _quoted(line: Mapping[str, Any]) -> str:
    return f"“{isolated(clean(line['quote']))}” – {clean(line['source'], 60)}"


def _cell(line: Mapping[str, Any]) -> str:
    marks = ["confirmed"] if line["stance"] == "confirmed" else []
    marks += ["denied"] if line["denials"] or line["stance"] == "denied" else []
    return figure(line) + (f" ({', '.join(marks)})" if marks else "")


def _about(payload: Mapping[str, Any]) -> tuple[list[str], str]:
    """Place, day, evidence, state, languages."""
    incident = payload.get("incident")
    if not incident:
        places = payload.get("places") or []
        rows = [("Places", wording.where(places, 6))] if places else []
    else:
        best, low, high = incident["fatalities"]
        rows = [
            ("Places", wording.where(incident["places"], 6)),
            ("When", wording.when(incident)),
            ("Deaths", _deaths(best, low, high)),
            ("Evidence", wording.evidence(incident)),
            ("State", clean(incident["status"])),
            ("Told in", wording.languages(incident["languages"])),
        ]
    text = ["", *(f"{name}: {value}" for name, value in rows if value)] if rows else []
    return text, "".join(f"<div>{name}: {_html(value)}</div>" for name, value in rows if value)


def _deaths(best: int | None, low: int | None, high: int | None) -> str:
    if best is None or low is None or high is None:
        return "none reported"
    return f"{best:,}" if low == high else f"{best:,} (from {low:,} to {high:,})"


def _links(payload: Mapping[str, Any], link: str) -> list[tuple[str, str]]:
    found = []
    if link and "incident" in payload:
        found.append(("All about it", f"{link.rstrip('/')}/{payload['incident']['id']}"))
    for story in payload.get("stories") or []:
        found.append((isolated(f"{clean(story['source'], 60)}, {clean(story['title'], 120)}"), story["url"]))
    return [(name, url) for name, url in found if _safe(url)]


def _safe(url: str) -> bool:
    try:
        return urlsplit(url).scheme in ("http", "https") and not any(char in url for char in " \n\r\t<>\"'")
    except ValueError:
        return False


def _html(text: str) -> str:
    """``text`` escaped; what is right-to-left in it (marked by FSI … PDI) in an element of its own direction."""
    return escape(text).replace("\u2068", '<bdi dir="auto">\u2068').replace("\u2069", "\u2069</bdi>")


def _html_link(links: Sequence[tuple[str, str]]) -> str:
    """Links with their addresses in sight: mail programs make the plain text of a mail from its HTML without them."""
    return "".join(f' <a href="{escape(url)}">{_html(name)}</a><br><small>{escape(url)}</small>' for name, url in links)


def _data(identifier: str, severity: str, title: str, items: Sequence[Item]) -> dict[str, Any]:
    alerts = [{"id": i.alert, "severity": i.severity, "found_at": i.found_at, **i.payload} for i in items]
    return {"id": identifier, "severity": severity, "title": title, "alerts": alerts}
