"""Outlets whose feeds and sitemaps are as new as the test that asks for them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from tests.site import Reply

ENGLISH = "Soldiers were killed at the gate during the night, officials of both sides said, report"
URDU = "سرحد پر جھڑپ میں تین اہلکار ہلاک اور پانچ زخمی ہو گئے، حکام نے تصدیق کر دی ہے، خبر"
PASHTO = "په پوله نښته کې درې سرتېري وژل شوي او پنځه نور ټپیان شوي دي، چارواکو وویل، خبر"


def feed(*links: str, title: str = ENGLISH, days: float = 0, name: str = "Feed") -> Reply:
    """An RSS feed, its newest entry ``days`` old."""
    items = "".join(
        f"<item><title>{title} {n}</title><link>{link}</link>"
        f"<pubDate>{format_datetime(datetime.now(UTC) - timedelta(days=days, hours=n))}</pubDate></item>"
        for n, link in enumerate(links)
    )
    text = f"<?xml version='1.0'?><rss version='2.0'><channel><title>{name}</title>{items}</channel></rss>"
    return Reply(text, type="application/rss+xml")


def news_sitemap(*links: str, title: str = ENGLISH, days: float = 0) -> Reply:
    """A Google News sitemap, its newest entry ``days`` old."""
    date = (datetime.now(UTC) - timedelta(days=days)).isoformat()
    urls = "".join(
        f"<url><loc>{link}</loc><n:news><n:publication_date>{date}</n:publication_date><n:title>{title} {n}</n:title></n:news></url>"
        for n, link in enumerate(links)
    )
    space = (
        "xmlns='http://www.sitemaps.org/schemas/sitemap/0.9' xmlns:n='http://www.google.com/schemas/sitemap-news/0.9'"
    )
    return Reply(f"<urlset {space}>{urls}</urlset>", type="application/xml")


def sitemap(*links: str, days: float | None = 0) -> Reply:
    """A sitemap whose pages changed ``days`` ago; None: without dates."""
    date = "" if days is None else f"<lastmod>{(datetime.now(UTC) - timedelta(days=days)).date()}</lastmod>"
    urls = "".join(f"<url><loc>{link}</loc>{date}</url>" for link in links)
    return Reply(f"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{urls}</urlset>", type="application/xml")


def sitemap_index(*parts: str) -> Reply:
    """An index of sitemaps."""
    rows = "".join(f"<sitemap><loc>{part}</loc></sitemap>" for part in parts)
    return Reply(
        f"<sitemapindex xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{rows}</sitemapindex>",
        type="application/xml",
    )


def page(*feeds: str, name: str = "", body: str = "", title: str = "Home", language: str = "en") -> str:
    """A front page that links to ``feeds`` in its head."""
    links = "".join(f"<link rel='alternate' type='application/rss+xml' href='{url}'>" for url in feeds)
    site = f"<meta property='og:site_name' content='{name}'>" if name else ""
    return f"<!doctype html><html lang='{language}'><head><title>{title}</title>{site}{links}</head><body>{body}</body></html>"


def links(base: str, count: int = 5, name: str = "story") -> Sequence[str]:
    """Addresses of stories."""
    return [f"{base}/{name}/{n}" for n in range(count)]
