"""Documents from the web, where LOTSE_FETCH allows it: public addresses only, however a name or a redirect disguises them.

An address is checked after its name was resolved, and the connection goes to the very address that was checked.
"""

from __future__ import annotations

import hashlib
import ipaddress
import re
import socket
import ssl
import time
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

import httpcore
import httpx

from assistant.errors import UnreadableFileError
from ingest.read import MAX_BYTES

Resolve = Callable[[str, int], Sequence[str]]
"""A host name and a port to its addresses; raises OSError where there is none."""

_REDIRECTS = {301, 302, 303, 307, 308}
_MOST_REDIRECTS = 5
_NAT64 = ipaddress.ip_network("64:ff9b::/96")  # leads to any IPv4 address, private ones too
_ASSIGNED = ipaddress.ip_network("192.0.0.0/24")  # some of it global by the book; a cloud serves its secrets there
_ENDINGS = {
    "text/html": (".html", ".htm", ".xhtml"),
    "application/xhtml+xml": (".html", ".htm", ".xhtml"),
    "text/plain": (".txt", ".md", ".markdown", ".csv", ".eml"),
    "text/markdown": (".md", ".markdown"),
    "text/csv": (".csv",),
    "message/rfc822": (".eml",),
    "application/pdf": (".pdf",),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": (".docx",),
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": (".pptx",),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": (".xlsx",),
}
_NAME_LENGTH = 150
_NOT_IN_NAMES = re.compile(r"[^\w.,;+=@()~-]+")
_TRY = "Download it yourself and put it into a folder."


@dataclass(frozen=True, slots=True)
class Fetched:
    """What an address holds."""

    content: bytes
    address: str  # after redirects
    media_type: str  # as "text/html"; empty where the server states none


@dataclass(frozen=True, slots=True)
class FetchLimits:
    """What fetching one address may take."""

    content: int = MAX_BYTES
    seconds: float = 60.0  # for all of it, redirects included
    silence: float = 10.0  # seconds without a byte


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public Internet."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour
        if inner is not None:
            return is_public(str(inner))
        if ip in _NAT64 or ip.teredo or ip.is_site_local:
            return False
    return ip.is_global and ip not in _ASSIGNED and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified)


