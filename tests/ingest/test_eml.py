import email.policy
import io
from email.message import EmailMessage

import docx
import pytest

from assistant.errors import UnreadableFileError
from ingest.read.blocks import Stated
from ingest.read.eml import read_eml
from tests.ingest.readings import quoted, told

HEAD = ("paragraph", "From: Büro <buero@example.org>; To: alle@example.org; Date: 2024-03-12 08:30+01:00")


def mail(text: str | None = "Guten Tag,\n\nder Verein hat 35 Mitglieder.\n", html: str | None = None) -> EmailMessage:
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = (
        "Größe des Vereins",
        "Büro <buero@example.org>",
        "alle@example.org",
    )
    message["Date"] = "Tue, 12 Mar 2024 08:30:00 +0100"
    if text is not None:
        message.set_content(text)
    if html is not None:
        message.set_content(html, subtype="html") if text is None else message.add_alternative(html, subtype="html")
    return message


def test_a_mail_is_read_with_its_head() -> None:
    reading = read_eml(mail().as_bytes())
    assert told(reading) == [
        ("h1", "Größe des Vereins"),
        HEAD,
        ("paragraph", "Guten Tag,"),
        ("paragraph", "der Verein hat 35 Mitglieder."),
    ]
    assert reading.stated == Stated("Größe des Vereins", date="2024-03-12")
    assert quoted(reading)[-1] == (("Größe des Vereins",), None, "der Verein hat 35 Mitglieder.", None)


@pytest.mark.parametrize(
    "policy", [email.policy.default, email.policy.SMTP, email.policy.default.clone(cte_type="7bit")]
)
def test_every_transport_is_understood(policy: email.policy.EmailPolicy) -> None:
    text = "Größe – „Süd“ 5 €\n" * 30
    assert told(read_eml(mail(text).as_bytes(policy=policy)))[2] == ("paragraph", " ".join(text.split()))


def test_lists_quoted_mails_and_signatures_stay() -> None:
    text = "Ziele:\n- Forschung\n- Gründung\n1. eins\n2. zwei\n\n> Frage von\n> gestern?\n>> Noch älter.\n"
    text += "Antwort.\n\n-- \nErika\nBüro\n"
    assert told(read_eml(mail(text).as_bytes()))[2:] == [
        ("paragraph", "Ziele:"),
        ("item", "Forschung"),
        ("item", "Gründung"),
        ("item", "1. eins"),
        ("item", "2. zwei"),
        ("paragraph", "Frage von gestern?"),
        ("paragraph", "Noch älter."),
        ("paragraph", "Antwort."),
        ("paragraph", "Erika Büro"),
    ]


@pytest.mark.parametrize(
    ("text", "html", "expected"),
    [
        ("Aus Text.", "<p>Aus HTML.", [("paragraph", "Aus Text.")]),
        (" \n", "<p>Aus HTML.", [("paragraph", "Aus HTML.")]),
        (None, "<h2>Kopf</h2><table><tr><td><p>Im Rahmen.</table>", [("h2", "Kopf"), ("paragraph", "Im Rahmen.")]),
    ],
)
def test_plain_text_is_preferred(text: str | None, html: str, expected: list[tuple[str, str]]) -> None:
    assert told(read_eml(mail(text, html).as_bytes()))[2:] == expected


def test_attached_files_are_read_under_their_names_and_what_cannot_be_is_named_with_the_reason() -> None:
    message = mail("Anbei.", "<p>Anbei.<img src=cid:1>")
    message.add_attachment(b"Bericht", maintype="application", subtype="pdf", filename="Jahresbericht für 2024.pdf")
    message.add_attachment("Land;Zahl\nKöln;3\n", subtype="csv", filename="liste.csv", charset="cp1252")
    message.add_attachment("Der Code ist 4711.", filename="anlage.txt")
    message.add_attachment("<h1>Seite</h1><p>Süd.", subtype="html", charset="iso-8859-1")
    message.add_attachment(b"# Ziele\n\nEins.", maintype="application", subtype="octet-stream", filename="ziele.md")
    message.add_attachment(b"x", maintype="image", subtype="png")
    message.add_attachment(b"x", maintype="application", subtype="zip", filename="alles.zip")
    message.add_attachment(mail("Innen."))
    reading = read_eml(message.as_bytes())
    assert quoted(reading)[5] == (("Größe des Vereins", "Anhang: anlage.txt"), None, "Der Code ist 4711.", None)
    assert told(read_eml(message.as_bytes()))[2:] == [
        ("paragraph", "Anbei."),
        (
            "paragraph",
            "Anhang: Jahresbericht für 2024.pdf (nicht gelesen: its content is text, its ending says .pdf.)",
        ),
        ("h2", "Anhang: liste.csv"),
        ("row", "| Land | Zahl |"),
        ("row", "| Köln | 3 |"),
        ("h2", "Anhang: anlage.txt"),
        ("paragraph", "Der Code ist 4711."),
        ("h2", "Anhang: text/html"),
        ("h3", "Seite"),
        ("paragraph", "Süd."),
        ("h2", "Anhang: ziele.md"),
        ("h3", "Ziele"),
        ("paragraph", "Eins."),
        ("paragraph", "Anhang: image/png (nicht gelesen: the format image/png is not supported.)"),
        ("paragraph", "Anhang: alles.zip (nicht gelesen: the format .zip is not supported.)"),
        ("h2", "Anhang: Größe des Vereins"),
        ("h3", "Größe des Vereins"),
        HEAD,
        ("paragraph", "Innen."),
    ]


