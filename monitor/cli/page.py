"""One story as a page to read: headline, key points, body, and what is known about it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from difflib import SequenceMatcher
from itertools import pairwise

import click

from monitor.cli.output import isolated, stdout_console
from monitor.figures import Names, claim_in_words
from monitor.items import Claim, Place, Story
from monitor.store.revisions import Revision


def print_story(story: Story, names: Names, *, why: bool, markdown: bool) -> None:
    """Print ``story`` to stdout: for a terminal, or as Markdown; with the evidence when ``why``."""
    if markdown:
        click.echo(f"# {story.title}\n")
        for point in story.key_points:
            click.echo(f"- {point}")
        click.echo("\n" + "\n\n".join(_paragraphs(story)) + "\n")
        for label, value in facts(story, names):
            click.echo(f"- **{label}**: {value}")
        return
    from rich.padding import Padding
    from rich.text import Text

    console = stdout_console()
    console.print(Text(isolated(story.title), style="bold"))
    for point in story.key_points:
        console.print(Padding(Text(f"• {isolated(point)}"), (0, 0, 0, 2)))
    console.print()
    for paragraph in _paragraphs(story):
        console.print(Text(isolated(paragraph)))
        console.print()
    for label, value in facts(story, names):
        console.print(Text.assemble((f"{label:<11}", "dim"), isolated(value)))
    if why:
        console.print(Text("\nwhy", style="bold"))
        for item in story.evidence:
            console.print(
                Text("  " + "  ".join(isolated(str(value)) for value in item.values() if value not in (None, "")))
            )


def _paragraphs(story: Story) -> list[str]:
    """The lines of the text that are not empty: some texts come with empty lines between them."""
    return [line for line in story.text.split("\n") if line.strip()]


def print_revisions(story: Story, earlier: Sequence[Revision]) -> None:
    """Print what was changed in ``story``: words taken out and words put in, revision by revision."""
    from rich.text import Text

    console = stdout_console()
    if not earlier:
        console.print("\nnever changed since it was stored")
    states = [(old.title, old.text) for old in earlier] + [(story.title, story.text)]
    for old, (before, after) in zip(earlier, pairwise(states), strict=True):
        console.print(Text(f"\nrevision {old.revision} → {old.revision + 1}, found {old.replaced_at}", style="bold"))
        for words_before, words_after in zip(before, after, strict=True):
            changed = word_changes(words_before, words_after)
            if changed:
                console.print(Text.assemble(*((isolated(words), _STYLES[kind]) for kind, words in changed)))


# Without colours the marks alone tell what was taken out and what was put in.
_STYLES = {"-": "red", "+": "green", "": "dim"}


def word_changes(before: str, after: str, around: int = 6) -> list[tuple[str, str]]:
    """The differences of two texts as ``(kind, words)``: ``-`` out, ``+`` in, and ``around`` words beside them."""
    old, new = before.split(), after.split()
    found: list[tuple[str, str]] = []
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            kept = old[a:b]
            if len(kept) > 2 * around:
                kept = [*kept[:around], "…", *kept[-around:]]
            found.append(("", " ".join(kept) + " "))
            continue
        if b > a:
            found.append(("-", f"[-{' '.join(old[a:b])}-] "))
        if d > c:
            found.append(("+", f"{{+{' '.join(new[c:d])}+}} "))
    return found if any(kind for kind, _ in found) else []


def facts(story: Story, names: Names) -> Iterator[tuple[str, str]]:
    """Label and value of everything known about ``story`` besides its text, in reading order."""
    published = "unknown"
    if story.published_at is not None and story.published_precision != "unknown":
        form = "%Y-%m-%d %H:%M UTC" if story.published_precision == "minute" else "%Y-%m-%d"
        published = story.published_at.strftime(form)
    yield "published", published
    yield "source", story.source + (f", by {story.byline}" if story.byline else "")
    yield "language", story.language + (f" ({story.variant})" if story.variant else "")
    clash = ", a clash" if story.is_clash else ""
    when = story.event_date.isoformat() if story.event_date else "day not given"
    if story.event_date_end and story.event_date_end != story.event_date:
        when += f" to {story.event_date_end.isoformat()}"
    happened = f" on {when}" if story.event_date else f" ({when})" if story.is_clash else ""
    yield "event", f"{story.event_type.replace('_', ' ')}{clash}{happened}; relevance {story.relevance:.2f}"
    by_category: dict[str, list[str]] = defaultdict(list)
    for keyword in story.keywords:
        by_category[keyword.category].append(keyword.keyword + (f" ×{keyword.count}" if keyword.count > 1 else ""))
    for position, (category, words) in enumerate(sorted(by_category.items())):
        yield "keywords" if position == 0 else "", f"{category}: {', '.join(words)}"
    for position, place in enumerate(story.places):
        yield "places" if position == 0 else "", place_line(place)
    if story.actors:
        yield "actors", ", ".join(story.actors)
    for position, claim in enumerate(story.claims):
        yield "claims" if position == 0 else "", claim_line(claim, names)
    if story.revision > 1:
        yield "revision", f"{story.revision}; --revisions shows what was changed"
    if story.duplicate_of:
        yield "repeats", f"the text of story {story.duplicate_of}"
    if story.origin:
        yield "origin", story.origin
    if story.incident_id:
        yield "incident", story.incident_id
    yield "link", story.url
    yield "id", story.id


def place_line(place: Place) -> str:
    """A place with its province, country, coordinates and how exact they are."""
    where = ", ".join(part for part in (place.admin1, place.country) if part and part != place.name)
    precision = {1: "exact", 2: "district", 3: "province"}.get(place.geo_precision or 0, "its middle")
    point = (
        f" {place.lat:.2f}, {place.lon:.2f} ({precision})" if place.lat is not None and place.lon is not None else ""
    )
    return place.name + (f" ({where})" if where else "") + point


def claim_line(claim: Claim, names: Names) -> str:
    """A claim in words: who says what about whose losses, and the sentence."""
    return f"{claim_in_words(asdict(claim), names)} — “{claim.quote}”"
