import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.text.sentences import split_sentences

# Text that looks like text, besides any text at all.
PROSE = st.lists(
    st.sampled_from(
        ["Der", "Verein", "e. V.", "z. B.", "12.", "Prof.", "Mio.", "(siehe", "Abb.", "3)", "…", "?!", "„Ja.“", "GmbH.",
         "\n", "\r\n", "\t", " ", "\u00a0", "U.", "Köhl", "usw.", "1.", "Januar", "Die"]
    )
).map(" ".join)  # fmt: skip
ANY = st.text(max_size=300) | PROSE


def sentences(text: str) -> list[str]:
    return [text[span.start : span.end] for span in split_sentences(text)]


@pytest.mark.parametrize(
    "expected",
    [
        ["Der Verein wurde 2008 gegründet.", "Er sitzt in Heidelberg."],
        ["Was ist das?", "Es ist gut!", "Ja."],
        ["Das ist so...", "Nun ja…", "Neue Zeile."],
        ["Er sagte: „Das ist gut.“", "Dann ging er."],
        ["Die Website lautet www.biorn.org.", "Dort steht es."],
        ["Founded in 2008.", "It has 12.", "The rest is new."],
        ["Es waren 36.", "Davon sind 3 neu."],
        ["Das Jahr 2019.", "35 Partner kamen dazu."],
        ["Leipzig, Halle etc.", "Das war es."],
        # dates and ordinals
        ["Das Treffen war am 12. September 2023.", "Danach ging es los."],
        ["Seit dem 1. Januar gilt das.", "Ab 2. Mai nicht mehr."],
        ["Die Förderung endet am 12.", "Danach ist Schluss."],
        ["1. Vorsitzender ist Max Muster."],
        ["Im 2. Quartal 2020 gab es 3.", "Die Partner kamen später."],
        ["In der 1. Runde kamen 4 Projekte dazu."],
        # abbreviations
        ["Der Bio RN e. V. (BioRN) sitzt in Heidelberg.", "Er ist klein."],
        ["Gegründet wurde der Verein Bio RN e. V.", "Die Mitglieder sind Firmen."],
        ["Sprecher ist Prof. Dr. U. Köhl.", "Sie leitet das Institut."],
        ["Dr. med. dent. Müller kam.", "Er ging."],
        ["Gemeint ist z. B. Leipzig, d. h. Sachsen.", "Gut."],
        ["Z. B. die GmbH & Co. KG.", "Sie ist groß."],
        ["Das kostet 1,5 Mio. Euro.", "Gut so."],
        ["Es kostet 15 Mio.", "Die Summe ist hoch."],
        ["Siehe Abb. 3 und Nr. 5.", "Die Zahl ist klein."],
        ["Projekte dieser Art.", "Nr. 3 gehört dazu."],
        ["Siehe Art. 5 der Satzung."],
        ["He said no.", "She stayed."],
        ["She was No. 2.", "They won."],
        ["The firms are U.S. firms, e.g. Miltenyi vs. Bayer Inc. and others.", "They grow."],
        ["The Ph.D. Program ran.", "It ended."],
        ["Das ist Vitamin C.", "Es hilft."],
        ["Die S-Bahn.", "Der Bus."],
    ],
    ids=lambda sentences: sentences[0][:40],
)
def test_sentences_end_where_readers_say(expected: list[str]) -> None:
    assert sentences(" ".join(expected)) == expected


def test_lower_case_goes_on() -> None:
    assert sentences("Er kam am Mi. und ging. doch nicht!") == ["Er kam am Mi. und ging. doch nicht!"]


def test_only_the_part_asked_for() -> None:
    text = "Eins. Zwei. Drei."
    assert [text[s.start : s.end] for s in split_sentences(text, 6, 11)] == ["Zwei."]


@given(ANY)
def test_spans_are_ordered_apart_and_lose_nothing(text: str) -> None:
    spans = list(split_sentences(text))
    position = 0
    for span in spans:
        assert position <= span.start < span.end <= len(text)
        assert not text[position : span.start].strip()
        assert text[span.start : span.end] == text[span.start : span.end].strip()
        position = span.end
    assert not text[position:].strip()


@given(ANY, st.data())
def test_a_part_is_split_within_its_bounds(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    covered = "".join(text[s.start : s.end] for s in split_sentences(text, start, end))
    assert "".join(covered.split()) == "".join(text[start:end].split())
    assert all(start <= span.start and span.end <= end for span in split_sentences(text, start, end))


@pytest.mark.parametrize(
    "text", ["." * 300_000 + "x", "a. " * 100_000, "Dr. " * 100_000, "wort " * 200_000, "12. " * 100_000]
)
def test_long_text_without_an_end_is_split(text: str) -> None:
    assert "".join(sentences(text)).replace(" ", "") == text.replace(" ", "")


def test_the_mark_of_a_footnote_ends_with_its_sentence() -> None:
    text = "Der Hafen ist groß.¹ Er kostet 4,3 Mrd. EUR.² 43 % davon trägt das Land³ selbst.⁴"
    assert [text[span.start : span.end] for span in split_sentences(text)] == [
        "Der Hafen ist groß.¹",
        "Er kostet 4,3 Mrd. EUR.²",
        "43 % davon trägt das Land³ selbst.⁴",
    ]