def test_attached_office_files_are_read() -> None:
    document, file = docx.Document(), io.BytesIO()
    document.add_paragraph("Ein Satz.")
    document.save(file)
    message = mail("Anbei.")
    message.add_attachment(file.getvalue(), maintype="application", subtype="octet-stream", filename="A.DOCX")
    kind = "vnd.openxmlformats-officedocument.wordprocessingml.document"
    message.add_attachment(file.getvalue(), maintype="application", subtype=kind)
    found = [words for _, words in told(read_eml(message.as_bytes()))[3:]]
    assert found == ["Anhang: A.DOCX", "Ein Satz.", f"Anhang: application/{kind}", "Ein Satz."]


@pytest.mark.parametrize("as_file", [False, True])
def test_mails_in_mails_are_read_three_deep(as_file: bool) -> None:
    message = mail("Mail 4.")
    for number in range(3, -1, -1):
        outer = mail(f"Mail {number}.")
        if as_file:
            outer.add_attachment(message.as_bytes(), maintype="application", subtype="x", filename="innen.eml")
        else:
            outer.add_attachment(message)
        message = outer
    found = [words for _, words in told(read_eml(message.as_bytes()))]
    assert [words for words in found if words.startswith("Mail")] == ["Mail 0.", "Mail 1.", "Mail 2.", "Mail 3."]
    assert found[-1].endswith("(nicht gelesen: it lies more than 3 mails deep.)")


@pytest.mark.parametrize("limit", ["MAX_BYTES", "MAX_ROWS"])
def test_what_is_attached_is_limited_together(limit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(f"ingest.read.eml.{limit}", 20 if limit == "MAX_BYTES" else 2)
    message = mail("Anbei.")
    for name in ("eins.csv", "zwei.csv"):
        message.add_attachment("a;b\nc;d\n", subtype="csv", filename=name)
    found = told(read_eml(message.as_bytes()))[3:]
    assert found == [
        ("h2", "Anhang: eins.csv"),
        ("row", "| a | b |"),
        ("row", "| c | d |"),
        ("paragraph", "Anhang: zwei.csv (nicht gelesen: the mail holds too much with it.)"),
    ]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"Subject: x\nContent-Type: text/plain; charset=utf-8\n\nK\xf6ln", "Köln"),
        (b"Subject: x\nContent-Type: text/plain; charset=klingon\n\nK\xc3\xb6ln", "Köln"),
        (b"Subject: x\nContent-Type: text/plain; charset=iso-8859-1\n\n5 \x80", "5 €"),
        (b"Subject: x\nContent-Type: text/plain; charset=us-ascii\n\nK\xc3\xb6ln", "Köln"),
        (b"Subject: x\nContent-Type: text/plain\nContent-Transfer-Encoding: base64\n\n!!S8O2bG4=", "Köln"),
        (b"Subject: x\nContent-Type: multipart/mixed\n\nohne Grenze", "ohne Grenze"),
        (b"Subject: x\nContent-Type: multipart/mixed; boundary=a\n\n--a\n\noffen", "offen"),
        (b"Subject: x\nDate: gestern\nFrom: @@@\n\nText", "Text"),
        (b"Subject: x\n\n\x81\x8d", None),
    ],
)
def test_mails_with_faults_are_read(data: bytes, words: str | None) -> None:
    found = [text for _, text in told(read_eml(data))]
    assert words is None or found[-1] == words


@pytest.mark.parametrize(
    ("sender", "publisher"),
    [
        ("Erika Muster <e@example.org>", None),
        ("Cluster Nord e. V. <post@example.org>", "Cluster Nord e. V."),
        ('"Ministerium für Zahlen" <m@example.org>', "Ministerium für Zahlen"),
        ("e@example.org", None),
    ],
)
def test_only_a_body_is_a_publisher(sender: str, publisher: str | None) -> None:
    message = mail()
    message.replace_header("From", sender)
    assert read_eml(message.as_bytes()).stated.publisher == publisher


def nested(count: int) -> bytes:
    head = b"Subject: x\nContent-Type: multipart/mixed; boundary=b0\n\n"
    parts = [b"--b%d\nContent-Type: multipart/mixed; boundary=b%d\n\n" % (n, n + 1) for n in range(count)]
    return head + b"".join(parts)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"kein Kopf\n\nText", "it has no mail headers."),
        (b"<html><p>x", "it has no mail headers."),
        (
            b"Subject: x\nContent-Type: multipart/mixed; boundary=a\n" + b"\n--a\n\nx" * 1001,
            "it has more than 1000 parts.",
        ),
    ],
)
def test_what_cannot_be_read_is_refused_by_name(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableFileError) as caught:
        read_eml(data)
    assert str(caught.value).startswith(reason)


def test_parts_nested_without_end_are_refused() -> None:
    with pytest.raises(UnreadableFileError, match="its parts are nested too deeply"):
        read_eml(nested(5000))
