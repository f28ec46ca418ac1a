"""Addresses as documents, against real servers on this machine; which addresses are public is checked by itself."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant.errors import InvalidInputError, UnreadableFileError
from ingest import files
from ingest.fetch import Fetched, FetchLimits, document_name, fetch, is_public, resolve
from ingest.files import check_paths, find_files

LOOPBACK = "127.0.0.1"


class Server:
    """Answers each connection with bytes that depend on the requested path, and remembers what was asked."""

    def __init__(self) -> None:
        self.requests: list[str] = []
        self.replies: dict[str, bytes | Callable[[socket.socket], None]] = {}
        self._socket = socket.create_server((LOOPBACK, 0))
        self.port = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def url(self, path: str = "/", host: str = "docs.example") -> str:
        return f"http://{host}:{self.port}{path}"

    def says(self, path: str, body: bytes = b"", status: str = "200 OK", **headers: str) -> None:
        """A reply; the headers' names with underscores."""
        lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
        self.replies[path] = f"HTTP/1.1 {status}\r\nConnection: close\r\n{lines}\r\n".encode() + body

    def _serve(self) -> None:
        while True:
            client, _ = self._socket.accept()
            with client:
                head = b""
                while b"\r\n\r\n" not in head and head[:1] in (b"", b"G", b"s"):  # TLS begins otherwise
                    part = client.recv(65536)
                    if not part:
                        break
                    head += part
                if head == b"stop\r\n\r\n":
                    return
                self.requests.append(head.decode("latin-1"))
                reply = self.replies.get(head.split()[1].decode() if head[:1] == b"G" else "/", b"")
                with contextlib.suppress(OSError):  # the other side may have had enough
                    reply(client) if callable(reply) else client.sendall(reply)

    def stop(self) -> None:
        with socket.create_connection((LOOPBACK, self.port)) as client:
            client.sendall(b"stop\r\n\r\n")
        self._thread.join()
        self._socket.close()


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    yield server
    server.stop()


def get(url: str, hosts: dict[str, list[str]] | None = None, limits: FetchLimits | None = None) -> Fetched:
    """Fetch where `docs.example` is this machine and all addresses but 10.* are taken for public ones."""
    known = hosts or {"docs.example": [LOOPBACK]}
    return fetch(
        url,
        limits or FetchLimits(),
        resolve=lambda host, port: known.get(host, []),
        allowed=lambda address: not address.startswith("10."),
    )


def refusal(url: str, **options: Any) -> str:
    with pytest.raises(UnreadableFileError) as caught:
        get(url, **options)
    assert caught.value.fix
    return caught.value.message


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("2001:4860:4860::8888", True),
        ("127.0.0.1", False),
        ("127.8.9.10", False),
        ("0.0.0.0", False),  # noqa: S104 - one of those that are refused
        ("10.0.0.1", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("100.64.0.1", False),
        ("169.254.169.254", False),
        ("192.0.0.192", False),
        ("198.18.0.1", False),
        ("224.0.1.1", False),
        ("240.0.0.1", False),
        ("255.255.255.255", False),
        ("::", False),
        ("::1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:10.0.0.1", False),
        ("::ffff:8.8.8.8", True),
        ("::127.0.0.1", False),
        ("64:ff9b::7f00:1", False),
        ("64:ff9b::808:808", False),
        ("64:ff9b:1::a00:1", False),
        ("2002:7f00:1::1", False),
        ("2001:0:4136:e378:8000:63bf:3fff:fdd2", False),
        ("fe80::1", False),
        ("fe80::1%eth0", False),
        ("fec0::1", False),
        ("fc00::1", False),
        ("fd00:ec2::254", False),
        ("ff02::1", False),
        ("ff0e::1", False),
        ("2001:db8::1", False),
    ],
)
def test_which_addresses_are_public(address: str, public: bool) -> None:
    assert is_public(address) is public


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "0", "[::1]", "[::ffff:7f00:1]"],
)
def test_this_machine_is_refused_however_it_is_written(server: Server, host: str) -> None:
    with pytest.raises(UnreadableFileError, match=r"is not public|is not found|is none"):
        fetch(server.url(host=host))
    assert server.requests == []


def test_the_system_resolves_to_addresses() -> None:
    assert resolve(LOOPBACK, 80) == [LOOPBACK]


