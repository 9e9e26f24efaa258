"""The archived copy of a story's page, as something to read: its words and their order, and nothing that can act.

Two walls. Of the page only elements and attributes that are known to be harmless are written anew, from the parsed
tree: no script, style, form, frame, link or picture from elsewhere. And the answer has a policy of its own, under which
a browser would run and load nothing even if something had slipped through: in a sandbox, as of another origin.
"""

from __future__ import annotations

import asyncio
import re
import sqlite3
from collections.abc import Callable, Iterator
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from datasette.utils.asgi import NotFound, Request, Response
from lxml import etree, html

from monitor import archive, errors
from monitor.items import Story, isoformat
from monitor.store.stories import load_story
from monitor.warc import ArchivedPage
from monitor.web.filters import stamp
from monitor.web.marks import direction
from monitor.web.policies import COPY_POLICY, COPY_STYLE
from monitor.web.site import Site, query

if TYPE_CHECKING:
    from datasette.app import Datasette

T = TypeVar("T")

_KEPT = frozenset(
    "p h1 h2 h3 h4 h5 h6 div section article main header footer nav aside address blockquote pre figure figcaption"
    " ul ol li dl dt dd table caption thead tbody tfoot tr th td hr br span em strong b i u s small sub sup mark q cite"
    " code abbr time ins del bdi bdo ruby rt rp".split()
)
_EMPTY = frozenset({"br", "hr"})
# What has no words for readers; everything else that is not kept leaves its words behind.
_DROPPED = frozenset(
    "head script style template svg math iframe frame frameset object embed applet audio video canvas map noembed"
    " noframes select option datalist textarea input button meter progress link meta base title dialog".split()
)
_ATTRIBUTES = {
    "lang": re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,3}"),
    "dir": re.compile(r"ltr|rtl|auto", re.I),
    "colspan": re.compile(r"[1-9]\d?"),
    "rowspan": re.compile(r"[1-9]\d?"),
    "datetime": re.compile(r"[\d:TZ+. -]{4,40}"),
}
_PICTURE = re.compile(r"data:image/(png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]+", re.I)


async def copy_page(datasette: Datasette, request: Request) -> Response:
    """The copy to read; ``?revision=N`` for an earlier one."""
    story, page = await _of_story(datasette, request, archive.load_page)
    headers = {"content-security-policy": COPY_POLICY, "x-dns-prefetch-control": "off"}
    return Response.html(await asyncio.to_thread(document, story, page), headers=headers)


async def copy_file(datasette: Datasette, request: Request) -> Response:
    """The copy as it was fetched, to keep: a WARC file with this page alone."""
    story, record = await _of_story(datasette, request, archive.load_record)
    headers = {"content-disposition": f'attachment; filename="{story.id}.warc.gz"'}
    return Response(record, content_type="application/gzip", headers=headers)


async def _of_story(
    datasette: Datasette, request: Request, load: Callable[[sqlite3.Connection, Path, Story, int | None], T]
) -> tuple[Story, T]:
    """The story asked for, and what ``load`` finds of it and of the revision asked for."""
    db, identifier, number = Site.of(datasette).config.db, request.url_vars["id"], request.args.get("revision") or ""
    revision = int(number) if re.fullmatch(r"[1-9]\d{0,5}", number, re.A) else None

    def find(conn: sqlite3.Connection) -> tuple[Story, T]:
        story = load_story(conn, identifier)
        if story is None:
            raise NotFound(f"There is no story {identifier}")
        return story, load(conn, db, story, revision)

    try:
        return await query(datasette, find)
    except errors.NotFound as error:
        # It names files of this machine, which are no matter of readers.
        message = f"No copy of its page is kept, or it cannot be read; 'monitor show {identifier} --archived' says why"
        raise NotFound(message) from error


def document(story: Story, page: ArchivedPage) -> str:
    """The whole answer: whose page this is and of when, then the page without anything that acts."""
    from monitor.extract import decode, without_scripts

    tree = parsed(without_scripts(decode(page.body, page.encoding)))
    language = _allowed("lang", tree.get("lang")) or story.language
    way = _allowed("dir", tree.get("dir")) or direction(language.split("-")[0].lower())
    body = "".join(harmless(tree))
    fetched = isoformat(page.fetched_at) or ""
    return f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Archived: {escape(story.title)}</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<style>{COPY_STYLE}</style></head>
<body><header class="banner"><p><strong>Archived copy</strong> of <bdi class="url">{escape(page.url)}</bdi><br>
fetched <time datetime="{fetched}">{stamp(page.fetched_at)}</time>. Scripts, styles, forms, links, and pictures from
elsewhere were taken out.</p>
<p><a href="/story/{escape(story.id)}">Back to the story</a></p></header>
<div class="copy" lang="{language}" dir="{way}">{body}</div></body></html>"""


def parsed(text: str) -> html.HtmlElement:
    """The tree of a page; of one that has none, an empty one."""
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        return html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError):
        return html.document_fromstring("<p>The page is empty.</p>")


def harmless(tree: html.HtmlElement) -> Iterator[str]:
    """The pieces of HTML that show the words of ``tree``, written anew from what is known to be harmless."""
    walk = etree.iterwalk(tree, events=("start", "end"))
    for event, element in walk:
        tag = element.tag if isinstance(element.tag, str) else ""
        dropped = not tag or tag in _DROPPED
        if event == "start":
            if dropped:
                walk.skip_subtree()
            elif tag == "img":
                yield _picture(element)
            elif tag in _KEPT:
                yield f"<{tag}{_attributes(element)}>"
            if not dropped:
                yield escape(element.text or "")
        else:
            if tag in _KEPT and tag not in _EMPTY:
                yield f"</{tag}>"
            if element is not tree:
                yield escape(element.tail or _gap(element))


def _gap(element: html.HtmlElement) -> str:
    """The space that a page's style puts between the links of a menu."""
    after = element.getnext()
    return " " if element.tag == "a" and after is not None and after.tag == "a" else ""


def _picture(element: html.HtmlElement) -> str:
    source, words = element.get("src") or "", escape(" ".join((element.get("alt") or "").split()))
    if _PICTURE.fullmatch(source.strip()):
        return f'<img src="{escape(source.strip())}" alt="{words}">'
    return f'<span class="picture">[{words}]</span>' if words else ""


def _attributes(element: html.HtmlElement) -> str:
    found = ((name, _allowed(name, element.get(name))) for name in _ATTRIBUTES)
    return "".join(f' {name}="{value}"' for name, value in found if value)


def _allowed(name: str, value: str | None) -> str | None:
    value = (value or "").strip()
    return value if _ATTRIBUTES[name].fullmatch(value) else None
