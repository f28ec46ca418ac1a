"""Mails: the subject as title and heading, who wrote to whom and when, the text, and what is attached or forwarded."""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Iterator
from email.errors import MessageError
from email.message import EmailMessage
from pathlib import PurePath

from assistant.errors import UnreadableFileError
from ingest.read import MAX_BYTES, READERS, read_bytes
from ingest.read.blocks import Reading, Stated, body_blocks, groups_of
from ingest.read.cells import MAX_ROWS
from ingest.read.compose import Composer
from ingest.read.html import browser_name, compose_html
from ingest.read.kinds import check_content
from ingest.read.properties import body_name, one_line

_SHOWN = ("From", "To", "Cc", "Date")
_KNOWN = ("from", "date", "subject", "received", "message-id", "to")
_QUOTED = re.compile(r"(?:[ \t]*>)+[ \t]?")
_MAX_PARTS = 1_000
_MAX_DEPTH = 3  # of mails in mails
_FORWARDED = "message/rfc822"
_OFFICE = "application/vnd.openxmlformats-officedocument"
_ENDINGS = {  # where a name does not say what a part is
    "text/plain": ".txt",
    "text/html": ".html",
    "text/csv": ".csv",
    "text/tab-separated-values": ".tsv",
    "text/markdown": ".md",
    "application/xhtml+xml": ".html",
    "application/pdf": ".pdf",
    f"{_OFFICE}.wordprocessingml.document": ".docx",
    f"{_OFFICE}.presentationml.presentation": ".pptx",
    f"{_OFFICE}.spreadsheetml.sheet": ".xlsx",
}
_TEXTS = frozenset((".csv", ".htm", ".html", ".markdown", ".md", ".tsv", ".txt"))
_MISSED = (AttributeError, IndexError, LookupError, TypeError, ValueError)  # what email raises for headers without form


class _Total:
    """Counts what a mail and all that is in it have together."""

    def __init__(self) -> None:
        self._parts = self._characters = self._rows = 0

    def part(self) -> None:
        """One more part."""
        self._parts += 1
        if self._parts > _MAX_PARTS:
            raise UnreadableFileError(f"it has more than {_MAX_PARTS} parts.", "Save its text only.")

    def attached(self, reading: Reading) -> None:
        """One more attached file; it is not counted if it is too much."""
        characters = self._characters + len(reading.text)
        rows = self._rows + sum(block.kind == "row" for block in reading.blocks)
        if characters > MAX_BYTES or rows > MAX_ROWS:
            raise UnreadableFileError("the mail holds too much with it.", "Save it as a file of its own.")
        self._characters, self._rows = characters, rows


def read_eml(data: bytes) -> Reading:
    """Read a mail with the files and mails in it. Quoted mails and signatures stay.

    What is attached and cannot be read is named with the reason.

    Raises:
        UnreadableFileError: it has no mail headers, or more parts than anybody attaches.
    """
    return _reading(_message(data), 0, _Total())


def _message(data: bytes) -> EmailMessage:
    try:
        message = email.message_from_bytes(data, policy=email.policy.default)
    except RecursionError:
        raise UnreadableFileError("its parts are nested too deeply.", "Save its text only.") from None
    if not isinstance(message, EmailMessage) or not any(name in message for name in _KNOWN):
        raise UnreadableFileError("it has no mail headers.", "Save the mail as .eml, or rename the file.")
    return message


def _reading(message: EmailMessage, depth: int, total: _Total) -> Reading:
    """A mail that lies `depth` mails deep."""
    composer = Composer()
    subject = _header(message, "Subject")
    composer.heading(subject or "", 1)
    composer.paragraph("; ".join(f"{name}: {words}" for name in _SHOWN if (words := _header(message, name))))
    try:
        _compose_body(composer, message, depth, total)
    except (*_MISSED, MessageError) as error:
        raise UnreadableFileError(f"it is a damaged mail ({type(error).__name__}).", "Save it again.") from error
    return composer.reading(Stated(title=subject, publisher=_publisher(message), date=_date(message)))


def _compose_body(composer: Composer, message: EmailMessage, depth: int, total: _Total) -> None:
    attached: list[EmailMessage] = []
    plain: list[EmailMessage] = []
    pages: list[EmailMessage] = []
    for part in _parts(message, total):
        kind = part.get_content_type()
        named = bool(one_line(part.get_filename())) or part.get_content_disposition() == "attachment"
        if kind != _FORWARDED and not named and (kind == "text/plain" or part.get_content_maintype() == "multipart"):
            plain.append(part)  # the second kind has lost its parts
        elif kind == "text/html" and not named:
            pages.append(part)
        else:
            attached.append(part)
    chosen = plain if any(_text(part).strip() for part in plain) else pages
    for part in chosen:
        if part.get_content_type() == "text/html":
            compose_html(_text(part), composer)
        else:
            _compose_plain(composer, _text(part))
    for part in attached:
        name = _name(part)
        try:
            reading = _attached(part, name, depth, total)
        except UnreadableFileError as error:
            composer.paragraph(f"Anhang: {name} (nicht gelesen: {error.message})")
        else:
            composer.heading(f"Anhang: {name}", 2)
            composer.include(reading, 2)


