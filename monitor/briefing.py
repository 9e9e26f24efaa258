"""The brief as a page: Markdown for a terminal or a mail, HTML that stands by itself."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from monitor.brief import Brief, Item
from monitor.figures import Names, number, path_of
from monitor.incident import Change, Figure, Incident, LedgerLine, LineKey
from monitor.items import Story
from monitor.phrases import at, language_name, many

# On one page that is read in two minutes: so many lines of figures an incident, and so many incidents a part.
_MOST_LINES, _MOST_INCIDENTS, _MOST_DISPUTED = 6, 8, 3
# On a terminal, where several briefs follow one another.
_FEW_LINES = 3
_OUTCOMES = ("killed", "injured", "captured", "missing", "destroyed")

_STYLE = (
    "body{font:16px/1.45 system-ui,sans-serif;max-width:44em;margin:2em auto;padding:0 1em;color:#1b1f23}"
    "h1{font-size:1.4em}h2{font-size:1.1em;border-bottom:1px solid #ccd;padding-bottom:.2em;margin-top:1.6em}"
    "li{margin:.3em 0}a{color:#0550ae}"
    "@media (prefers-color-scheme:dark){body{background:#15181c;color:#dfe3e8}a{color:#79b8ff}h2{border-color:#444}}"
)

# A line of the page: how deep it stands, its text, and the (text, url) of the links at its end.
Line = tuple[int, str, tuple[tuple[str, str], ...]]
# Whose losses of what kind: what both sides are compared on.
Loss = tuple[str, str, str | None]


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the page: its heading, its lines, and what to say where there is none."""

    heading: str
    lines: list[Line]
    nothing: str = "Nothing."


def parts(brief: Brief, names: Names, most: int = _MOST_LINES) -> Iterator[Part]:
    """The parts of the page, with at most so many lines of figures an incident."""
    yield Part("New", _incidents(brief.new, names, most), "No new incident.")
    yield Part("Changed", _changes(brief.changed, names, most), "No claim changed.")
    yield Part("Contested", [(0, _contested(item.incident, names), ()) for item in brief.contested])
    yield Part("Went quiet", [(0, _quiet(item.incident), ()) for item in brief.quiet])
    if brief.stories:
        yield Part("Talks, truces, crossings", [_story(story) for story in brief.stories])
    said = brief.quiet_sentence
    yield Part("Not seen", [(0, f"{said[:1].upper()}{said[1:]}.", ())])


def head(brief: Brief) -> tuple[str, str]:
    """The title of the page and the sentence below it."""
    new = many(len(brief.new), "new incident") if brief.new else "no new incident"
    said = f"{many(brief.story_count, 'relevant story', 'relevant stories')} from {many(brief.outlet_count, 'outlet')}"
    return f"Brief of {at(brief.until)}", f"Since {at(brief.since)}: {new}, {len(brief.changed)} changed; {said}."


def markdown(brief: Brief, names: Names) -> str:
    """The brief as Markdown."""
    title, sentence = head(brief)
    lines = [f"# {title}", "", sentence]
    for part in parts(brief, names):
        lines += ["", f"## {part.heading}", ""]
        for depth, text, links in part.lines or [(0, part.nothing, ())]:
            urls = "".join(f" [{name}]({url.replace(')', '%29').replace(' ', '%20')})" for name, url in links)
            lines.append(f"{'  ' * depth}- {_flat(text)}{urls}")
    return "\n".join(lines) + "\n"


def terse(brief: Brief, names: Names) -> str:
    """The brief as some lines for a terminal: only what there is, without links."""
    title, sentence = head(brief)
    lines = [f"{title}. {sentence}"]
    for part in parts(brief, names, _FEW_LINES):
        if part.heading != "Not seen":
            label = f"  {part.heading.split(',')[0].lower() + ':':<13}"
            lines += [f"{' ' * 17 if depth else label}{_flat(text)}" for depth, text, _ in part.lines]
    return "\n".join(lines) + "\n"


def html(brief: Brief, names: Names) -> str:
    """The brief as an HTML page that needs nothing else."""
    title, sentence = head(brief)
    page = [
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>',
        '<meta name="viewport" content="width=device-width,initial-scale=1">',
        f"<style>{_STYLE}</style></head><body>\n<h1>{escape(title)}</h1>\n<p>{escape(sentence)}</p>",
    ]
    for part in parts(brief, names):
        page.append(f"<h2>{escape(part.heading)}</h2>\n<ul>")
        for depth, text, links in part.lines or [(0, part.nothing, ())]:
            indent = f' style="margin-inline-start:{1.4 * depth:g}em"' if depth else ""
            page.append(f'<li dir="auto"{indent}>{escape(_flat(text))}{"".join(map(_anchor, links))}</li>')
        page.append("</ul>")
    return "\n".join(page) + "\n</body></html>\n"


def _anchor(link: tuple[str, str]) -> str:
    if not link[1].startswith(("http://", "https://")):
        return ""
    return f' <a href="{escape(link[1], quote=True)}" rel="noreferrer">{escape(link[0])}</a>'


def _flat(text: str) -> str:
    return " ".join(text.split())


