"""What a document is: title, publisher, date and language, from where they are said best."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import PurePosixPath

from assistant.text.characters import readable
from assistant.text.language import detect_language
from ingest.about.dates import date_in_name, date_in_text, plausible, year_in
from ingest.about.ends import EndLine, ends
from ingest.about.publishers import publisher_in_text
from ingest.about.titles import title_in_text
from ingest.read.blocks import Reading, Stated

_SAMPLE = 20_000  # characters the language is detected from
_AUTHORS_OWN = (".md", ".markdown")  # what these state a person has written for readers, no program
_TEMPLATE_DATES = ("2013-01-27", "2013-12-23")  # of the empty files that python-pptx and python-docx begin with
_STATED_PLACE = dict.fromkeys(_AUTHORS_OWN, "front matter") | {
    ".eml": "mail header", ".html": "page metadata", ".htm": "page metadata", ".xhtml": "page metadata",
}  # fmt: skip


def about(
    reading: Reading, name: str, sidecar: Stated, today: datetime.date | None = None
) -> tuple[Stated, str | None]:
    """What a document is, complete as far as it is said anywhere, and where its date was found.

    A sidecar is right against front matter and metadata, those against what the text says, that against the file's
    name. The time of the file says nothing: copying changes it.
    """
    path = PurePosixPath(name)
    stem, ending = readable(path.stem).strip(), path.suffix.lower()
    today = today or datetime.datetime.now(tz=datetime.UTC).date()
    stated = reading.stated
    if ending not in _AUTHORS_OWN:
        stated = replace(stated, date=plausible(stated.date, today))
    head, tail = ends(reading)
    merged = Stated(*(getattr(sidecar, f.name) or getattr(stated, f.name) for f in fields(Stated)))
    title = merged.title or title_in_text(head)
    if sidecar.date:
        place: str | None = "sidecar"
    elif stated.date:
        place = _STATED_PLACE.get(ending, "document properties")
    else:
        found = next(_dates(head, tail, title or "", stem, merged, today), None)
        merged, place = replace(merged, date=found[0] if found else None), found[1] if found else None
    return replace(
        merged,
        title=title or stem or name,
        publisher=merged.publisher or publisher_in_text(head, tail),
        language=merged.language or detect_language(reading.text[:_SAMPLE]),
    ), place


def _dates(
    head: list[EndLine], tail: list[EndLine], title: str, stem: str, stated: Stated, today: datetime.date
) -> Iterator[tuple[str, str]]:
    """Dates that nobody stated, the best first.

    A year alone may be what the document is about; still it says more than when a program wrote the file.
    """
    if found := date_in_text(head, tail, title, today):
        yield found
    if date := date_in_name(stem, today):
        yield date, f"file name: {stem}"
    if date := year_in(title, today):
        yield date, f"title: {title}"
    if date := year_in(stem, today):
        yield date, f"file name: {stem}"
    if (date := plausible(stated.metadata_date, today)) and date not in _TEMPLATE_DATES:
        yield date, "metadata"
