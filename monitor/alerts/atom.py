"""An Atom feed (RFC 4287) in a file, for feed readers and intranet pages: the newest messages, once each."""

from __future__ import annotations

import os
import tempfile
from datetime import datetime
from pathlib import Path

from lxml import etree

from monitor.alerts.messages import Message
from monitor.items import isoformat

_ATOM = "http://www.w3.org/2005/Atom"
_MOST = 100
_NOT_XML = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF])


def add_entry(path: Path, title: str, message: Message, now: datetime) -> None:
    """Put ``message`` first into the feed at ``path``; a message that stands in it already is not added again.

    The file is replaced at once, so that readers never see half of it. Raises OSError.
    """
    identifier = f"urn:border-monitor:{message.id}"
    feed = _read(path, title)
    entries = feed.findall(f"{{{_ATOM}}}entry")
    if any(entry.findtext(f"{{{_ATOM}}}id") == identifier for entry in entries):
        return
    for old in entries[_MOST - 1 :]:
        feed.remove(old)
    _set(feed, "updated", isoformat(now) or "")
    entry = etree.Element(f"{{{_ATOM}}}entry")
    for name, value in (("id", identifier), ("title", message.title), ("updated", isoformat(now) or "")):
        _set(entry, name, value)
    _set(entry, "content", message.html).set("type", "html")
    category = etree.SubElement(entry, f"{{{_ATOM}}}category")
    category.set("term", message.severity)
    feed.insert(len(feed) - len(feed.findall(f"{{{_ATOM}}}entry")), entry)
    _replace(path, etree.tostring(feed, xml_declaration=True, encoding="utf-8", pretty_print=True))


def _read(path: Path, title: str) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_blank_text=True)
    if path.exists() and path.stat().st_size:
        try:
            return etree.fromstring(path.read_bytes(), parser)
        except etree.XMLSyntaxError as error:
            raise OSError(f"{path}: is no feed of ours ({error}); move it away") from error
    feed = etree.Element(f"{{{_ATOM}}}feed", nsmap={None: _ATOM})
    _set(feed, "id", f"urn:border-monitor:feed:{path.name}")
    _set(feed, "title", title)
    author = etree.SubElement(feed, f"{{{_ATOM}}}author")
    _set(author, "name", "Border Monitor")
    return feed


def _set(parent: etree._Element, name: str, text: str) -> etree._Element:
    found = parent.find(f"{{{_ATOM}}}{name}")
    element = found if found is not None else etree.SubElement(parent, f"{{{_ATOM}}}{name}")
    element.text = text.translate(_NOT_XML)
    return element


def _replace(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as stream:
        try:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
            Path(stream.name).chmod(0o644)
            Path(stream.name).replace(path)
        except BaseException:
            Path(stream.name).unlink(missing_ok=True)
            raise
