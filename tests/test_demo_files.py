"""A newswire is only data: another one is served as well, and mistakes in its files are named by place."""

from __future__ import annotations

import re
import threading
from pathlib import Path

import pytest

from monitor.demo.newswire import Newswire
from monitor.errors import SeedsError
from tests.newswire import get

OUTLETS = """
[labels]
victims = ["us", "them"]
outcomes = ["killed"]
claimants = ["us"]

[[outlet]]
id = "paper"
name = "Paper"
domain = "paper.example"
country = "XX"
languages = ["en"]
affiliation = "independent"
template = "paper.html"

[[outlet.feed]]
path = "/rss"
kind = "rss2"
"""
ARTICLE = """+++
path = "/a"
title = "T"
summary = "S"
language = "en"
published = 2025-01-01T00:00:00+00:00
{extra}
+++

One.
"""


def write_newswire(folder: Path, outlets: str = OUTLETS, article: str = ARTICLE.format(extra=""), page: str = "$body"):
    (folder / "newswire" / "articles" / "paper").mkdir(parents=True)
    (folder / "newswire" / "templates").mkdir()
    (folder / "newswire" / "outlets.toml").write_text(outlets)
    (folder / "newswire" / "templates" / "paper.html").write_text(page)
    (folder / "newswire" / "articles" / "paper" / "one.md").write_text(article)
    return folder


def test_another_newswire_is_only_data(tmp_path):
    with Newswire(write_newswire(tmp_path)) as fresh:
        (expected,) = fresh.expectations
        assert get(expected.url)[2] == b"<p>One.</p>"
        assert expected.ends == "irrelevant"


@pytest.mark.parametrize(
    ("extra", "message"),
    [
        ("colour = 1", "one.md:7: colour: unknown field"),
        ("answer = 'maybe'", "one.md:7: answer: 'maybe' is not one of"),
        ("relevant = 'yes'", "one.md:7: relevant: must be true or false"),
        ("clash = true", "one.md:7: clash: a clash must be relevant"),
        ("claims = [{ count = 1 }]", "one.md:7: claims: each must be"),
        (
            "relevant = true\nclash = true\nincident = 'i'\n"
            "claims = [{ count = 1, victims = 'x', outcome = 'killed', claimant = 'us' }]",
            "one.md:10: claims: victims 'x' is not one of them, us",
        ),
        ("ends = 'reprint'", "one.md:7: ends: a reprint must name its wire group"),
        ("= 3", "one.md:7: is not valid TOML"),
    ],
)
def test_a_wrong_head_is_named(tmp_path, extra, message):
    write_newswire(tmp_path, article=ARTICLE.format(extra=extra))
    with pytest.raises(SeedsError, match=re.escape(message)):
        Newswire(tmp_path)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"article": "Just text.\n"}, "must begin with a TOML head"),
        ({"outlets": OUTLETS.replace('"rss2"', '"rss9"')}, "kind: 'rss9' is not one of"),
        ({"outlets": OUTLETS + 'languages = ["fa"]\n'}, "no feed or sitemap lists one.md"),
        ({"outlets": OUTLETS.replace("paper.html", "other.html")}, "outlets.toml:14: template: "),
        ({"outlets": "[labels]\nvictims = []\noutcomes = []\nclaimants = []\n"}, "declares no"),
    ],
)
def test_wrong_files_are_named(tmp_path, change, message):
    write_newswire(tmp_path, **change)
    with pytest.raises(SeedsError, match=re.escape(message)):
        Newswire(tmp_path)


def test_an_unknown_name_in_a_template_is_named(tmp_path):
    write_newswire(tmp_path, page="$nonsense")
    before = threading.active_count()
    with pytest.raises(SeedsError, match="template of paper"), Newswire(tmp_path):
        pass
    assert threading.active_count() == before, "servers were left running"


def test_no_newswire_is_said(tmp_path):
    with pytest.raises(SeedsError, match=r"outlets\.toml"):
        Newswire(tmp_path)
