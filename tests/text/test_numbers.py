import datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.text.numbers import NUMBER_WORDS, dates, figures, first_day, stated_values
from assistant.types import Language

LANGUAGES: tuple[Language, ...] = ("de", "en")


def values(text: str, language: Language) -> list[str]:
    return [figure.value for figure in figures(text, language)]


@pytest.mark.parametrize(
    ("german", "english", "value"),
    [
        ("49.900", "49,900", "49900"),
        ("1.500.000", "1,500,000", "1500000"),
        ("1.500,25", "1,500.25", "1500.25"),
        ("36,9 %", "36.9 %", "36.9"),
        ("0,50", "0.50", "0.5"),
        ("1,5 Mio.", "1.5 million", "1500000"),
        ("1,5 Mio. Euro", "1.5m euros", "1500000"),
        ("2.500 Mio.", "2,500 million", "2500000000"),
        ("15-Millionen-Euro-Förderung", "15-million-euro grant", "15000000"),
        ("4,99 Milliarden", "4.99 billion", "4990000000"),
        ("4,99 Mrd.", "4.99bn", "4990000000"),
        ("1,2 Billionen", "1.2 trillion", "1200000000000"),
        ("3 Tsd.", "3 thousand", "3000"),
        ("49 900", "49 900", "49900"),
        ("49\u00a0900", "49\u202f900", "49900"),
        ("1'234'567,5", "1’234’567.5", "1234567.5"),
        ("007", "007", "7"),
        ("0", "0", "0"),
        ("12.03.2024", "12 March 2024", "2024-03-12"),
        ("12. 3. 2024", "March 12, 2024", "2024-03-12"),
        ("12. März 2024", "March 12th 2024", "2024-03-12"),
        ("12.März 2024", "12th of March, 2024", "2024-03-12"),
        ("12. Maerz 2024", "2024-03-12", "2024-03-12"),
        ("März 2024", "march 2024", "2024-03"),
        ("Okt. 2023", "Oct. 2023", "2023-10"),
        ("1. Mai", "May 1", "--05-01"),
        ("2. Juni", "the 2nd of June", "--06-02"),
    ],
)
def test_both_notations_give_one_value(german: str, english: str, value: str) -> None:
    assert values(german, "de") == [value]
    assert values(english, "en") == [value]


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("2019 500 Menschen", "de", ["2019", "500"]),
        ("im März 12 Partner", "de", ["12"]),
        ("2019/2020", "de", ["2019", "2020"]),
        ("5–10 Jahre, 50 m tief, 15 m²", "de", ["5", "10", "50", "15"]),
        ("Nr.5 und ca.50", "de", ["5", "50"]),
        ("Abschnitt 3.1", "de", ["3.1"]),
        ("Version 1.2.3", "de", ["1.2"]),
        ("35.13.2024", "de", ["35.13"]),
        ("1.5000", "de", ["1.5"]),
        ("1.500", "en", ["1.5"]),
        ("1,500", "de", ["1.5"]),
        ("CO2, Q3, Vita34, NK4Therapy", "de", []),
        ("_5_ und **6**", "de", ["5", "6"]),
        ("½ und ٣ und ²", "de", []),
        ("", "en", []),
    ],
)
def test_what_is_a_figure(text: str, language: Language, expected: list[str]) -> None:
    assert values(text, language) == expected


def test_a_very_long_number_stays_exact() -> None:
    digits = "1234567890" * 500
    assert values(digits, "de") == [digits]


def test_a_date_states_its_parts() -> None:
    assert stated_values("am 12. März 2024", "de") == {"2024-03-12", "2024-03", "--03-12", "2024", "12"}


@pytest.mark.parametrize(
    ("text", "value"),
    [("Zwölf Partner", "12"), ("fünfunddreißig", "35"), ("twenty sites", "20"), ("eine Firma", "1"), ("sieben", "7")],
)
def test_number_words_state_their_number(text: str, value: str) -> None:
    assert value in stated_values(text, "de")


def test_every_number_word_to_ninety_nine() -> None:
    assert set(NUMBER_WORDS.values()) == set(range(100))


@given(st.integers(0, 10**15), st.integers(0, 99))
def test_any_number_is_the_same_in_both_languages(whole: int, hundredths: int) -> None:
    english = f"{whole:,}.{hundredths:02}"
    german = english.translate(str.maketrans(".,", ",."))
    (expected,) = values(english, "en")
    assert values(german, "de") == [expected]
    assert Decimal(expected) == whole + Decimal(hundredths) / 100


@given(st.dates())
def test_any_date_is_the_same_in_both_languages(date: datetime.date) -> None:
    months = [
        "Januar",
        "Februar",
        "März",
        "April",
        "Mai",
        "Juni",
        "Juli",
        "August",
        "September",
        "Oktober",
        "November",
        "Dezember",
    ]
    english = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ]
    year = f"{date.year:04}"
    written: list[tuple[str, Language]] = [
        (f"{date.day}. {months[date.month - 1]} {year}", "de"),
        (f"{date.day:02}.{date.month:02}.{year}", "de"),
        (f"{date.day} {english[date.month - 1]} {year}", "en"),
        (f"{english[date.month - 1]} {date.day}, {year}", "en"),
        (date.isoformat(), "en"),
    ]
    assert {tuple(values(text, language)) for text, language in written} == {(date.isoformat(),)}


@given(
    st.text(st.sampled_from("0123456789.,' \u00a0-/MioMärzMay%€abst"), max_size=60) | st.text(),
    st.sampled_from(LANGUAGES),
)
def test_figures_of_any_text_stand_where_they_say(text: str, language: Language) -> None:
    position = 0
    for figure in figures(text, language):
        assert position <= figure.start < figure.end <= len(text)
        assert any(c.isdigit() for c in text[figure.start : figure.end])
        assert figure.value.replace(".", "", 1).replace("-", "").isdigit()
        position = figure.end
    assert set(values(text, language)) <= stated_values(text, language)


@given(st.text(st.sampled_from("0123456789., Mio"), max_size=40), st.sampled_from(LANGUAGES))
def test_a_value_is_its_own_value(text: str, language: Language) -> None:
    for value in values(text, language):
        written = value.replace(".", "," if language == "de" else ".")
        assert values(written, language) == [value]


def test_dates_are_those_with_a_year_in_either_notation() -> None:
    text = "Am 12. März gab es 35, am 12.03.2024 und March 13, 2024 dann 36; im April 2024 und am 2024-05-01 mehr."
    assert [(f.value, text[f.start : f.end]) for f in dates(text)] == [
        ("2024-03-12", "12.03.2024"),
        ("2024-03-13", "March 13, 2024"),
        ("2024-04", "April 2024"),
        ("2024-05-01", "2024-05-01"),
    ]


@pytest.mark.parametrize(
    ("date", "day"), [("2024-03-12", (2024, 3, 12)), ("2024-03", (2024, 3, 1)), ("2024", (2024, 1, 1))]
)
def test_first_day(date: str, day: tuple[int, int, int]) -> None:
    assert first_day(date) == datetime.date(*day)


@pytest.mark.parametrize(
    "date", ["", "24", "20240312", "2024-W10", "2024-02-30", "2024-13", "2024-3", "2024-03-12T00:00", "٢٠٢٤"]
)
def test_what_is_no_date_has_no_first_day(date: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        first_day(date)
