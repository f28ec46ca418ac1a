import datetime
import io
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest

from assistant.errors import UnreadableFileError
from assistant.types import Language
from ingest.read import cells
from ingest.read.figures import Value, shown
from ingest.read.xlsx import MAX_PLACES, read_xlsx
from tests.ingest.readings import labels, part, quoted, repacked, told


def saved(workbook: openpyxl.Workbook) -> bytes:
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()


def workbook_of(*rows: list[Any], title: str = "Mitglieder") -> openpyxl.Workbook:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(row)
    return workbook


MEMBERS = (["Name", "Ort", "Beitrag"], ["Verein für Größe", "Köln", 1200], ["Haus der Zahlen", "Bonn", 0.1 + 0.2])


def test_a_sheet_is_a_heading_and_its_rows_carry_header_and_number() -> None:
    workbook = workbook_of(*MEMBERS)
    second = workbook.create_sheet("Leer")
    third = workbook.create_sheet("Ziele")
    third["B2"], third["C2"], third["B3"], third["C3"] = "Indikator", "Status", "Gründungen | neu", "offen"
    workbook.create_sheet("Geheim").sheet_state = "hidden"
    workbook["Geheim"].append(["nicht", "zu sehen"])
    assert second.title == "Leer"
    reading = read_xlsx(saved(workbook))
    header = "| Name | Ort | Beitrag |"
    assert quoted(reading) == [
        (("Mitglieder", "Zeile 1"), None, header, None),
        (("Mitglieder", "Zeile 2"), None, "| Verein für Größe | Köln | 1200 |", header),
        (("Mitglieder", "Zeile 3"), None, "| Haus der Zahlen | Bonn | 0,3 |", header),
        (("Ziele", "Zeile 2"), None, "| Indikator | Status |", None),
        (("Ziele", "Zeile 3"), None, "| Gründungen / neu | offen |", "| Indikator | Status |"),
    ]


def test_titles_above_the_header_are_text_and_empty_rows_end_a_table() -> None:
    rows = [
        ["Liste der Mitglieder"],
        ["Stand:", datetime.date(2024, 3, 12)],
        list("ABCDE"),
        [1, 2, 3, 4, 5],
        [],
        ["F", "G"],
        ["x", 7],
    ]
    reading = read_xlsx(saved(workbook_of(*rows)))
    assert told(reading)[1:] == [
        ("paragraph", "Liste der Mitglieder"),
        ("paragraph", "Stand: 2024-03-12"),
        ("row", "| A | B | C | D | E |"),
        ("row", "| 1 | 2 | 3 | 4 | 5 |"),
        ("row", "| F | G |"),
        ("row", "| x | 7 |"),
    ]
    assert labels(reading) == [f"Zeile {number}" for number in (1, 2, 3, 4, 6, 7)]
    assert quoted(reading)[-1][3] == "| F | G |"


def test_years_head_columns_and_merged_cells_head_each_row() -> None:
    workbook = workbook_of(
        ["", 2022, 2023], ["Köln", 5, 6], ["Keine Angabe", "ohne", "ohne"], ["Bonn", 7, 8], [None, 9, 1], [None, 2, 3]
    )
    workbook.worksheets[0].merge_cells("A4:A5")
    header = "| | 2022 | 2023 |"
    assert [(words, lead) for _, _, words, lead in quoted(read_xlsx(saved(workbook)))] == [
        (header, None),
        ("| Köln | 5 | 6 |", header),
        ("| Keine Angabe | ohne | ohne |", header),
        ("| Bonn | 7 | 8 |", header),
        ("| Bonn | 9 | 1 |", header),
        ("| | 2 | 3 |", "| Bonn | 9 | 1 |"),
    ]


def test_merged_cells_at_the_end_of_rows_head_them_too() -> None:
    workbook = workbook_of(["Ort", "Zahl", "Land"], ["Köln", 5, "NRW"], ["Bonn", 6], [None, None], ["Trier", 7, "RLP"])
    workbook.worksheets[0].merge_cells("C2:C3")
    assert [words for _, words in told(read_xlsx(saved(workbook)))][1:] == [
        *("| Ort | Zahl | Land |", "| Köln | 5 | NRW |", "| Bonn | 6 | NRW |", "| Trier | 7 | RLP |"),
    ]


def test_a_table_in_english_has_english_notation() -> None:
    reading = read_xlsx(saved(workbook_of(["Name of the partner", "Share"], ["The house of numbers", 12.5])))
    assert told(reading)[-1] == ("row", "| The house of numbers | 12.5 |")
    assert labels(reading) == ["row 1", "row 2"]


