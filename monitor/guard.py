"""The address guard: no connection goes to an address that is not public, whatever name, link or redirect led there.

It stands at the one place all connections pass, with the address already resolved, so that a DNS answer, a redirect,
a feed link, robots.txt and a sitemap are all checked alike, and nothing can change between the check and the use.
"""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scrapy.exceptions import IgnoreRequest

from monitor.errors import ConfigError

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

# NAT64 (RFC 6052): what an IPv6-only network makes of a public IPv4 address, in the last 32 bits.
_NAT64 = IPv6Network("64:ff9b::/96")


class PrivateAddress(IgnoreRequest):
    """The host is this machine, a private network, or another place that is not the public internet."""


def is_public(address: str) -> bool:
    """Whether ``address``, an IP address as resolved, is one of the public internet.

    Loopback, private, link-local (cloud metadata), shared (CGNAT), multicast, reserved and unspecified addresses are
    not; IPv6 forms that carry an IPv4 address are judged by it too. A host name is not an address: False.
    """
    ip = _address(address)
    if ip is None:
        return False
    return all(one.is_global and not one.is_multicast and not one.is_reserved for one in _meant(ip))


def is_loopback(url: str) -> bool:
    """Whether ``url`` names this very machine, by address or as localhost."""
    host = urlsplit(url).hostname or ""
    ip = _address(host)
    return host == "localhost" if ip is None else ip.is_loopback


def _meant(ip: IPv4Address | IPv6Address) -> list[IPv4Address | IPv6Address]:
    """The addresses that ``ip`` leads to: itself, and the IPv4 address inside a mapped, 6to4, Teredo or NAT64 one."""
    if isinstance(ip, IPv4Address):
        return [ip]
    if ip in _NAT64:
        return [IPv4Address(int(ip) & 0xFFFFFFFF)]
    return [ip, *(one for one in (ip.ipv4_mapped, ip.sixtofour, *(ip.teredo or ())) if one is not None)]


def read_networks(text: str) -> tuple[IPv4Network | IPv6Network, ...]:
    """The addresses and networks in ``text``, separated by commas; ConfigError names one that is neither."""
    networks = []
    for item in filter(None, (part.strip() for part in text.split(","))):
        try:
            networks.append(ip_network(item))
        except ValueError as error:
            raise ConfigError(f"crawl.allow_addresses: {item!r} is no address or network ({error})") from error
    return tuple(networks)


class AddressGuard:
    """Extension that puts the guard into the reactor. ALLOW_PRIVATE_HOSTS lifts it, ALLOW_ADDRESSES for some hosts."""

    def __init__(self, allow_private: bool, allowed: Sequence[IPv4Network | IPv6Network]) -> None:
        from twisted.internet import reactor

        guarded: Any = reactor
        connect = getattr(guarded.connectTCP, "unguarded", guarded.connectTCP)
        guarded.connectTCP = connect if allow_private else guard(connect, allowed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> AddressGuard:
        settings = crawler.settings
        return cls(settings.getbool("ALLOW_PRIVATE_HOSTS"), read_networks(settings.get("ALLOW_ADDRESSES") or ""))


def guard(connect: Any, allowed: Sequence[IPv4Network | IPv6Network] = ()) -> Any:
    """``connect`` (a reactor's connectTCP) that refuses addresses neither public nor ``allowed``: PrivateAddress."""

    def connect_guarded(host: str, port: int, *args: Any, **kwargs: Any) -> Any:
        if not is_public(host) and not any(_address(host) in network for network in allowed):
            raise PrivateAddress(f"{host} is not a public address; --allow-private-hosts lets the crawl go there")
        return connect(host, port, *args, **kwargs)

    connect_guarded.unguarded = connect  # type: ignore[attr-defined]
    return connect_guarded


def _address(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host.partition("%")[0])
    except ValueError:
        return None
