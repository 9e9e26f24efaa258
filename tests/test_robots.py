"""robots.txt, when several requests to one host wait for it at once."""

from __future__ import annotations

import time
from pathlib import Path

from tests.services import problems
from tests.site import Reply, Site, rss
from tests.test_crawl import crawl, seeds_for


def test_all_requests_that_wait_for_the_rules_obey_them(tmp_path: Path) -> None:
    """Scrapy 2.19 hands the rules to one of those that wait, and to the others nothing, which it reads as "go"."""
    with Site() as site:
        rules = Reply("User-agent: *\nDisallow: /private", type="text/plain", wait=lambda: time.sleep(0.5))
        site.replies = {"/robots.txt": rules}
        site.replies |= {path: rss() for path in ("/a", "/private/b", "/private/c", "/private/d")}
        seeds = seeds_for(
            tmp_path, site, feeds=[f"{site.url}{path}" for path in ("/a", "/private/b", "/private/c", "/private/d")]
        )
        assert crawl(tmp_path, seeds).returncode == 0
        assert site.paths() == ["/a"]
        assert problems(tmp_path).count("forbidden by robots.txt") == 3
