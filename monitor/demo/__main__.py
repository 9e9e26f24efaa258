"""Serve the demo newswire until Ctrl-C: ``python -m monitor.demo``."""

from __future__ import annotations

import signal
import sys
import threading
from pathlib import Path

import click

from monitor.demo.newswire import Newswire
from monitor.errors import MonitorError


@click.command(help="Serve the demo newswire on loopback until Ctrl-C, and print where its outlets are.")
@click.option(
    "--seeds", type=click.Path(path_type=Path), default=Path("seeds"), show_default=True, help="Seeds folder."
)
@click.option("--stall", type=float, default=30.0, show_default=True, help="Seconds a page that stalls stays silent.")
@click.option(
    "--write-seeds",
    "target",
    type=click.Path(path_type=Path),
    help="Also write a seeds folder there that `monitor crawl --allow-private-hosts` can use with this newswire.",
)
def main(seeds: Path, stall: float, target: Path | None) -> None:
    """Print one line an outlet on stdout, then wait."""
    stop = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stop.set())
    try:
        with Newswire(seeds, stall_seconds=stall) as newswire:
            for outlet in newswire.outlets:
                click.echo(f"{outlet.base_url}/  {outlet.name}")
            if target:
                newswire.write_seeds(target)
                click.echo(f"seeds for a crawl: {target}", err=True)
            click.echo("Serving. Stop with Ctrl-C.", err=True)
            stop.wait()
    except MonitorError as error:
        click.echo(f"error: {error}", err=True)
        sys.exit(error.exit_code)


if __name__ == "__main__":
    main()