def _incidents(items: tuple[Item, ...], names: Names, most: int) -> list[Line]:
    found: list[Line] = []
    for item in items[:_MOST_INCIDENTS]:
        incident = item.incident
        found.append((0, f"{incident.title} ({incident.id}) — {_evidence(incident)}", ()))
        found += _figures(incident, by_loss(incident.claims), (), names, most)
    if len(items) > _MOST_INCIDENTS:
        found.append((0, f"and {len(items) - _MOST_INCIDENTS} more: monitor incidents", ()))
    return found


def _changes(items: tuple[Item, ...], names: Names, most: int) -> list[Line]:
    found: list[Line] = []
    for item in items[:_MOST_INCIDENTS]:
        changed = {change.line.key[1:] for change in item.changes if change.line is not None}
        losses = {loss: said for loss, said in by_loss(item.incident.claims).items() if loss in changed}
        found.append((0, f"{item.incident.title} ({item.incident.id}) — {_evidence(item.incident)}", ()))
        found += _figures(item.incident, losses, item.changes, names, most)
    if len(items) > _MOST_INCIDENTS:
        found.append((0, f"and {len(items) - _MOST_INCIDENTS} more: monitor incidents", ()))
    return found


def _evidence(incident: Incident) -> str:
    languages = ", ".join(language_name(code) for code in incident.languages)
    single = "single source; " if incident.origin_count == 1 else ""
    stories = many(len(incident.story_ids), "story", "stories")
    origins = many(incident.origin_count, "independent origin")
    return f"{single}{stories}, {many(incident.outlet_count, 'outlet')}, {origins}; {languages}"


def by_loss(lines: Iterable[LedgerLine]) -> dict[Loss, list[LedgerLine]]:
    """For each kind of losses who says what, what matters most first.

    The dead come before the injured, people before things, what is told of somebody before what is told of nobody
    named, and then what most stories tell. Figures that nobody stands for are left out where others are given.
    """
    every = list(lines)
    named = [line for line in every if line.claimant != "unknown"] or every
    found: dict[Loss, list[LedgerLine]] = {}
    for line in named:
        found.setdefault(line.key[1:], []).append(line)
    return dict(sorted(found.items(), key=lambda item: _rank(*item)))


def _rank(loss: Loss, said: Sequence[LedgerLine]) -> tuple[bool, int, bool, int]:
    party, outcome, what = loss
    place = _OUTCOMES.index(outcome) if outcome in _OUTCOMES else len(_OUTCOMES)
    return what is not None, place, party == "unknown", -sum(1 + line.current.repeats for line in said)


def _figures(
    incident: Incident, losses: dict[Loss, list[LedgerLine]], found: Sequence[Change], names: Names, most: int
) -> list[Line]:
    """A line for each of ``losses``, both sides in it; with ``found`` changes, what is different is told."""
    was = {change.line.key: change.was for change in found if change.line is not None and change.kind == "claim"}
    denied = {change.line.key for change in found if change.line is not None and change.kind == "denial"}
    lines: list[Line] = []
    for loss, said in list(losses.items())[:most]:
        told = "; ".join(_said(line, said, names, was, denied) for line in said if not _repeats(line, said))
        links = tuple((line.current.source, line.current.url) for line in said if not _repeats(line, said))
        lines.append((1, f"{names.losses(*loss)}: {told}", links))
    if len(losses) > most:
        lines.append((1, f"and {len(losses) - most} more: monitor claims {incident.id}", ()))
    return lines


def _repeats(line: LedgerLine, said: Iterable[LedgerLine]) -> bool:
    """Whether somebody of neither side gives the very figure of a side: it stands beside that one's name."""
    return line.claimant == "other" and any(
        line.claimant in other.confirmed_by and other.current.best == line.current.best for other in said
    )


def _said(
    line: LedgerLine,
    said: Iterable[LedgerLine],
    names: Names,
    was: Mapping[LineKey, Figure | None],
    denied: Collection[LineKey] = (),
) -> str:
    """What one claimant says: with ``was`` and ``denied``, what of it is new."""
    before = was.get(line.key)
    count = f"{number(before)} → {number(line.current)}" if before else number(line.current) if was else path_of(line)
    marks = ["new"] if line.key in was and before is None else []
    if any(other.claimant in line.confirmed_by for other in said if other is not line and _repeats(other, said)):
        marks.append("another source too")
    if line.denials:
        marks.append("now denied" if line.key in denied else "denied")
    beside = f" ({', '.join(marks)})" if marks else ""
    return f"{names.claimant(line.claimant)} {count}{beside}"


def _contested(incident: Incident, names: Names) -> str:
    """What of an incident is denied, or told otherwise by the other side."""
    points = []
    for loss, said in by_loss(incident.claims).items():
        against = [line for line in said if line.contradicted_by and not _repeats(line, said)]
        denied = [line for line in said if line.denials and line not in against]
        told = [" against ".join(_said(line, said, names, {}) for line in against)]
        told += [_said(line, said, names, {}) for line in denied]
        if any(told):
            points.append(f"{names.losses(*loss)}: {'; '.join(filter(None, told))}")
    more = f"; and {len(points) - _MOST_DISPUTED} more" if len(points) > _MOST_DISPUTED else ""
    return f"{incident.title} ({incident.id}): {'; '.join(points[:_MOST_DISPUTED])}{more}"


def _quiet(incident: Incident) -> str:
    return f"{incident.title} ({incident.id}): last told of {at(incident.last_reported_at)}"


def _story(story: Story) -> Line:
    return 0, f"{story.event_type.replace('_', ' ')}: {story.title}", ((story.source, story.url),)
