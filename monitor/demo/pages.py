"""The pages of the demo newswire: an outlet's template filled with an article, and its AMP and print twins."""

from __future__ import annotations

import json
from functools import cache
from html import escape
from itertools import count
from string import Template
from urllib.parse import quote

from monitor.demo.articles import Article
from monitor.demo.outlets import Outlet
from monitor.errors import SeedsError

RIGHT_TO_LEFT = frozenset({"ar", "fa", "ps", "ur"})
RELATED = 8

_FRONT = Template(
    "<!doctype html>\n<html><head><meta charset='utf-8'><title>$name</title></head>\n"
    "<body><h1>$name</h1><ul>\n$links\n</ul></body></html>\n"
)
_AMP = Template(
    "<!doctype html>\n<html amp lang='$lang' dir='$dir'><head><meta charset='utf-8'><title>$title - $name</title>\n"
    "<link rel='canonical' href='$canonical'><meta name='viewport' content='width=device-width'>\n"
    "<style amp-custom>body{font-family:serif;margin:1em}</style></head>\n"
    "<body><header><a href='$base/'>$name</a></header><article><h1>$title</h1>\n"
    "<p class='byline'>$byline <time datetime='$published'>$date_words</time></p>\n$body\n</article>\n"
    "<footer>&copy; $name</footer></body></html>\n"
)
_PRINT = Template(
    "<!doctype html>\n<html lang='$lang' dir='$dir'><head><meta charset='utf-8'><title>$title</title>\n"
    "<meta name='robots' content='noindex'><link rel='canonical' href='$canonical'></head>\n"
    "<body onload='window.print()'><p>$name &middot; $date_words</p><h1>$title</h1>\n"
    "<div class='article-body'>\n$body\n</div><hr><p>$canonical</p></body></html>\n"
)


def link(base: str, path: str) -> str:
    """The absolute URL of ``path`` on the outlet at ``base``, other than ASCII percent-encoded."""
    return base + quote(path, safe="/?=&;%:@+,~-._")


def twin_path(article: Article, kind: str) -> str:
    """The path of an article's ``amp`` or ``print`` twin; ``page`` is the article itself."""
    if kind == "page":
        return article.path
    return f"/{kind}{article.path}"


def article_page(outlet: Outlet, article: Article, base: str) -> str:
    """The HTML page of ``article`` from the outlet's template. Raises SeedsError for an unknown ``$name`` in it."""
    return _fill(outlet.template, outlet, article, base)


def amp_page(outlet: Outlet, article: Article, base: str) -> str:
    """The AMP twin: the bare article, with rel=canonical to the page."""
    return _fill(_AMP, outlet, article, base)


def print_page(outlet: Outlet, article: Article, base: str) -> str:
    """The print twin: the bare article, with rel=canonical to the page."""
    return _fill(_PRINT, outlet, article, base)


def front_page(outlet: Outlet, base: str) -> str:
    """The home page: a plain list of the outlet's articles."""
    return _FRONT.substitute(name=escape(outlet.name), links=_related(outlet.articles[::-1], base))


def _fill(template: Template, outlet: Outlet, article: Article, base: str) -> str:
    try:
        return template.substitute(_values(outlet, article, base))
    except (KeyError, ValueError) as error:
        raise SeedsError(article.file, None, None, f"the page template of {outlet.id} is wrong: {error}") from error


def _values(outlet: Outlet, article: Article, base: str) -> dict[str, str]:
    """Everything a template may show. Text is escaped; ``body`` and what lists links is ready HTML."""
    canonical = link(base, article.path)
    paragraphs = [f"<p>{escape(part)}</p>" for part in article.paragraphs]
    others = [other for other in outlet.articles if other is not article and other.language == article.language]
    text = {
        "title": article.title,
        "summary": article.summary,
        "byline": article.byline,
        "section": article.section,
        "name": outlet.name,
        "domain": outlet.domain,
        "date_words": outlet.date_words(article),
        "published": article.published.isoformat() if article.published else "",
        "lang": outlet.html_lang or article.language,
        "dir": "rtl" if article.language in RIGHT_TO_LEFT else "ltr",
        "base": base,
        "canonical": canonical,
        "amp": link(base, twin_path(article, "amp")),
        "print": link(base, twin_path(article, "print")),
    }
    return {name: escape(value) for name, value in text.items()} | {
        "body": "\n".join(paragraphs),
        "lead": paragraphs[0],
        "rest": "\n".join(paragraphs[1:]),
        "breaks": "<br>\n<br>\n".join(escape(part) for part in article.paragraphs),
        "related": _related(others[:RELATED], base),
        "teasers": "\n".join(_teaser(other, base) for other in others[::-1][:RELATED]),
        "jsonld": _json_ld(outlet, article, canonical),
        "ballast": _ballast(outlet.weight_kb),
        "state": _json({"stories": [{"headline": other.title, "dek": other.summary} for other in others]}),
    }


@cache
def _ballast(kilobytes: int) -> str:
    """Style rules of about that size: the weight a real news page brings along."""
    rules = (f".u{number}-{number % 97}{{margin:{number % 13}px {number % 7}em;order:{number}}}" for number in count())
    size, kept = 0, []
    for rule in rules:
        if size >= kilobytes * 1000:
            break
        kept.append(rule)
        size += len(rule) + 1
    return "\n".join(kept)


def _related(articles: list[Article] | tuple[Article, ...], base: str) -> str:
    return "\n".join(
        f'<li><a href="{escape(link(base, article.path))}">{escape(article.title)}</a></li>' for article in articles
    )


def _teaser(article: Article, base: str) -> str:
    return (
        f'<div class="card"><h3><a href="{escape(link(base, article.path))}">{escape(article.title)}</a></h3>'
        f"<p>{escape(article.summary)}</p></div>"
    )


def _json_ld(outlet: Outlet, article: Article, canonical: str) -> str:
    """The article as schema.org/NewsArticle, for a script element."""
    record = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "mainEntityOfPage": canonical,
        "headline": article.title,
        "description": article.summary,
        "inLanguage": article.language,
        "author": {"@type": "Person", "name": article.byline},
        "publisher": {"@type": "NewsMediaOrganization", "name": outlet.name},
    }
    if article.published:
        record["datePublished"] = article.published.isoformat()
    return _json(record)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False).replace("</", "<\\/")
