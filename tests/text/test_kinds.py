import pytest

from assistant.text.kinds import Kind, holds_kind, question_kind
from assistant.types import Language


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Wie viele Mitglieder hat BioRN?", "count"),
        ("How many people work there?", "count"),
        ("Wie hoch ist die Zahl der Mitglieder?", "count"),
        ("Mit wie viel Geld wird SaxoCell gefördert?", "amount"),
        ("Wie hoch ist die Förderung?", "amount"),
        ("How many million euros did they get?", "amount"),
        ("Wie hoch ist der Frauenanteil?", "share"),
        ("What percentage are small firms?", "share"),
        ("Wann wurde BioRN gegründet?", "date"),
        ("Wer leitet BioRN, und seit wann?", "date"),
        ("How much money does BioRN get, and from whom?", "person"),
        ("Wann wurden die 15 Millionen Euro bewilligt?", "date"),
        ("Seit wann gibt es den Verein?", "date"),
        ("In welchem Jahr begann es?", "date"),
        ("Which year did it start?", "date"),
        ("Wer leitet das Cluster?", "person"),
        ("Who chairs the board?", "person"),
        ("Von wem kommen die 5 Millionen Euro?", "person"),
        ("Wie oft trifft sich das Board?", "frequency"),
        ("How often does it meet?", "frequency"),
        ("Wo sitzt BioRN?", "place"),
        ("In welcher Stadt sitzt BioRN?", "place"),
        ("Which city is it in?", "place"),
        ("Where is the headquarters?", "place"),
        ("Welche Ziele gibt es?", "list"),
        ("Nenne die Partner.", "list"),
        ("Name the partners.", "list"),
        ("What is the name of the project?", "fact"),
        ("Is there a mailing list?", "fact"),
        ("Hat BioRN mehr Mitglieder als BioM?", "comparison"),
        ("Which is older, BioRN or BioM?", "comparison"),
        ("Was ist der Unterschied?", "comparison"),
        ("Warum stieg der Umsatz?", "reason"),
        ("Why is the share so low?", "reason"),
        ("Was ist SaxoCell?", "fact"),
        ("", "fact"),
    ],
)
def test_what_a_question_asks_for(question: str, kind: Kind) -> None:
    assert question_kind(question) == kind


@pytest.mark.parametrize(
    ("text", "kind", "language", "expected"),
    [
        ("Es gibt 35 Partner.", "count", "de", True),
        ("Im Jahr 2019 begann es.", "count", "de", False),
        ("Am 12. März begann es.", "count", "de", False),
        ("Die Förderung beträgt 15 Mio. Euro.", "amount", "de", True),
        ("It costs €15.", "amount", "en", True),
        ("Es gibt 15 Partner.", "amount", "de", False),
        ("Das Geld ist in Euro.", "amount", "de", False),
        ("40 Prozent sind Firmen.", "share", "de", True),
        ("40 Firmen.", "share", "de", False),
        ("Gegründet 2008.", "date", "de", True),
        ("Am 12. März.", "date", "de", True),
        ("Die Maßnahme ist kurzfristig.", "date", "de", True),
        ("a medium-term measure", "date", "en", True),
        ("Es gibt 35 Partner.", "date", "de", False),
        ("Leiterin ist Ulrike Köhl.", "person", "de", True),
        ("Prof. Köhl leitet es.", "person", "de", True),
        ("es ist klein und fein.", "person", "de", False),
        ("Gefördert vom BMBF.", "person", "de", True),
        ("Sie treffen sich alle 2 Wochen.", "frequency", "de", True),
        ("They meet twice a year.", "frequency", "en", True),
        ("Sie treffen sich in Leipzig.", "frequency", "de", False),
        ("Der Sitz ist Leipzig.", "place", "de", True),
        ("BioRN wurde gegründet.", "place", "de", False),
        ("beliebig", "list", "de", True),
        ("anything", "fact", "en", True),
    ],
)
def test_what_a_text_holds(text: str, kind: Kind, language: Language, expected: bool) -> None:
    assert holds_kind(text, kind, language) is expected
