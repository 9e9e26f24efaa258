"""Datasette with our plugin, on one database read-only, behind the gate; and the server that answers for it."""

from __future__ import annotations

import hashlib
import os
import socket
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from functools import lru_cache
from pathlib import Path

# No other plugin that happens to be installed gets into a page that others may see. Read when Datasette is imported.
os.environ["DATASETTE_LOAD_PLUGINS"] = ""

from datasette.app import Datasette
from datasette.database import Database
from datasette.plugins import pm

import monitor.web
from monitor.config import Config
from monitor.errors import ConfigError
from monitor.store.database import open_reader, table_names
from monitor.web.describe import SETTINGS, metadata
from monitor.web.gate import Gate
from monitor.web.sheets import make_safe
from monitor.web.site import DATABASE, Site

_STATIC = Path(__file__).parent / "static"
# Connections held at a time, those that browsers keep open included; more are refused.
_MOST_CONNECTIONS = 400
# Seconds that pages under way get when the server is stopped.
_LAST_SECONDS = 3


def build_datasette(config: Config, clock: Callable[[], datetime] | None = None) -> Datasette:
    """Datasette with our pages on the database of ``config``, migrated first where it is older than the program.

    Raises StoreError or SeedsError.
    """
    with closing(open_reader(config.db)) as conn:
        tables = table_names(conn)
    site = Site.load(config)
    if clock is not None:
        site.clock = clock
    if not pm.is_registered(monitor.web):
        pm.register(monitor.web, name="monitor.web")
        # Ours takes its place: it would print the values of all variables, texts and token among them.
        pm.unregister(name="datasette.handle_exception")
        make_safe()
    datasette = Datasette([], settings=SETTINGS, metadata=metadata(site.topic.name, tables))
    datasette.remove_database("_memory")
    # Not immutable: a crawl may write to it meanwhile. Datasette opens a mutable file with mode=ro.
    datasette.add_database(Database(datasette, path=str(config.db.resolve()), is_mutable=True), name=DATABASE)
    datasette.border_site = site
    return datasette


def build_app(config: Config, token: str | None = None, clock: Callable[[], datetime] | None = None) -> Gate:
    """The whole web page as an ASGI application; ``token`` None answers this machine only, ``clock`` tells the time."""
    return Gate(build_datasette(config, clock).app(), token)


def serve(config: Config, sock: socket.socket, token: str | None) -> None:
    """Answer on ``sock`` until interrupted."""
    import uvicorn

    app = build_app(config, token)
    settings = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=_MOST_CONNECTIONS,
        timeout_graceful_shutdown=_LAST_SECONDS,
        lifespan="on",
    )
    uvicorn.Server(settings).run(sockets=[sock])


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens at ``host``; raises ConfigError when that is not to be had. Port 0 takes a free one."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        sock = socket.socket(family, kind, protocol)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind(address)
    except OSError as error:
        raise ConfigError(
            f"serve: cannot listen at {host} port {port}: {error.strerror}; choose another --port"
        ) from error
    return sock


@lru_cache(maxsize=1)
def files_version() -> str:
    """Changes with the files that browsers keep: they take them anew after an update."""
    digest = hashlib.blake2b(digest_size=6)
    for path in sorted(_STATIC.iterdir()):
        digest.update(path.read_bytes())
    return digest.hexdigest()
