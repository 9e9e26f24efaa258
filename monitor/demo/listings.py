"""The feeds and sitemaps of the demo newswire: RSS 0.91 to 2.0, RDF, Atom, JSON Feed, sitemap index, news sitemap."""

from __future__ import annotations

import json
from datetime import UTC
from email.utils import format_datetime
from html import escape
from typing import Any

from monitor.demo.articles import Article
from monitor.demo.outlets import Listing, Outlet, chosen
from monitor.demo.pages import link, twin_path

CONTENT_TYPES = {
    "rss2": "application/rss+xml; charset=utf-8",
    "rss091": "text/xml",
    "rss092": "text/xml; charset=utf-8",
    "rss1": "application/rdf+xml; charset=utf-8",
    "atom": "application/atom+xml; charset=utf-8",
    "json": "application/feed+json; charset=utf-8",
    "index": "application/xml; charset=utf-8",
    "news": "application/xml; charset=utf-8",
    "urls": "text/xml; charset=utf-8",
}


def listed_path(article: Article) -> str:
    """The path under which listings name an article: another one where it is reached over redirects."""
    return f"/go{article.path}" if article.answer in ("redirects", "loop") else article.path


def render_listing(outlet: Outlet, listing: Listing, base: str) -> str:
    """The text of ``listing``, newest article first, damaged where the declaration says so."""
    articles = [article for article in reversed(outlet.articles) if chosen(listing, article)]
    for stem in listing.repeats:
        articles.append(next(article for article in articles if article.file.stem == stem))
    entries = [_entry(listing, article, base) for article in articles]
    text = _RENDERERS[listing.kind](outlet, listing, base, entries)
    for old, new in listing.damage:
        text = text.replace(old, new)
    return text


def _entry(listing: Listing, article: Article, base: str) -> dict[str, str]:
    """What an entry shows, unescaped; an empty value is left out by the renderers."""
    path = listed_path(article) if listing.links == "page" else twin_path(article, listing.links)
    if listing.tracking:
        path += ("&" if "?" in path else "?") + listing.tracking
    return {
        "title": article.title,
        "link": link(base, path),
        "guid": f"{article.outlet}-{article.file.stem}",
        "date": _date(listing, article),
        "iso": article.sort_at.isoformat(),
        "summary": "" if listing.content == "title" else article.summary,
        "html": "".join(f"<p>{escape(part)}</p>" for part in article.paragraphs) if listing.content == "full" else "",
        "author": article.byline,
        "language": article.language,
    }


def _date(listing: Listing, article: Article) -> str:
    if article.feed_date is not None:
        return article.feed_date
    if listing.dates == "none" or article.published is None:
        return ""
    if listing.dates == "rfc822":
        return format_datetime(article.sort_at)
    if listing.dates == "iso":
        return article.sort_at.isoformat()
    return article.sort_at.strftime(listing.dates)


def _tag(name: str, value: str) -> str:
    return f"<{name}>{escape(value, quote=False)}</{name}>\n" if value else ""


def _rss(outlet: Outlet, listing: Listing, base: str, entries: list[dict[str, str]]) -> str:
    """RSS 0.91, 0.92 or 2.0 (Userland; rssboard.org): the older two have no guid and no full text."""
    version = {"rss091": "0.91", "rss092": "0.92", "rss2": "2.0"}[listing.kind]
    new = listing.kind == "rss2"
    items = "".join(
        "<item>\n"
        + _tag("title", entry["title"])
        + _tag("link", entry["link"])
        + _tag("description", entry["summary"])
        + (_tag("content:encoded", entry["html"]) if new else "")
        + (_tag("dc:creator", entry["author"]) if new else "")
        + (f'<guid isPermaLink="false">{escape(entry["guid"])}</guid>\n' if new else "")
        + ("" if listing.kind == "rss091" else _tag("pubDate", entry["date"]))
        + "</item>\n"
        for entry in entries
    )
    spaces = ' xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    return (
        f'<?xml version="1.0" encoding="{listing.charset}"?>\n'
        f'<rss version="{version}"{spaces if new else ""}>\n<channel>\n'
        + _tag("title", outlet.name)
        + _tag("link", base + "/")
        + _tag("description", outlet.domain)
        + _tag("language", (listing.languages or outlet.languages)[0])
        + items
        + "</channel>\n</rss>\n"
    )