def _name(part: EmailMessage) -> str:
    """What a part is called: a forwarded mail by its subject, a file by its name, else by its kind."""
    kind = part.get_content_type()
    subject = _header(part.get_payload(0), "Subject") if kind == _FORWARDED else None
    return subject or one_line(part.get_filename()) or kind


def _attached(part: EmailMessage, name: str, depth: int, total: _Total) -> Reading:
    """What an attached file or a forwarded mail says.

    Raises:
        UnreadableFileError: there is no reader for it, its reader refuses it, or it lies too deep or is too much.
    """
    kind = part.get_content_type()
    if kind == _FORWARDED:
        inner = part.get_payload(0)
        if not isinstance(inner, EmailMessage):
            raise UnreadableFileError("it is a damaged mail.", "Save it again.")
        return _forwarded(inner, depth, total)
    suffix = PurePath(one_line(part.get_filename()) or "").suffix.lower()
    ending = suffix if suffix in READERS else _ENDINGS.get(kind)
    if ending is None:
        raise UnreadableFileError(f"the format {suffix or kind} is not supported.", "Save it as a file of its own.")
    content = part.get_payload(decode=True)
    data = content if isinstance(content, bytes) else b""
    limit = READERS[ending].max_bytes
    if len(data) > limit:
        raise UnreadableFileError(f"it has more than {limit // 1_000_000} MB.", "Split it.")
    if ending == ".eml":
        return _forwarded(_message(data), depth, total)
    if ending in _TEXTS and part.get_content_charset():
        check_content(data, ending, frozenset(READERS))
        data = _text(part).encode("utf-8-sig")  # the mail knows the encoding, and the mark says so to every reader
    reading = read_bytes(data, ending)
    total.attached(reading)
    return reading


def _forwarded(message: EmailMessage, depth: int, total: _Total) -> Reading:
    if depth >= _MAX_DEPTH:
        raise UnreadableFileError(f"it lies more than {_MAX_DEPTH} mails deep.", "Save it as a file of its own.")
    return _reading(message, depth + 1, total)


def _parts(message: EmailMessage, total: _Total) -> Iterator[EmailMessage]:
    """The parts that hold something, in their order; a forwarded mail is one part."""
    stack = [message]
    while stack:
        part = stack.pop()
        total.part()
        if part.get_content_maintype() == "multipart" and part.is_multipart():
            stack += [inner for inner in reversed(list(part.iter_parts())) if isinstance(inner, EmailMessage)]
        else:
            yield part


def _compose_plain(composer: Composer, text: str) -> None:
    """Paragraphs and lists; a quoted mail is a paragraph of its own, without its marks. Mails have no headings."""
    lines: list[str] = []
    depth = 0
    for line in text.splitlines():
        mark = _QUOTED.match(line)
        level = mark[0].count(">") if mark else 0
        if level != depth:
            lines.append("")
        depth = level
        lines.append("" if line.rstrip() == "--" else line[mark.end() :] if mark else line)
    clean = "\n".join(lines)
    for group in groups_of(clean):
        for block in body_blocks(group):
            words = clean[block.span.start : block.span.end]
            if block.kind == "item":
                # the number stands in front of the item
                begin = clean.rfind("\n", 0, block.span.start) + 1
                number = clean[begin : block.span.start].strip()
                composer.item(f"{number} {words}" if number[:1].isalnum() or number[:1] == "(" else words)
            elif block.kind == "row":
                composer.row(re.split(r"\t|\s*\|\s*", words.strip("| \t")))
            else:
                composer.paragraph(words)
        composer.end_table()


def _text(part: EmailMessage) -> str:
    """A part's text; what its encoding cannot be is replaced, what is not known is taken for Windows-1252."""
    content = part.get_payload(decode=True)
    data = content if isinstance(content, bytes) else b""
    said = part.get_content_charset() or "utf-8"
    for name in (browser_name(said), "utf-8", "cp1252"):
        try:
            return data.decode(name)
        except (LookupError, ValueError):
            continue
    return data.decode("cp1252", "replace")


def _header(message: object, name: str) -> str | None:
    if not isinstance(message, EmailMessage):
        return None
    try:
        value = message[name]
        day = getattr(value, "datetime", None)
        return day.isoformat(" ", "minutes") if day else one_line(str(value) if value is not None else None)
    except _MISSED:
        return None


def _publisher(message: EmailMessage) -> str | None:
    try:
        addresses = message["From"].addresses
    except _MISSED:
        return None
    return body_name(addresses[0].display_name) if addresses else None


def _date(message: EmailMessage) -> str | None:
    try:
        day = message["Date"].datetime
    except _MISSED:
        return None
    return day.date().isoformat() if day else None
