"""The brief as a page: Markdown for a terminal or a mail, HTML that stands by itself."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from monitor.brief import Brief, Item
from monitor.figures import Names, number, path_of
from monitor.incident import Change, Incident, LedgerLine
from monitor.phrases import at, language_name, many

# On one page that is read in two minutes: so many lines of figures an incident, and so many incidents a part.
_MOST_LINES, _MOST_INCIDENTS = 6, 8

_STYLE = (
    "body{font:16px/1.45 system-ui,sans-serif;max-width:44em;margin:2em auto;padding:0 1em;color:#1b1f23}"
    "h1{font-size:1.4em}h2{font-size:1.1em;border-bottom:1px solid #ccd;padding-bottom:.2em;margin-top:1.6em}"
    "li{margin:.3em 0}a{color:#0550ae}"
    "@media (prefers-color-scheme:dark){body{background:#15181c;color:#dfe3e8}a{color:#79b8ff}h2{border-color:#444}}"
)

# A line of the page: how deep it stands, and its text; a link is a (text, url) at its end.
Line = tuple[int, str, tuple[str, str] | None]


def sections(brief: Brief, names: Names) -> Iterator[tuple[str, list[Line]]]:
    """The parts of the page: a heading and its lines."""
    yield "New", _incidents(brief.new, names, "No new incident.")
    yield "Changed", _changes(brief.changed, names)
    yield "Contested", [(0, _contested(item.incident, names), None) for item in brief.contested] or [_none("Nothing.")]
    yield (
        "Went quiet",
        [
            (0, f"{item.incident.title} ({item.incident.id}): last told of {at(item.incident.last_reported_at)}", None)
            for item in brief.quiet
        ]
        or [_none("Nothing.")],
    )
    if brief.stories:
        yield (
            "Talks, truces, crossings",
            [
                (0, f"{story.event_type.replace('_', ' ')}: {story.title} ({story.source})", ("read", story.url))
                for story in brief.stories
            ],
        )
    yield "Not seen", [(0, brief.unseen, None)]


def head(brief: Brief) -> tuple[str, str]:
    """The title of the page and the sentence below it."""
    new = many(len(brief.new), "new incident") if brief.new else "no new incident"
    said = f"{many(brief.story_count, 'relevant story', 'relevant stories')} from {many(brief.outlet_count, 'outlet')}"
    return f"Brief of {at(brief.until)}", f"Since {at(brief.since)}: {new}, {len(brief.changed)} changed; {said}."


def markdown(brief: Brief, names: Names) -> str:
    """The brief as Markdown."""
    title, sentence = head(brief)
    lines = [f"# {title}", "", sentence]
    for heading, rows in sections(brief, names):
        lines += ["", f"## {heading}", ""]
        for depth, text, link in rows:
            url = f" [{link[0]}]({link[1].replace(')', '%29').replace(' ', '%20')})" if link else ""
            lines.append(f"{'  ' * depth}- {_flat(text)}{url}")
    return "\n".join(lines) + "\n"


def html(brief: Brief, names: Names) -> str:
    """The brief as an HTML page that needs nothing else."""
    title, sentence = head(brief)
    parts = [
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>',
        '<meta name="viewport" content="width=device-width,initial-scale=1">',
        f"<style>{_STYLE}</style></head><body>\n<h1>{escape(title)}</h1>\n<p>{escape(sentence)}</p>",
    ]
    for heading, rows in sections(brief, names):
        parts.append(f"<h2>{escape(heading)}</h2>\n<ul>")
        for depth, text, link in rows:
            indent = f' style="margin-inline-start:{1.4 * depth:g}em"' if depth else ""
            parts.append(f'<li dir="auto"{indent}>{escape(_flat(text))}{_anchor(link)}</li>')
        parts.append("</ul>")
    return "\n".join(parts) + "\n</body></html>\n"


def _anchor(link: tuple[str, str] | None) -> str:
    if link is None or not link[1].startswith(("http://", "https://")):
        return ""
    return f' <a href="{escape(link[1], quote=True)}" rel="noreferrer">{escape(link[0])}</a>'


def _flat(text: str) -> str:
    return " ".join(text.split())


def _none(text: str) -> Line:
    return 0, text, None


def _incidents(items: tuple[Item, ...], names: Names, empty: str) -> list[Line]:
    found: list[Line] = []
    for item in items[:_MOST_INCIDENTS]:
        incident = item.incident
        found.append((0, f"{incident.title} ({incident.id}) — {_evidence(incident)}", None))
        found += [_figure(line, names) for line in _telling(incident)[:_MOST_LINES]]
    if len(items) > _MOST_INCIDENTS:
        found.append((0, f"and {len(items) - _MOST_INCIDENTS} more: monitor incidents", None))
    return found or [_none(empty)]


def _evidence(incident: Incident) -> str:
    languages = ", ".join(language_name(code) for code in incident.languages)
    single = "single source; " if incident.origin_count == 1 else ""
    stories = many(len(incident.story_ids), "story", "stories")
    origins = many(incident.origin_count, "independent origin")
    return f"{single}{stories}, {many(incident.outlet_count, 'outlet')}, {origins}; {languages}"


def _telling(incident: Incident) -> list[LedgerLine]:
    """The lines that matter most: deaths first, those that somebody stands for."""
    named = [line for line in incident.claims if line.claimant != "unknown"] or list(incident.claims)
    return sorted(named, key=lambda line: (line.what is not None, line.outcome != "killed"))


def _figure(line: LedgerLine, names: Names) -> Line:
    mark = " — denied" if line.denials else " — contradicted" if line.contradicted_by else ""
    said = f"{names.claimant(line.claimant)}: {names.losses(*line.key[1:])}: {path_of(line)}{mark}"
    return 1, said, (line.current.source, line.current.url)


def _changes(items: tuple[Item, ...], names: Names) -> list[Line]:
    found: list[Line] = []
    for item in items[:_MOST_INCIDENTS]:
        found.append((0, f"{item.incident.title} ({item.incident.id})", None))
        found += [_change(change, names) for change in item.changes[:_MOST_LINES]]
        if len(item.changes) > _MOST_LINES:
            found.append((1, f"and {len(item.changes) - _MOST_LINES} more: monitor claims {item.incident.id}", None))
    return found or [_none("No claim changed.")]


def _change(change: Change, names: Names) -> Line:
    line = change.line
    assert line is not None
    losses, who = names.losses(*line.key[1:]), names.claimant(line.claimant)
    link = (line.current.source, line.current.url)
    if change.kind == "claim":
        was = f"{number(change.was)} → " if change.was else ""
        return 1, f"{who} {'now says' if change.was else 'says'}: {losses}: {was}{number(line.current)}", link
    if change.kind == "denial":
        denial = line.denials[0]
        return 1, f"denied: {who}'s {losses}: {number(line.current)}: “{denial.quote}”", (denial.source, denial.url)
    return 1, f"{names.claimant(change.other or '')} contradicts {who} on {losses} ({number(line.current)})", link


def _contested(incident: Incident, names: Names) -> str:
    rows: dict[tuple[str, str, str | None], list[str]] = {}
    for line in incident.claims:
        if line.contradicted_by or line.denials:
            told = f"{names.claimant(line.claimant)} {number(line.current)}{' (denied)' if line.denials else ''}"
            rows.setdefault((line.party, line.outcome, line.what), []).append(told)
    points = "; ".join(f"{names.losses(*key)}: {' against '.join(told)}" for key, told in rows.items())
    return f"{incident.title} ({incident.id}): {points}"
