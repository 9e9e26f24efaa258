"""The command line: ``monitor``; each command family is one module, imported only when asked for."""

from __future__ import annotations

import atexit
import gc
import logging
import sys
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from monitor import __version__
from monitor.config import Config, load_config
from monitor.errors import MonitorError

# Command -> where it lives and the line of help shown without importing it.
COMMANDS = {
    "crawl": ("monitor.cli.crawl:crawl", "Collect new stories from the sources: the main job, start to end."),
    "demo": ("monitor.cli.demo:demo", "The same job on a small newswire served on this machine; needs no internet."),
    "import": ("monitor.cli.imports:import_stories", "Take in stories from a JSON Lines file."),
    "reprocess": ("monitor.cli.reprocess:reprocess", "Analyse the stored stories again, after a change of the seeds."),
    "backfill": ("monitor.cli.backfill:backfill", "Take in the pages of WARC files, such as those of CC-NEWS."),
    "search": ("monitor.cli.query:search", "Find stories by words and filters."),
    "searches": ("monitor.cli.searches:searches", "List, run and remove the searches that were saved."),
    "show": ("monitor.cli.show:show", "Show one story or incident as a page to read, or as JSON."),
    "incidents": ("monitor.cli.incidents:incidents", "What happened: list the incidents, or correct them."),
    "claims": ("monitor.cli.claims:claims", "Who says what of whose losses, both sides face to face."),
    "explain": ("monitor.cli.explain:explain_text", "Show what is recognised in a text, and why it was judged so."),
    "lexicon": ("monitor.cli.lexicon:lexicon", "Check the words of the topic."),
    "export": ("monitor.cli.export:export", "Write stories, incidents and claims out for other programs."),
    "sources": ("monitor.cli.sources:sources", "List, find, add and check the sources."),
    "brief": ("monitor.cli.brief:brief", "What is new, changed, contested, quiet, and not seen: one page."),
    "status": ("monitor.cli.status:status", "Whether crawl, languages and sources are well; what could not be seen."),
    "serve": ("monitor.cli.serve:serve", "Serve the web page: situation, map, timeline, search, tables; read-only."),
    "alerts": ("monitor.cli.alerts:alerts", "List, test, deliver and silence alerts."),
    "schedule": ("monitor.cli.schedule:schedule", "Have the crawl run by itself, with cron or systemd."),
    "backup": ("monitor.cli.backup:backup", "Copy the database while it is in use, and check the copy."),
    "migrate": ("monitor.cli.migrate:migrate", "Bring the database up to this version, after a backup copy."),
}


@dataclass
class Globals:
    """What the global options said; every command gets it as its context object."""

    db: Path | None = None
    seeds: Path | None = None
    config_file: Path | None = None
    quiet: bool = False
    verbose: int = 0

    @cached_property
    def config(self) -> Config:
        """The configuration, read when a command first asks for it."""
        return load_config(self.config_file, db=self.db, seeds=self.seeds)


# Libraries set the levels of loggers as they like; what is shown is decided here, by the handler.
_log = logging.StreamHandler()
_log.setFormatter(logging.Formatter("%(levelname)s %(name)s: %(message)s"))
_LIBRARIES = ("scrapy.", "twisted", "asyncio", "trafilatura", "htmldate")
# Logged by a library as an error or a warning, but ours to account for: it is in the summary and in the status.
_ACCOUNTED = (
    "scrapy.core.downloader.handlers",
    "scrapy.downloadermiddlewares.httpcompression",
    "scrapy.downloadermiddlewares.robotstxt",
)


def _remember(ctx: click.Context, param: click.Parameter, value: Any) -> None:
    said = ctx.ensure_object(Globals)
    if value:
        setattr(said, str(param.name), value)
    _log.setLevel(logging.ERROR if said.quiet else (logging.WARNING, logging.INFO, logging.DEBUG)[min(said.verbose, 2)])
    _log.filters = [] if said.verbose > 1 else [_is_ours]
    # Scrapy tells two things of every page; what nobody is shown is not even made.
    logging.getLogger("scrapy").setLevel(logging.NOTSET if said.verbose > 1 else logging.WARNING)


def _is_ours(record: logging.LogRecord) -> bool:
    """Whether a record is worth showing without -vv: everything of ours, and a library's warnings."""
    if not record.name.startswith(_LIBRARIES):
        return True
    return record.levelno >= logging.WARNING and not record.name.startswith(_ACCOUNTED)


def global_options() -> list[click.Option]:
    """The options that every command takes, before or after its name."""
    path = click.Path(path_type=Path)
    options = [
        click.Option(["--db"], type=path, help="The database file (default var/monitor.db; MONITOR_DB)."),
        click.Option(["--seeds"], type=path, help="Sources and topic knowledge (default seeds; MONITOR_SEEDS)."),
        click.Option(["--config", "config_file"], type=path, help="Settings file (default monitor.toml if present)."),
        click.Option(["-q", "--quiet"], is_flag=True, help="Only errors."),
        click.Option(["-v", "--verbose"], count=True, help="More about what is done; twice for everything."),
    ]
    for option in options:
        option.callback, option.expose_value, option.is_eager = _remember, False, True
    return options


def with_globals(command: click.Command) -> click.Command:
    """``command``, and the commands below it, taking the global options too."""
    if not any(param.name == "db" for param in command.params):
        command.params.extend(global_options())
    if isinstance(command, click.Group):
        for below in command.commands.values():
            # Lists of commands show the whole first sentence; click by itself would cut it.
            below.short_help = below.short_help or " ".join((below.help or "").split("\n\n")[0].split())
            with_globals(below)
    return command


class LazyGroup(click.Group):
    """A group that imports a command's module when it is used: a query must not wait for the crawler to load."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name][0].partition(":")
        command: click.Command = getattr(import_module(module), name)
        return with_globals(command)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, about) for name, (_, about) in COMMANDS.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="border-monitor")
def cli() -> None:
    """Border Monitor: collect, understand and query news about a border.

    \b
    Examples:
      monitor demo                      try everything without the internet
      monitor crawl                     collect from all sources
      monitor search shelling --since 7d
      monitor show ID
    """


with_globals(cli)


def main() -> None:
    """Run the command line; every expected error is one line on stderr and an exit code."""
    logging.getLogger().addHandler(_log)
    atexit.register(gc.freeze)  # what is left at the end need not be looked through for garbage: it goes as a whole
    try:
        sys.exit(cli.main(prog_name="monitor", standalone_mode=False))
    except MonitorError as error:
        click.echo(f"monitor: {error}", err=True)
        sys.exit(error.exit_code)
    except click.UsageError as error:
        error.show()
        sys.exit(2)
    except click.ClickException as error:
        click.echo(f"monitor: {error.format_message()}", err=True)
        sys.exit(2)
    except (click.Abort, KeyboardInterrupt):
        click.echo("monitor: stopped", err=True)
        sys.exit(130)
    except BrokenPipeError:
        # The reader of our output (head, less) has seen enough; nothing more can be written to it.
        sys.stderr.close()
        sys.exit(0)
