"""``monitor alerts``: what was found to tell, what became of it, and the tests, silences and retries of channels."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any

import click

from monitor.alerts.after import after_run
from monitor.alerts.book import Book, load_book
from monitor.alerts.channels import Channel
from monitor.alerts.delivery import Report
from monitor.alerts.messages import Item, compose
from monitor.alerts.plan import Silence
from monitor.alerts.secrets import scrubbed
from monitor.alerts.times import parse_length
from monitor.alerts.wording import headline
from monitor.cli import Globals
from monitor.cli.output import format_option, write_rows
from monitor.cli.times import MOMENT
from monitor.errors import ConfigError, NotFound
from monitor.figures import PLAIN, Names
from monitor.items import isoformat
from monitor.phrases import many
from monitor.store import alerts as store
from monitor.store import outbox
from monitor.store.database import open_reader, open_store
from monitor.store.filters import Filters
from monitor.store.unmet import unknown_names
from monitor.store.vocabulary import refresh_vocabulary

_STATES = ("waiting", "sending", "sent", "dead", "muted")
_COLUMNS = ("id", "found", "severity", "kind", "states", "alert")


@click.group()
def alerts() -> None:
    """What was found to tell, what became of it, and the channels it goes through.

    \b
    Examples:
      monitor alerts list
      monitor alerts test
      monitor alerts silence --place "Border Gate" --for 6h
    """


@alerts.command(name="list")
@click.option("--state", type=click.Choice(_STATES), help="Only alerts with a delivery in this state.")
@click.option("--since", type=MOMENT, help="Only those found since then (24h, 7d, 2025-10-11).")
@click.option("--limit", default=50, show_default=True, help="At most so many, the newest.")
@format_option("table", "json", "jsonl", "csv", "md")
@click.pass_obj
def list_alerts(obj: Globals, state: str | None, since: datetime | None, limit: int, style: str) -> None:
    """The newest alerts, and where each stands at each channel; dead ones with the reason.

    \b
    Examples:
      monitor alerts list
      monitor alerts list --state dead
      monitor alerts list --since 24h --format json
    """
    with closing(open_reader(obj.config.db)) as conn:
        found = outbox.list_alerts(conn, state=state, since=since, limit=limit)
    if not found and style == "table":
        asked = state or since
        rules = "" if asked or load_book(obj.config).rules else "; no rule asks for any: docs/alerts.md shows how"
        click.echo(f"no alert found{rules}", err=True)
        return
    names = Names.load(obj.config.seeds)
    write_rows([_row(alert, names) for alert in found], style, _COLUMNS)


def _row(alert: Mapping[str, Any], names: Names) -> dict[str, Any]:
    states = [f"{d['channel']} {d['state']}{_why(d)}" for d in alert["deliveries"]]
    return {
        **alert,
        "found": alert["created_at"][:16].replace("T", " "),
        "states": "; ".join(states),
        "alert": headline(alert["payload"], names),
    }


def _why(delivery: Mapping[str, Any]) -> str:
    return f" ({delivery['reason']})" if delivery["reason"] else ""


@alerts.command()
@click.argument("identifier", metavar="ID")
@format_option("table", "json")
@click.pass_obj
def show(obj: Globals, identifier: str, style: str) -> None:
    """One alert: the message it makes, and what became of it at each channel.

    \b
    Examples:
      monitor alerts show abcdefgh2345
      monitor alerts show abcdefgh2345 --format json
    """
    with closing(open_reader(obj.config.db)) as conn:
        alert = outbox.load_alert(conn, identifier)
    if alert is None:
        raise NotFound(f"{identifier}: there is no such alert; 'monitor alerts list' shows their ids")
    if style == "json":
        click.echo(json.dumps(alert, ensure_ascii=False, indent=2))
        return
    item = Item(alert["id"], alert["severity"], alert["created_at"], alert["payload"])
    click.echo(compose(alert["id"], [item], names=Names.load(obj.config.seeds), link=obj.config.link).text)
    click.echo(f"Key: {alert['dedupe_key']}\nFound: {alert['created_at']}, by rule {alert['rule']}")
    for delivery in alert["deliveries"]:
        when = delivery["sent_at"] or f"next at {delivery['next_at']}"
        tried = f", tried {delivery['attempts']} times" if delivery["attempts"] > 1 else ""
        click.echo(f"{delivery['channel']}: {delivery['state']}, {when}{tried}{_why(delivery)}")


@alerts.command()
@click.argument("channels", nargs=-1)
@click.pass_obj
def test(obj: Globals, channels: tuple[str, ...]) -> None:
    """Send a test message through CHANNELS (all when none is named), and say for each whether it was taken.

    Nothing is stored. Exits 1 when a channel fails.

    \b
    Examples:
      monitor alerts test
      monitor alerts test desk-mail
    """
    from monitor.alerts.senders import send

    now = datetime.now(UTC)
    failed = False
    for channel in _chosen(load_book(obj.config), channels):
        identifier = f"test-{now:%Y%m%d%H%M%S}"
        title = "Test of Border Monitor: this channel works"
        payload = {"kind": "all_clear", "title": title, "text": f"Channel {channel.name}, {isoformat(now)}."}
        try:
            item = Item(identifier, "info", isoformat(now) or "", payload)
            send(channel, compose(identifier, [item], names=PLAIN), now)
        except Exception as error:  # noqa: BLE001 - whatever a service's library raises is the answer we ask for
            failed = True
            click.echo(f"{channel.name}: failed: {scrubbed(' '.join(str(error).split()), channel.hidden)}", err=True)
        else:
            click.echo(f"{channel.name}: sent", err=channel.kind == "stdout")
    if failed:
        sys.exit(1)


def _chosen(book: Book, names: Sequence[str]) -> list[Channel]:
    known = {channel.name: channel for channel in book.channels}
    for name in names:
        if name not in known:
            raise ConfigError(f"{name!r} is no channel; declared are {', '.join(known) or 'none'}")
    if not known:
        raise ConfigError("no channel is declared; docs/alerts.md shows how to write one into monitor.toml")
    return [known[name] for name in names or known]


@alerts.command()
@click.pass_obj
def deliver(obj: Globals) -> None:
    """Send what is due: new alerts, those that failed before, reminders, briefs; 'monitor crawl' does so at its end.

    Exits 1 when a message could not be sent (it is tried again) or had to be given up.

    \b
    Examples:
      monitor alerts deliver
      */5 * * * *  cd /srv/border && monitor alerts deliver        (a line of a crontab)
    """
    book = load_book(obj.config)
    with closing(open_store(obj.config.db)) as conn:
        report = after_run(conn, obj.config, book, datetime.now(UTC))
    if not obj.quiet:
        _print(report)
    if report.failed:
        sys.exit(1)


def _print(report: Report) -> None:
    for name, sent in report.channels.items():
        parts = [f"{many(sent.messages, 'message')} sent"] if sent.messages else []
        parts += [f"{sent.failed} failed ({sent.problem})"] if sent.failed else []
        parts += [f"{sent.dead} given up"] if sent.dead else []
        parts += [f"{count} waiting ({why.replace('_', ' ')})" for why, count in sent.held.items()]
        click.echo(f"{name}: {', '.join(parts) or 'nothing to send'}", err=True)
    if report.muted:
        click.echo(f"{many(report.muted, 'alert')} kept still; 'monitor alerts list --state muted' says why", err=True)


@alerts.command()
@click.argument("identifiers", metavar="[ID]...", nargs=-1)
@click.option("--channel", help="Only those given up at this channel.")
@click.pass_obj
def retry(obj: Globals, identifiers: tuple[str, ...], channel: str | None) -> None:
    """Have alerts that were given up tried again: those named, or all; the next delivery sends them.

    \b
    Examples:
      monitor alerts retry
      monitor alerts retry --channel desk-mail
    """
    with closing(open_store(obj.config.db)) as conn:
        count = store.retry(conn, identifiers, channel, datetime.now(UTC))
    click.echo(f"{many(count, 'delivery', 'deliveries')} will be tried again", err=True)
    if identifiers and not count:
        sys.exit(1)


@alerts.command()
@click.option("--place", help="A place in any language or spelling, and everything in it.")
@click.option("--actor", help="An actor's id or name, in any language.")
@click.option("--incident", help="An incident's id.")
@click.option("--rule", help="A rule's name.")
@click.option("--for", "length", help="How long from now: 90m, 6h, 2d.")
@click.option("--until", type=MOMENT, help="Until when: 2025-10-12T20:00 (UTC where no zone is given).")
@click.option("--comment", default="", help="Why; shown with what it keeps still.")
@click.option("--end", type=int, help="End the silence of this number now.")
@click.pass_obj
def silence(
    obj: Globals, /, length: str | None, until: datetime | None, comment: str, end: int | None, **matchers: str | None
) -> None:
    """Keep alerts still that match all of what is given, up to a time; without options, list the silences that hold.

    What is kept still is not sent later; 'monitor alerts list --state muted' shows it.

    \b
    Examples:
      monitor alerts silence --place "Border Gate" --for 6h --comment exercise
      monitor alerts silence --incident iabcdefg --until 2025-10-12T20:00
      monitor alerts silence
      monitor alerts silence --end 3
    """
    now = datetime.now(UTC)
    with closing(open_store(obj.config.db)) as conn:
        if end is not None:
            if not outbox.end_silence(conn, end, now):
                raise NotFound(f"{end}: no silence of this number holds")
        elif any(matchers.values()):
            end_at = _until(now, length, until)
            refresh_vocabulary(conn, obj.config.seeds)
            named = Filters(place=matchers["place"], actor=matchers["actor"], incident=matchers["incident"])
            if unknown := unknown_names(conn, named):
                raise click.UsageError(f"it would keep nothing still: {'; '.join(unknown)}")
            number = outbox.add_silence(conn, {**matchers, "comment": comment}, end_at, now)
            click.echo(f"silence {number} holds until {end_at:%Y-%m-%d %H:%M} UTC", err=True)
        else:
            if length or until:
                raise click.UsageError("say what to keep still: --place, --actor, --incident or --rule")
            rows = [_silence_row(one) for one in outbox.silences(conn, now)]
            write_rows(rows, "table", ("silence", "until", "what", "comment"))


def _until(now: datetime, length: str | None, until: datetime | None) -> datetime:
    if (length is None) == (until is None):
        raise click.UsageError("say how long: --for 6h, or --until 2025-10-12T20:00")
    try:
        end = until or now + parse_length(length or "")
    except ValueError as error:
        raise click.UsageError(f"--for: {error}") from None
    if end <= now or end - now > timedelta(days=3660):
        raise click.UsageError("--until: must lie ahead, by ten years at most")
    return end


def _silence_row(one: Silence) -> dict[str, Any]:
    named = (("place", one.place), ("actor", one.actor), ("incident", one.incident), ("rule", one.rule))
    what = ", ".join(f"{name} {value}" for name, value in named if value)
    return {"silence": one.id, "until": f"{one.until:%Y-%m-%d %H:%M} UTC", "what": what, "comment": one.comment}
