"""What a page says of its story: headline, byline, site name, from wherever it stands."""

from __future__ import annotations

import pytest
from lxml.html import document_fromstring

from monitor.about import About, page_about
from monitor.dates.linked import linked_data


def about(head: str, body: str = "<p>Text.</p>") -> About:
    tree = document_fromstring(f"<html><head>{head}</head><body>{body}</body></html>")
    return page_about(tree, linked_data(tree))


LINKED = """<script type="application/ld+json">{"@context": "https://schema.org", "@graph": [
 {"@type": "NewsArticle", "headline": "Bridge opens", "author": [{"@type": "Person", "name": "Ada Quill"}, "Ben Stroke"],
  "publisher": {"@type": "Organization", "name": "The Lantern"}}]}</script>"""


def test_declared_fields_go_before_what_is_shown() -> None:
    found = about(
        '<meta property="og:title" content="Bridge opens at last"><meta property="og:site_name" content="@lantern">'
        '<meta name="author" content="Ada Quill"><title>Other - Lantern</title>',
        "<h1>Another heading</h1><p class='byline'>By Ben Stroke</p>",
    )
    assert found == About("Bridge opens at last", "Ada Quill", "lantern")


def test_linked_data_names_all_authors_and_the_publisher() -> None:
    assert about(LINKED, "<h1>Shown</h1>") == About("Bridge opens", "Ada Quill; Ben Stroke", "The Lantern")


def test_an_organisation_is_no_author() -> None:
    script = '{"@type": "NewsArticle", "author": {"@type": "Organization", "name": "The Lantern"}}'
    assert about(f'<script type="application/ld+json">{script}</script>').author is None


@pytest.mark.parametrize(
    ("head", "body", "title"),
    [
        ("<title>Site</title>", "<h1>The only heading</h1>", "The only heading"),
        ("<title>The long headline of it - Site</title>", "<h1>One</h1><h1>Two</h1>", "The long headline of it"),
        ("", "<h1>One</h1><h1>Two</h1>", "One"),
        ("", "<p>Nothing</p>", None),
    ],
)
def test_a_title_that_is_only_shown(head: str, body: str, title: str | None) -> None:
    assert about(head, body).title == title


def test_a_byline_that_is_only_shown() -> None:
    assert about("", "<p class='story-byline'>By Ada Quill</p>").author == "Ada Quill"
    assert about("", f"<p class='byline'>{'Far too long for a name. ' * 9}</p>").author is None


def test_an_address_or_a_single_word_is_no_author() -> None:
    assert about('<meta name="author" content="https://lantern.example/staff">').author is None
    assert about('<meta name="author" content="editor">').author is None


@pytest.mark.parametrize(
    "script", ["{", "[[[[", '{"author": 1, "headline": [], "@type": ["NewsArticle", null]}', "null", "7"]
)
def test_broken_linked_data_costs_nothing_else(script: str) -> None:
    found = about(f'<script type="application/ld+json">{script}</script><title>The headline of the story</title>')
    assert found.title == "The headline of the story"
