"""Pieces of text on a page of a PDF, from PDFium's single characters."""

from __future__ import annotations

import ctypes
import math
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pypdfium2.raw as raw

MOST_CHARACTERS = 100_000  # of one page; a page of a newspaper has 20,000
Place = Callable[[raw.FS_RECTF], tuple[float, float, float, float]]
_BOLD = re.compile(r"bold|black|heavy|-bd|semibd", re.IGNORECASE)
_SPACES = {*range(1, 0x21), 0xA0, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000} - {0x02}
_LINE_ENDS = (0x0A, 0x0D)
_HYPHENS = (0x02, 0xFFFE)  # what PDFium makes of a hyphen at the end of a line
_SOFT_HYPHEN = 0xAD
_UNKNOWN = 0xFFFD
_LIGATURES = {0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl", 0xFB05: "st", 0xFB06: "st"}
# drawn, and the font does not say which letter that is; most often a ligature of an old TeX file
_NAMELESS = {0x0B, 0x0C, *range(0x0E, 0x20)}
_ACCENTS = {0xA8: 0x308, 0xB4: 0x301, 0x60: 0x300, 0x2C6: 0x302, 0x2DC: 0x303, 0x2DA: 0x30A, 0x2C7: 0x30C}
_ACCENT_REACH = 120  # characters between a letter and the accent that is drawn over it


@dataclass(slots=True)
class Piece:
    """Characters without a space between them that look the same. Points from the page's upper left corner."""

    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    base: float  # the line it stands on
    size: float
    bold: bool
    glued: bool  # no space in front of it
    turned: bool = False  # not written from left to right


def pieces_of(handle: object, place: Place, turn: int) -> Iterator[Piece]:
    """The pieces of a text page in the order of the file; `turn` is the page's rotation in quarters."""
    rect = raw.FS_RECTF()
    pointer, x, y = ctypes.byref(rect), ctypes.c_double(), ctypes.c_double()
    looks = _Looks(handle, turn)
    piece: Piece | None = None
    glued = False
    for index, code in enumerate(_codes(handle)):
        if code in _SPACES:
            if piece:
                yield piece
            piece, glued = None, False
            continue
        if not code or not raw.FPDFText_GetLooseCharBox(handle, index, pointer):
            continue
        x0, x1, top, bottom = place(rect)
        letter = _LIGATURES.get(code) or chr(code)
        if piece and (looks.same(index) if piece.turned else _goes_on(piece, x0, x1, top, bottom)):
            piece.text += letter
            piece.x0, piece.x1 = min(piece.x0, x0), max(piece.x1, x1)
            piece.top, piece.bottom = min(piece.top, top), max(piece.bottom, bottom)
            continue
        if piece:
            yield piece
        size, bold, turned = looks.at(index, bottom - top)
        base = bottom
        if raw.FPDFText_GetCharOrigin(handle, index, x, y):
            rect.left = rect.right = x.value
            rect.bottom = rect.top = y.value
            base = place(rect)[2]
        piece = Piece(letter, x0, x1, top, bottom, base, size, bold, glued, turned)
        glued = True
    if piece:
        yield piece


def _goes_on(piece: Piece, x0: float, x1: float, top: float, bottom: float) -> bool:
    if abs(top - piece.top) > 0.1 or abs(bottom - piece.bottom) > 0.1:
        return False
    # the letters of a ligature share one box
    return -0.4 * piece.size < x0 - piece.x1 < 0.4 * piece.size or (x1 == piece.x1 and x0 >= piece.x0)


def _codes(handle: object) -> list[int]:
    """Code points of the characters of a page; 0 for those that are none."""
    count = min(raw.FPDFText_CountChars(handle), MOST_CHARACTERS)
    codes: list[int] = [raw.FPDFText_GetUnicode(handle, index) for index in range(count)]
    for index, code in enumerate(codes):
        if 0x20 < code < 0x7F:
            continue
        if code in _NAMELESS and not raw.FPDFText_IsGenerated(handle, index):
            codes[index] = _UNKNOWN
        elif code in _ACCENTS:
            _combine(handle, codes, index)
        elif code in _HYPHENS:
            codes[index] = 0x2D
        elif code == _SOFT_HYPHEN:
            codes[index] = 0x2D if _ends_line(codes, index) else 0
        elif 0xD800 <= code < 0xDC00:
            low = codes[index + 1] if index + 1 < count else 0
            paired = 0xDC00 <= low < 0xE000
            codes[index] = 0x10000 + ((code - 0xD800) << 10) + low - 0xDC00 if paired else _UNKNOWN
            if paired:
                codes[index + 1] = 0
        elif (0xDC00 <= code < 0xE000 or code > 0x10FFFF or code == 0xFFFF) or (
            not code and not raw.FPDFText_IsGenerated(handle, index)
        ):
            codes[index] = _UNKNOWN
    return codes


def _ends_line(codes: list[int], index: int) -> bool:
    rest = [code for code in codes[index + 1 : index + 4] if code not in (0x20, 0xA0)]
    return not rest or rest[0] in _LINE_ENDS


def _combine(handle: object, codes: list[int], index: int) -> None:
    """Old fonts draw ü as u and ¨: make them one letter again."""
    accent = _box(handle, index)
    nearby = [*range(index + 1, index + 4), *range(index - 1, max(-1, index - _ACCENT_REACH), -1)]
    for other in nearby:
        if not 0 <= other < len(codes) or not chr(min(codes[other], 0x10FFFF)).isalpha():
            continue
        letter = _box(handle, other)
        if letter[0] < (accent[0] + accent[1]) / 2 < letter[1] and abs(letter[2] - accent[2]) < letter[3] - letter[2]:
            whole = unicodedata.normalize("NFC", chr(codes[other]) + chr(_ACCENTS[codes[index]]))
            if len(whole) == 1:
                codes[other], codes[index] = ord(whole), 0
                if other > index + 1 and codes[index + 1] == 0x20:
                    codes[index + 1] = 0
            return


def _box(handle: object, index: int) -> tuple[float, float, float, float]:
    """Left, right, bottom, top of a character in the file's own coordinates."""
    rect = raw.FS_RECTF()
    raw.FPDFText_GetLooseCharBox(handle, index, rect)
    return rect.left, rect.right, rect.bottom, rect.top


class _Looks:
    """How characters look; asked once for each text object of the file."""

    def __init__(self, handle: object, turn: int) -> None:
        self._handle, self._turn = handle, turn
        self._known: dict[int, tuple[float, bool, bool]] = {}
        self._object = 0

    def at(self, index: int, height: float) -> tuple[float, bool, bool]:
        """Size in points, bold, turned."""
        self._object = self._object_at(index)
        if self._object not in self._known:
            self._known[self._object] = self._look(index, height)
        return self._known[self._object]

    def same(self, index: int) -> bool:
        """Whether the character belongs to the text object last looked at."""
        return self._object_at(index) == self._object

    def _object_at(self, index: int) -> int:
        return ctypes.cast(raw.FPDFText_GetTextObject(self._handle, index), ctypes.c_void_p).value or 0

    def _look(self, index: int, height: float) -> tuple[float, bool, bool]:
        matrix, flags = raw.FS_MATRIX(), ctypes.c_int()
        size = raw.FPDFText_GetFontSize(self._handle, index)
        if raw.FPDFText_GetMatrix(self._handle, index, matrix):
            size *= math.hypot(matrix.c, matrix.d)
        name = ctypes.create_string_buffer(200)
        raw.FPDFText_GetFontInfo(self._handle, index, name, len(name), flags)
        weight = raw.FPDFText_GetFontWeight(self._handle, index)
        angle = raw.FPDFText_GetCharAngle(self._handle, index) + self._turn * math.pi / 2
        bold = weight >= 600 or bool(_BOLD.search(name.value.decode("latin-1")))
        return size or height, bold, math.cos(angle) < 0.99
