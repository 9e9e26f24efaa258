"""The parts of a URL in one spelling: percent-encoding, host names, and the site a host belongs to."""

from __future__ import annotations

import functools
import ipaddress
import re
import unicodedata
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, unquote_to_bytes, urlsplit

if TYPE_CHECKING:
    from tldextract import TLDExtract

MAX_URL = 4096  # characters; a long Urdu headline percent-encoded stays well below
DEFAULT_PORTS = {"http": 80, "https": 443}
# Labels in front of the registrable domain that name another dress of the same site.
_TWIN_LABELS = frozenset({"www", "m", "mobile", "amp", "wap", "touch"})

_FORM = re.compile(r"https?://[^\s\\\x00-\x1f\x7f-\x9f\ud800-\udfff]+", re.I)
_HOST = re.compile(r"[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?)*")
_STRAY = re.compile(r"%(?![0-9A-Fa-f]{2})")
_ESCAPES = re.compile(r"(?:%[0-9A-Fa-f]{2})+")
_ESCAPE = re.compile(r"(%[0-9A-F]{2})")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_PLAIN = re.compile(r"[A-Za-z0-9\-._~!$'()*,:@/=+&]*")
_UNSAFE = re.compile(r"[^A-Za-z0-9\-._~!$'()*,;:@/=+&%]")


def split(url: str) -> SplitResult | None:
    """The parts of ``url`` when it is an http or https URL that a crawler may ask for, else None.

    Refused are other schemes, a missing or impossible host, a user name or password, a port that is none, blanks,
    control characters and backslashes, and more than ``MAX_URL`` characters.
    """
    if len(url) > MAX_URL or not _FORM.fullmatch(url):
        return None
    try:
        parts = urlsplit(url)
        port = parts.port
        host = parts.hostname
    except ValueError:
        return None
    if not host or port == 0 or "@" in parts.netloc or not ascii_host(host):
        return None
    return parts


@functools.lru_cache(maxsize=8192)
def ascii_host(host: str) -> str:
    """``host`` in lower case and Punycode without a dot at its end, or "" when it cannot be a host name."""
    host = host.lower().rstrip(".")
    if ":" in host:
        try:
            return f"[{ipaddress.IPv6Address(host)}]"
        except ValueError:
            return ""
    if not host.isascii():
        try:
            host = host.encode("idna").decode("ascii").lower().rstrip(".")
        except UnicodeError:
            return ""
    fits = len(host) <= 253 and _HOST.fullmatch(host) and all(len(label) <= 63 for label in host.split("."))
    return host if fits else ""


@functools.lru_cache(maxsize=8192)
def main_host(host: str) -> str:
    """``host`` (as ``ascii_host`` gives it) without labels that name a mobile, AMP or ``www`` twin of the same site."""
    site = registrable(host)
    if not site or site == host:
        return host
    labels = [label for label in host[: -len(site) - 1].split(".") if label not in _TWIN_LABELS]
    return ".".join([*labels, site])


@functools.lru_cache(maxsize=8192)
def registrable(host: str) -> str:
    """The registrable domain of ``host`` after the public suffix list, "" for an address or a bare name.

    The list is the one that comes with tldextract: nothing is downloaded, nothing written. A top-level domain the list
    does not know counts as a suffix, as the list's own default rule has it. Hosts under a suffix where each customer
    has a name of their own (blog hosters) are sites of their own.
    """
    if host.startswith("[") or host.replace(".", "").isdigit():
        return ""
    found = _suffixes().extract_str(host)
    if found.suffix:
        return f"{found.domain}.{found.suffix}" if found.domain else ""
    labels = host.split(".")
    return ".".join(labels[-2:]) if len(labels) > 1 else ""


@functools.cache
def _suffixes() -> TLDExtract:
    import tldextract  # slow to import, and only crawling needs it

    return tldextract.TLDExtract(cache_dir=None, suffix_list_urls=(), include_psl_private_domains=True)


def recode(text: str) -> str:
    """Part of a path or query in its one spelling: NFC, UTF-8, escapes in capitals and only where they are needed.

    ``text`` as typed, as percent-encoded in either case, and in another Unicode composition give the same. Escapes
    that are reserved characters stay escapes; bytes that are not UTF-8 stay as they are.
    """
    if _PLAIN.fullmatch(text):
        return text
    text = _ESCAPES.sub(_decoded, _STRAY.sub("%25", text))
    if not text.isascii():
        pieces = _ESCAPE.split(text)
        pieces[::2] = [unicodedata.normalize("NFC", piece) for piece in pieces[::2]]
        text = "".join(pieces)
    return _UNSAFE.sub(_encoded, text)


def _decoded(run: re.Match[str]) -> str:
    try:
        text = unquote_to_bytes(run[0]).decode("utf-8")
    except UnicodeDecodeError:
        return run[0].upper()
    return "".join(char if char in _UNRESERVED or char > "\x7f" else f"%{ord(char):02X}" for char in text)


def _encoded(char: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in char[0].encode("utf-8"))
