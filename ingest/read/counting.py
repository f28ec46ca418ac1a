"""Numbers as lists show them, and figures set high."""

from __future__ import annotations

_ROMAN = (("m", 1000), ("cm", 900), ("d", 500), ("cd", 400), ("c", 100), ("xc", 90), ("l", 50), ("xl", 40), ("x", 10))
_ROMAN_ONES = ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix")
_RAISED = str.maketrans("0123456789+-−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻")


def counted(number: int, form: str) -> str:
    """A number in one of Word's forms; those it does not know are shown as figures."""
    if form in ("lowerLetter", "upperLetter") and 0 < number <= 780:
        letters = chr(97 + (number - 1) % 26) * ((number - 1) // 26 + 1)
        return letters.upper() if form == "upperLetter" else letters
    if form in ("lowerRoman", "upperRoman") and 0 < number < 4000:
        letters, rest = "", number
        for sign, worth in _ROMAN:
            letters, rest = letters + sign * (rest // worth), rest % worth
        letters += _ROMAN_ONES[rest]
        return letters.upper() if form == "upperRoman" else letters
    return f"{number:02}" if form == "decimalZero" else str(number)


def raised(words: str) -> str:
    """Figures that are set high, as characters that are high: 10⁶ is not 106, and ¹ behind a word is no number."""
    return words.translate(_RAISED)
