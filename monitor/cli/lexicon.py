"""``monitor lexicon``: checks for those who keep the words."""

from __future__ import annotations

import sys

import click

from monitor.analysis.lint import check_lexicon
from monitor.analysis.topic import Topic
from monitor.cli import Globals
from monitor.cli.output import format_option, write_rows


@click.group()
def lexicon() -> None:
    """The words of the topic, kept in seeds/lexicon/*.toml.

    \b
    Examples:
      monitor lexicon test
      monitor explain article.txt           (which words are recognised in a text)
    """


@lexicon.command(name="test")
@format_option("table", "json", "csv")
@click.option("--strict", is_flag=True, help="Exit with 1 on any finding, not only on those that change what is found.")
@click.pass_obj
def test_lexicon(obj: Globals, style: str, strict: bool) -> None:
    """Check the seeds: they load, no form stands twice or is never found, and none is in the wrong script.

    Findings that change what is recognised (a form with two meanings, letters of another script) are serious and end
    with exit code 1; the others only cost a reader's time.

    \b
    Examples:
      monitor lexicon test
      monitor lexicon test --seeds my-seeds --strict
    """
    topic = Topic.load(obj.config.seeds)
    problems = check_lexicon(topic, obj.config.seeds)
    rows = [
        {
            "place": f"{problem.path.name}:{problem.line}",
            "serious": problem.serious,
            "form": problem.form,
            "what": problem.message,
        }
        for problem in problems
    ]
    if rows or style != "table":
        write_rows(rows, style, ("place", "serious", "form", "what"))
    serious = sum(problem.serious for problem in problems)
    if not obj.quiet:
        forms = sum(len(word.forms) for word in topic.words)
        click.echo(
            f"{len(topic.words)} entries with {forms} forms, {len(topic.places)} places, {len(topic.actors)} actors:"
            f" {len(problems)} findings, {serious} of them serious",
            err=True,
        )
    if serious or (strict and problems):
        sys.exit(1)
