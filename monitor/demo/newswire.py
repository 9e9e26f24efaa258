"""The demo newswire: all invented outlets of a seeds folder served on loopback, and what a crawl of them must find."""

from __future__ import annotations

import json
import shutil
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from monitor.demo.articles import EMPTY_ANSWERS, Article, Things, Toll
from monitor.demo.listings import listed_path
from monitor.demo.outlets import Outlet, read_outlets
from monitor.demo.pages import link, twin_path
from monitor.demo.server import RequestLog, serve
from monitor.demo.site import build_site

_NOT_TOPIC = frozenset({"sources", "newswire", "__pycache__"})


@dataclass(frozen=True)
class ServedOutlet:
    """An outlet while it is served: its id, its name, and where."""

    id: str
    name: str
    base_url: str


@dataclass(frozen=True)
class Expectation:
    """What a crawl should make of one article.

    ``url`` is the canonical URL, ``listed_url`` the one feeds give (without tracking), ``twins`` other URLs of the
    same story. ``published`` is None where no readable date is shown. ``ends`` is one of ``articles.ENDS``; of a
    ``wire`` group one story is kept as the original and the others linked to it, whichever comes first.
    """

    id: str
    outlet: str
    url: str
    listed_url: str
    twins: tuple[str, ...]
    title: str
    text: str
    language: str
    variant: str | None
    published: datetime | None
    relevant: bool
    clash: bool
    incident: str | None
    also_incidents: tuple[str, ...]
    wire: str | None
    claims: tuple[Toll, ...]
    other_claims: tuple[Things, ...]
    ends: str


class Newswire:
    """The demo newswire as a context manager.

    ``seeds_dir`` is a seeds folder with a ``newswire`` folder in it; ``stall_seconds`` is how long a page that stalls
    stays silent. Raises SeedsError where the newswire's files cannot be used. Addresses exist inside ``with`` only.
    """

    def __init__(self, seeds_dir: Path, *, stall_seconds: float = 30.0) -> None:
        self.seeds_dir, self.stall_seconds = seeds_dir, stall_seconds
        self._declared = read_outlets(seeds_dir / "newswire")
        self._stack = ExitStack()
        self._served: list[ServedOutlet] | None = None
        self.requests = RequestLog()

    def __enter__(self) -> Self:
        with ExitStack() as stack:  # a site that cannot be built must not leave servers behind
            servers, self.requests = stack.enter_context(serve(len(self._declared), self.stall_seconds))
            bases = [f"http://{server.host}" for server in servers]
            for outlet, server, base in zip(self._declared, servers, bases, strict=True):
                server.site = build_site(outlet, base)
            self._stack = stack.pop_all()
        self._served = [
            ServedOutlet(outlet.id, outlet.name, base) for outlet, base in zip(self._declared, bases, strict=True)
        ]
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._served = None
        self._stack.close()

    @property
    def outlets(self) -> list[ServedOutlet]:
        """The outlets with their addresses."""
        if self._served is None:
            raise RuntimeError("the newswire is not served: use it in a with statement")
        return list(self._served)

    @property
    def expectations(self) -> list[Expectation]:
        """What a crawl should make of every article, outlet by outlet, oldest first."""
        return [
            _expect(outlet, article, served.base_url)
            for outlet, served in zip(self._declared, self.outlets, strict=True)
            for article in outlet.articles
        ]

    def write_sources(self, folder: Path) -> Path:
        """Write ``demo.toml``, declaring the outlets at their present addresses, into ``folder``; return the folder."""
        folder.mkdir(parents=True, exist_ok=True)
        tables = [_source(outlet, served.base_url) for outlet, served in zip(self._declared, self.outlets, strict=True)]
        (folder / "demo.toml").write_text("\n".join(tables), encoding="utf-8")
        return folder

    def write_seeds(self, folder: Path) -> Path:
        """Write a seeds folder for a crawl: the topic of ``seeds_dir`` with the demo outlets as its only sources.

        Returns ``folder``, which must be new or empty of these files.
        """
        folder.mkdir(parents=True, exist_ok=True)
        for item in self.seeds_dir.iterdir():
            if item.name in _NOT_TOPIC:
                continue
            if item.is_dir():
                shutil.copytree(item, folder / item.name, dirs_exist_ok=True)
            else:
                shutil.copyfile(item, folder / item.name)
        self.write_sources(folder / "sources")
        return folder


def _expect(outlet: Outlet, article: Article, base: str) -> Expectation:
    kinds = [] if article.answer in EMPTY_ANSWERS else outlet.twins
    return Expectation(
        id=article.id,
        outlet=outlet.id,
        url=link(base, article.path),
        listed_url=link(base, listed_path(article)),
        twins=tuple(link(base, twin_path(article, kind)) for kind in kinds),
        title=article.title,
        text=article.text,
        language=article.language,
        variant=article.variant,
        published=article.published,
        relevant=article.relevant,
        clash=article.clash,
        incident=article.incident,
        also_incidents=article.also_incidents,
        wire=article.wire,
        claims=article.claims,
        other_claims=article.other_claims,
        ends=article.ends,
    )


def _source(outlet: Outlet, base: str) -> str:
    """One ``[[source]]`` table. JSON strings and lists of ASCII and letters are TOML as well."""
    feeds = [base + listing.path for listing in outlet.listings if not listing.is_sitemap]
    children = {child for listing in outlet.listings for child in listing.children}
    sitemaps = [base + item.path for item in outlet.listings if item.is_sitemap and item.path not in children]
    values = {
        "id": outlet.id,
        "name": outlet.name,
        "country": outlet.country,
        "languages": list(outlet.languages),
        "homepage": base + "/",
        "affiliation": outlet.affiliation,
        "feeds": feeds,
        "sitemaps": sitemaps,
        "fetch": outlet.fetch,
        "expected_per_day": list(outlet.expected_per_day),
    }
    rows = [f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in values.items() if value != []]
    return "[[source]]\n" + "\n".join(rows) + "\n"