def test_a_document_is_fetched(server: Server) -> None:
    server.says("/a.pdf", b"%PDF-1.7", content_type="application/pdf; x=y", content_length="8")
    assert get(server.url("/a.pdf")) == Fetched(b"%PDF-1.7", server.url("/a.pdf"), "application/pdf")
    head = server.requests[0].lower()
    assert f"host: docs.example:{server.port}\r\n" in head
    assert "cookie" not in head
    assert "authorization" not in head


def test_a_host_is_refused_if_one_of_its_addresses_is(server: Server) -> None:
    hosts = {"docs.example": [LOOPBACK, "10.0.0.1"]}
    assert refusal(server.url(), hosts=hosts) == "its host docs.example is not public (10.0.0.1)."
    assert server.requests == []


def test_the_next_address_is_tried(server: Server) -> None:
    server.says("/", b"x")
    assert get(server.url(), {"docs.example": ["::1", LOOPBACK]}).content == b"x"


def test_a_name_that_changes_its_address_is_not_asked_twice(server: Server) -> None:
    """What was checked is what is connected to (DNS rebinding)."""
    server.says("/", b"x")
    answers = iter([[LOOPBACK], ["10.0.0.1"]])
    fetched = fetch(server.url(), resolve=lambda host, port: next(answers), allowed=lambda address: address == LOOPBACK)
    assert fetched.content == b"x"
    assert next(answers) == ["10.0.0.1"]


def test_a_redirect_is_followed_and_checked(server: Server) -> None:
    server.says("/a", status="302 Found", location="b?c#d")
    server.says("/b?c", b"x")
    assert get(server.url("/a")).content == b"x"
    assert get(server.url("/a")).address == server.url("/b?c#d")


@pytest.mark.parametrize(
    ("location", "reason"),
    [
        ("http://inner.example/", "its host inner.example is not public (10.0.0.1)."),
        ("//inner.example/", "its host inner.example is not public (10.0.0.1)."),
        ("http://10.0.0.1/", "its host 10.0.0.1 is not public (10.0.0.1)."),
        ("http://nowhere.example/", "its host nowhere.example is not found."),
        ("file:///etc/passwd", "it is redirected to file."),
        ("ftp://docs.example/", "it is redirected to ftp."),
        ("gopher://docs.example/", "it is redirected to gopher."),
        ("http://a:b@docs.example/", "its address holds a name or password."),
        ("http://[::1/", "it is redirected to what is no address"),
        ("/a", "it is redirected more than 5 times."),
    ],
)
def test_where_a_redirect_must_not_lead(server: Server, location: str, reason: str) -> None:
    server.says("/a", status="301 Moved", location=location)
    hosts = {"docs.example": [LOOPBACK], "inner.example": ["10.0.0.1"], "10.0.0.1": ["10.0.0.1"]}
    assert refusal(server.url("/a"), hosts=hosts).startswith(reason)


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        ({"status": "404 Not Found"}, "the server answers 404."),
        ({"status": "304 Not Modified"}, "the server answers 304."),
        ({"status": "302 Found"}, "the server answers 302."),
        ({"body": b"x" * 3_000}, "it has more than 0 MB."),
        ({"content_encoding": "gzip"}, "it comes compressed, which was not asked for."),
        ({"content_length": "10", "body": b"x"}, "it cannot be fetched"),
        ({"a": "b" * 300_000}, "it cannot be fetched"),
    ],
)
def test_what_is_no_document(server: Server, reply: dict[str, Any], reason: str) -> None:
    server.says("/", **reply)
    assert refusal(server.url(), limits=FetchLimits(content=2_000)).startswith(reason)


def test_an_endless_answer_is_left(server: Server) -> None:
    def endless(client: socket.socket) -> None:
        client.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            client.sendall(b"x" * 65536)

    server.replies["/"] = endless
    assert refusal(server.url(), limits=FetchLimits(content=1_000_000)) == "it has more than 1 MB."


