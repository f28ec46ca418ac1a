"""Each way in which a document says what it is, with the place where its date was found."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.text.numbers import first_day
from assistant.types import Language
from ingest.about import about
from ingest.read.blocks import Reading, Stated
from ingest.read.compose import Composer
from ingest.read.markdown import read_markdown
from ingest.read.plain import read_plain

TODAY = datetime.date(2026, 6, 30)
BODY = "Der Verein hat seinen Sitz in Rosenau und zählt heute 35 Mitglieder aus Forschung und Wirtschaft."
LONG = f"{BODY}\n\n" * 100


NOTHING = Stated()


def said(text: str, name: str = "x.txt", sidecar: Stated = NOTHING) -> tuple[Stated, str | None]:
    reading = read_markdown(text) if name.endswith(".md") else read_plain(text)
    return about(reading, name, sidecar, TODAY)


def dated(text: str, name: str = "x.txt") -> tuple[str | None, str | None]:
    found, place = said(text, name)
    return found.date, place


# ---- date ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "date", "place"),
    [
        ("Stand: September 2023", "2023-09", "imprint: Stand: September 2023"),
        ("Stand: 12.03.2024", "2024-03-12", "imprint: Stand: 12.03.2024"),
        ("Stand 09/2023", "2023-09", "imprint: Stand 09/2023"),
        ("(Stand: 09.2023)", "2023-09", "imprint: Stand: 09.2023"),
        ("Stand: 12.03.24", "2024-03-12", "imprint: Stand: 12.03.24"),
        ("Stand: 03/24", "2024-03", "imprint: Stand: 03/24"),
        ("Stand: Herbst 2023", "2023", "imprint: Stand: Herbst 2023"),
        ("Stand 2023", "2023", "imprint: Stand 2023"),
        ("**Redaktionsschluss:** 31. Oktober 2023", "2023-10-31", "imprint: Redaktionsschluss: 31. Oktober 2023"),
        ("Rosenau | Stand: März 2024 | 3. Auflage", "2024-03", "imprint: Stand: März 2024"),
        ("Letzte Aktualisierung: 12.03.2024, 14:05 Uhr", "2024-03-12", "imprint: Letzte Aktualisierung: 12.03.2024"),
        ("Zuletzt geändert am 12. März 2024", "2024-03-12", "imprint: Zuletzt geändert am 12. März 2024"),
        ("Last updated: 3 May 2024 by the office", "2024-05-03", "imprint: Last updated: 3 May 2024"),
        ("As of May 2024", "2024-05", "imprint: As of May 2024"),
        ("Herausgeber: Haus GmbH, Hof 1. Druck: Presse. Stand: Mai 2023 Auflage: 500", "2023-05", "imprint: Stand: Mai 2023"),
        ("Impressum\n\nHaus GmbH\nHof 1\n\nDruck: Presse AG, Stand: 2/2022.", "2022-02", "imprint: Stand: 2/2022"),
        ("Veröffentlicht am 12.03.2024", "2024-03-12", "dateline: Veröffentlicht am 12.03.2024"),
        ("Published: 3 May 2024", "2024-05-03", "dateline: Published: 3 May 2024"),
        ("Published on May 3rd, 2024", "2024-05-03", "dateline: Published on May 3rd, 2024"),
        ("Date: 2024-05-03", "2024-05-03", "dateline: Date: 2024-05-03"),
        ("Datum: 3.5.2024", "2024-05-03", "dateline: Datum: 3.5.2024"),
        ("Pressemitteilung vom 12. März 2024", "2024-03-12", "dateline: Pressemitteilung vom 12. März 2024"),
        ("Pressemitteilung 12/2023 vom 12.03.2024", "2024-03-12", "dateline: Pressemitteilung 12/2023 vom 12.03.2024"),
        ("Pressemitteilung Nr. 12/2023", None, None),
        ("Leipzig, 12. März 2024 – Der Verein wächst.", "2024-03-12", "dateline: Leipzig, 12. März 2024"),
        ("(Halle, 12.03.2024) Der Verein wächst.", "2024-03-12", "dateline: Halle, 12.03.2024"),
        ("Leipzig/Dresden, den 12.03.2024", "2024-03-12", "dateline: Leipzig/Dresden, den 12.03.2024"),
        ("Halle (Saale), Dienstag, 12. März 2024.", "2024-03-12", "dateline: Halle (Saale), Dienstag, 12. März 2024"),
        ("DRESDEN, Germany, March 12, 2024 /Wire/ -- It grows.", "2024-03-12", "dateline: DRESDEN, Germany, March 12, 2024"),
        ("Munich – March 12, 2024 – It grows.", "2024-03-12", "dateline: Munich – March 12, 2024"),
        ("Stuttgart, Februar 2019", "2019-02", "dateline: Stuttgart, Februar 2019"),
        ("12.03.2024", "2024-03-12", "dateline: 12.03.2024"),
        ("Dienstag, 12. März 2024 | Rosenau", "2024-03-12", "dateline: Dienstag, 12. März 2024"),
        ("12 March 2024, Rosenau", "2024-03-12", "dateline: 12 March 2024"),
        ("Berichtszeitraum\n\n1.10.2022 – 30.9.2023", "2023-09-30", "reporting period: Berichtszeitraum 1.10.2022 – 30.9.2023"),
        ("Reporting period: 2022–2023", "2023", "reporting period: Reporting period: 2022–2023"),
        # what only mentions a date
        ("Am 12. März 2024 wurde der Verein gegründet.", None, None),
        ("Am Dienstag, 12. März 2024 – einem Feiertag – wurde der Verein gegründet.", None, None),
        ("Der Stand 2021 war ein anderer.", None, None),
        ("Stand 2021 gab es 35 Mitglieder.", None, None),
        (f"{BODY} Es sind drei in Italien (Stand 2021). {BODY}", None, None),
        ("Tagung, 3. Juni 2024, Rosenau", None, None),
        ("Der Stand wird veröffentlicht.", None, None),
        ("12.03.2024 – Gründung\n\n14.05.2024 – Umzug", None, None),
        ("Zeit: 1.10.2022 bis 30.9.2023", None, None),
        # what cannot be
        ("Stand: Februar 1949", None, None),
        ("Stand: Juli 2026", None, None),
        ("Stand: 31.02.2024", None, None),
        ("Stand: Juli 2026\n\nVeröffentlicht am 12.03.2024", "2024-03-12", "dateline: Veröffentlicht am 12.03.2024"),
        # the better of two
        ("Veröffentlicht am 12.03.2024\n\nAktualisiert am 14.03.2024", "2024-03-14", "imprint: Aktualisiert am 14.03.2024"),
    ],
)  # fmt: skip
def test_date_in_the_text(lines: str, date: str | None, place: str | None) -> None:
    assert dated(f"Bericht des Vereins\n\n{lines}\n\n{BODY}\n") == (date, place)


def test_an_imprint_may_stand_at_the_end_but_not_in_the_middle() -> None:
    assert dated(f"{LONG}Stand: Mai 2023\n\nEnde") == ("2023-05", "imprint: Stand: Mai 2023")
    assert dated(f"{LONG}Stand: Mai 2023\n\n{LONG}") == (None, None)


@pytest.mark.parametrize(
    ("name", "date"),
    [
        ("2023-09-14_protokoll.txt", "2023-09-14"),
        ("20230914 Protokoll.txt", "2023-09-14"),
        ("Protokoll_14.09.2023.txt", "2023-09-14"),
        ("Protokoll 14-9-2023.txt", "2023-09-14"),
        ("protokoll_14092023.txt", "2023-09-14"),
        ("bericht_092023.txt", "2023-09"),
        ("bericht-2023-09.txt", "2023-09"),
        ("bericht_maerz_2024.txt", "2024-03"),
        ("report-may-3-2024.txt", "2024-05-03"),
        ("bericht_2023.txt", "2023"),
        ("bericht_2022-2023.txt", None),
        ("bericht_22_23.txt", None),
        ("0ee0e7d20230914a.txt", None),
        ("2023-09-14/bericht.txt", None),
        ("20991231_plan.txt", None),
        ("20230231_x.txt", None),
        ("tel_0341202309.txt", None),
    ],
)
def test_date_in_the_name(name: str, date: str | None) -> None:
    place = f"file name: {name.removesuffix('.txt')}" if date else None
    assert dated(BODY, name) == (date, place)


@pytest.mark.parametrize(
    ("title", "date"),
    [
        ("Clusterstrategie (Stand 09/2022)", "2022-09"),
        ("Protokoll der Sitzung vom 12.03.2024", "2024-03-12"),
        ("Jahresbericht 2022", "2022"),
        ("Rückblick 2013 bis 2018", None),
        ("Agenda 2030", None),
        ("Clusterstrategie 2024", None),
        ("Sechs Ziele bis 2024", None),
        ("Konferenz 2026", "2026"),
    ],
)
def test_date_in_the_title(title: str, date: str | None) -> None:
    assert dated(f"# {title}\n\n{BODY}", "x.md") == (date, f"title: {title}" if date else None)


def test_the_better_place_wins() -> None:
    """From the weakest on, each place is better than all before it."""
    text = f"{{front}}# Jahresbericht 2019\n\n{{line}}{BODY}"
    stated = Stated(metadata_date="2020-02-02")

    def place(
        name: str = "x.pdf",
        *,
        title: bool = True,
        line: str = "",
        about_it: Stated = NOTHING,
        sidecar: Stated = NOTHING,
    ) -> str | None:
        words = text.format(front="", line=line)
        plain = read_markdown(words if title else words.replace(" 2019", ""))
        return about(Reading(plain.text, plain.blocks, stated=about_it), name, sidecar, TODAY)[1]

    assert place() == "title: Jahresbericht 2019"
    assert place("2018.pdf") == "title: Jahresbericht 2019"
    assert place("2018.pdf", title=False, about_it=stated) == "file name: 2018"
    assert place(about_it=stated) == "title: Jahresbericht 2019"
    assert place(title=False, about_it=stated) == "metadata"
    assert place(title=False, about_it=Stated(metadata_date="2013-01-27")) is None
    assert place(title=False, about_it=Stated(metadata_date="2013-12-23")) is None
    assert place("x_2021-03.pdf", about_it=stated) == "file name: x_2021-03"
    assert place("x_2021-03.pdf", line="Stand: Mai 2022\n\n", about_it=stated) == "imprint: Stand: Mai 2022"
    known = Stated(date="2023-01-01")
    assert place(line="Stand: Mai 2022\n\n", about_it=known) == "document properties"
    assert place("x.eml", line="Stand: Mai 2022\n\n", about_it=known) == "mail header"
    assert place("x.html", line="Stand: Mai 2022\n\n", about_it=known) == "page metadata"
    assert place("x.md", about_it=known) == "front matter"
    assert place("x.md", about_it=known, sidecar=Stated(date="2024")) == "sidecar"


def test_what_a_program_states_must_be_a_date() -> None:
    for wrong in ("1601-01-01", "2099-01-01", "D:2023", "2023-02-30"):
        reading = Reading(BODY, read_plain(BODY).blocks, stated=Stated(date=wrong, metadata_date=wrong))
        assert about(reading, "x.docx", Stated(), TODAY)[1] is None
    reading = Reading(BODY, read_plain(BODY).blocks, stated=Stated(metadata_date="2023-09-14T10:00:00Z"))
    assert about(reading, "x.docx", Stated(), TODAY)[0].date == "2023-09-14"


# ---- title ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("# Kein Markdown\n\nText.", "Kein Markdown"),
        ("Bericht des Vereins\n\n" + BODY, "Bericht des Vereins"),
        ("BERICHT DES VEREINS 2024\n\n" + BODY, "BERICHT DES VEREINS 2024"),
        ("ANZEIGE\n\nMenü\n\n12.03.2024\n\nSeite 3 von 10\n\nVerein wächst weiter\n\n" + BODY, "Verein wächst weiter"),
        ("Dienstag, 12. März 2024\n\nVerein wächst weiter\n\n" + BODY, "Verein wächst weiter"),
        (f"# Medieninformation\n\nMinisterium für Wirtschaft\n\n## **Verein wächst**\n\n{BODY}", "Verein wächst"),
        (f"Bericht des Vereins\n\n{BODY}\n\n## Wer wir sind\n\n{BODY}", "Bericht des Vereins"),
        (f"# bioverein: wer wir sind\n\n{BODY}", "bioverein: wer wir sind"),
        (f"1 Aktuelles Profil\n\n{BODY}", None),
        (f"{BODY}\n\nWer wir sind\n\n{BODY}", None),
        (f"Lieber Herr Rosen,\n\n{BODY}", None),
        (f"www.verein.de\n\n{BODY}", None),
        (f"Tel.: 0341 1234\n\n{BODY}", None),
        ("Der Verein wächst\nund wächst weiter und weiter,\nJahr um Jahr", None),
        ("- Punkt eins\n- Punkt zwei", None),
        ("| Name | Ort |\n| A | B |", None),
        (f"{LONG}# Anhang\n\n{BODY}", None),
    ],
)
def test_title(text: str, title: str | None) -> None:
    assert said(text, "ordner/datei.v2.txt")[0].title == (title or "datei.v2")


def test_a_stated_title_wins() -> None:
    assert said("---\ntitle: Genannt\n---\n# Anders\n\nText.", "x.md")[0].title == "Genannt"
    assert said("# Anders\n\nText.", "x.md", Stated(title="Richtig"))[0].title == "Richtig"


def test_the_names_of_sheets_are_no_titles() -> None:
    composer = Composer()
    composer.heading("Tabelle1", 1)
    composer.row(["Name", "Ort"])
    composer.row(["Verein", "Rosenau"])
    assert about(composer.reading(), "mitglieder.xlsx", Stated(), TODAY)[0].title == "mitglieder"


# ---- publisher -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "publisher"),
    [
        ("Herausgeber: Rosenau Netz e. V.", "Rosenau Netz e. V."),
        ("Herausgeberin\n\nRosenau Management GmbH\nHof 1\n04103 Leipzig", "Rosenau Management GmbH"),
        ("**Herausgeber:** Haus am Hof, Hof 1, 04103 Leipzig, Tel. 0341", "Haus am Hof"),
        ("Herausgeber: Ministerium für Arbeit,\nForschung und Kunst", "Ministerium für Arbeit, Forschung und Kunst"),
        ("Impressum\n\nRosenau Netz Verein Hof 1 04103 Leipzig", "Rosenau Netz Verein"),
        ("Impressum\n\nRosenau GmbH Am Hof 1 04103 Leipzig Tel.: 0341", "Rosenau GmbH"),
        ("Herausgegeben von Rosenau Netz | www.rosenau.de", "Rosenau Netz"),
        ("Herausgeber: Rosenau Netz Redaktion: Frau Rosen Druck: Presse AG", "Rosenau Netz"),
        ("Published by Rosenau Agency, 12 Main Street", "Rosenau Agency"),
        ("Publisher: The Rosenau Foundation; Berlin", "The Rosenau Foundation"),
        ("IMPRESSUM\n\nRosenau Management GmbH\nHof 1\n04103 Leipzig", "Rosenau Management GmbH"),
        ("Impressum:\n\nAngaben nach Gesetz\n\nRosenau Management GmbH, Hof 1", "Rosenau Management GmbH"),
        ("V.i.S.d.P.: Rosa Rosen, Rosenau Management GmbH", "Rosenau Management GmbH"),
        ("© 2023 BIO.NRW", "BIO.NRW"),
        ("Copyright © 2019–2023 Rosenau Netz. Alle Rechte vorbehalten.", "Rosenau Netz"),
        # no imprint
        ("V.i.S.d.P.: Rosa Rosen", None),
        ("Impressum\n\nDatenschutz\n\nKontakt", None),
        ("Impressum | Datenschutz | Rosenau Management GmbH", None),
        ("© 2023 Rosa Rosen / stock images", None),
        ("© 2023 BIO.NRW\n\n© 2022 Rosenau Netz", None),
        ("Foto: © 2023 Rosenau Netz", None),
        ("Der Herausgeber der Zeitschrift ist die Rosenau Management GmbH.", None),
        ("Die Rosenau Management GmbH hat den Bericht veröffentlicht.", None),
        ("Published by the end of the year.", None),
    ],
)  # fmt: skip
def test_publisher(lines: str, publisher: str | None) -> None:
    for text in (f"Bericht\n\n{lines}\n\n{BODY}", f"Bericht\n\n{LONG}{lines}\n"):
        assert said(text)[0].publisher == publisher


def test_the_head_of_a_press_release_names_its_publisher() -> None:
    assert said(f"# Medieninformation\n\nMinisterium für Wirtschaft und  \nTourismus\n\n{BODY}")[0].publisher == (
        "Ministerium für Wirtschaft und Tourismus"
    )
    assert said(f"Pressemitteilung\n\nVerein wächst auf 35\n\n{BODY}")[0].publisher is None


def test_a_stated_publisher_wins() -> None:
    text = "---\npublisher: Haus\n---\nHerausgeber: Verein\n"
    assert said(text, "x.md")[0].publisher == "Haus"
    assert said(text, "x.md", Stated(publisher="Richtig"))[0].publisher == "Richtig"


# ---- all else ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("sidecar", "front", "language"), [("de", "en", "de"), (None, "de", "de"), (None, None, "en")])
def test_language(sidecar: Language | None, front: Language | None, language: Language) -> None:
    text = f"---\nlanguage: {front or ''}\n---\nThe association is based in the city."
    assert said(text, "x.md", Stated(language=sidecar))[0].language == language


def test_a_sidecar_adds_to_what_is_stated() -> None:
    text = "---\nsource: Quelle\ntranslation_of: en/a.md\n---\nText."
    found, _ = said(text, "x.md", Stated(source="https://rosenau.example/a", supersedes="alt.md"))
    assert (found.source, found.translation_of, found.supersedes) == ("https://rosenau.example/a", "en/a.md", "alt.md")


def test_nothing_at_all_is_said() -> None:
    assert about(Reading("", ()), "leer.txt", Stated(), TODAY)[0].title == "leer"


def test_an_unseen_character_of_a_name_is_in_no_title() -> None:
    assert said(BODY, "be\u202ericht\u200b.txt")[0].title == "bericht"


PIECES = ["Stand", "Impressum", "Herausgeber", "©", ":", " ", "\n\n", "\n", "12.03.2024", "2023", "31.02.2024", "Mai",
          "Leipzig", ", ", " – ", "GmbH", "# ", "|", "(", "e. V.", "Pressemitteilung", "9999", "1.1.", "\u202e", "🧬"]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=5), max_size=30).map("".join), st.text(max_size=12))
def test_any_text_says_something_usable(text: str, name: str) -> None:
    for ending in (".txt", ".md"):
        if ending == ".md" and text.startswith("---"):
            continue
        found, place = said(text, f"{name.replace('/', '')}x{ending}")
        assert found.title
        assert found.language in ("de", "en")
        assert (found.date is None) is (place is None)
        assert found.date is None or datetime.date(1950, 1, 1) <= first_day(found.date) <= TODAY


def test_markup_and_comments_say_nothing() -> None:
    text = f"---\nx: 'Stand: Mai 2023'\n---\n<!-- Stand: Mai 2023 -->\n# Bericht\n\n{BODY}"
    assert dated(text, "x.md") == (None, None)


@pytest.mark.parametrize(
    "hard", ["Stand: ", "Stand 1.", "A, ", "(", "12.", "Herausgeber: ", "© 2023 ", "a - ", "Stand Stand", "V.i.S.d.P. "]
)
def test_hard_lines_are_looked_at_once(hard: str) -> None:
    """Each would take minutes if an expression went back over what it has seen."""
    text = f"Impressum\n\n{hard * 100_000}\n\n{hard * 100}\n\n{(hard + chr(10)) * 1000}"
    said(text)
