"""Files that want to harm who reads them; `python -m tests.ingest.hostile FOLDER` reads a folder and says how it went.

Each maker writes one file. SLOW are the names of those that take more than a second to make or to read.
"""

from __future__ import annotations

import json
import os
import resource
import socket
import sys
import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import UnreadableFileError
from ingest.files import find_files
from ingest.sandbox import read_all
from tests.ingest.made_files import (
    MAIL,
    SAMPLES,
    SHOWN,
    chained,
    docx,
    image,
    laughs,
    lying,
    many_pages,
    nested_mail,
    overlapping,
    pages,
    paragraph,
    pdf,
    pptx,
    reaching,
    relations,
    row,
    shape,
    stream,
    xlsx,
    zeros,
    zipped,
)  # fmt: skip

SECRET = "Geheimwort-Quastenflosser"  # noqa: S105 - a word that must not turn up


@dataclass(frozen=True)
class Outside:
    """What a file must not reach."""

    secret: Path  # holds SECRET
    url: str  # of a server that must not be called


@dataclass(frozen=True)
class Hostile:
    """A file and how it is made."""

    name: str
    make: Callable[[Path, Outside], object]


def main() -> None:
    """Read a folder; a line of JSON for each file, and one for the most memory a reading process had."""
    folder = Path(sys.argv[1])
    start = time.monotonic()
    for file, outcome in read_all(list(find_files([folder], folder / "no index"))):
        refused = isinstance(outcome, UnreadableFileError)
        print(
            json.dumps(
                {
                    "name": file.name,
                    "refusal": str(outcome) if refused else None,
                    "seconds": round(time.monotonic() - start, 2),
                    "secret": SECRET in (str(outcome) if refused else repr(outcome)),
                }
            ),
            flush=True,
        )
        start = time.monotonic()
    print(json.dumps({"memory": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024}))


SLOW = frozenset(
    """
    many-parts.docx wide-table.docx last-cell.xlsx every-row.xlsx rows.xlsx xref-chain.pdf
    stream-bomb.pdf text-bomb.pdf form-in-itself.pdf no-text.pdf letters.pdf lines.pdf
    huge-image.pdf images.pdf title.pdf attributes.html paragraphs.html abbreviations.txt
    abbreviations.md titles.txt titles.md newlines.txt newlines.md blank-lines.txt
    blank-lines.md returns.txt returns.md form-feeds.txt form-feeds.md lines-with-numbers.txt
    lines-with-numbers.md items.txt items.md headings.txt headings.md expanding.txt
    hyphen-lines.txt hyphen-lines.md sentences.txt sentences.md footnotes.txt footnotes.md
    footnotes-defined.md definitions.md table.md front-deep.md one-line.txt one-word.txt
    one-line.md columns.csv ragged.csv nested.eml nested-deep.eml same-boundary.eml
    parts.eml header.eml headers.eml folded.eml parameters.eml stream-bomb-twice.pdf
    bomb-picture.docx
    """.split()
)


# ---- the set -------------------------------------------------------------------------------------------------


def hostile() -> Iterator[Hostile]:
    """All of them."""
    yield from _packages()
    yield from _pdfs()
    yield from _pages_of_the_web()
    yield from _texts()
    yield from _tables_and_mail()
    yield from _things()


def _holds(name: str, content: Callable[[], bytes | str]) -> Hostile:
    def make(path: Path, outside: Outside) -> None:
        made = content()
        path.write_bytes(made.encode("utf-8", "surrogatepass") if isinstance(made, str) else made)

    return Hostile(name, make)


def _reaches(name: str, content: Callable[[Outside], bytes | str]) -> Hostile:
    def make(path: Path, outside: Outside) -> None:
        made = content(outside)
        path.write_bytes(made.encode() if isinstance(made, str) else made)

    return Hostile(name, make)


