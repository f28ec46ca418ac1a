"""Office files are zip packages of XML: what is checked before a library may open one."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager

from assistant.errors import UnreadableFileError

MAX_MEMBERS = 10_000
MAX_UNPACKED = 200_000_000  # bytes of all XML together
MAX_RATIO = 200  # of a whole package; office files have 5 to 30, a bomb has 1,000
_RATIO_COUNTS_FROM = 10_000_000
_MAX_DIRECTORY = 400 * MAX_MEMBERS  # bytes; each entry becomes an object ten times its size before it can be counted
_READ_AT_ONCE = 1 << 20
_MARKUP = (".xml", ".rels", ".vml")
_DOCTYPES = tuple(
    word.encode(code) for word in ("<!DOCTYPE", "<!ENTITY") for code in ("utf-8", "utf-16-le", "utf-16-be")
)
# What libraries are known to raise on a package whose parts contradict each other.
_ACCIDENTS = (ArithmeticError, AssertionError, AttributeError, LookupError, NotImplementedError, OSError, TypeError,
              ValueError, zipfile.BadZipFile)  # fmt: skip


def harmless(data: bytes) -> io.BytesIO:
    """The package again, stored instead of packed, with its XML only: nothing in it can swell when a library reads it.

    Raises:
        UnreadableFileError: damaged, protected, a bomb, or XML that could expand.
    """
    copy = io.BytesIO()
    with readable_package("zip package"), open_package(data) as source:
        members = source.infolist()
        _check(members, len(data))
        with zipfile.ZipFile(copy, "w") as target:
            left = MAX_UNPACKED
            for member in members:
                markup = member.filename.lower().endswith(_MARKUP)
                content = _unpacked(source, member, left) if markup else b""
                left -= len(content)
                if any(word in content for word in _DOCTYPES):
                    raise UnreadableFileError("its XML declares entities, which no office program does.", "Remove it.")
                if member.filename == "_rels/.rels" and b"purl.oclc.org/ooxml" in content:
                    raise UnreadableFileError("it is saved as Strict Open XML.", "Save it in the usual format.")
                target.writestr(member.filename, content)
    return io.BytesIO(copy.getbuffer())


def open_package(data: bytes) -> zipfile.ZipFile:
    """Open a zip package whose directory is of a bearable size.

    Raises:
        UnreadableFileError: it is not, or there is no directory.
    """
    with readable_package("zip package"):
        end = data.rfind(b"PK\x05\x06", -0x10016)
        if end < 0:
            raise zipfile.BadZipFile
        size = int.from_bytes(data[end + 12 : end + 16], "little")
        if end >= 76 and data.startswith(b"PK\x06\x07", end - 20):  # of the 64 bit kind
            size = int.from_bytes(data[end - 36 : end - 28], "little")
        if size > _MAX_DIRECTORY:
            raise UnreadableFileError(f"it holds more than {MAX_MEMBERS} parts.", "Split it.")
        return zipfile.ZipFile(io.BytesIO(data))


@contextmanager
def readable_package(kind: str, *accidents: type[Exception]) -> Iterator[None]:
    """Whatever a library raises on a damaged file becomes the one error for it.

    Raises:
        UnreadableFileError: naming the kind of file and the kind of damage.
    """
    try:
        yield
    except _ACCIDENTS + accidents as error:
        reason = f"it is a damaged {kind} ({type(error).__name__})."
        raise UnreadableFileError(reason, "Open it in the program that made it and save it again.") from error


def _check(members: list[zipfile.ZipInfo], packed: int) -> None:
    """What the directory says; it may lie, so unpacking counts again."""
    if len(members) > MAX_MEMBERS:
        raise UnreadableFileError(f"it holds {len(members)} parts, more than {MAX_MEMBERS}.", "Split it.")
    if len({member.filename for member in members}) < len(members):
        raise UnreadableFileError("it holds two parts of one name.", "Save it again.")
    if any(member.flag_bits & 0x1 for member in members):
        raise UnreadableFileError("it is protected by a password.", "Save it without one.")
    unpacked = sum(member.file_size for member in members if member.filename.lower().endswith(_MARKUP))
    if unpacked > MAX_UNPACKED:
        size = f"{unpacked / 1e6:.0f} MB unpacked, more than {MAX_UNPACKED / 1e6:.0f}"
        raise UnreadableFileError(f"it has {size}.", "Split it.")
    if unpacked > max(_RATIO_COUNTS_FROM, packed * MAX_RATIO):
        reason = f"it swells to {unpacked // max(packed, 1)} times its size when unpacked."
        raise UnreadableFileError(reason, "Remove it; it may be a zip bomb.")


def _unpacked(source: zipfile.ZipFile, member: zipfile.ZipInfo, limit: int) -> bytes:
    """A part, unpacked in small steps: never more than `limit` and one step, whatever the directory says."""
    content = bytearray()
    with source.open(member) as file:
        while step := file.read(_READ_AT_ONCE):
            content += step
            if len(content) > limit:
                raise UnreadableFileError("it swells without end when unpacked.", "Remove it; it may be a zip bomb.")
    return bytes(content)
