"""Mails: the subject as title and heading, who wrote to whom and when, the text, the names of what is attached."""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Iterator
from email.errors import MessageError
from email.message import EmailMessage

from assistant.errors import UnreadableFileError
from ingest.read.blocks import Reading, Stated, body_blocks, groups_of
from ingest.read.compose import Composer
from ingest.read.html import browser_name, compose_html
from ingest.read.properties import body_name, one_line

_SHOWN = ("From", "To", "Cc", "Date")
_KNOWN = ("from", "date", "subject", "received", "message-id", "to")
_QUOTED = re.compile(r"(?:[ \t]*>)+[ \t]?")
_MAX_PARTS = 1_000
_MISSED = (AttributeError, IndexError, LookupError, TypeError, ValueError)  # what email raises for headers without form


def read_eml(data: bytes) -> Reading:
    """Read a mail. Quoted mails and signatures stay; attached files are named, not read.

    Raises:
        UnreadableFileError: it has no mail headers, or more parts than anybody attaches.
    """
    try:
        message = email.message_from_bytes(data, policy=email.policy.default)
    except RecursionError:
        raise UnreadableFileError("its parts are nested too deeply.", "Save its text only.") from None
    if not isinstance(message, EmailMessage) or not any(name in message for name in _KNOWN):
        raise UnreadableFileError("it has no mail headers.", "Save the mail as .eml, or rename the file.")
    composer = Composer()
    subject = _header(message, "Subject")
    composer.heading(subject or "", 1)
    composer.paragraph("; ".join(f"{name}: {words}" for name in _SHOWN if (words := _header(message, name))))
    try:
        _compose_body(composer, message)
    except (*_MISSED, MessageError) as error:
        raise UnreadableFileError(f"it is a damaged mail ({type(error).__name__}).", "Save it again.") from error
    return composer.reading(Stated(title=subject, publisher=_publisher(message), date=_date(message)))


def _compose_body(composer: Composer, message: EmailMessage) -> None:
    attached: list[str] = []
    plain: list[EmailMessage] = []
    pages: list[EmailMessage] = []
    for part in _parts(message):
        kind, name = part.get_content_type(), one_line(part.get_filename())
        if kind == "message/rfc822":
            inner = part.get_payload(0)
            attached.append(_header(inner, "Subject") or name or kind)
        elif name or part.get_content_disposition() == "attachment":
            attached.append(name or kind)
        elif kind == "text/plain" or part.get_content_maintype() == "multipart":  # the second kind has lost its parts
            plain.append(part)
        elif kind == "text/html":
            pages.append(part)
        elif part.get_content_maintype() != "text":
            attached.append(kind)
    chosen = plain if any(_text(part).strip() for part in plain) else pages
    for part in chosen:
        if part.get_content_type() == "text/html":
            compose_html(_text(part), composer)
        else:
            _compose_plain(composer, _text(part))
    for name in attached:
        composer.paragraph(f"Anhang: {name}")


def _parts(message: EmailMessage) -> Iterator[EmailMessage]:
    """The parts that hold something, in their order; a forwarded mail is one part."""
    stack = [message]
    count = 0
    while stack:
        part = stack.pop()
        count += 1
        if count > _MAX_PARTS:
            raise UnreadableFileError(f"it has more than {_MAX_PARTS} parts.", "Save its text only.")
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
