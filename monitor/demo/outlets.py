"""The outlets of the demo newswire: who they are, how they print, what they list and where they misbehave."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from pathlib import Path
from string import Template
from typing import Any

from monitor.declarations import Table, read_table, read_tables
from monitor.demo.articles import Article, Labels, read_articles
from monitor.errors import SeedsError

FEED_KINDS = frozenset({"rss2", "rss091", "rss092", "rss1", "atom", "json"})
SITEMAP_KINDS = frozenset({"index", "news", "urls"})
CONTENTS = frozenset({"title", "summary", "full"})
LINKS = frozenset({"page", "amp", "print"})


@dataclass(frozen=True)
class Listing:
    """A feed or sitemap of an outlet.

    ``languages`` and ``only`` choose its articles (all, when both are empty), ``repeats`` names those listed twice,
    ``damage`` the replacements that break its text, ``dates`` is ``rfc822``, ``iso``, ``none`` or a strftime pattern.
    """

    path: str
    kind: str
    content: str = "summary"
    links: str = "page"
    tracking: str = ""
    dates: str = "rfc822"
    content_type: str = ""
    charset: str = "utf-8"
    languages: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    repeats: tuple[str, ...] = ()
    children: tuple[str, ...] = ()
    damage: tuple[tuple[str, str], ...] = ()

    @property
    def is_sitemap(self) -> bool:
        """Whether this is a sitemap or sitemap index, not a feed."""
        return self.kind in SITEMAP_KINDS


@dataclass(frozen=True)
class Outlet:
    """An invented outlet as declared in ``outlets.toml``, with its articles and its page template.

    ``weight_kb`` is the size in kB of the style rules its pages carry inline, as real pages do.
    """

    id: str
    name: str
    domain: str
    country: str
    languages: tuple[str, ...]
    affiliation: str
    fetch: str
    expected_per_day: tuple[int, int]
    html_lang: str | None
    charset: str
    content_type: str
    gzip: bool
    weight_kb: int
    amp: bool
    print: bool
    robots: str
    robots_status: int
    page_date: str
    months: tuple[str, ...]
    digits: str
    listings: tuple[Listing, ...]
    template: Template = field(repr=False)
    articles: tuple[Article, ...] = field(repr=False)

    @property
    def twins(self) -> list[str]:
        """The kinds of second page each article of the outlet has."""
        return [kind for kind, has in (("amp", self.amp), ("print", self.print)) if has]

    def date_words(self, article: Article) -> str:
        """The article's date as the outlet prints it for people; empty for an undated page."""
        if article.published is None:
            return ""
        moment = article.published
        month = self.months[moment.month - 1] if self.months else moment.strftime("%B")
        words = moment.strftime(self.page_date).replace("{month}", month)
        return words.translate(str.maketrans("0123456789", self.digits)) if self.digits else words


_FIELDS = {item.name for item in fields(Outlet)} - {"listings", "articles"} | {"letters", "feed", "sitemap"}
_LISTING_FIELDS = {item.name for item in fields(Listing)}


def read_outlets(folder: Path) -> list[Outlet]:
    """All outlets declared in ``folder`` (``outlets.toml``, ``templates/``, ``articles/<outlet>/``), in order.

    Raises SeedsError with file, line and field where something cannot be used.
    """
    path = folder / "outlets.toml"
    table = read_table(path, "labels")
    labels = Labels(*(frozenset(table.texts(name)) for name in ("victims", "outcomes", "claimants")))
    outlets = [_outlet(row, folder, labels) for row in read_tables(path, "outlet", {"labels"})]
    if not outlets:
        raise SeedsError(path, None, None, "declares no [[outlet]]")
    return outlets


def _outlet(row: Table, folder: Path, labels: Labels) -> Outlet:
    row.check_fields(_FIELDS)
    name = row.text("id")
    articles = read_articles(folder / "articles" / name, name, labels, dict(row.data.get("letters", {})))
    low, high = row.data.get("expected_per_day", [1, 50])
    return Outlet(
        id=name,
        name=row.text("name"),
        domain=row.text("domain"),
        country=row.text("country"),
        languages=tuple(row.texts("languages")),
        affiliation=row.text("affiliation"),
        fetch=row.choice("fetch", {"all", "matching"}, "all"),
        expected_per_day=(low, high),
        html_lang=row.data.get("html_lang"),
        charset=row.text("charset", "utf-8"),
        content_type=row.text("content_type", "text/html; charset=utf-8"),
        gzip=row.flag("gzip", False),
        weight_kb=row.data.get("weight_kb", 0),
        amp=row.flag("amp", False),
        print=row.flag("print", False),
        robots=row.text("robots", "User-agent: *\nDisallow:\n"),
        robots_status=row.data.get("robots_status", 200),
        page_date=row.text("page_date", "%d {month} %Y"),
        months=tuple(row.texts("months", [])),
        digits=row.text("digits", ""),
        listings=tuple(_listings(row, articles)),
        template=_template(row, folder),
        articles=tuple(articles),
    )


def _template(row: Table, folder: Path) -> Template:
    path = folder / "templates" / row.text("template")
    try:
        return Template(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise row.error("template", f"{path} cannot be read: {error.strerror}") from error


def _listings(row: Table, articles: list[Article]) -> list[Listing]:
    """The feeds and sitemaps of an outlet; every article must stand in one of them."""
    listings = [_listing(row, "feed", data, FEED_KINDS) for data in row.data.get("feed", [])]
    listings += [_listing(row, "sitemap", data, SITEMAP_KINDS) for data in row.data.get("sitemap", [])]
    stems = {article.file.stem for article in articles}
    for listing in listings:
        for stem in (*listing.only, *listing.repeats):
            if stem not in stems:
                raise row.error("feed", f"{listing.path} names {stem}, but there is no such article file")
    for article in articles:
        if not any(chosen(listing, article) for listing in listings):
            raise row.error("feed", f"no feed or sitemap lists {article.file.name}")
    return listings


def _listing(row: Table, name: str, data: dict[str, Any], kinds: frozenset[str]) -> Listing:
    table = Table(row.path, row.line, data)
    table.check_fields(_LISTING_FIELDS)
    return Listing(
        path=table.text("path"),
        kind=table.choice("kind", kinds),
        content=table.choice("content", CONTENTS, "summary"),
        links=table.choice("links", LINKS, "page"),
        tracking=table.text("tracking", ""),
        dates=table.text("dates", "rfc822"),
        content_type=table.text("content_type", ""),
        charset=table.text("charset", "utf-8"),
        languages=tuple(table.texts("languages", [])),
        only=tuple(table.texts("only", [])),
        repeats=tuple(table.texts("repeats", [])),
        children=tuple(table.texts("children", [])),
        damage=tuple((old, new) for old, new in data.get("damage", [])),
    )


def chosen(listing: Listing, article: Article) -> bool:
    """Whether ``listing`` lists ``article``."""
    if listing.kind == "index":
        return False
    if listing.only:
        return article.file.stem in listing.only
    return not listing.languages or article.language in listing.languages
