"""Who publishes a document, where its imprint says so; a mere mention of a body says nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ingest.about.ends import EndLine
from ingest.read.properties import body_name

_LABEL = re.compile(
    r"(?:Herausgeber(?:in(?:nen)?|:in|\*in|schaft)?(?: und Copyright)?|Herausgegeben von|Verlag und Herausgeber"
    r"|Published by|Publisher|Issued by)\b\s*(?:[:–]\s*|(?=$)|(?<=von)\s+|(?<=by)\s+)",
    re.IGNORECASE,
)
_IMPRINT = re.compile(r"(?:Impressum|Imprint|Legal notice)\s*:?$", re.IGNORECASE)
_RESPONSIBLE = re.compile(r"(?:V\. ?i\. ?S\. ?d\. ?(?:P|PR|§ ?18 ?MStV)\b\.?|ViSdP)\s*:?\s*", re.IGNORECASE)
_COPYRIGHT = re.compile(
    r"(?:©|\(c\)|Copyright(?: ©)?)\s*(?:[0-9]{4}(?:\s?[–-]\s?[0-9]{4})?)[\s,]+(?P<who>\S.*)", re.IGNORECASE
)
_PICTURE = re.compile(r"foto|photo|bild|image|picture|stock|getty|shutterstock|pixabay|unsplash", re.IGNORECASE)
_RELEASE = re.compile(
    r"(?:Presse|Medien)(?:mitteilung|information|meldung)|(?:Press|Media|News) release", re.IGNORECASE
)
_ADDRESS = re.compile(
    r"\s*(?:[|·•;]|\bwww\.|https?:|\S+@\S|,(?=[^,]*[0-9@])|\b[0-9]{5}\b|\.?,?\s*(?:All rights reserved|Alle Rechte)"
    r"|\s(?=(?:V\. ?i\. ?S|[A-ZÄÖÜ][\w./-]{2,25}:\s))).*"
)
_STREET = re.compile(r"\s\S+\s[0-9]{1,4} ?[a-z]?,?\s(?=[0-9]{5}\b).*")
_LEGAL_FORM = re.compile(r"(?<=\S\s)(?P<form>g?GmbH(?: & Co\. KG(?:aA)?)?|AG|SE|KG|e\. ?V\.|mbH|Ltd\.?|Inc\.)\s.*")
_RUNS_ON = re.compile(r"(?:,|-|–|\b(?:und|and|für|for|der|des|of|the|&))$")
_LONGEST = 140
# Capitals; what binds them; adjectives ("wirtschaftliche"); verbs of a headline mostly end otherwise
_NAME_WORD = re.compile(
    r"[^\W\d_a-zß]|(?:für|und|von|zu[rm]?|i[nm]|a[nm]|for|and|of|e\.|V\.|&|[–/-])$|[^\W\d]{4,}e[nrsm]?$"
)
_NAME_WORDS = 20
_NEAR = 4  # lines behind the word Impressum in which the publisher must come


def publisher_in_text(head: Sequence[EndLine], tail: Sequence[EndLine]) -> str | None:
    """The publisher that an imprint, a letterhead or a copyright line names."""
    for lines in (head, tail):
        for find in (_labelled, _in_imprint, _in_letterhead, _responsible):
            if found := next(find([line.text for line in lines]), None):
                return found
    holders = {name for line in (*head, *tail) for name in _holder(line.text)}
    return holders.pop() if len(holders) == 1 else None


def _labelled(lines: Sequence[str]) -> Iterator[str]:
    for place, words in enumerate(lines):
        if label := _LABEL.match(words):
            yield from _name([words[label.end() :], *lines[place + 1 : place + 4]])


def _in_imprint(lines: Sequence[str]) -> Iterator[str]:
    """The first body behind the word; a menu that holds the word is followed by none."""
    for place, words in enumerate(lines):
        if _IMPRINT.match(words):
            for at in range(place + 1, place + 1 + _NEAR):
                for name in _name(lines[at : at + 3]):
                    if _is_body(name):
                        yield name


def _in_letterhead(lines: Sequence[str]) -> Iterator[str]:
    """Who stands right below the words "press release" at the very top."""
    if len(lines) > 1 and _RELEASE.fullmatch(lines[0]):
        yield from (name for name in _name(lines[1:4]) if _is_body(name))


def _responsible(lines: Sequence[str]) -> Iterator[str]:
    """The body behind the name of the person who answers for the content."""
    for words in lines:
        if label := _RESPONSIBLE.match(words):
            yield from (part.strip() for part in re.split(r"[,|·•]", words[label.end() :]) if _is_body(part))


def _holder(words: str) -> Iterator[str]:
    match = _COPYRIGHT.match(words)
    if match and not _PICTURE.search(words):
        yield from _name([match["who"].rstrip(" .")])


def _name(lines: Sequence[str]) -> Iterator[str]:
    """The name the lines begin with, without address, telephone and whatever else stands behind it."""
    parts: list[str] = []
    for words in lines:
        if not words:
            continue
        parts.append(words)
        if not _RUNS_ON.search(words):
            break
    name = _ADDRESS.sub("", _STREET.sub("", " ".join(parts)))
    name = _LEGAL_FORM.sub(r"\g<form>", name).strip(" ,:–-")
    if (
        2 <= len(name) <= _LONGEST
        and any(c.isupper() for c in name[:12])
        and not re.search(r"[.!?] [A-Z].*\s\w+\.$", name)
    ):
        yield name


def _is_body(name: str) -> bool:
    """Whether words are the name of a body, not a sentence or headline about one."""
    return body_name(name) is not None and all(_NAME_WORD.match(word) for word in name.split()[:_NAME_WORDS])
