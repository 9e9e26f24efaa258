"""Documents of the hostile web: stories that do not resemble each other, and lists of them in every format."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

DAY = "2025-10-12"
_SYLLABLES = "ba den for gar hol kin lem mor nal pes rik sol tam vor wen zul".split()
_OPENINGS = (
    "Soldiers of Veldria and Ostmark exchanged fire across the Grenz Line near the Karst Gate on {day}",
    "A clash between Veldria and Ostmark at the Karst Gate on {day} left {n} people dead and many wounded",
    "Veldrian forces and Ostmark forces clashed on the Grenz Line on {day}, and {n} soldiers were killed",
    "Ostmark closes the Karst Gate after a clash with Veldrian troops on the Grenz Line on {day}",
)
_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()


@dataclass(frozen=True)
class Tale:
    """One invented story: ``number`` makes it unlike any other, ``paragraphs`` says how long it is."""

    number: int
    paragraphs: int = 5
    edition: int = 1

    @property
    def path(self) -> str:
        """Where an outlet keeps it."""
        return f"/2025/10/12/clash-at-the-karst-gate-{self.number}"

    @property
    def title(self) -> str:
        """Its headline."""
        return f"Clash at the Karst Gate leaves {self.number} dead, Ostmark says"

    def lines(self) -> list[str]:
        """Its paragraphs; the words of a later edition are others."""
        chance = random.Random(self.number * 100 + self.edition)
        return [_paragraph(chance, self.number + place) for place in range(self.paragraphs)]


def _paragraph(chance: random.Random, number: int) -> str:
    opening = chance.choice(_OPENINGS).format(day=chance.choice(_DAYS), n=number)
    words = ["".join(chance.choices(_SYLLABLES, k=chance.randint(1, 4))) for _ in range(60)]
    return f"{opening}, said {' '.join(words[:30]).capitalize()}. {' '.join(words[30:]).capitalize()}."


def page(tale: Tale, head: str = "", around: str = "", base: str = "") -> str:
    """The web page of ``tale`` with ``head`` in its head and ``around`` before the article."""
    body = "".join(f"<p>{line}</p>" for line in tale.lines())
    return (
        f"<!doctype html><html lang=en><head><title>{tale.title}</title>{head}</head><body>"
        f"<nav><a href={base}/>Home</a> <a href={base}/sport>Sport</a></nav>{around}"
        f"<article><h1>{tale.title}</h1><time datetime={DAY}T08:00:00Z>12 October 2025</time>{body}</article>"
        "<footer>Imprint</footer></body></html>"
    )


def sport(number: int) -> str:
    """A page that has nothing to do with the topic."""
    text = "The home side won the match by six wickets, and the ground was full to the last seat."
    return f"<html><head><title>Six wickets for the home side {number}</title></head><body><p>{text}</p></body></html>"


# Lists of stories: base address and (path, title) pairs, newest first, to bytes.
Rows = Sequence[tuple[str, str]]
List = Callable[[str, Rows], str]


def rss(base: str, rows: Rows) -> str:
    """RSS 2.0."""
    items = "".join(
        f"<item><title>{escape(title)}</title><link>{base}{path}</link><pubDate>Sun, 12 Oct 2025 08:00:00 GMT</pubDate>"
        "</item>"
        for path, title in rows
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>News</title>{items}</channel></rss>'


def atom(base: str, rows: Rows) -> str:
    """Atom 1.0."""
    entries = "".join(
        f"<entry><id>{base}{path}</id><title>{escape(title)}</title><link href='{base}{path}'/>"
        f"<updated>{DAY}T08:00:00Z</updated></entry>"
        for path, title in rows
    )
    return f'<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>News</title>{entries}</feed>'


def rdf(base: str, rows: Rows) -> str:
    """RSS 1.0."""
    items = "".join(
        f'<item rdf:about="{base}{path}"><title>{escape(title)}</title><link>{base}{path}</link></item>'
        for path, title in rows
    )
    spaces = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"'
    return f'<?xml version="1.0"?><rdf:RDF {spaces}><channel rdf:about="{base}"/>{items}</rdf:RDF>'


def json_feed(base: str, rows: Rows) -> str:
    """JSON Feed 1.1."""
    items = [{"id": path, "url": base + path, "title": title} for path, title in rows]
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "News", "items": items})


def sitemap(base: str, rows: Rows) -> str:
    """A sitemap with dates."""
    urls = "".join(f"<url><loc>{base}{path}</loc><lastmod>{DAY}</lastmod></url>" for path, _ in rows)
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'


def news_sitemap(base: str, rows: Rows) -> str:
    """A Google News sitemap."""
    urls = "".join(
        f"<url><loc>{base}{path}</loc><n:news><n:publication_date>{DAY}T08:00:00Z</n:publication_date>"
        f"<n:title>{escape(title)}</n:title></n:news></url>"
        for path, title in rows
    )
    spaces = (
        'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:n="http://www.google.com/schemas/sitemap-news/0.9"'
    )
    return f"<urlset {spaces}>{urls}</urlset>"


def text_sitemap(base: str, rows: Rows) -> str:
    """A sitemap in its plain form."""
    return "".join(f"{base}{path}\n" for path, _ in rows)


def index(base: str, paths: Sequence[str]) -> str:
    """A sitemap index."""
    parts = "".join(f"<sitemap><loc>{base}{path}</loc></sitemap>" for path in paths)
    return f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{parts}</sitemapindex>'


def section(base: str, rows: Rows) -> str:
    """A listing page."""
    teasers = "".join(
        f"<article class=teaser><h2><a href='{path}'>{escape(title)}</a></h2><p>What happened, in a few words.</p></article>"
        for path, title in rows
    )
    menu = "".join(f"<li><a href=/{name}>{name}</a></li>" for name in ("home", "sport", "culture", "imprint"))
    return f"<!doctype html><html><head><title>News</title></head><body><nav><ul>{menu}</ul></nav><main>{teasers}</main></body></html>"


TYPES: dict[List, str] = {
    rss: "application/rss+xml",
    atom: "application/atom+xml; charset=utf-8",
    rdf: "application/rdf+xml",
    json_feed: "application/feed+json",
    sitemap: "application/xml",
    news_sitemap: "text/xml; charset=utf-8",
    text_sitemap: "text/plain",
    section: "text/html; charset=utf-8",
}
