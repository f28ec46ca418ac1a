"""What a file is by its content, so that one with a wrong ending is refused by name."""

from __future__ import annotations

import re

from assistant.errors import UnreadableFileError
from ingest.read.package import open_package

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIPS = (b"PK\x03\x04", b"PK\x05\x06")
_PACKAGES = (("word/", ".docx"), ("ppt/", ".pptx"), ("xl/", ".xlsx"))
_NAMES = {
    ".pdf": "a PDF",
    ".docx": "a Word document",
    ".pptx": "a PowerPoint presentation",
    ".xlsx": "an Excel workbook",
    ".html": "HTML",
    ".zip": "a zip archive",
    ".odt": "an OpenDocument file",
    ".rtf": "an RTF document",
    ".doc": "an old Office file",
    ".png": "a picture",
    ".gz": "a gzip archive",
    ".exe": "a program",
}
_SIGNATURES = (
    (b"%PDF-", ".pdf"),
    (b"{\\rtf", ".rtf"),
    (b"\x89PNG", ".png"),
    (b"\xff\xd8\xff", ".png"),
    (b"GIF8", ".png"),
    (b"II*\0", ".png"),
    (b"MM\0*", ".png"),
    (b"\x1f\x8b", ".gz"),
    (b"\x7fELF", ".exe"),
    (b"MZ\x90\0", ".exe"),
)
_WEB_PAGE = re.compile(
    rb"\s*(?:<\?xml[^>]{0,200}\?>\s*)?(?:<!--(?:(?!-->).)*-->\s*)*(?:<!doctype\s+html|<html[\s>])",
    re.IGNORECASE | re.DOTALL,
)
_WEB_ENDINGS = (".htm", ".html")
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
# letters of no language nearby, and signs in the middle of a word (an umlaut of DOS or of an old Mac)
_IMPLAUSIBLE = re.compile(
    r"(?![ÄÖÜäöüßÀÁÇÈÉÊËÌÍÎÏÑÒÓÔÙÚÛàáâçèéêëìíîïñòóôùúûÅåÆæØøŒœªºµ])[^\W\d_a-zA-Z]"
    r"|(?<=[^\W\d_])[\x80-\x9f„“”‚‹›€…†‡‰•™¤¦¨¬¯´¸¡¿¥¢£§¶±«»](?=[^\W\d_])"
)
_PACKED = (".docx", ".pptx", ".xlsx")
_SAVE_AS = {
    **dict.fromkeys((".doc", ".dot", ".docm", ".dotx", ".rtf", ".odt"), ".docx"),
    **dict.fromkeys((".ppt", ".pps", ".pptm", ".ppsx", ".odp"), ".pptx"),
    **dict.fromkeys((".xls", ".xlsm", ".xlsb", ".ods"), ".xlsx"),
    **dict.fromkeys((".msg",), ".eml"),
}


def check_content(data: bytes, ending: str, supported: frozenset[str]) -> None:
    """Refuse content that is not of the kind the ending says.

    Raises:
        UnreadableFileError: naming what the content is.
    """
    kind = _kind(data)
    if kind == ".doc" and "EncryptedPackage".encode("utf-16-le") in data:
        raise UnreadableFileError("it is protected by a password.", "Save it without one.")
    if ending == ".pdf":  # viewers open one with something in front of it, and so does the reader
        fits = b"%PDF-" in data[:1024]
    elif ending in _PACKED:
        fits = kind == ending
    else:  # all others are text; tags and scripts are no text to quote
        fits = kind is None or (kind == ".html" and ending in _WEB_ENDINGS)
    if fits:
        return
    content = _NAMES[kind] if kind else "text" if _is_text(data) else "of an unknown kind"
    fix = f"Rename it to {kind}." if kind in supported else "Remove it, or give it its right ending."
    if kind == ".doc" and ending in _PACKED:
        fix = f"Save it as {ending}."
    raise UnreadableFileError(f"its content is {content}, its ending says {ending}.", fix)


def windows_text(data: bytes) -> str | None:
    """Text in Windows-1252 (Latin-1) as German and its neighbours are written; None for all else.

    Nothing in a file says so, and almost all bytes are valid in it: what reads like broken UTF-8, another alphabet, the
    encodings of DOS and old Macs, or a program is taken for none.
    """
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        return None
    if _CONTROL.search(text) or _IMPLAUSIBLE.search(text):
        return None
    letters = sum(map(str.isalpha, text))
    foreign = sum(letter.isalpha() and not letter.isascii() for letter in text)
    return text if 0 < letters >= 2 * foreign else None


def unsupported(ending: str, supported: frozenset[str]) -> UnreadableFileError:
    """The error for a format there is no reader for."""
    if ending in _SAVE_AS:
        return UnreadableFileError(f"the format {ending} is not supported.", f"Save it as {_SAVE_AS[ending]}.")
    endings = ", ".join(sorted(supported))
    return UnreadableFileError(f"the format {ending or '(none)'} is not supported.", f"Use {endings}.")


def _kind(data: bytes) -> str | None:
    """The ending that fits the content; None for text and for what is not known."""
    if data.startswith(_OLE):
        return ".doc"
    if data.startswith(_ZIPS):
        return _package(data)
    head = data[:2048].decode("utf-16", "ignore").encode() if data[:2] in _UTF_16 else data[:1024]
    if _WEB_PAGE.match(head.removeprefix(b"\xef\xbb\xbf")):
        return ".html"
    return next((ending for signature, ending in _SIGNATURES if data.startswith(signature)), None)


def _package(data: bytes) -> str:
    """Which zip package."""
    with open_package(data) as package:
        names = package.namelist()
    if "mimetype" in names:
        return ".odt"
    return next((ending for folder, ending in _PACKAGES if any(name.startswith(folder) for name in names)), ".zip")


def _is_text(data: bytes) -> bool:
    try:
        return "\0" not in data.decode()
    except UnicodeDecodeError:
        return False