def _rdf(outlet: Outlet, listing: Listing, base: str, entries: list[dict[str, str]]) -> str:
    """RSS 1.0 (web.resource.org/rss/1.0): the items stand beside the channel, dates are Dublin Core."""
    order = "".join(f'<rdf:li rdf:resource="{escape(entry["link"])}"/>\n' for entry in entries)
    items = "".join(
        f'<item rdf:about="{escape(entry["link"])}">\n'
        + _tag("title", entry["title"])
        + _tag("link", entry["link"])
        + _tag("description", entry["summary"])
        + _tag("dc:date", entry["date"])
        + "</item>\n"
        for entry in entries
    )
    return (
        f'<?xml version="1.0" encoding="{listing.charset}"?>\n'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/">\n'
        f'<channel rdf:about="{base}{listing.path}">\n'
        + _tag("title", outlet.name)
        + _tag("link", base + "/")
        + _tag("description", outlet.domain)
        + f"<items><rdf:Seq>\n{order}</rdf:Seq></items>\n</channel>\n{items}</rdf:RDF>\n"
    )


def _atom(outlet: Outlet, listing: Listing, base: str, entries: list[dict[str, str]]) -> str:
    """Atom (RFC 4287)."""
    items = "".join(
        "<entry>\n"
        + _tag("title", entry["title"])
        + f'<link rel="alternate" type="text/html" href="{escape(entry["link"])}"/>\n'
        + _tag("id", f"tag:{outlet.domain},2025:{entry['guid']}")
        + _tag("published", entry["date"])
        + _tag("updated", entry["date"])
        + _tag("summary", entry["summary"])
        + (f'<content type="html">{escape(entry["html"])}</content>\n' if entry["html"] else "")
        + f"<author>{_tag('name', entry['author'] or outlet.name)}</author>\n</entry>\n"
        for entry in entries
    )
    return (
        f'<?xml version="1.0" encoding="{listing.charset}"?>\n<feed xmlns="http://www.w3.org/2005/Atom">\n'
        + _tag("title", outlet.name)
        + f'<link rel="self" href="{base}{listing.path}"/>\n<link href="{base}/"/>\n'
        + _tag("id", f"tag:{outlet.domain},2025:feed")
        + _tag("updated", outlet.articles[-1].sort_at.isoformat())
        + items
        + "</feed>\n"
    )


def _json_feed(outlet: Outlet, listing: Listing, base: str, entries: list[dict[str, str]]) -> str:
    """JSON Feed 1.1 (jsonfeed.org)."""
    items: list[dict[str, Any]] = []
    for entry in entries:
        item = {
            "id": entry["guid"],
            "url": entry["link"],
            "title": entry["title"],
            "summary": entry["summary"],
            "content_html": entry["html"],
            "date_published": entry["date"],
            "language": entry["language"],
        }
        items.append({key: value for key, value in item.items() if value})
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": outlet.name,
        "home_page_url": base + "/",
        "feed_url": base + listing.path,
        "items": items,
    }
    return json.dumps(feed, ensure_ascii=False, indent=1)


def _sitemap_index(outlet: Outlet, listing: Listing, base: str, entries: list[dict[str, str]]) -> str:
    """A sitemap index (sitemaps.org) of ``listing.children``."""
    newest = outlet.articles[-1].sort_at.astimezone(UTC).isoformat()
    rows = "".join(
        f"<sitemap>\n{_tag('loc', base + child)}{_tag('lastmod', newest)}</sitemap>\n" for child in listing.children
    )
    return (
        f'<?xml version="1.0" encoding="{listing.charset}"?>\n'
        f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{rows}</sitemapindex>\n'
    )


def _sitemap(outlet: Outlet, listing: Listing, base: str, entries: list[dict[str, str]]) -> str:
    """A sitemap (sitemaps.org), with Google's news extension where the kind is ``news``."""
    rows = "".join(
        "<url>\n"
        + _tag("loc", entry["link"])
        + (_news(outlet, entry) if listing.kind == "news" else _tag("lastmod", entry["date"]))
        + "</url>\n"
        for entry in entries
    )
    return (
        f'<?xml version="1.0" encoding="{listing.charset}"?>\n'
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
        f'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">\n{rows}</urlset>\n'
    )


def _news(outlet: Outlet, entry: dict[str, str]) -> str:
    return (
        "<news:news>\n<news:publication>\n"
        + _tag("news:name", outlet.name)
        + _tag("news:language", entry["language"])
        + "</news:publication>\n"
        + _tag("news:publication_date", entry["date"])
        + _tag("news:title", entry["title"])
        + "</news:news>\n"
    )


_RENDERERS = {
    "rss2": _rss,
    "rss091": _rss,
    "rss092": _rss,
    "rss1": _rdf,
    "atom": _atom,
    "json": _json_feed,
    "index": _sitemap_index,
    "news": _sitemap,
    "urls": _sitemap,
}