@pytest.mark.parametrize(
    ("value", "form", "german", "english"),
    [
        (None, "General", "", ""),
        ("Wort", "@", "Wort", "Wort"),
        (True, "General", "WAHR", "TRUE"),
        (35, "General", "35", "35"),
        (35.0, "General", "35", "35"),
        (0.1 + 0.2, "General", "0,3", "0.3"),
        (1.1, "General", "1,1", "1.1"),
        (1500000, "#,##0", "1500000", "1500000"),
        (1234.5, '#,##0.00 "€"', "1234,50 €", "1234.50 €"),
        (1234.5, "#,##0.00\\ [$€-407]", "1234,50 €", "1234.50 €"),
        (-3.2, '#,##0.0_);[Red]"-"0', "-3,2", "-3.2"),
        (1.5, '0.0" Mio. €"', "1,5 Mio. €", "1.5 Mio. €"),
        (12, '"ca. "0', "ca. 12", "ca. 12"),
        (0.125, "0%", "13 %", "13%"),
        (0.125, "0.0%", "12,5 %", "12.5%"),
        (0.3, "0%", "30 %", "30%"),
        (2.5, "0.##", "2,5", "2.5"),
        (1500000, "0,,", "1500000", "1500000"),
        (0.5, "# ?/?", "0,5", "0.5"),
        (12345, "0.00E+00", "12345", "12345"),
        (1e300, "0.0", "1e+300", "1e+300"),
        (float("nan"), "0", "", ""),
        (datetime.datetime(2024, 3, 12), "dd.mm.yyyy", "2024-03-12", "2024-03-12"),
        (datetime.datetime(2024, 3, 12, 8, 30), "General", "2024-03-12 08:30", "2024-03-12 08:30"),
        (datetime.date(2024, 3, 12), "General", "2024-03-12", "2024-03-12"),
        (datetime.time(8, 30), "hh:mm", "08:30", "08:30"),
        (datetime.timedelta(hours=30), "[h]:mm", "1 day, 6:00:00", "1 day, 6:00:00"),
    ],
)
def test_values_as_a_spreadsheet_shows_them(value: Value, form: str, german: str, english: str) -> None:
    languages: tuple[Language, Language] = ("de", "en")
    assert [shown(value, form, language) for language in languages] == [german, english]


def test_formats_dates_and_errors_of_cells_are_used() -> None:
    workbook = workbook_of(
        ["Anteil", "Tag", "Fehler", "Wort"], [0.125, datetime.datetime(2024, 3, 12), "#DIV/0!", "und"]
    )
    workbook.worksheets[0]["A2"].number_format = "0.0%"
    assert told(read_xlsx(saved(workbook)))[-1] == ("row", "| 12,5 % | 2024-03-12 | | und |")


def test_results_of_formulas_are_read_and_missing_ones_refused() -> None:
    data = saved(workbook_of(["Summe", "und"], ["=1+2", "der Länder"]))
    with pytest.raises(UnreadableFileError, match="it has formulas without results"):
        read_xlsx(data)
    name = "xl/worksheets/sheet1.xml"
    sheet = part(data, name)
    assert "<f>1+2</f><v />" in sheet or "<f>1+2</f><v/>" in sheet or "<f>1+2</f><v></v>" in sheet
    computed = sheet.replace("<v />", "<v>3</v>").replace("<v/>", "<v>3</v>").replace("<v></v>", "<v>3</v>")
    assert told(read_xlsx(repacked(data, {name: computed})))[-1] == ("row", "| 3 | der Länder |")
    empty = sheet.replace('<c r="A2">', '<c r="A2" t="str">')
    assert empty != sheet
    assert told(read_xlsx(repacked(data, {name: empty})))[-1] == ("row", "| | der Länder |")


def test_what_a_workbook_says_about_itself() -> None:
    workbook = workbook_of(*MEMBERS)
    workbook.properties.title, workbook.properties.creator = "Mitgliederliste", "openpyxl"
    workbook.properties.modified = datetime.datetime(2024, 3, 12)
    stated = read_xlsx(saved(workbook)).stated
    assert (stated.title, stated.publisher, stated.date) == ("Mitgliederliste", None, None)
    assert stated.metadata_date is not None  # openpyxl sets it anew when it saves


def sheet_of(rows: str) -> bytes:
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    sheet = f'<worksheet xmlns="{main}"><dimension ref="A1:XFD1048576"/><sheetData>{rows}</sheetData></worksheet>'
    return repacked(saved(workbook_of(*MEMBERS)), {"xl/worksheets/sheet1.xml": sheet})


def cell(place: str, text: str = "und") -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda: sheet_of(f'<row r="2000000000">{cell("A2000000000")}</row>'), "its sheets are too wide or too long."),
        (lambda: sheet_of("".join(f'<row r="{n}">{cell(f"XFD{n}")}</row>' for n in range(1, MAX_PLACES // 16384 + 2))),
         "its sheets are too wide or too long."),
        (lambda: sheet_of("<row"), "it is a damaged Excel workbook (ParseError)."),
        (lambda: sheet_of('<row r="x"/>'), "it is a damaged Excel workbook (ValueError)."),
        (lambda: repacked(saved(workbook_of(*MEMBERS)), {"xl/workbook.xml": None}), "it is a damaged Excel workbook (KeyError)."),
        (lambda: repacked(saved(workbook_of(*MEMBERS)), {"xl/sharedStrings.xml": "<!DOCTYPE x [<!ENTITY a 'b'>]><x/>"}),
         "its XML declares entities"),
        (lambda: saved(workbook_of(*MEMBERS))[:-300], "it is a damaged zip package (BadZipFile)."),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_by_name(make: Callable[[], bytes], reason: str) -> None:
    with pytest.raises(UnreadableFileError) as caught:
        read_xlsx(make())
    assert str(caught.value).startswith(reason)
    assert caught.value.fix


def test_empty_rows_cost_nothing() -> None:
    reading = read_xlsx(sheet_of(f'<row r="1">{cell("A1")}</row><row r="1048576">{cell("A1048576", "Ende")}</row>'))
    assert told(reading)[1:] == [("paragraph", "und"), ("paragraph", "Ende")]
    assert labels(reading) == ["Zeile 1", "Zeile 1048576"]


def test_more_rows_than_the_limit_are_refused_and_never_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.read.xlsx.MAX_ROWS", 3)
    assert cells.MAX_ROWS == 100_000
    assert len(quoted(read_xlsx(saved(workbook_of(*MEMBERS))))) == 3
    with pytest.raises(UnreadableFileError, match="it has more than 3 rows"):
        read_xlsx(saved(workbook_of(*MEMBERS, ["vier"])))