def _packages() -> Iterator[Hostile]:
    big = "<w:p/>" + paragraph("Kran " * 4_000_000)
    yield _holds("bomb.docx", lambda: zipped(docx(big * 10)))
    yield _holds("bomb-lying.docx", lambda: lying(zipped(docx(big * 10))))
    yield _holds("bomb-attributes.docx", lambda: zipped(docx(f'<w:p w:x="{"a" * 100_000_000}"/>')))
    yield _holds("bomb.xlsx", lambda: zipped(xlsx(row(1, "x" * 100_000_000))))
    yield _holds("bomb.pptx", lambda: zipped(pptx(shape("x" * 100_000_000))))
    yield _holds("bomb-picture.docx", lambda: zipped(docx(paragraph("Bild"), word__media__a_png=bytes(300_000_000))))
    yield _holds(
        "nested.docx", lambda: zipped(docx(paragraph("x"), word__a_zip=zipped({"b.zip": zipped({"c": bytes(10**8)})})))
    )
    yield _holds("overlapping.docx", lambda: overlapping(docx(paragraph("x" * 10_000_000)), 10_000))
    yield _holds("many-parts.docx", lambda: zipped(docx(paragraph("x")) | {f"word/{n}.xml": "" for n in range(60_000)}))
    yield _holds("truncated.docx", lambda: SAMPLES[".docx"]()[:-30])
    yield _holds("no-document.docx", lambda: zipped({"a.txt": "x"}))
    yield _holds("climbing.docx", lambda: zipped(docx(paragraph("x")) | {"../../climbed.md": "x"}))
    yield _holds(
        "deep.docx", lambda: zipped(docx("<w:sdt><w:sdtContent>" * 200_000 + "</w:sdtContent></w:sdt>" * 200_000))
    )
    yield _holds(
        "deep-tables.docx",
        lambda: zipped(docx("<w:tbl><w:tr><w:tc>" * 100 + paragraph("x") + "</w:tc></w:tr></w:tbl>" * 100)),
    )
    cell = f"<w:tc>{paragraph('x')}</w:tc>"
    yield _holds("wide-table.docx", lambda: zipped(docx(f"<w:tbl><w:tr>{cell * 60_000}</w:tr></w:tbl>")))
    yield _holds(
        "spans.docx",
        lambda: zipped(
            docx(
                f"<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val='999999999'/></w:tcPr>{paragraph('x')}</w:tc></w:tr></w:tbl>"
            )
        ),
    )
    yield _holds("paragraphs.docx", lambda: zipped(docx(paragraph("Der Hafen hat 17 Kräne.") * 300_000)))
    yield _holds(
        "last-cell.xlsx",
        lambda: zipped(xlsx('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>', dimension="A1:XFD1048576")),
    )
    yield _holds(
        "every-row.xlsx",
        lambda: zipped(xlsx("".join(f'<row r="{n}"><c r="XFD{n}"><v>1</v></c></row>' for n in range(1, 60_000)))),
    )
    yield _holds("rows.xlsx", lambda: zipped(xlsx("".join(row(n, "Kran", "90") for n in range(1, 400_000)))))
    yield _holds(
        "merged.xlsx",
        lambda: zipped(
            {
                k: v.replace("</sheetData>", '</sheetData><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>')
                if isinstance(v, str)
                else v
                for k, v in xlsx(row(1, "a")).items()
            }
        ),
    )
    yield _holds("slides.pptx", lambda: zipped(pptx(shape("Der Hafen hat 17 Kräne."), slides=5_000)))
    yield _holds("groups.pptx", lambda: zipped(pptx("<p:grpSp>" * 100_000 + shape("x") + "</p:grpSp>" * 100_000)))
    yield _holds("laughs.docx", lambda: zipped(docx(paragraph("&l9;"), laughs())))
    yield _holds(
        "laughs.xlsx",
        lambda: zipped(xlsx('<row r="1"><c r="A1" t="s"><v>0</v></c></row>', laughs(), "<si><t>&l9;</t></si>")),
    )
    yield _holds("laughs.pptx", lambda: zipped(pptx(shape("&l9;"), laughs())))
    yield _holds(
        "quadratic.docx",
        lambda: zipped(docx(paragraph("&a;" * 50_000), f'<!DOCTYPE x [<!ENTITY a "{"x" * 50_000}">]>')),
    )
    for entity in ("file", "web"):
        yield _reaches(
            f"entity-{entity}.docx",
            lambda o, e=entity: zipped(docx(paragraph("Hier &x; da."), reaching(o.secret, o.url, e))),
        )
        yield _reaches(
            f"entity-{entity}.xlsx",
            lambda o, e=entity: zipped(
                xlsx(
                    '<row r="1"><c r="A1" t="s"><v>0</v></c></row>',
                    reaching(o.secret, o.url, e),
                    "<si><t>Hier &x;</t></si>",
                )
            ),
        )
        yield _reaches(
            f"entity-{entity}.pptx",
            lambda o, e=entity: zipped(pptx(shape("Hier &x; da."), reaching(o.secret, o.url, e))),
        )
    yield _reaches(
        "picture-outside.pptx",
        lambda o: zipped(
            pptx(
                shape("Der Hafen."),
                related=relations(("image", o.url), ("image", o.secret.as_uri()), mode=' TargetMode="External"'),
            )
        ),
    )
    yield _reaches(
        "template-outside.docx",
        lambda o: zipped(
            docx(paragraph("Der Hafen."), word___rels__document_xml_rels="")
            | {
                "word/_rels/document.xml.rels": relations(
                    ("attachedTemplate", o.url), ("subDocument", o.secret.as_uri()), mode=' TargetMode="External"'
                )
            }
        ),
    )
    yield _reaches(
        "part-outside.docx",
        lambda o: zipped(
            docx(paragraph("Der Hafen."))
            | {"word/_rels/document.xml.rels": relations(("footnotes", f"../../../../../../../../{o.secret}"))}
        ),
    )


