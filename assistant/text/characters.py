"""The characters a reader sees: nothing invisible, directing, private or controlling reaches an index or a prompt.

Kept as they are: ß, umlauts, Greek letters, combining marks (composed where a composed form exists), tabs and line ends.
"""

from __future__ import annotations

import re
import unicodedata

# Hyphens that show only at the end of a line; the last two are what PDFium makes of them.
_SOFT_HYPHENS = "\u00ad\ufffe\x02"
_FORMATTING = (
    "\u00ad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
)
# Nothing to see, though Unicode counts them as letters or marks: joiners, fillers, variation selectors; tags.
_UNSEEN = "\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0000-\U000e0fff"
_CONTROLS = "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f"
_PRIVATE = "\ud800-\uf8ff\ufdd0-\ufdef\ufffe\uffff\U000f0000-\U0010ffff"  # with surrogates and characters that are none
_NONE = "".join(f"{chr(plane + 0xFFFE)}-{chr(plane + 0xFFFF)}" for plane in range(0x10000, 0xF0000, 0x10000))
_FORBIDDEN = re.compile(f"[{_FORMATTING}{_UNSEEN}{_CONTROLS}{_PRIVATE}{_NONE}]+")
_REPLACED = str.maketrans(
    dict.fromkeys("\u00a0\u1680\u202f\u205f\u2800\u3000" + "".join(map(chr, range(0x2000, 0x200B))), " ")
    | dict.fromkeys("\u2028\u2029\x85\x0b\x0c", "\n")
    | dict(zip("ﬀﬁﬂﬃﬄﬅﬆ", ("ff", "fi", "fl", "ffi", "ffl", "st", "st"), strict=True))
    | dict.fromkeys("\uf0a7\uf0b7\uf0d8\uf0fc", "•")  # bullets of the fonts Symbol and Wingdings
)
_RARE = re.compile(r"[^\n\t -~¡-¬®-˿Ͱ-ϿḀ-ỿ‐-‧‰-⁞€]")
_LINE_BREAK = re.compile(f"(?<=\\w)[{_SOFT_HYPHENS}][ \\t]*+(?:\r?\n[ \\t]*+)?+(?=\\w)")
_SHARED = re.compile(f"(?<=\\w)[{_SOFT_HYPHENS}](?=\\s{{1,3}}(?:und|oder|bzw|sowie|and|or|to|bis)\\b)")
_MARK = "[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
_HEAPED_MARKS = re.compile(f"(?<={_MARK}{{30}}){_MARK}+")  # no language has so many, and sorting them takes for ever
_LONE_RETURN = re.compile("\r(?!\n)")


def readable(text: str) -> str:
    """The text without anything a reader cannot see; spaces of all kinds are blanks, line and page ends are `\\n`.

    `\\r\\n` stays. A soft hyphen goes, with the line break behind it. Doing it twice changes nothing.
    """
    if not _RARE.search(text):
        return unicodedata.normalize("NFC", text)
    text = _LINE_BREAK.sub("", _SHARED.sub("-", text))
    text = _HEAPED_MARKS.sub("", _FORBIDDEN.sub("", text.translate(_REPLACED)))
    return unicodedata.normalize("NFC", _LONE_RETURN.sub("\n", text))
