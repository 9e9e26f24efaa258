"""HTML read from bytes that may be anything, and the text of a piece of it with its lines."""

from __future__ import annotations

import re

from lxml import etree, html
from lxml.html import HtmlElement

from monitor.extract import decode

_UNSEEN = ("script", "style", "noscript", "template", "svg", "iframe")
_LINE = frozenset(
    """
    address article aside blockquote br dd div dl dt figcaption figure footer h1 h2 h3 h4 h5 h6 header hr li main nav ol
    p pre section table tr ul
    """.split()
)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.I)
_BLANK = re.compile(r"[^\S\n]+")


def parse_page(body: bytes, content_type: str | None = None) -> HtmlElement | None:
    """The tree of the page ``body`` without comments, scripts, styles and frames; None when nothing can be read.

    ``content_type`` is the HTTP header; its charset and the page's own are believed as far as the bytes bear them out.
    """
    declared = _CHARSET.search(content_type or "")
    text = decode(body, declared[1] if declared else None).replace("\0", "")
    try:
        tree = html.document_fromstring(text.encode(), parser=_parser())
    except (etree.ParserError, etree.XMLSyntaxError):
        return None
    etree.strip_elements(tree, *_UNSEEN, with_tail=False)
    return tree


def html_text(markup: str) -> str:
    """The text of the HTML fragment ``markup``, as ``element_text`` gives it; "" when there is none."""
    try:
        element = html.fragment_fromstring(markup.encode(), create_parent="div", parser=_parser())
    except (etree.ParserError, etree.XMLSyntaxError):
        return ""
    etree.strip_elements(element, *_UNSEEN, with_tail=False)
    return element_text(element)


def element_text(element: HtmlElement) -> str:
    """The text of ``element``: a line for each block and line break, no empty lines, blanks made one."""
    pieces: list[str] = []
    for event, node in etree.iterwalk(element, events=("start", "end")):
        if node.tag in _LINE:
            pieces.append("\n")
        if event == "start":
            pieces.append(node.text or "")
        elif node is not element:
            pieces.append(node.tail or "")
    lines = (_BLANK.sub(" ", line).strip() for line in "".join(pieces).split("\n"))
    return "\n".join(line for line in lines if line)


def _parser() -> html.HTMLParser:
    # Text is decoded before it is parsed: an encoding declared inside must not be believed again.
    return html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