def _pdfs() -> Iterator[Hostile]:
    yield _holds("xref-to-itself.pdf", lambda: pdf(pages(SHOWN), prev=-1))
    yield _holds("xref-chain.pdf", lambda: chained(100_000))
    yield _holds("xref-nowhere.pdf", lambda: pdf(pages(SHOWN)).replace(b"startxref\n", b"startxref\n9"))
    yield _holds("xref-huge.pdf", lambda: pdf(pages(SHOWN)).replace(b"xref\n0 6", b"xref\n0 4294967295"))
    yield _holds("truncated.pdf", lambda: pdf(pages(SHOWN))[:300])
    yield _holds("only-head.pdf", lambda: b"%PDF-1.7\n" + b"1 0 obj\n" * 100_000)
    yield _holds("tree-loop.pdf", lambda: pdf(pages(SHOWN, kids=b"3 0 R 2 0 R", count=2)))
    yield _holds("tree-many-of-one.pdf", lambda: pdf(pages(SHOWN, kids=b"3 0 R " * 100_000, count=100_000)))
    yield _holds("count-lies.pdf", lambda: pdf(pages(SHOWN, count=2_000_000_000)))
    yield _holds("100000-pages.pdf", lambda: pdf(many_pages(100_000)))
    yield _holds("stream-bomb.pdf", lambda: pdf(pages(zeros(3_000_000_000, b" "), options=b"/Filter/FlateDecode")))
    yield _holds(
        "stream-bomb-twice.pdf",
        lambda: pdf(pages(zlib.compress(zeros(4_000_000_000, b" ")), options=b"/Filter[/FlateDecode/FlateDecode]")),
    )
    yield _holds("text-bomb.pdf", lambda: pdf(pages(zlib.compress(SHOWN * 400_000, 9), options=b"/Filter/FlateDecode")))
    yield _holds(
        "predictor.pdf",
        lambda: pdf(
            pages(zlib.compress(SHOWN), options=b"/Filter/FlateDecode/DecodeParms<</Predictor 12/Columns 2147483647>>")
        ),
    )
    yield _holds("length-lies.pdf", lambda: pdf(pages(SHOWN)).replace(b"/Length ", b"/Length 99999999"))
    yield _holds(
        "deep-arrays.pdf",
        lambda: pdf([*pages(SHOWN), b"[" * 1_000_000 + b"]" * 1_000_000]).replace(
            b"/Type/Catalog", b"/X 6 0 R/Type/Catalog"
        ),
    )
    yield _holds("deep-content.pdf", lambda: pdf(pages(b"q " * 1_000_000 + SHOWN)))
    yield _holds(
        "form-in-itself.pdf",
        lambda: pdf(
            pages(
                b"/X Do " + SHOWN,
                stream(b"/X Do /X Do", b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 6 0 R>>>>"),
                page=b"/Resources<</XObject<</X 6 0 R>>/Font<</F1 5 0 R>>>>",
            )
        ),
    )
    yield _holds(
        "outline-loop.pdf",
        lambda: pdf(
            pages(SHOWN, b"<</First 7 0 R/Last 7 0 R/Count 1>>", b"<</Title(a)/Parent 6 0 R/Next 7 0 R/First 7 0 R>>")
        ).replace(b"/Type/Catalog", b"/Outlines 6 0 R/Type/Catalog"),
    )
    yield _holds(
        "reference-loop.pdf", lambda: pdf(pages(SHOWN, b"6 0 R")).replace(b"/Contents 4 0 R", b"/Contents 6 0 R")
    )
    yield _holds("huge-page.pdf", lambda: pdf(pages(SHOWN)).replace(b"595 842", b"99999999 99999999"))
    yield _holds("no-size.pdf", lambda: pdf(pages(SHOWN)).replace(b"[0 0 595 842]", b"[0 0 0 0]"))
    yield _holds("not-a-number.pdf", lambda: pdf(pages(b"1e999 0 0 nan 0 0 cm " + SHOWN)))
    yield _holds("no-font.pdf", lambda: pdf(pages(SHOWN)).replace(b"/F1 5 0 R", b"/F1 9 0 R"))
    yield _holds("no-text.pdf", lambda: pdf(pages(b"0 0 100 100 re f")))
    yield _holds(
        "letters.pdf",
        lambda: pdf(
            pages(
                b"".join(b"BT /F1 1 Tf %d %d Td (a) Tj ET " % (n * 7919 % 595, n * 104729 % 842) for n in range(60_000))
            )
        ),
    )
    yield _holds(
        "lines.pdf",
        lambda: pdf(
            pages(
                b"".join(
                    b"%d 0 m %d 842 l S 0 %d m 595 %d l S " % (n % 595, n % 595, n % 842, n % 842)
                    for n in range(100_000)
                )
            )
        ),
    )
    yield _holds("huge-image.pdf", lambda: pdf(image(60_000, 60_000)))
    yield _holds("images.pdf", lambda: pdf(image(4_000, 4_000)))
    yield _holds(
        "locked.pdf",
        lambda: pdf(
            pages(SHOWN, b"<</Filter/Standard/V 2/R 3/Length 128/P -4/O<%s>/U<%s>>>" % (b"61" * 32, b"62" * 32)),
            b"/Encrypt 6 0 R/ID[<61><61>]",
        ),
    )
    yield _holds("title.pdf", lambda: pdf(pages(SHOWN, b"<</Title(%s)>>" % (b"x" * 5_000_000)), b"/Info 6 0 R"))
    yield _reaches("stream-outside.pdf", lambda o: pdf(pages(b"", options=b"/F(%s)" % bytes(o.secret))))
    yield _reaches(
        "acts.pdf",
        lambda o: pdf(pages(SHOWN)).replace(
            b"/Type/Catalog",
            b"/OpenAction<</S/URI/URI(%s)>>/AA<</WC<</S/Launch/F(/bin/true)>>>>/Type/Catalog" % o.url.encode(),
        ),
    )


def _pages_of_the_web() -> Iterator[Hostile]:
    yield _holds("deep.html", lambda: "<div>" * 1_000_000 + "tief" + "</div>" * 1_000_000)
    yield _holds("deep-open.html", lambda: "<div>" * 1_000_000 + "tief")
    yield _holds("deep-lists.html", lambda: "<ul><li>" * 100_000 + "tief")
    yield _holds("deep-tables.html", lambda: "<table><tr><td>" * 20_000 + "tief")
    yield _holds("formats.html", lambda: "<p>" + "<b><i><a href=x>" * 20_000 + "x" + "</p><p>" * 200)
    yield _holds("attributes.html", lambda: f"<p {' '.join(f'a{n}=x' for n in range(300_000))}>Der Hafen.</p>")
    yield _holds(
        "spans.html",
        lambda: "<table><tr><td colspan=999999999 rowspan=999999999>Kran</td></tr><tr><td>90</td></tr></table>",
    )
    yield _holds(
        "many-spans.html", lambda: f"<table>{'<tr><td colspan=1000 rowspan=60000>x</td></tr>' * 5_000}</table>"
    )
    yield _holds("comment.html", lambda: f"<p>Der Hafen.</p><!--{'-' * 15_000_000}")
    yield _holds("open-tags.html", lambda: "<" * 3_000_000)
    yield _holds("entities.html", lambda: "<p>" + "&amp" * 2_000_000)
    yield _holds("script.html", lambda: f"<script>{'a' * 10_000_000}</script><p>Der Hafen hat Kräne.</p>")
    yield _holds("paragraphs.html", lambda: "<p>Der Hafen hat 17 Kräne." * 300_000)
    yield _holds("laughs.html", lambda: f"<?xml version='1.0'?>{laughs()}<html><body><p>&l9;</p></body></html>")
    yield _holds(
        "laughs-svg.html", lambda: f"{laughs()}<svg xmlns='http://www.w3.org/2000/svg'><text>&l9;</text></svg>"
    )
    for entity in ("file", "web"):
        yield _reaches(
            f"entity-{entity}.html",
            lambda o, e=entity: (
                f"<?xml version='1.0'?>{reaching(o.secret, o.url, e)}<html><body><p>Hier &x; da.</p></body></html>"
            ),
        )
    yield _reaches(
        "loads.html",
        lambda o: (
            f"<base href='{o.url}'><link rel=stylesheet href='{o.url}'><script src='{o.url}'></script><img src='{o.url}'>"
            f"<iframe src='{o.secret.as_uri()}'></iframe><object data='{o.secret.as_uri()}'></object>"
            f"<meta http-equiv=refresh content='0;url={o.url}'><p>Der Hafen hat 17 Kräne.</p>"
        ),
    )
    yield _reaches(
        "include.html",
        lambda o: (
            "<html xmlns:xi='http://www.w3.org/2001/XInclude'><body><p>Der Hafen.</p>"
            f"<xi:include href='{o.secret.as_uri()}' parse='text'/></body></html>"
        ),
    )


def _texts() -> Iterator[Hostile]:
    n = 100_000
    for name, words in {
        "spaces": " " * n + "x",
        "words-and-spaces": ("x" + " " * 1_000) * 1_000,
        "tabs": "\t" * n + "x",
        "dotted-digits": "1." * n,
        "grouped-digits": "1 000" * n,
        "digits": "1" * n,
        "commas": "1,5" * n,
        "dates": "12.03." * n,
        "hyphens": "-" * n + "x",
        "hyphenated": "a-" * n,
        "dashes": " – a" * n,
        "brackets": "[" * n,
        "parentheses": "(" * n + ")" * n,
        "braces": "{" * n,
        "angles": "<" * n,
        "letters": "a" * 1_000_000,
        "capitals": "A" * n,
        "abbreviations": "z. B. " * n,
        "titles": "Prof. Dr. " * n,
        "dots": "." * n,
        "questions": "?!" * n,
        "quotes": '"' * n,
        "opening-quotes": "„" * n,
        "addresses": "http://" * n,
        "mails": "a@" * n,
        "stars": "*a **b " * n,
        "underscores": "_a __b " * n,
        "ticks": "".join("`" * k + " " for k in range(1_000)),
        "links": "[a](" * n,
        "pictures": "![" * n,
        "references": "[a]" * n,
        "pipes": "| a " * n,
        "rule": "|-" * n,
        "hashes": "#" * n,
        "escapes": "\\" * n,
        "entities": "&a;" * n,
        "newlines": "x\n" * 300_000,
        "blank-lines": "x\n\n" * 200_000,
        "returns": "x\r" * n,
        "form-feeds": "x\f" * n,
        "numbers-in-words": "ein" * n,
        "lines-with-numbers": "1\n" * n,
        "items": "- a\n" * n,
        "headings": "# A\n\n" * n,
        "marks": "a" + "\u0315\u0300" * 200_000,
        "hangul": "\u1112\u1161\u11ab" * n,
        "soft-hyphens": "a\u00ad" * n,
        "bidi": "\u202e\u2066" * n + "x",
        "tags": "x" + "".join(chr(0xE0000 + k % 128) for k in range(n)),
        "no-breaks": "\u00a0" * n,
        "expanding": "\ufdfa" * n,
        "hyphen-lines": "Förder-\n" * n,
        "one-sentence": "und dann " * n,
        "sentences": "Das ist so. " * n,
        "enumeration": "a) b " * n,
        "footnotes": "Text[1].\n\n" * n,
    }.items():
        for ending in (".txt", ".md"):
            yield _holds(f"{name}{ending}", lambda w=words: w)
    yield _holds("quotes-deep.md", lambda: ">" * 1_000_000 + " tief")
    yield _holds("lists-deep.md", lambda: "".join(f"{'  ' * k}- x\n" for k in range(2_000)))
    yield _holds("lists-on-a-line.md", lambda: "- " * 500_000 + "tief")
    yield _holds(
        "footnotes-defined.md", lambda: "".join(f"Satz{k}.[^{k}]\n\n[^{k}]: Fußnote.\n\n" for k in range(50_000))
    )
    yield _holds("definitions.md", lambda: "".join(f"[a{k}]: /x\n" for k in range(200_000)))
    yield _holds("table.md", lambda: "| a | b |\n|---|---|\n" + "| Kran | 90 |\n" * 300_000)
    yield _holds("columns.md", lambda: "| a " * 100_000 + "|\n" + "|---" * 100_000 + "|\n" + "| b " * 100_000 + "|\n")
    yield _holds(
        "aliases.md",
        lambda: (
            "---\na0: &a0 [x, x]\n"
            + "".join(f"a{k}: &a{k} [{', '.join([f'*a{k - 1}'] * 9)}]\n" for k in range(1, 12))
            + "title: *a11\n---\nText.\n"
        ),
    )
    yield _holds("front-deep.md", lambda: f"---\ntitle: {'[' * 50_000}\n---\nText.\n")
    yield _holds("front-code.md", lambda: "---\ntitle: !!python/object/apply:os.mkdir [front-code]\n---\nText.\n")
    yield _holds("front-number.md", lambda: f"---\ntitle: {'9' * 1_000_000}\ndate: 99999999999-01-01\n---\nText.\n")
    yield _holds("one-line.txt", lambda: "Kran " * 3_990_000)
    yield _holds("one-word.txt", lambda: "a" * 19_900_000)
    yield _holds("one-line.md", lambda: "Kran " * 3_990_000)
    yield _holds("too-large.txt", lambda: "Kran " * 5_000_000)
    yield _holds("empty.txt", lambda: "")
    yield _holds("white.txt", lambda: " \n\t " * 1_000)
    yield _holds("nul.txt", lambda: "Der Hafen\0 hat Kräne. " * 10)
    yield _holds("nothing-but-nul.md", lambda: "\0" * 100_000)
    yield _holds("surrogates.txt", lambda: "Der Hafen \ud800 hat Kräne.")
    yield _holds("invisible.txt", lambda: "\u200b\u2060\ufeff" * 10_000)
    yield _holds("utf16.txt", lambda: b"\xff\xfe" + "Der Hafen".encode("utf-16-le") + b"\0")


def _tables_and_mail() -> Iterator[Hostile]:
    yield _holds(
        "columns.csv", lambda: ";".join(f"S{k}" for k in range(1_000_000)) + "\n" + ";".join(["1"] * 1_000_000)
    )
    yield _holds("rows.csv", lambda: "Kran;Tonnen\n" + "Groß;90\n" * 1_000_000)
    yield _holds("ragged.csv", lambda: "a;b\n" + "".join(";" * (k % 1_000) + "x\n" for k in range(5_000)))
    yield _holds("open-quote.csv", lambda: 'a;b\n1;"' + "x;y\n" * 3_000_000)
    yield _holds("field.csv", lambda: "a;b\n1;" + "x" * 5_000_000)
    yield _holds("delimiters.csv", lambda: ";" * 5_000_000)
    yield _holds("quotes.csv", lambda: '"' * 5_000_001)
    yield _holds("nul.csv", lambda: "a;b\n1;\0\n" * 100)
    yield _reaches("formula.csv", lambda o: f'a;b\n=WEBSERVICE("{o.url}");=cmd|/C calc\n')
    yield _holds("nested.eml", lambda: nested_mail(1_000))
    yield _holds("nested-deep.eml", lambda: nested_mail(50_000))
    yield _holds("forwarded.eml", lambda: (f"{MAIL}Content-Type: message/rfc822\n\n" * 2_000) + MAIL + "\nx\n")
    yield _holds(
        "same-boundary.eml",
        lambda: (
            MAIL
            + 'Content-Type: multipart/mixed; boundary="b"\n\n'
            + '--b\nContent-Type: multipart/mixed; boundary="b"\n\n' * 20_000
        ),
    )
    yield _holds(
        "parts.eml",
        lambda: (
            MAIL
            + 'Content-Type: multipart/mixed; boundary="b"\n\n'
            + "--b\nContent-Type: text/plain\n\nSatz.\n" * 60_000
            + "--b--\n"
        ),
    )
    yield _holds("header.eml", lambda: f"Subject: {'=?utf-8?q?a?= ' * 400_000}\n\nText.\n")
    yield _holds("headers.eml", lambda: "".join(f"X-{k}: a\n" for k in range(300_000)) + "\nText.\n")
    yield _holds("addresses.eml", lambda: f"From: {'(' * 100_000}\nTo: {'a@b.c, ' * 100_000}\n\nText.\n")
    yield _holds("folded.eml", lambda: "Subject: a\n" + " b\n" * 500_000 + "\nText.\n")
    yield _holds("date.eml", lambda: f"Date: {'1' * 100_000}\nFrom: a@b.c\n\nText.\n")
    yield _holds("charset.eml", lambda: f"{MAIL}Content-Type: text/plain; charset=idna\n\n{'a.' * 100_000}\n")
    yield _holds(
        "parameters.eml",
        lambda: f"{MAIL}Content-Type: text/plain; {''.join(f'x*{k}*=a;' for k in range(20_000))}\n\nText.\n",
    )
    yield _reaches(
        "external.eml",
        lambda o: (
            f'{MAIL}Content-Type: message/external-body; access-type=local-file; name="{o.secret}"\n\n'
            "Content-Type: text/plain\n\n\n"
        ),
    )
    yield _reaches(
        "picture.eml", lambda o: f"{MAIL}Content-Type: text/html\n\n<img src='{o.url}'><p>Der Hafen hat Kräne.</p>\n"
    )
    for outer in SAMPLES:
        for inner, sample in SAMPLES.items():
            if inner != outer:
                yield _holds(f"{inner[1:]} as{outer}", sample)


def _things() -> Iterator[Hostile]:
    yield Hostile("fifo.md", lambda path, _: os.mkfifo(path))
    yield Hostile("device.txt", lambda path, _: path.symlink_to("/dev/zero"))
    yield Hostile("link-out.txt", lambda path, outside: path.symlink_to(outside.secret))
    yield Hostile(
        "link-out-relative.txt", lambda path, outside: path.symlink_to(os.path.relpath(outside.secret, path.parent))
    )
    yield Hostile("link-chain.txt", lambda path, _: path.symlink_to("link-out.txt"))
    yield Hostile("link-folder", lambda path, outside: path.symlink_to(outside.secret.parent))
    yield Hostile("link-loop.md", lambda path, _: path.symlink_to(path.name))
    yield Hostile("link-up", lambda path, _: path.symlink_to("."))
    yield Hostile("link-nowhere.md", lambda path, _: path.symlink_to("nowhere"))
    yield Hostile("socket.md", lambda path, _: _socket(path))
    yield Hostile("sparse.txt", lambda path, _: _sparse(path))
    yield Hostile("sparse.pdf", lambda path, _: _sparse(path))
    for name in (
        "new\nline.md",
        "escape\x1b[31m.md",
        "bell\a.txt",
        "c1\x85.txt",
        os.fsdecode(b"byte\xff.md"),
        "n" * 250 + ".md",
    ):
        yield _holds(name, lambda: "Der Hafen hat 17 Kräne. Er ist groß.")
    for name in (
        "-rf.md",
        "$(true).md",
        "a;b|c&.txt",
        "turned\u202etxt.md",
        "\u200b.md",
        "noending",
        ".md.",
        "..md",
        "two.pdf.txt",
    ):
        yield _holds(name, lambda: "Der Hafen hat 17 Kräne. Er ist groß.")


def _socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        here = Path.cwd()
        os.chdir(path.parent)  # such an address must be short
        try:
            server.bind(path.name)
        finally:
            os.chdir(here)


def _sparse(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(5_000_000_000)


if __name__ == "__main__":
    main()
