import pytest

from assistant.errors import UnreadableFileError
from ingest.read.csv import read_csv
from tests.ingest.readings import labels, quoted, told

ROWS = [["Name", "Ort", "Größe"], ["Verein für Köln", "Köln", "1,5"], ["Haus", "Bonn", "12"]]
HEADER = "| Name | Ort | Größe |"


@pytest.mark.parametrize("delimiter", [";", "\t", ",", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_delimiter_is_found(delimiter: str, end: str) -> None:
    text = end.join(delimiter.join(f'"{cell}"' if "," in cell else cell for cell in row) for row in ROWS)
    reading = read_csv(text.encode())
    assert [(section, words, lead) for section, _, words, lead in quoted(reading)] == [
        (("Zeile 1",), HEADER, None),
        (("Zeile 2",), "| Verein für Köln | Köln | 1,5 |", HEADER),
        (("Zeile 3",), "| Haus | Bonn | 12 |", HEADER),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_every_encoding_is_read(encoding: str) -> None:
    text = "Name;Größe\nKöln – „Süd“;5 €\n"
    assert told(read_csv(text.encode(encoding))) == [("row", "| Name | Größe |"), ("row", "| Köln – „Süd“ | 5 € |")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('a;b\n"Zeile eins\nZeile zwei";"sagt ""ja"""\n', ["| a | b |", '| Zeile eins Zeile zwei | sagt "ja" |']),
        (
            "Liste der Mitglieder\n\nName;Ort\nHaus;Bonn\n",
            ["Liste der Mitglieder", "| Name | Ort |", "| Haus | Bonn |"],
        ),
        ("Name\nKöln\nBonn\n", ["Name", "Köln", "Bonn"]),
        ("a,b\n1,2\n\nc,d\n3,4\n", ["| a | b |", "| 1 | 2 |", "| c | d |", "| 3 | 4 |"]),
        ("Satz, mit Komma;x\nnoch, einer, hier;y\n", ["| Satz, mit Komma | x |", "| noch, einer, hier | y |"]),
        ("a;b\nweich\u00adzeichen\u200b;\u202ec\n", ["| a | b |", "| weichzeichen | c |"]),
    ],
)
def test_tables_of_all_shapes(text: str, expected: list[str]) -> None:
    assert [words for _, words in told(read_csv(text.encode()))] == expected


def test_rows_are_counted_as_a_spreadsheet_counts_them() -> None:
    reading = read_csv(b'Titel der Liste\n\na;b\n"x\ny";1\nz;2\n')
    assert labels(reading) == ["Zeile 1", "Zeile 3", "Zeile 4", "Zeile 5"]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b'a;b\n"offen;1\nx;2\n', "it is no table: row 2 (unexpected end of data). Correct the quotation marks"),
        (b"a;" + b"b" * 200_000, "it is no table: row 1 (field larger than field limit (131072))."),
        (b"a;b\0\n", "it is binary, not text."),
        ("Köln;Süd\n".encode() + b"\xc3", "it is in none of UTF-8, UTF-16 and Windows-1252. Save it as UTF-8."),
        (b"a;\x81\n", "it is in none of UTF-8, UTF-16 and Windows-1252."),
        (b"\xff\xfea\0;", "it is in none of UTF-8, UTF-16 and Windows-1252."),
        (b"a;b\n" * 100_001, "it has more than 100000 rows. Split it."),
    ],
)
def test_what_cannot_be_read_is_refused_by_name(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableFileError) as caught:
        read_csv(data)
    assert str(caught.value).startswith(reason)
