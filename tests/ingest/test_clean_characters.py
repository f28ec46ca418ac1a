import sys
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from assistant.text.characters import readable

ANY = st.text(st.sampled_from("aäß1Aﬁ-\n\r\t \x00\x0c\x85\u00a0\u00ad\u0301\u034f\u200b\u200d\u202e\u2028\ue000\ufe0f\ufeff"
                              "\U000e0041\U0001f469🧬\ud800") | st.characters())  # fmt: skip


def is_forbidden(character: str) -> bool:
    kind = unicodedata.category(character)
    if kind == "Zs":
        return character != " "
    return kind in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp") and character not in "\n\r\t"


@given(ANY)
@example("a\u00ad\u200b\nb")
@example("\r\u200b\n")
def test_nothing_hidden_survives_and_twice_is_once(text: str) -> None:
    shown = readable(text)
    assert not [character for character in shown if is_forbidden(character)]
    assert readable(shown) == shown
    assert unicodedata.is_normalized("NFC", shown)


def test_no_character_of_unicode_slips_through() -> None:
    every = "".join(map(chr, range(sys.maxunicode + 1)))
    assert not [hex(ord(character)) for character in readable(every) if is_forbidden(character)]
    letters = [c for c in every[:0x3000] if c.isalpha() and readable(c) != unicodedata.normalize("NFC", c)]
    assert letters == ["\u115f", "\u1160"]  # fillers: nothing to see


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Straße, Größe, ÄÖÜ", "Straße, Größe, ÄÖÜ"),
        ("β-Zellen, µg, Ω", "β-Zellen, µg, Ω"),
        ("u\u0308ber", "über"),
        ("x\u0332", "x\u0332"),  # no composed form: the mark stays
        ("O\ufb03ce, ﬁnden, ﬂiegen", "Office, finden, fliegen"),
        ("5\u00a0Mio.\u202f€", "5 Mio. €"),
        ("För\u00adderung", "Förderung"),
        ("För\u00ad\n  derung", "Förderung"),
        ("För\ufffe\r\nderung", "Förderung"),
        ("Zell\u00ad und Gentherapie", "Zell- und Gentherapie"),
        ("a\u200bb\u2060c\ufeffd", "abcd"),
        ("\u202eabc\u202c", "abc"),
        ("x\U000e0041y", "xy"),
        ("eins\u2028zwei\x0cdrei\rvier", "eins\nzwei\ndrei\nvier"),
        ("eins\r\nzwei\n\tdrei", "eins\r\nzwei\n\tdrei"),
        ("\uf0b7 Punkt", "• Punkt"),
        ("✔\ufe0f 🧬", "✔ 🧬"),
        ("\x1b[31mrot", "[31mrot"),
    ],
)
def test_what_a_reader_sees(text: str, shown: str) -> None:
    assert readable(text) == shown


@pytest.mark.parametrize(
    "text", ["\u00ad \n" * 40_000, "a\u00ad" + " " * 100_000, "a\u00ad " * 40_000, "\r\u200b" * 50_000]
)
def test_long_runs_are_read(text: str) -> None:
    assert len(readable(text)) <= len(text)
