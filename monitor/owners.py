"""Which of the declared outlets a story found elsewhere is from, by its address."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from monitor.sources import Source
from monitor.urls import canonical_url, host_of, same_site


def find_owner(url: str, sources: Iterable[Source]) -> Source | None:
    """The source among ``sources`` whose site ``url`` is on; None when there is none, or it cannot be told which.

    Of several editions on one site it is the one whose front page the address stands below (``/urdu/…``), or whose
    host it has; failing that, the one whose front page is the root of the site.
    """
    found = [source for source in sources if same_site(source.homepage, url)]
    if not found:
        return None
    best = max(_likeness(source, url) for source in found)
    owners = [source for source in found if _likeness(source, url) == best]
    return owners[0] if best >= (0, 0) and len(owners) == 1 else None


def _likeness(source: Source, url: str) -> tuple[int, int]:
    """How long a part of the path, and whether the host, is that of the front page; below (0, 0) it is not theirs."""
    front, path = urlsplit(source.homepage).path.rstrip("/"), urlsplit(url).path
    below = not front or path == front or path.startswith(front + "/")
    return (len(front) if below else -1, int(_host(source.homepage) == _host(url)))


def _host(url: str) -> str:
    """The host without ``www``, ``m`` and the like."""
    return host_of(canonical_url(url))
