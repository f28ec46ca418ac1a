"""The same content twice is one document with two places; a newer edition supersedes the older one."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import PurePosixPath
from types import MappingProxyType

from assistant.types import Language

_MONTH_OR_DATE = (
    r"(?:[0-9]{1,2}\. ?)?(?:[^\W\d_]{3,9}\.? ?)?[0-9]{0,2}[./-]?[0-9]{0,2}[./-]?[0-9]{2,4}(?:-[0-9]{2}){0,2}"
)
_EDITION = re.compile(
    r"\b(?:(?:redaktions)?stand|fassung|version|ausgabe|as of|updated|aktualisiert|revised)(?: vom| am| of)?:? "
    rf"{_MONTH_OR_DATE}(?![\w.])"
    r"|\b(?:v|version|fassung|rev|revision|entwurf|draft|auflage) ?[0-9]{1,2}(?:\.[0-9]{1,2})*(?!\w)"
    r"|\b[0-9]{1,2}(?:\.|st|nd|rd|th) (?:auflage|edition|fassung)\b"
    r"|\b(?:entwurf|draft|(?:neu|end|kurz)?fassung|final|(?:aktualisiert|überarbeitet|revidiert)(?:e|er|es)?|updated|revised)\b"
)
_SHARED = 0.6  # of the older one's sentences, where the titles differ in marks of an edition
_SHARED_SAME_TITLE = 0.4
_NEXT = 8  # newer documents of the same title that are compared
_HAS_YEAR = re.compile(r"(?<![0-9])(?:19|20)[0-9]{2}(?![0-9])")


@dataclass(frozen=True, slots=True)
class Edition:
    """What must be known of a document to tell it from its copies and its other editions."""

    name: str
    title: str
    publisher: str | None
    date: str | None
    language: Language
    content_hash: str
    digests: frozenset[bytes]  # of its sentences
    supersedes: str | None = None  # as its publisher or operator wrote it


def merge_duplicates(documents: Iterable[Edition]) -> dict[str, str]:
    """Name of each further copy → name of the document it is one more place of, the first with its content and language."""
    kept: dict[tuple[str, Language], str] = {}
    merged = {}
    for document in sorted(documents, key=lambda document: document.name):
        first = kept.setdefault((document.content_hash, document.language), document.name)
        if first != document.name:
            merged[document.name] = first
    return merged


def superseded(
    documents: Iterable[Edition], merged: Mapping[str, str] = MappingProxyType({})
) -> tuple[dict[str, str], tuple[str, ...]]:
    """Older editions with the newer ones: those that are named as such, then those that clearly are; and warnings.

    Takes documents without copies; `merged` are the names of the copies, under which a document can be named as well.
    """
    ordered = sorted(documents, key=lambda document: document.name)
    claims, warnings = _claims(ordered, merged)
    dates = {document.name: document.date or "" for document in ordered}
    by: dict[str, str] = {}
    for newer, older in claims.items():  # of two that name the same one, the later
        if older not in by or (dates[by[older]], by[older]) < (dates[newer], newer):
            by[older] = newer
    for older, newer in _recognised(ordered):
        if older not in by and not _leads_to(by, newer, older):
            by[older] = newer
    return dict(sorted(by.items())), tuple(warnings)


def edition_title(title: str) -> str:
    """A title without what tells its editions apart. A bare year stays: the reports of two years are two reports."""
    words = " ".join(re.sub(r"[_\s]+", " ", title.casefold()).split())
    return " ".join(re.findall(r"\w+", _EDITION.sub(" ", words)))


def _claims(documents: Sequence[Edition], merged: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    """Name → name of the older edition, as the documents say themselves, without circles."""
    claims, warnings = {}, []
    by_name, by_part = _names(documents, merged)
    for document in documents:
        found = _resolved(document, by_name, by_part) if document.supersedes else set()
        if len(found) == 1:
            claims[document.name] = found.pop()
        elif document.supersedes:
            what = f"could be {' or '.join(sorted(found))}" if found else "is not there"
            warnings.append(f"{document.name} supersedes {document.supersedes}, which {what}.")
    for circle in _circles(claims):
        what = f"{' and '.join(circle)} supersede each other" if len(circle) > 1 else f"{circle[0]} supersedes itself"
        warnings.append(f"{what}, which is ignored.")
        for name in circle:
            del claims[name]
    return claims, warnings


def _names(documents: Sequence[Edition], merged: Mapping[str, str]) -> tuple[dict[str, str], dict[str, set[str]]]:
    """Documents by the names of all their places, and by those without folder, without ending."""
    by_name = {document.name: document.name for document in documents}
    by_name |= {place: name for place, name in merged.items() if name in by_name}
    by_part: dict[str, set[str]] = defaultdict(set)
    for place, name in by_name.items():
        for part in (PurePosixPath(place).name, PurePosixPath(place).stem):
            by_part[part].add(name)
    return by_name, by_part


def _resolved(document: Edition, by_name: Mapping[str, str], by_part: Mapping[str, set[str]]) -> set[str]:
    """Documents that a name can mean: the full one, one in the same folder, or one without folder or ending."""
    said = document.supersedes or ""
    for name in (said, str(PurePosixPath(document.name).parent / said)):
        if name in by_name:
            return {by_name[name]}
    found = by_part.get(said, set())
    return found - {document.name} or found


def _circles(claims: Mapping[str, str]) -> list[list[str]]:
    circles, seen = [], set[str]()
    for start in sorted(claims):
        path: list[str] = []
        name: str | None = start
        while name is not None and name not in seen:
            seen.add(name)
            path.append(name)
            name = claims.get(name)
        if name in path:
            circles.append(sorted(path[path.index(name) :]))
    return circles


def _recognised(documents: Sequence[Edition]) -> Iterator[tuple[str, str]]:
    """Pairs of older and next newer edition."""

    def key(document: Edition) -> tuple[str, str, str]:
        return edition_title(document.title), (document.publisher or "").casefold(), document.language

    known = [document for document in documents if document.publisher and document.date and key(document)[0]]
    for _, members in groupby(sorted(known, key=key), key):
        group = sorted(members, key=lambda document: (document.date or "", document.name))
        for place, older in enumerate(group):
            newer = [document for document in group[place + 1 :] if _is_later(document.date, older.date)][:_NEXT]
            if found := next((document for document in newer if _is_edition(older, document)), None):
                yield older.name, found.name


def _is_later(newer: str | None, older: str | None) -> bool:
    """Whether a date is surely later: September 2023 is not later than 2023."""
    return bool(newer and older and newer > older and not newer.startswith(older))


def _is_edition(older: Edition, newer: Edition) -> bool:
    same = older.title.casefold() == newer.title.casefold() and not _HAS_YEAR.search(older.title)
    least = _SHARED_SAME_TITLE if same else _SHARED
    return len(older.digests & newer.digests) >= max(1, least * len(older.digests))


def _leads_to(by: Mapping[str, str], start: str, end: str) -> bool:
    """Whether the newer editions of `start` come to `end`."""
    name: str | None = start
    while name is not None and name != end:
        name = by.get(name)
    return name == end
