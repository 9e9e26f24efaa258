"""Public channel previews of Telegram (t.me/s/<channel>): messages, and the links to stories that they carry."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from monitor.analysis.text import sentences
from monitor.entries import MAX_ENTRIES, MAX_SUMMARY, MAX_TITLE, Entry, plain_text, usable_link
from monitor.errors import FeedError
from monitor.htmltext import element_text, parse_page
from monitor.items import Precision

SITE = "https://t.me"
_HOSTS = frozenset({"t.me", "telegram.me", "telegram.dog", "telegram.org"})
_POST = re.compile(r"([A-Za-z]\w{3,31})/(\d{1,12})")
_PERMALINK = re.compile(r"https://t\.me/([A-Za-z]\w{3,31})/(\d{1,12})")
_HEADLINE = 160  # characters
# What decorates the ends of a line: signs and symbols, and tags in front of words.
_BEFORE = re.compile(r"^(?:[^\w\"'“‘«(\[#]+|#\w+\s+(?=\S))+")
_AFTER = re.compile(r"[^\w.!?؟۔।\"'”’»)\]…]+$")


@dataclass(frozen=True, slots=True)
class Message:
    """One message with text. ``links`` are those in text and preview card that lead out of Telegram, each once."""

    channel: str
    id: int
    text: str = field(repr=False)
    published_at: datetime | None
    links: tuple[str, ...] = ()

    @property
    def url(self) -> str:
        """Where the message stands for good."""
        return f"{SITE}/{self.channel}/{self.id}"


def preview_url(base: str, channel: str, before: int | None = None) -> str:
    """The preview of the newest messages of ``channel``, or of those before message ``before``."""
    return f"{base.rstrip('/')}/s/{channel}" + (f"?before={before}" if before else "")


def message_of(url: str) -> tuple[str, int] | None:
    """Channel and number of the message whose own address (``Message.url``) is ``url``; None when it is none."""
    found = _PERMALINK.fullmatch(url)
    return (found[1], int(found[2])) if found else None


def parse_channel(body: bytes, url: str, content_type: str | None = None) -> tuple[Message, ...]:
    """The messages with text on the preview page ``body`` of a channel, fetched from ``url``, oldest first.

    Raises FeedError, one sentence beginning with ``url``, when the page is no preview: Telegram shows another page for
    a channel that is private, renamed, or has its preview switched off.
    """
    tree = parse_page(body, content_type)
    if tree is None:
        raise FeedError(f"{url}: is empty where the preview of a channel should be")
    posts = tree.xpath("//*[@data-post]")
    if not posts and not tree.xpath("//*[contains(@class, 'tgme_channel_')]"):
        message = "shows no messages; the channel may be private, renamed, or have its preview switched off"
        raise FeedError(f"{url}: {message}")
    return tuple(sorted(filter(None, map(_message, posts[:MAX_ENTRIES])), key=lambda message: message.id))


def _message(post: HtmlElement) -> Message | None:
    """The message in ``post``; None when it has no text of its own: pictures, service messages."""
    named = _POST.fullmatch(post.get("data-post", ""))
    body = next(_texts(post), None)
    if named is None or body is None:
        return None
    text = element_text(body)
    if not text:
        return None
    cards = post.xpath(".//a[contains(@class, 'tgme_widget_message_link_preview')]")
    hrefs = [anchor.get("href") for anchor in (*body.iter("a"), *cards)]
    links = [link for href in hrefs if (link := _outward(href))]
    return Message(named[1], int(named[2]), text, _sent_at(post), tuple(dict.fromkeys(links)))


def _texts(post: HtmlElement) -> Iterator[HtmlElement]:
    """The elements with a message's own text, not that of the message it answers."""
    for element in post.iter("div"):
        names = (element.get("class") or "").split()
        if "tgme_widget_message_text" in names and "js-message_reply_text" not in names:
            yield element


def _outward(href: str | None) -> str | None:
    link = usable_link(href, "") if href and "://" in href else None
    return link if link and urlsplit(link).hostname not in _HOSTS else None


def _sent_at(post: HtmlElement) -> datetime | None:
    """When the message was sent; None when the page does not say so in full."""
    for stamp in post.xpath(".//a[contains(@class, 'tgme_widget_message_date')]//time/@datetime"):
        try:
            sent = datetime.fromisoformat(stamp)
        except ValueError:
            continue
        if sent.tzinfo is not None:
            return sent.astimezone(UTC)
    return None


def listed(message: Message, is_own: Callable[[str], bool]) -> tuple[Entry, ...]:
    """What ``message`` lists: the stories it links to, ``is_own`` telling which links are to the source's own.

    Empty when it links to none: then the message is a story of its own (``as_story``).
    """
    links = [link for link in message.links if is_own(link)]
    # What a message says is said of its one link; of several, nobody knows which words go with which.
    title = headline(message.text) if len(links) == 1 else ""
    summary = plain_text(message.text, MAX_SUMMARY, markup=False)
    precision: Precision = "minute" if message.published_at else "unknown"
    return tuple(Entry(link, title, summary, message.published_at, precision, id=link) for link in links)


def as_story(message: Message) -> Entry:
    """``message`` as a story of its own: its first line or sentence is the title."""
    return Entry(
        url=message.url,
        title=headline(message.text),
        summary=plain_text(message.text, MAX_SUMMARY, markup=False),
        published_at=message.published_at,
        published_precision="minute" if message.published_at else "unknown",
        id=message.url,
    )


def headline(text: str) -> str:
    """The first line of ``text`` that says something, without the signs around it; its first sentence when long."""
    lines = [_AFTER.sub("", _BEFORE.sub("", line)) for line in text.splitlines()]
    line = next((line for line in lines if len(line.split()) >= 3), next(filter(None, lines), ""))
    if len(line) > _HEADLINE:
        first = next(iter(sentences(line)), None)
        line = line[first.start : first.end] if first else line
    return plain_text(line, _HEADLINE if len(line) > _HEADLINE else MAX_TITLE, markup=False)
