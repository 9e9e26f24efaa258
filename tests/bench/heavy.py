"""Web pages as heavy as real ones: navigation, teasers, adverts, scripts and data around one article."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence

from tests.bench.synthetic import Vocabulary

# About what the parts of real news pages weigh, in bytes (medians over real pages of about 330 kB).
_SCRIPT_BYTES, _STYLE_BYTES, _TEASERS, _MENU = 190_000, 45_000, 90, 60


def heavy_page(title: str, paragraphs: Sequence[str], vocabulary: Vocabulary, chance: random.Random) -> str:
    """HTML of about 330 kB with ``paragraphs`` as its article."""
    weight = chance.uniform(0.4, 1.8)
    menu = "".join(
        f'<li class="nav__item"><a class="nav__link" href="/section/{word}">{word}</a></li>'
        for word in vocabulary.draw(chance, _MENU)
    )
    body = _article(title, paragraphs, vocabulary, chance)
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title} | The Bench</title>'
        f'<meta property="og:title" content="{title}"><meta property="og:type" content="article">'
        f'<meta property="article:published_time" content="2025-10-{chance.randint(1, 28):02}T10:00:00Z">'
        f"<style>{_styles(int(_STYLE_BYTES * weight), chance)}</style>"
        f'<script type="application/ld+json">{_linked_data(title, paragraphs)}</script>'
        f"<script>{_script(int(_SCRIPT_BYTES * weight * 0.6), vocabulary, chance)}</script></head>"
        f'<body class="page page--article"><header><nav class="nav"><ul>{menu}</ul></nav></header>'
        f"<main>{body}</main>"
        f'<aside class="related">{_teasers(int(_TEASERS * weight), vocabulary, chance)}</aside>'
        f'<footer><ul>{menu}</ul><p class="legal">All words here were made up.</p></footer>'
        f"<script>window.__STATE__={_script(int(_SCRIPT_BYTES * weight * 0.4), vocabulary, chance)}</script></body></html>"
    )


def _article(title: str, paragraphs: Sequence[str], vocabulary: Vocabulary, chance: random.Random) -> str:
    parts = [f'<article class="story"><h1 class="story__title">{title}</h1><p class="byline">By A. Writer</p>']
    for number, text in enumerate(paragraphs):
        parts.append(f'<p class="story__text" data-index="{number}">{text}</p>')
        if number % 4 == 3:
            words = " ".join(vocabulary.draw(chance, 8))
            parts.append(
                f'<div class="ad ad--inline" id="ad-{number}" data-slot="{words}"></div><figure class="picture">'
                f'<img src="/img/{number}.jpg" alt="" loading="lazy"><figcaption>{words}</figcaption></figure>'
            )
    return "".join(parts) + "</article>"


def _teasers(count: int, vocabulary: Vocabulary, chance: random.Random) -> str:
    return "".join(
        f'<div class="teaser teaser--{chance.randrange(9)}"><a href="/news/{number}" data-track="{number}">'
        f'<img src="/thumb/{number}.jpg" srcset="/thumb/{number}-2x.jpg 2x" alt=""><h3>{" ".join(vocabulary.draw(chance, 9))}'
        f"</h3></a><span class='teaser__time'>{chance.randrange(24)} hours ago</span></div>"
        for number in range(count)
    )


def _styles(size: int, chance: random.Random) -> str:
    rules, length = [], 0
    while length < size:
        rule = (
            f".c{chance.randrange(10**6):x}{{margin:{chance.randrange(40)}px;color:#{chance.randrange(0xFFFFFF):06x}}}"
        )
        rules.append(rule)
        length += len(rule)
    return "".join(rules)


def _script(size: int, vocabulary: Vocabulary, chance: random.Random) -> str:
    rows: list[dict[str, object]] = []
    length = 0
    while length < size:
        row: dict[str, object] = {
            "id": chance.randrange(10**9),
            "slug": "-".join(vocabulary.draw(chance, 5)),
            "live": False,
        }
        rows.append(row)
        length += len(json.dumps(row)) + 2
    return json.dumps(rows)


def _linked_data(title: str, paragraphs: Sequence[str]) -> str:
    return json.dumps({"@type": "NewsArticle", "headline": title, "description": paragraphs[0][:150]})
