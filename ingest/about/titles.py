"""The title of a document that states none in a place made for it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ingest.about.dates import is_dateline
from ingest.about.ends import EndLine
from ingest.read.blocks import LABEL_LEVEL

_LONGEST = 140  # characters
_WORDS = 18
_TOP = 800  # characters in which a line that is no heading can be the title
_HEADING_TOP = 3_000
# Lines at the top of pages that name no document: its kind, menus, forms
_NO_TITLE = frozenset(
    """anzeige werbung advertisement menü menu navigation startseite home suche search login anmelden newsletter kontakt
    contact impressum imprint datenschutz privacy inhalt inhaltsverzeichnis contents content index übersicht zurück back
    weiter next teilen share drucken print news aktuelles presse press deutsch english de en skip medieninformation
    pressemitteilung presseinformation pressemeldung medienmitteilung vorwort foreword preface abstract zusammenfassung
    summary einleitung introduction ansprechpartner durchwahl telefon herausgeber berichtszeitraum untitled unbenannt
    dokument document präsentation presentation powerpoint-präsentation seite page entwurf draft vertraulich confidential
    """.split()
) | {"press release", "media release", "news release", "ihr ansprechpartner", "ihre ansprechpartnerin",
     "table of contents", "zum inhalt springen", "zum inhalt", "skip to content", "skip to main content",
     "powerpoint presentation", "executive summary", "ohne titel", "no title", "cookie-einstellungen"}  # fmt: skip
_NUMBERED = re.compile(r"(?:[0-9]{1,2}(?:\.[0-9]{1,2})*[.)]?|[IVX]+\.|[A-Za-z]\))\s")
_COUNTED = re.compile(
    r"(?:seite|page|folie|slide|blatt|sheet|tabelle|table|dokument|document|präsentation)\s*"
    r"[0-9]{1,5}(?: (?:von|of|/) [0-9]{1,5})?",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"@|https?:|www\.|\b(?:tel|fax|telefon|phone|e-?mail)\b\s*[.:]", re.IGNORECASE)
_ENDS_LIKE_TEXT = re.compile(r"(?:[.,;:…–-]|\b(?:und|oder|and|or|der|die|das|the))$")


def title_in_text(head: Sequence[EndLine]) -> str | None:
    """The highest heading near the top, the first line that looks like a title, or the first heading at all."""
    ranked = [line for line in head if line.kind == "heading" and line.level < LABEL_LEVEL]
    ranked = [line for line in ranked if line.offset < _HEADING_TOP and _can_be_title(line.text)]
    opening = next(_openings(head), None)
    chosen = [line for line in ranked if line.level == 1][:1]
    chosen += [line for line in (opening,) if line and line is head[0]]  # nothing of a form or a menu above it
    chosen += [*ranked[:1], *([opening] if opening else [])]
    return chosen[0].text if chosen else None


def _openings(head: Sequence[EndLine]) -> Iterator[EndLine]:
    """The first line, unless text begins with it; lines of forms and menus, dates and page numbers are passed over."""
    for line in head:
        if line.offset >= _TOP or line.kind not in ("heading", "paragraph"):
            return
        if _opens_like_name(line.text) and _can_be_title(line.text):
            if not _is_cut(line, head):
                yield line
            return
        if not _is_passed(line.text):
            return


def _is_passed(words: str) -> bool:
    return _is_form(words) or not any(c.isalpha() for c in words) or is_dateline(words)


def _is_cut(line: EndLine, head: Sequence[EndLine]) -> bool:
    """Whether a paragraph goes on in the next line."""
    return line.kind == "paragraph" and sum(other.offset == line.offset for other in head) > 1


def _opens_like_name(words: str) -> bool:
    return not words[0].islower() or any(c.isupper() for c in words[:12])


def _can_be_title(words: str) -> bool:
    letters = sum(c.isalpha() for c in words)
    if not 3 <= len(words) <= _LONGEST or len(words.split()) > _WORDS or 2 * letters < len(words):
        return False
    if _NUMBERED.match(words) or _ADDRESS.search(words) or _ENDS_LIKE_TEXT.search(words) or _is_form(words):
        return False
    return not is_dateline(words)


def _is_form(words: str) -> bool:
    return words.casefold().strip(" .:|*–-") in _NO_TITLE or bool(_COUNTED.fullmatch(words))