def resolve(host: str, port: int) -> Sequence[str]:
    """All addresses of a host name, as the system sees them."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def fetch(
    address: str,
    limits: FetchLimits = FetchLimits(),
    *,
    resolve: Resolve = resolve,
    allowed: Callable[[str], bool] = is_public,
    certificates: ssl.SSLContext | None = None,
) -> Fetched:
    """Fetch one address over HTTP or HTTPS, without proxies, cookies or passwords.

    Raises:
        UnreadableFileError: it must not be fetched, cannot be, is no success, too large or takes too long.
    """
    network = _CheckedNetwork(resolve, allowed, time.monotonic() + limits.seconds)
    try:
        with httpcore.ConnectionPool(certificates or ssl.create_default_context(), network_backend=network) as pool:
            url = _checked(address)
            for _ in range(_MOST_REDIRECTS + 1):
                found = _get(pool, url, limits)
                if isinstance(found, Fetched):
                    return found
                url = found
    except httpcore.TimeoutException:
        raise UnreadableFileError("fetching it took too long.", _TRY) from None
    except (httpcore.NetworkError, httpcore.ProtocolError, ssl.SSLError) as error:
        reason = str(error) or type(error).__name__
        raise UnreadableFileError(f"it cannot be fetched ({reason}).", "Check the address.") from None
    raise UnreadableFileError(f"it is redirected more than {_MOST_REDIRECTS} times.", _TRY)


def document_name(address: str, media_type: str = "") -> str:
    """The name of the document an address holds, with an ending that tells its format."""
    parts = urlsplit(address)
    steps = [_NOT_IN_NAMES.sub("-", unquote(step)) for step in f"{parts.hostname or ''}{parts.path}".split("/")]
    name = unicodedata.normalize("NFC", "/".join(step for step in steps if step.strip(".")))
    known = _ENDINGS.get(media_type, ())
    ending = PurePosixPath(name).suffix.lower() if "/" in name else ""
    if known and ending not in known:
        name, ending = f"{name}{known[0]}", known[0]
    if parts.query or len(name) > _NAME_LENGTH:  # keeps the names of different addresses different
        mark = hashlib.sha256(address.encode(errors="replace")).hexdigest()[:8]
        name = f"{name.removesuffix(ending)[:_NAME_LENGTH]}-{mark}{ending}"
    return name


def _checked(address: str) -> httpx.URL:
    try:
        url = httpx.URL(address)
    except httpx.InvalidURL as error:
        raise UnreadableFileError(f"its address is none ({error}).", "Correct it.") from None
    if url.scheme not in ("http", "https"):
        raise UnreadableFileError(f"it is redirected to {url.scheme or 'nowhere'}.", _TRY)
    if not url.host:
        raise UnreadableFileError("its address names no host.", "Correct it.")
    if url.userinfo:
        raise UnreadableFileError("its address holds a name or password.", _TRY)
    return url


def _get(pool: httpcore.ConnectionPool, url: httpx.URL, limits: FetchLimits) -> Fetched | httpx.URL:
    """What stands there, or where it leads to."""
    headers: list[tuple[bytes | str, bytes | str]] = [
        ("host", url.netloc),
        ("accept", "*/*"),
        ("accept-encoding", "identity"),
        ("user-agent", "clusterlotse"),
    ]
    place = httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
    timeout = dict.fromkeys(("connect", "read", "write", "pool"), limits.silence)
    with pool.stream("GET", place, headers=headers, extensions={"timeout": timeout}) as response:
        stated = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers}
        if response.status in _REDIRECTS and "location" in stated:
            return _joined(url, stated["location"])
        if response.status != 200:
            raise UnreadableFileError(f"the server answers {response.status}.", "Check the address.")
        if stated.get("content-encoding", "identity").lower() != "identity":
            raise UnreadableFileError("it comes compressed, which was not asked for.", _TRY)
        content = _limited(response.iter_stream(), limits.content)
    media_type, _, options = stated.get("content-type", "").partition(";")
    media_type = media_type.strip().lower()
    return Fetched(_as_utf8(content, media_type, options), str(url), media_type)


def _joined(url: httpx.URL, location: str) -> httpx.URL:
    try:
        return _checked(str(url.join(location)))
    except httpx.InvalidURL as error:
        raise UnreadableFileError(f"it is redirected to what is no address ({error}).", _TRY) from None


def _limited(parts: Iterable[bytes], most: int) -> bytes:
    content = bytearray()
    for part in parts:
        content += part
        if len(content) > most:
            raise UnreadableFileError(f"it has more than {most / 1e6:.0f} MB.", _TRY)
    return bytes(content)


def _as_utf8(content: bytes, media_type: str, options: str) -> bytes:
    """A text in UTF-8; only the server knows its encoding, and a file cannot say it."""
    charset = re.search(r"charset\s*=\s*[\"']?([\w.:-]+)", options, re.IGNORECASE)
    if media_type.startswith("text/") and charset and charset[1].lower() not in ("utf-8", "utf8"):
        try:
            return content.decode(charset[1]).encode("utf-8-sig")
        except (LookupError, UnicodeError):
            pass  # the reader says what is wrong with it
    return content


class _CheckedNetwork(httpcore.SyncBackend):
    """Connects to nothing but checked addresses, and not beyond a point in time."""

    def __init__(self, resolve: Resolve, allowed: Callable[[str], bool], until: float) -> None:
        self._resolve, self._allowed, self._until = resolve, allowed, until

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Resolve once, refuse the host if one of its addresses is refused, connect to the first that can be reached."""
        try:
            addresses = self._resolve(host, port)
        except (OSError, UnicodeError):
            addresses = []
        for address in addresses:
            if not self._allowed(address):
                raise UnreadableFileError(f"its host {host} is not public ({address}).", _TRY)
        for place, address in enumerate(addresses, 1):
            try:
                left = _left(self._until, timeout)
                return _TimedStream(
                    super().connect_tcp(address, port, left, local_address, socket_options), self._until
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if place == len(addresses):
                    raise
        raise UnreadableFileError(f"its host {host} is not found.", "Check the address and the network.")


class _TimedStream(httpcore.NetworkStream):
    """A connection that ends at a point in time, however often a byte comes."""

    def __init__(self, stream: httpcore.NetworkStream, until: float) -> None:
        self._stream, self._until = stream, until

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(self._until, timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _left(self._until, timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        inner = self._stream.start_tls(ssl_context, server_hostname, _left(self._until, timeout))
        return _TimedStream(inner, self._until)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _left(until: float, timeout: float | None) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout
    return left if timeout is None else min(left, timeout)
