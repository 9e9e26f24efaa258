"""``monitor serve``: the web page on the collected stories, for this machine or, with a token, for others."""

from __future__ import annotations

import stat
from contextlib import closing
from pathlib import Path

import click

from monitor.cli import Globals
from monitor.errors import ConfigError
from monitor.store.database import open_reader

_SHORTEST = 16


@click.command()
@click.option(
    "--host", default="127.0.0.1", show_default=True, help="Address to listen at; others than loopback need a token."
)
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8001, show_default=True, help="Port; 0 takes a free one."
)
@click.option("--token", envvar="MONITOR_TOKEN", help="What readers must give; MONITOR_TOKEN keeps it out of ps.")
@click.option(
    "--token-file", type=click.Path(path_type=Path), help="A file that holds the token, readable by its owner only."
)
@click.pass_obj
def serve(obj: Globals, host: str, port: int, token: str | None, token_file: Path | None) -> None:
    """Serve the web page: situation, map, timeline, incidents, stories, search, sources, and the tables to ask in SQL.

    Nothing can be changed through it: the database is opened read-only, and a crawl may go on writing meanwhile.
    For this machine only, unless --host names another address; then a token of at least 16 characters has to be given
    once in the browser. Where others listen in, put a proxy with TLS before it or use a tunnel (ssh -L).

    \b
    Examples:
      monitor serve
      monitor serve --port 8010
      MONITOR_TOKEN=$(openssl rand -hex 16) monitor serve --host 0.0.0.0
      monitor serve --host 192.0.2.7 --token-file /etc/border-monitor/token
    """
    from monitor.web.gate import is_loopback

    secret = _secret(token, token_file)
    if secret is None and not is_loopback(host):
        raise ConfigError(
            f"serve: {host} can be reached by others, so a token is needed: give --token-file, or set MONITOR_TOKEN"
        )
    with closing(open_reader(obj.config.db)):
        pass
    from monitor.web.server import listen
    from monitor.web.server import serve as answer

    sock = listen(host, port)
    address = f"[{host}]" if ":" in host else host
    click.echo(f"http://{address}:{sock.getsockname()[1]}/")
    if not obj.quiet:
        click.echo("serving until interrupted (Ctrl-C)" + (", with a token" if secret else ""), err=True)
    answer(obj.config, sock, secret)


def _secret(token: str | None, file: Path | None) -> str | None:
    """The token given, or the one in ``file``; None when neither is."""
    if file is not None:
        try:
            mode, token = file.stat().st_mode, file.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigError(f"serve: --token-file {file}: cannot be read: {error}") from error
        if mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise ConfigError(f"serve: --token-file {file}: others can read it; run: chmod 600 {file}")
    if token is None:
        return None
    if len(token) < _SHORTEST or not token.isascii() or not token.isprintable():
        raise ConfigError(
            f"serve: the token must have at least {_SHORTEST} letters, digits or signs; try: openssl rand -hex 16"
        )
    return token
