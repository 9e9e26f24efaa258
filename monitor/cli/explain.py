"""``monitor explain``: a text with everything recognised in it marked, and why it was judged so."""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import asdict
from html import escape
from pathlib import Path

import click

from monitor.analysis.explain import GROUPS, Explanation, Mark, explain
from monitor.analysis.topic import Topic
from monitor.cli import Globals
from monitor.cli.output import format_option, isolated, stdout_console
from monitor.cli.page import claim_line
from monitor.errors import NotFound
from monitor.figures import Names
from monitor.language import detect_language
from monitor.stages import first_line

_STYLES = {
    "place": "black on bright_green",
    "actor": "black on bright_cyan",
    "event": "black on bright_yellow",
    "loss": "white on red",
    "number": "black on bright_magenta",
    "saying": "black on bright_blue",
    "time": "black on white",
    "against": "white on bright_black",
}
_COLOURS = {
    "place": "#bfe8bf",
    "actor": "#bfe3ef",
    "event": "#f6e39a",
    "loss": "#f4b8b0",
    "number": "#e6c7ee",
    "saying": "#c9d3f7",
    "time": "#e4e0d6",
    "against": "#d5d5d5",
}
_RIGHT_TO_LEFT = {"ar", "fa", "ps", "sd", "ug", "ur", "ckb"}


@click.command(name="explain")
@click.argument("what")
@click.option("--lang", help="Language code of the text, where it should not be told from it.")
@format_option("text", "html", "json")
@click.pass_obj
def explain_text(obj: Globals, what: str, lang: str | None, style: str) -> None:
    """Show what is recognised in WHAT: a text file (- for standard input), or the id or URL of a stored story.

    Marks places, actors, events, losses, numbers and words of saying; then says why the text was judged so, and which
    claims were found. In colours on a terminal, with the meaning of each mark as HTML. So you see which word to mend
    in seeds/lexicon, and 'monitor reprocess' applies it.

    \b
    Examples:
      monitor explain article.txt
      monitor explain pq2k5x7wtz4a --format html > story.html
      echo 'Two soldiers were killed at the border' | monitor explain -
    """
    title, text = _find(obj, what)
    topic = Topic.load(obj.config.seeds)
    language = lang or detect_language(f"{title}\n{text}").language
    found = explain(topic, "" if title == first_line(text) else title, text, language)
    if style == "json":
        click.echo(json.dumps(_record(found), ensure_ascii=False, indent=2))
    elif style == "html":
        click.echo(html_page(found, Names.of(topic)))
    else:
        _print(found, Names.of(topic))


def _find(obj: Globals, what: str) -> tuple[str, str]:
    """Title and text of a file, of standard input, or of a stored story."""
    if what == "-" or Path(what).is_file():
        try:
            with click.open_file(what, encoding="utf-8") as stream:
                text = stream.read().strip()
        except (OSError, UnicodeDecodeError) as error:
            raise click.ClickException(f"{what}: cannot be read as UTF-8 text: {error}") from error
        if not text:
            raise click.ClickException(f"{what}: is empty")
        return first_line(text), text
    from monitor.store.database import open_reader
    from monitor.store.stories import load_story

    with closing(open_reader(obj.config.db)) as conn:
        story = load_story(conn, what)
    if story is None:
        raise NotFound(f"explain: {what!r} is neither a file nor the id or URL of a stored story")
    return story.title, story.text


def _print(found: Explanation, names: Names) -> None:
    from rich.text import Text

    console = stdout_console()
    console.print(Text.assemble(*(part for group in GROUPS for part in ((group, _STYLES[group]), " "))))
    console.print()
    for part in ("title", "text"):
        line = Text()
        for piece, mark in found.pieces(part):
            line.append(piece, _STYLES[mark.group] if mark else "")
            if mark and not console.color_system:
                line.append(f"[{mark.label}]")
        if line.plain:
            console.print(line, style="bold" if part == "title" else "")
            console.print()
    for label, value in _facts(found, names):
        console.print(Text.assemble((f"{label:<11}", "dim"), isolated(value)))


def _facts(found: Explanation, names: Names) -> list[tuple[str, str]]:
    """Label and value of the judgement, its evidence, the key points and the claims."""
    judged = found.judgement
    verdict = "relevant" if judged.relevant else "not relevant"
    clash = ", a clash" if judged.is_clash else ""
    rows = [("language", found.language), ("judged", f"{verdict} ({judged.relevance:.2f}); {judged.event_type}{clash}")]
    rows += [("why" if n == 0 else "", f"{e.weight:+.2f} {e.kind}: {e.words}") for n, e in enumerate(judged.evidence)]
    rows += [("points" if n == 0 else "", point) for n, point in enumerate(found.key_points)]
    rows += [("claims" if n == 0 else "", claim_line(claim, names)) for n, claim in enumerate(found.claims)]
    return rows


def html_page(found: Explanation, names: Names) -> str:
    """The explanation as one HTML page of its own: nothing is loaded from anywhere, right-to-left where due."""
    direction = "rtl" if found.language in _RIGHT_TO_LEFT else "ltr"
    legend = " ".join(f'<mark class="{group}">{group}</mark>' for group in GROUPS)
    colours = "".join(f"mark.{group}{{background:{colour}}}" for group, colour in _COLOURS.items())
    facts = "".join(f"<tr><th>{escape(name)}<td dir=auto>{escape(value)}" for name, value in _facts(found, names))
    title = "".join(_html_piece(piece, mark) for piece, mark in found.pieces("title"))
    body = "".join(_html_piece(piece, mark) for piece, mark in found.pieces("text")).replace("\n", "<br>")
    return (
        f'<!doctype html><html lang="{escape(found.language)}"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><title>What is recognised</title>'
        "<style>body{font:17px/1.8 system-ui,sans-serif;max-width:46em;margin:2em auto;padding:0 1em;color:#1a1a1a;"
        "background:#fff}mark{color:#1a1a1a;padding:0 .15em;border-radius:.2em}th{text-align:start;vertical-align:top;"
        "padding-inline-end:1em;font-weight:600}td{padding-bottom:.3em}table{font-size:15px}" + colours + "</style>"
        f'<p>{legend}</p><article dir="{direction}">'
        + (f"<h1>{title}</h1>" if title else "")
        + f"<p>{body}</p></article><table>{facts}</table></html>"
    )


def _html_piece(piece: str, mark: Mark | None) -> str:
    if mark is None:
        return escape(piece)
    return f'<mark class="{mark.group}" title="{escape(mark.label)}">{escape(piece)}</mark>'


def _record(found: Explanation) -> dict[str, object]:
    return {
        "title": found.title,
        "text": found.text,
        "language": found.language,
        "marks": [mark._asdict() for mark in found.marks],
        "judgement": asdict(found.judgement),
        "key_points": list(found.key_points),
        "claims": [asdict(claim) for claim in found.claims],
    }
