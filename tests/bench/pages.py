"""The pages of the benchmarks: real ones where the shared data is present, else heavy ones made here."""

from __future__ import annotations

import gzip
import json
import random
import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from html import escape, unescape

from tests.bench.heavy import heavy_page
from tests.bench.synthetic import Vocabulary
from tests.paths import ROOT, SHARED

REAL = SHARED / "data" / "pages" / "fundus"
# Every so many pages one is about the topic.
RELEVANT_EVERY = 20

_PARAGRAPH = re.compile(r"(<p\b[^>]*>)(.*?)(</p\s*>)", re.S | re.I)
_TAG = re.compile(r"<[^>]+>")
_HIDDEN = re.compile(r"<(script|template|noscript)\b.*?</\1\s*>", re.S | re.I)
_HEADLINE = re.compile(r"(<(title|h1)\b[^>]*>)(.*?)(</\2\s*>)", re.S | re.I)
_OG_TITLE = re.compile(r"""<meta\b[^>]*\b(?:og|twitter):title\b[^>]*>""", re.I)
# So many paragraphs, each so long, make a page one that an article can be put into.
_ENOUGH_PARAGRAPHS, _LONG_CHARS = 5, 60


@dataclass(frozen=True)
class BenchPage:
    """One page: its HTML, who published it (fundus's names), when it was saved, and the text it should give."""

    name: str
    html: bytes = field(repr=False)
    title: str
    reference: str = field(repr=False)
    country: str = ""
    publisher: str = ""
    saved: str = ""
    relevant: bool = False


def load_pages(count: int | None = None) -> tuple[list[BenchPage], str]:
    """Up to ``count`` pages and a sentence saying what they are."""
    pages = _real_pages() if REAL.is_dir() else _made_pages(count or 258)
    kind = "real news pages of 41 countries" if REAL.is_dir() else "pages made by the benchmark, shaped like news pages"
    if count is not None and count < len(pages):
        step = len(pages) / count
        pages = [pages[int(number * step)] for number in range(count)]
    size = sum(len(page.html) for page in pages) / len(pages) / 1000
    return pages, f"{len(pages)} {kind}, {size:.0f} kB each on average"


def _real_pages() -> list[BenchPage]:
    pages = []
    for about in sorted(REAL.glob("*/*.json")):
        versions = json.loads(about.read_text(encoding="utf-8"))
        # One reference a page: parser versions in their order, saved pages in the order of their dates.
        saved = sorted(about.parent.glob(f"{about.stem}_[0-9]*.html.gz"))
        for path, version in zip(saved, sorted(versions, key=_version_order), strict=True):
            expected = versions[version]
            pages.append(
                BenchPage(
                    name=path.name.removesuffix(".html.gz"),
                    html=gzip.decompress(path.read_bytes()),
                    title=expected["title"] or path.stem,
                    reference=_body_text(expected["body"]),
                    country=about.parent.name,
                    publisher=about.stem,
                    saved=path.name.removesuffix(".html.gz").removeprefix(f"{about.stem}_").replace("_", "-"),
                )
            )
    return pages


def _version_order(name: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", name))


def _body_text(body: dict[str, list[object]]) -> str:
    """Summary, sub-headlines and paragraphs, in order."""
    lines = list(body["summary"])
    for section in body["sections"]:
        assert isinstance(section, dict)
        lines += section["headline"] + section["paragraphs"]
    return "\n".join(map(str, lines))


def _made_pages(count: int) -> list[BenchPage]:
    vocabulary, chance = Vocabulary(), random.Random(3)
    pages = []
    for number in range(count):
        title = " ".join(vocabulary.draw(chance, 8)).capitalize()
        paragraphs = vocabulary.paragraphs(chance, chance.randint(6, 25))
        html = heavy_page(title, paragraphs, vocabulary, chance)
        pages.append(BenchPage(f"made-{number:04}", html.encode(), title, "\n".join(paragraphs)))
    return pages


def with_relevant(pages: Sequence[BenchPage], copies: int = 1) -> list[BenchPage]:
    """``pages`` (``copies`` times over, the copies named apart), one in twenty of them carrying a story on the topic.

    The topic's stories are those of the demo newswire; each takes the place of a page's paragraphs and headline, so
    that the page stays as heavy as it was. A page without enough paragraphs passes the story on to the next.
    """
    articles = _topic_articles()
    result: list[BenchPage] = []
    owed = 0
    for number in range(len(pages) * copies):
        page = pages[number % len(pages)]
        name = f"{page.name}-{number // len(pages)}"
        owed += number % RELEVANT_EVERY == RELEVANT_EVERY // 2
        carrier = _put_article(page, *articles[len(result) % len(articles)]) if owed else None
        owed -= carrier is not None
        result.append(replace(carrier or page, name=name))
    return result


def _topic_articles() -> list[tuple[str, list[str]]]:
    """Headline and paragraphs of every relevant article of the demo newswire."""
    found = []
    for path in sorted((ROOT / "seeds" / "newswire" / "articles").rglob("*.md")):
        _, head, text = path.read_text(encoding="utf-8").split("+++\n", 2)
        fields = tomllib.loads(head)
        if fields.get("relevant") and len(text) > 800:
            found.append((fields["title"], text.strip().split("\n\n")))
    if not found:
        raise SystemExit("bench: seeds/newswire/articles holds no relevant article to put on pages")
    return found


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text))


def _is_of(text: str, paragraph: str) -> bool:
    return len(paragraph) >= _LONG_CHARS and paragraph in text


def _put_article(page: BenchPage, title: str, paragraphs: Sequence[str]) -> BenchPage | None:
    """The page with the article in place of its own, or None where too few paragraphs are known to be of its own.

    Teasers, and paragraphs in scripts and templates, are no place for a story: nobody who reads the page sees them.
    """
    html = _HIDDEN.sub(lambda found: found[0].replace("<p", "<x"), page.html.decode("utf-8", "replace"))
    own = _letters(page.reference)
    long = [found for found in _PARAGRAPH.finditer(html) if _is_of(own, _letters(unescape(_TAG.sub(" ", found[2]))))]
    if len(long) < _ENOUGH_PARAGRAPHS:
        return None
    left = iter([" ".join(paragraphs[len(long) - 1 :]), *reversed(paragraphs[: len(long) - 1])])
    new = list(reversed([text for text in left if text]))
    for place in range(len(long) - 1, -1, -1):
        found = long[place]
        text = escape(new[place]) if place < len(new) else ""
        html = f"{html[: found.start()]}{found[1]}{text}{found[3]}{html[found.end() :]}"
    html = _HEADLINE.sub(lambda found: f"{found[1]}{escape(title)}{found[4]}", html)
    html = _OG_TITLE.sub(f'<meta property="og:title" content="{escape(title)}">', html)
    return replace(page, html=html.encode(), title=title, reference="\n".join(paragraphs), relevant=True)
