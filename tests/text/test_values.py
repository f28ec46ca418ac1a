"""Values that can be set side by side, and when they exclude each other."""

from __future__ import annotations

import pytest

from assistant.text.values import Value, differ, values
from assistant.types import Language


def only(sentence: str, language: Language) -> Value:
    (value,) = values(sentence, language)
    return value


@pytest.mark.parametrize(
    ("sentence", "language", "value", "thing", "narrowing"),
    [
        ("Es gingen 36 Projektskizzen ein.", "de", "36", "projektskizz", set()),
        ("In den insgesamt 35 eingegangenen Projektskizzen steht es.", "de", "35", "projektskizz", set()),
        ("Es gibt sechs Workshops.", "de", "6", "workshops", set()),
        ("Hinzu kamen 9 neue Partner.", "de", "9", "partn", {"neu"}),
        ("The call brought in 36 project sketches.", "en", "36", "sketch", {"project"}),
        ("They have 2 co-speakers.", "en", "2", "speaker", set()),
        ("Es sind 1.500 Akteure.", "de", "1500", "akteur", set()),
    ],
)
def test_how_many_of_what(sentence: str, language: Language, value: str, thing: str, narrowing: set[str]) -> None:
    found = only(sentence, language)
    assert (found.sort, found.value, found.thing) == ("count", value, thing)
    assert found.narrowing == narrowing


@pytest.mark.parametrize(
    ("sentence", "language"),
    [
        ("Es begann im Jahr 2019.", "de"),
        ("Der Anteil lag bei 36 Prozent, davon 5 Firmen.", "de"),
        ("Je Standort arbeiten 5 Personen.", "de"),
        ("There are 40 members, of which 5 firms.", "en"),
        ("Am 12. März begann es.", "de"),
        ("Es waren 36.", "de"),
    ],
)
def test_parts_years_and_dates_count_nothing(sentence: str, language: Language) -> None:
    assert not [value for value in values(sentence, language) if value.sort == "count"]


@pytest.mark.parametrize(
    ("sentence", "language", "first", "last", "written"),
    [
        ("Der Prozess (Juli 2018 bis Februar 2019) lief.", "de", "2018-07", "2019-02", "Juli 2018 bis Februar 2019"),
        ("It ran from July 2018 to March 2019.", "en", "2018-07", "2019-03", "July 2018 to March 2019"),
        ("Es begann im Juli 2018 und endete im März 2019.", "de", "2018-07", "2019-03", "März 2019"),
    ],
)
def test_periods(sentence: str, language: Language, first: str, last: str, written: str) -> None:
    found = only(sentence, language)
    assert (found.sort, found.thing, found.value, found.written) == ("period", first, last, written)


@pytest.mark.parametrize(
    ("sentence", "value"),
    [
        ("Eine klinische Studie Phase I/II wurde bewilligt.", "I/II"),
        ("The phase I and II study began.", "I/II"),
        ("Klinische Studie Phase II von Hudecek.", "II"),
    ],
)
def test_phases(sentence: str, value: str) -> None:
    found = only(sentence, "de")
    assert (found.sort, found.value) == ("phase", value)


@pytest.mark.parametrize(
    ("one", "other", "language", "expected"),
    [
        ("Es waren 35 Skizzen.", "Es waren 36 Skizzen.", "de", True),
        ("Es waren 35 Skizzen.", "Es waren 35 Skizzen.", "de", False),
        ("Es waren 35 Skizzen.", "Es waren 36 Workshops.", "de", False),
        ("Es sind 49.900 Arbeitsplätze.", "Es sind 50.000 Arbeitsplätze.", "de", False),  # rounded
        ("Es sind 49.900 Arbeitsplätze.", "Es sind rund 51.000 Arbeitsplätze.", "de", False),
        ("Es sind 230 Mitglieder.", "Es sind über 200 Mitglieder.", "de", False),
        ("There are 230 members.", "There are more than 200 members.", "en", False),
        ("Es sind 36 Partner.", "Es sollen 50 Partner werden.", "de", False),  # a plan
        ("Phase I/II beginnt.", "Phase II beginnt.", "de", True),
        ("Von Juli 2018 bis Februar 2019.", "Von Juli 2018 bis März 2019.", "de", True),
        ("Von Mai 2018 bis Februar 2019.", "Von Juli 2018 bis März 2019.", "de", False),  # something else
    ],
)
def test_which_values_exclude_each_other(one: str, other: str, language: Language, expected: bool) -> None:
    assert differ(only(one, language), only(other, language)) is expected
    assert differ(only(other, language), only(one, language)) is expected
