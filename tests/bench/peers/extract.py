"""Extraction by a peer, run with the peer's own Python: ``python extract.py PEER MANIFEST RESULT``.

MANIFEST is JSON: ``[{"file", "url", "publisher", "country", "saved"}]``. RESULT will be JSON: seconds for all pages, and
the text found on each (null where the peer has none). Imports nothing of the project: it is not installed there.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

Extract = Callable[[str, dict[str, str]], "str | None"]


def news_please() -> Extract:
    from newsplease import NewsPlease

    def extract(html: str, page: dict[str, str]) -> str | None:
        found: Any = NewsPlease.from_html(html, url=page["url"], fetch_images=False)
        return found.maintext if found else None

    return extract


def newspaper4k() -> Extract:
    import newspaper

    config = newspaper.Config()
    config.fetch_images = False  # it would download each picture to measure it

    def extract(html: str, page: dict[str, str]) -> str | None:
        article = newspaper.Article(page["url"], config=config)
        article.download(input_html=html)
        article.parse()
        return article.text

    return extract


def fundus() -> Extract:
    from fundus import PublisherCollection

    publishers = {publisher.__name__: publisher for publisher in PublisherCollection}

    def extract(html: str, page: dict[str, str]) -> str | None:
        publisher = publishers.get(page["publisher"])
        if publisher is None:
            return None
        found = publisher.parser(date.fromisoformat(page["saved"])).parse(html, "suppress")
        return str(found["body"]) if found.get("body") else None

    return extract


def trafilatura() -> Extract:
    from trafilatura import bare_extraction

    def extract(html: str, page: dict[str, str]) -> str | None:
        found = bare_extraction(html, url=page["url"], with_metadata=True)
        return found.text if found else None

    return extract


PEERS = {"news-please": news_please, "newspaper4k": newspaper4k, "fundus": fundus, "trafilatura": trafilatura}


def main(peer: str, manifest: str, result: str) -> None:
    pages = json.loads(Path(manifest).read_text(encoding="utf-8"))
    htmls = [Path(page["file"]).read_bytes().decode("utf-8", "replace") for page in pages]
    extract = PEERS[peer]()
    extract(htmls[0], pages[0])  # what is loaded or compiled at first use
    texts: list[str | None] = []
    errors: dict[str, int] = {}
    started = time.perf_counter()
    for html, page in zip(htmls, pages, strict=True):
        try:
            texts.append(extract(html, page))
        except Exception as error:  # noqa: BLE001 - whatever a peer raises is its answer for the page
            texts.append(None)
            errors[type(error).__name__] = errors.get(type(error).__name__, 0) + 1
    seconds = time.perf_counter() - started
    Path(result).write_text(json.dumps({"seconds": seconds, "texts": texts, "errors": errors}), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