@pytest.mark.parametrize("start", [b"", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\n\r\n"])
def test_a_slow_answer_is_left(server: Server, start: bytes) -> None:
    over = threading.Event()

    def slow(client: socket.socket) -> None:
        client.sendall(start)
        while not over.wait(0.05):
            client.sendall(b"x")

    server.replies["/"] = slow
    try:
        assert refusal(server.url(), limits=FetchLimits(seconds=0.4)) == "fetching it took too long."
    finally:
        over.set()


def test_a_silent_server_is_left() -> None:
    with contextlib.closing(socket.create_server((LOOPBACK, 0))) as silent:
        url = f"http://docs.example:{silent.getsockname()[1]}/"
        assert refusal(url, limits=FetchLimits(silence=0.2)) == "fetching it took too long."


def test_what_does_not_speak_http_is_left(server: Server) -> None:
    server.replies["/"] = b"220 mail.example ESMTP\r\n"
    assert refusal(server.url()).startswith("it cannot be fetched")
    assert refusal(server.url().replace("http:", "https:")).startswith("it cannot be fetched")


def test_proxies_are_not_used(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    server.says("/", b"x")
    assert get(server.url()).content == b"x"


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("http://", "its address names no host."),
        ("http://[x", "its host %5Bx is not found."),
        ("http://a:b@docs.example/", "its address holds a name or password."),
        ("http://docs.example:x/", "its address is none (Invalid port: 'x')."),
        ("http://docs.example\n/", "its address is none (Invalid non-printable ASCII character in URL"),
    ],
)
def test_addresses_that_are_none(address: str, reason: str) -> None:
    assert refusal(address).startswith(reason)


def test_a_text_comes_in_utf8(server: Server) -> None:
    server.says("/", "Größe".encode("latin-1"), content_type="text/plain; charset=ISO-8859-1")
    assert get(server.url()).content.decode("utf-8-sig") == "Größe"


@pytest.mark.parametrize(
    ("address", "media_type", "name"),
    [
        ("https://example.org/a/bericht.pdf", "application/pdf", "example.org/a/bericht.pdf"),
        ("https://example.org", "text/html", "example.org.html"),
        ("https://example.org/", "text/html", "example.org.html"),
        ("https://example.org/a/", "text/html", "example.org/a.html"),
        ("https://example.org/a.md", "text/plain", "example.org/a.md"),
        ("https://example.org/a.php", "text/html", "example.org/a.php.html"),
        ("https://example.org/a.pdf", "text/html", "example.org/a.pdf.html"),
        ("https://example.org/a.pdf", "application/octet-stream", "example.org/a.pdf"),
        ("https://example.org/a?id=1", "text/html", "example.org/a-c6d55853.html"),
        ("https://example.org/Gr%C3%B6%C3%9Fe%00%0a%1b.txt", "text/plain", "example.org/Größe-.txt"),
        ("https://example.org/../%2e%2e/a.txt", "text/plain", "example.org/a.txt"),
    ],
)
def test_a_document_has_a_safe_name(address: str, media_type: str, name: str) -> None:
    assert document_name(address, media_type) == name


def test_long_names_are_cut_and_stay_different() -> None:
    names = {document_name(f"https://example.org/{'a' * 5_000}{n}.pdf", "application/pdf") for n in range(3)}
    assert len(names) == 3
    assert all(len(name) < 200 and name.endswith(".pdf") for name in names)


@pytest.mark.parametrize("address", ["http://example.org/a.pdf", "HTTPS://example.org", Path("http://example.org/a")])
def test_fetching_is_off(address: str | Path, tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match="Fetching is off") as caught:
        check_paths([address])
    assert "LOTSE_FETCH" in caught.value.fix
    with pytest.raises(InvalidInputError):
        list(find_files([address], tmp_path))
    check_paths([address], fetch=True)


def test_addresses_become_files(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.fetch.fetch", get)
    server.says("/a?b", b"<p>Der Hafen.", content_type="text/html")
    (tmp_path / "c.md").write_text("c")
    paths = [server.url("/a?b"), Path(server.url("/gone")), tmp_path / "c.md"]
    page, gone, local = find_files(paths, tmp_path / "data", tmp_path)
    assert (page.source, page.path.read_bytes(), page.path.suffix) == (server.url("/a?b"), b"<p>Der Hafen.", ".html")
    assert page.refusal is None
    assert gone.refusal
    assert gone.refusal[0].startswith("it cannot be fetched")
    assert gone.source == server.url("/gone")
    assert local == files.File("c.md", tmp_path / "c.md")
