"""Downloading over HTTP: Scrapy's handler, with the bound on headers that it lacks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
    _LenientHTTPClientParser,
)

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from twisted.internet.defer import Deferred
    from twisted.internet.interfaces import IAddress
    from twisted.web._newclient import HTTP11ClientProtocol, Request
    from twisted.web.iweb import IResponse

# All headers of an answer together, those of interim answers included. Servers and browsers allow 8 to 256 KiB.
MOST_HEADER_BYTES = 128 * 1024

_GOODBYE_SECONDS = 0.1
# Bytes read at once: of the headers few, as all that was read is copied again for each line of them; of a body many, as
# each read goes through the event loop and ten layers. Twisted's 65,536 for both make five reads of a page.
_HEAD_READ, _BODY_READ = 8 * 1024, 512 * 1024


class HeadersTooLong(Exception):
    """The headers of an answer are longer than any honest server's."""


class BoundedHandler(HTTP11DownloadHandler):
    """Scrapy's handler of HTTP and HTTPS, whose size limit counts the body alone, with a limit on headers, too."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._pool._factory = _BoundedFactory
        # Servers that do not answer a goodbye are not waited for at the end of each spider: nothing more is asked.
        self._disconnect_timeout = _GOODBYE_SECONDS  # type: ignore[assignment]


class _BoundedFactory(_LenientHTTP11ClientFactory):
    def buildProtocol(self, addr: IAddress | None) -> HTTP11ClientProtocol:
        return _BoundedProtocol(self._quiescentCallback)  # type: ignore[no-untyped-call]


class _BoundedProtocol(_LenientHTTP11ClientProtocol):
    transport: Any

    def request(self, request: Request) -> Deferred[IResponse]:
        self.transport.bufferSize = _HEAD_READ
        answer = super().request(request)
        # As Scrapy's own protocol does it: which parser is used cannot be told in another way.
        assert self._parser is not None
        self._parser.__class__ = _BoundedParser
        return answer

    def dataReceived(self, data: bytes) -> None:
        self.transport.bufferSize = _BODY_READ
        super().dataReceived(data)  # type: ignore[no-untyped-call]


class _BoundedParser(_LenientHTTPClientParser):
    taken = 0

    def lineReceived(self, line: bytes) -> None:
        self.taken += len(line) + 1
        if self.taken > MOST_HEADER_BYTES:
            raise HeadersTooLong
        super().lineReceived(line)

    def lineLengthExceeded(self, line: bytes) -> Any:
        raise HeadersTooLong
