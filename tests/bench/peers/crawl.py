"""A crawl by a peer, run with the peer's own Python: ``python crawl.py PEER SITE FOLDER``.

SITE is JSON: ``{"home", "pages", "feeds": [{"url", "publisher"}]}``; the home page links to one feed of all pages. FOLDER is
where the peer may write. Prints JSON: how many articles came out. Imports nothing of the project.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

# As shipped, but: no images are fetched, and every link of the feed is taken for an article.
_NEWS_PLEASE = """
[Crawler]
default = RssCrawler
fallbacks = {"RssCrawler": None}
check_crawler_has_urls_to_scan = False
check_certificate = True
hours_to_pass_for_redownload_by_rss_crawler = 6
number_of_parallel_crawlers = 1
number_of_parallel_daemons = 0
ignore_file_extensions = "(pdf)"
ignore_regex = "(mail[tT]o)"
[Heuristics]
enabled_heuristics = {"crawler_contains_only_article_alikes": True}
pass_heuristics_condition = "crawler_contains_only_article_alikes"
min_headlines_for_linked_test = 5
[Files]
relative_to_start_processes_file = False
url_input_file_name = sitelist.hjson
working_path = FOLDER/
local_data_directory = %working_path/data/%appendmd5_url_directory_string(60)_%appendmd5_max_url_file_name.html
format_relative_path = True
[ArticleMasterExtractor]
extractors = ['newspaper_extractor_no_images', 'readability_extractor', 'date_extractor', 'lang_detect_extractor']
[DateFilter]
start_date = '1999-01-01 00:00:00'
end_date = '2999-12-31 00:00:00'
strict_mode = False
[Scrapy]
LOG_LEVEL = ERROR
LOG_FILE = None
BOT_NAME = 'news-please'
SPIDER_MODULES = ['newsplease.crawler.spiders']
NEWSPIDER_MODULE = 'newsplease.crawler.spiders'
JOBDIRNAME = .resume_jobdir
ROBOTSTXT_OBEY = True
CONCURRENT_REQUESTS = 16
CONCURRENT_REQUESTS_PER_DOMAIN = 1
USER_AGENT = 'news-please (+http://www.example.com/)'
ITEM_PIPELINES = {'newsplease.pipeline.pipelines.ArticleMasterExtractor':100,
                  'newsplease.pipeline.pipelines.HtmlFileStorage':200,
                  'newsplease.pipeline.pipelines.JsonFileStorage':300
                  }
ITEM_CLASS = 'newsplease.crawler.items.NewscrawlerItem'
"""


def news_please(site: dict[str, Any], folder: Path) -> int:
    config = folder / "config"
    config.mkdir()
    (config / "config.cfg").write_text(_NEWS_PLEASE.replace("FOLDER", str(folder)), encoding="utf-8")
    sites = {"base_urls": [{"url": site["home"], "crawler": "RssCrawler"}]}
    (config / "sitelist.hjson").write_text(json.dumps(sites), encoding="utf-8")
    command = [
        sys.executable,
        "-m",
        "newsplease.single_crawler",
        str(config / "config.cfg"),
        str(config / "sitelist.hjson"),
    ]
    subprocess.run([*command, "0", "False", "False"], check=True, stdout=subprocess.DEVNULL)
    return sum(
        1 for path in folder.glob("data/**/*.json") if json.loads(path.read_text(encoding="utf-8")).get("maintext")
    )


def newspaper4k(site: dict[str, Any], folder: Path) -> int:
    import newspaper

    config = newspaper.Config()
    config.fetch_images = False
    config.memorize_articles = False
    config.number_threads = 2
    source = newspaper.Source(site["home"], config=config)
    source.build()
    source.download_articles()
    texts = 0
    for article in source.articles:  # Source.parse_articles ends at the first page that raises
        try:
            article.parse()
        except Exception:  # noqa: BLE001 - a page it cannot read counts as none
            continue
        texts += bool(article.text)
    return texts


def fundus(site: dict[str, Any], folder: Path) -> int:
    from fundus import Crawler, PublisherCollection, RSSFeed
    from fundus.publishers.base_objects import Publisher, PublisherGroup

    known = {publisher.__name__: publisher for publisher in PublisherCollection}
    served = {
        feed["publisher"]: Publisher(
            name=feed["publisher"],
            domain=site["home"],
            parser=type(known[feed["publisher"]].parser),
            sources=[RSSFeed(feed["url"], languages={"en"})],
        )
        for feed in site["feeds"]
        if feed["publisher"] in known
    }
    group = PublisherGroup("Bench", (), dict(served))
    return sum(1 for article in Crawler(group, delay=0.0).crawl(only_complete=False) if article.body)


PEERS = {"news-please": news_please, "newspaper4k": newspaper4k, "fundus": fundus}


def main(peer: str, site: str, folder: str) -> None:
    found = PEERS[peer](json.loads(Path(site).read_text(encoding="utf-8")), Path(folder))
    print(json.dumps({"articles": found}))


if __name__ == "__main__":
    main(*sys.argv[1:])
