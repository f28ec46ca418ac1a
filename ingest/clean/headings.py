"""Headings by their shape, where nothing marks them: numbers, capitals, a short line over running text."""

from __future__ import annotations

import re

from ingest.clean.lines import letters_of
from ingest.read.blocks import BULLET, LABEL_LEVEL

MARKED = re.compile(r"(#{1,6})\s+(?:\*\*)?(.*[^\s*])(?:\*\*)?\s*$")
_NUMBERED = re.compile(r"(\d{1,2}(?:\.\d{1,2}){0,3})(\.?)\s+(?=[^\W\d_])")
_ENDS_LIKE_TEXT = re.compile(r"[.,;:!?…–-]$|\b(?:und|oder|and|or|der|die|das|the|von|of|bzw)$")
ABBREVIATED = re.compile(r"\b(?:e\. ?V|Inc|Ltd|Co)\.$", re.IGNORECASE)
CAPTION = re.compile(
    r"(?:Abb|Tab|Abbildung|Tabelle|Fig|Figure|Table|Grafik|Karte|Schaubild|Chart)\.?\s?\d{1,3}(?:\.\d{1,2})?[a-z]?"
    r"(?P<rest>\s?[:.–—|-]|$|\s+(?=[\"„“»(]?[A-ZÄÖÜ0-9]))"
)
_WEB = frozenset(
    """anzeige werbung advertisement advertorial sponsored menü menu navigation suche search startseite home teilen share
    drucken print newsletter login anmelden abonnieren subscribe weiterlesen cookies datenschutz sitemap zurück back""".split()
)
_NOT_A_HEADING = re.compile(
    r"@|https?://|www\.|\b(?:Tel|Fax|Fon|Telefon|Phone)\b|\b(?:Prof|Dr|Dipl|Mag|Frau|Herr|Mrs?|Ms)\b\.?\s|^[©®]|^\d{5}\s"
    r"|(?:straße|strasse|str\.|platz|weg|allee) \d+\w?$|\d{1,2}\.\d{1,2}\.\d{4}|, (?:\d{1,2}\. |im )?[A-Z][a-zä]{2,8} \d{4}$"
    r"|^(?:Quellen?|Sources?):"
)
_COMPANY = re.compile(r"\b(?:GmbH|mbH|KGaA|AG|Inc|Ltd|SE)\b\.?$")
_LONGEST = 110
_LONGEST_MARKED = 180  # in capitals or with a number like 3.1
_LABEL_WORDS = 7
_TITLE_WORDS = 14
_RUNNING_TEXT = 120  # characters; a line over that much text heads it
_LINK_WORDS = re.compile(r"\b(?:is|are|was|were|ist|sind|war|waren|wird|werden|wurde|wurden|hat|haben|kann|können)\b")


def is_web_debris(words: str) -> bool:
    """Whether a line belongs to the page it was published on and not to the text: "ANZEIGE", "Menü"."""
    return words.strip(" .:*_»«›‹").casefold() in _WEB


def is_caption(words: str) -> bool:
    """Whether a line is the caption of a figure or a table, and no sentence about it."""
    match = CAPTION.match(words)
    if not match:
        return False
    return bool(match["rest"].strip()) or not words.endswith(".")


def heading_level(words: str, following: str, following_length: int) -> int:
    """The rank of a line that looks like a heading (1 highest), 0 if it does not.

    `following` is the line after it, `following_length` counts the characters of the paragraph that begins there.
    """
    if not following or is_caption(words) or is_web_debris(words) or _NOT_A_HEADING.search(words):
        return 0
    letters = letters_of(words)
    capitals = len(letters) > 4 and sum(c.isupper() for c in letters) > 0.7 * len(letters)
    numbered = _NUMBERED.match(words)
    ranked = bool(numbered and "." in numbered.group(1))
    if len(words) > (_LONGEST_MARKED if capitals or ranked else _LONGEST):
        return 0
    like_text = bool(_ENDS_LIKE_TEXT.search(words)) and not ABBREVIATED.search(words)
    if numbered and not like_text:
        return 0 if _is_sentence(words) else 1 + numbered.group(1).count(".")
    if like_text or BULLET.match(words):
        return 0
    if capitals:
        return 1
    if _COMPANY.search(words):
        return 0
    return LABEL_LEVEL if _is_label(words, following, following_length) else 0


def is_title(words: str) -> bool:
    """Whether the first line of a text, on its own, looks like the text's title."""
    words = words.strip("*_# ")
    if not words or is_caption(words) or is_web_debris(words) or _NOT_A_HEADING.search(words) or BULLET.match(words):
        return False
    short = len(words.split()) <= _TITLE_WORDS and len(words) <= _LONGEST
    return short and words[0].isupper() and len(letters_of(words)) > 4 and not _ENDS_LIKE_TEXT.search(words)


def _is_label(words: str, following: str, following_length: int) -> bool:
    """A line without number or capitals heads what follows if that is text and not one more such line."""
    count = len(words.split())
    if not words[0].isupper() or count > _TITLE_WORDS or len(letters_of(words)) < 4 or words.isupper():
        return False
    text_follows = following_length >= _RUNNING_TEXT or following.rstrip(' *"“”»«').endswith((".", ":", "!", "?"))
    if count > _LABEL_WORDS:
        return following_length >= _RUNNING_TEXT and not _is_sentence(words) and ": " not in words
    if count == 1 and not text_follows:  # "Berichtszeitraum" over a value, but no entry of a menu
        return len(words) > 7 and len(following.split()) > 1
    bullet = BULLET.match(following)
    if bullet:  # "The system shall" over items that go on with the sentence is no heading
        return not following[bullet.end() :].lstrip("›»>*•- ")[:1].islower()
    return text_follows


def _is_sentence(words: str) -> bool:
    return len(words.split()) > _LABEL_WORDS and bool(_LINK_WORDS.search(words))
