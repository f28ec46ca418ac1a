"""Files of all formats made byte by byte, so that they can be wrong in any way."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path

# ---- packages ------------------------------------------------------------------------------------------------

_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_SCHEMA = "http://schemas.openxmlformats.org"
_W = f"{_SCHEMA}/wordprocessingml/2006/main"
_A = f"{_SCHEMA}/drawingml/2006/main"
_P = f"{_SCHEMA}/presentationml/2006/main"
_S = f"{_SCHEMA}/spreadsheetml/2006/main"
_R = f"{_SCHEMA}/officeDocument/2006/relationships"
_TYPES = {
    "docx": ("wordprocessingml.document.main", "/word/document.xml"),
    "pptx": ("presentationml.presentation.main", "/ppt/presentation.xml"),
    "xlsx": ("spreadsheetml.sheet.main", "/xl/workbook.xml"),
}


def zipped(parts: Mapping[str, bytes | str]) -> bytes:
    """A ZIP file."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return buffer.getvalue()


def relations(*relations: tuple[str, str], mode: str = "") -> str:
    rows = "".join(
        f'<Relationship Id="rId{number}" Type="{_R}/{kind}" Target="{target}"{mode}/>'
        for number, (kind, target) in enumerate(relations, 1)
    )
    return f'{_XML}<Relationships xmlns="{_SCHEMA}/package/2006/relationships">{rows}</Relationships>'


def _package(kind: str, parts: Mapping[str, bytes | str], overrides: str = "") -> dict[str, bytes | str]:
    content, place = _TYPES[kind]
    prefix = "application/vnd.openxmlformats-officedocument"
    return {
        "[Content_Types].xml": f'{_XML}<Types xmlns="{_SCHEMA}/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="{place}" ContentType="{prefix}.{content}+xml"/>{overrides}</Types>',
        "_rels/.rels": relations(("officeDocument", place.removeprefix("/"))),
        **parts,
    }


def docx(body: str, doctype: str = "", **parts: bytes | str) -> dict[str, bytes | str]:
    """The parts of a Word document."""
    document = (
        f'{_XML}{doctype}<w:document xmlns:w="{_W}" xmlns:r="{_R}" xmlns:a="{_A}"><w:body>{body}</w:body></w:document>'
    )
    return _package("docx", {"word/document.xml": document} | {k.replace("__", "/"): v for k, v in parts.items()})


def paragraph(words: str) -> str:
    """A paragraph of Word."""
    return f"<w:p><w:r><w:t>{words}</w:t></w:r></w:p>"


def xlsx(rows: str, doctype: str = "", strings: str = "", dimension: str = "A1:B2") -> dict[str, bytes | str]:
    """The parts of a workbook with one sheet."""
    prefix = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    overrides = f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{prefix}.worksheet+xml"/>'
    overrides += f'<Override PartName="/xl/sharedStrings.xml" ContentType="{prefix}.sharedStrings+xml"/>'
    parts = {
        "xl/workbook.xml": f'{_XML}<workbook xmlns="{_S}" xmlns:r="{_R}"><sheets>'
        '<sheet name="Liste" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": relations(
            ("worksheet", "worksheets/sheet1.xml"), ("sharedStrings", "sharedStrings.xml")
        ),
        "xl/worksheets/sheet1.xml": f'{_XML}<worksheet xmlns="{_S}"><dimension ref="{dimension}"/>'
        f"<sheetData>{rows}</sheetData></worksheet>",
        "xl/sharedStrings.xml": f'{_XML}{doctype}<sst xmlns="{_S}">{strings}</sst>',
    }
    return _package("xlsx", parts, overrides)


def row(number: int, *cells: str) -> str:
    """A row of a sheet with text in its cells."""
    inner = "".join(
        f'<c r="{chr(65 + place)}{number}" t="inlineStr"><is><t>{cell}</t></is></c>' for place, cell in enumerate(cells)
    )
    return f'<row r="{number}">{inner}</row>'


def pptx(shapes: str, doctype: str = "", slides: int = 1, related: str = "") -> dict[str, bytes | str]:
    """The parts of a presentation whose slides are all the same."""
    prefix = "application/vnd.openxmlformats-officedocument.presentationml"
    numbers = range(1, slides + 1)
    overrides = "".join(
        f'<Override PartName="/ppt/slides/slide{n}.xml" ContentType="{prefix}.slide+xml"/>' for n in numbers
    )
    ids = "".join(f'<p:sldId id="{255 + n}" r:id="rId{n}"/>' for n in numbers)
    slide = f'{_XML}{doctype}<p:sld xmlns:p="{_P}" xmlns:a="{_A}" xmlns:r="{_R}"><p:cSld><p:spTree>{shapes}'
    slide += "</p:spTree></p:cSld></p:sld>"
    parts: dict[str, bytes | str] = {
        "ppt/presentation.xml": f'{_XML}<p:presentation xmlns:p="{_P}" xmlns:r="{_R}"><p:sldIdLst>{ids}</p:sldIdLst>'
        '<p:sldSz cx="9144000" cy="6858000"/></p:presentation>',
        "ppt/_rels/presentation.xml.rels": relations(*(("slide", f"slides/slide{n}.xml") for n in numbers)),
    }
    for n in numbers:
        parts[f"ppt/slides/slide{n}.xml"] = slide
        parts[f"ppt/slides/_rels/slide{n}.xml.rels"] = related or relations()
    return _package("pptx", parts, overrides)


def shape(words: str) -> str:
    """A text box of a slide."""
    return (
        '<p:sp><p:nvSpPr><p:cNvPr id="2" name="T"/><p:cNvSpPr/><p:nvPr/></p:nvSpPr><p:spPr/>'
        f"<p:txBody><a:bodyPr/><a:p><a:r><a:t>{words}</a:t></a:r></a:p></p:txBody></p:sp>"
    )


def laughs(levels: int = 10, times: int = 10) -> str:
    """A document type whose entity `&l9;` is a billion words."""
    entities = ['<!ENTITY l0 "haha ">']
    entities += [f'<!ENTITY l{n} "{f"&l{n - 1};" * times}">' for n in range(1, levels)]
    return f"<!DOCTYPE x [{''.join(entities)}]>"


def reaching(secret: Path, url: str, entity: str) -> str:
    """A document type whose entity `&x;` is what stands outside."""
    target = secret.as_uri() if entity == "file" else url
    return f'<!DOCTYPE x [<!ENTITY x SYSTEM "{target}"><!ENTITY % p SYSTEM "{url}?p"> %p;]>'


def lying(package: bytes) -> bytes:
    """A ZIP file that says of each part that it holds ten bytes."""
    data = bytearray(package)
    for signature, offset in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        place = data.find(signature)
        while place >= 0:
            data[place + offset : place + offset + 4] = struct.pack("<I", 10)
            place = data.find(signature, place + 4)
    return bytes(data)


def overlapping(parts: Mapping[str, bytes | str], times: int) -> bytes:
    """A ZIP file whose directory names the same compressed bytes again and again."""
    data = zipped(parts)
    start = data.find(b"PK\x01\x02")
    end = data.find(b"PK\x05\x06")
    directory = data[start:end] * times
    count = min(len(parts) * times, 0xFFFF)
    tail = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, count, count, len(directory), start, 0)
    return data[:start] + directory + tail


def zeros(count: int, fill: bytes = b"\0") -> bytes:
    """`count` times one byte, deflated, without ever holding all of them."""
    packer = zlib.compressobj(9)
    block = fill * 1_000_000
    return b"".join([*(packer.compress(block) for _ in range(count // len(block))), packer.flush()])


# ---- PDF -----------------------------------------------------------------------------------------------------


def pdf(objects: list[bytes], trailer: bytes = b"", prev: int | None = None) -> bytes:
    """A PDF of the objects 1, 2, …; the first is the catalogue."""
    out = bytearray(b"%PDF-1.7\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    back = b"/Prev %d" % (start if prev == -1 else prev) if prev is not None else b""
    out += b"trailer\n<</Size %d/Root 1 0 R%s%s>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, back, trailer, start)
    return bytes(out)


def stream(content: bytes, options: bytes = b"") -> bytes:
    """A stream object."""
    return b"<</Length %d%s>>\nstream\n%s\nendstream" % (len(content), options, content)


_FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
SHOWN = b"BT /F1 12 Tf 72 720 Td (Der Hafen hat siebzehn Kraene. Der groesste hebt neunzig Tonnen.) Tj ET"


def pages(
    content: bytes, *more: bytes, page: bytes = b"", kids: bytes = b"3 0 R", count: int = 1, options: bytes = b""
) -> list[bytes]:
    """Objects of a PDF with one page (object 3) with a content stream (4) and a font (5); `more` start at 6."""
    return [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, count),
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>%s>>" % page,
        stream(content, options),
        _FONT,
        *more,
    ]


def chained(count: int) -> bytes:
    """A PDF whose last cross reference leads through `count` others."""
    data = bytearray(pdf(pages(SHOWN)))
    last = data.rfind(b"xref\n0 ")
    for _ in range(count):
        place = len(data)
        data += b"xref\n0 1\n0000000000 65535 f \ntrailer\n<</Size 6/Root 1 0 R/Prev %d>>\n" % last
        last = place
    return bytes(data) + b"startxref\n%d\n%%%%EOF\n" % last


def image(width: int, height: int) -> list[bytes]:
    data = zeros(width * height // 8)
    options = b"/Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceGray/BitsPerComponent 1" % (
        width,
        height,
    )
    picture = stream(data, options + b"/Filter/FlateDecode")
    page = b"/Resources<</XObject<</I 6 0 R>>>>"
    return pages(b"q 595 0 0 842 0 0 cm /I Do Q", picture, page=page)


def many_pages(count: int) -> list[bytes]:
    kids = b" ".join(b"%d 0 R" % number for number in range(6, 6 + count))
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>"
    return pages(SHOWN, *([page] * count), kids=kids, count=count)


# ---- mail ----------------------------------------------------------------------------------------------------

MAIL = (
    "From: a@example.org\nTo: b@example.org\nSubject: Hafen\nDate: Tue, 12 Mar 2024 10:00:00 +0100\nMIME-Version: 1.0\n"
)


def nested_mail(depth: int) -> str:
    head = "".join(f'Content-Type: multipart/mixed; boundary="b{n}"\n\n--b{n}\n' for n in range(depth))
    return f"{MAIL}{head}Content-Type: text/plain\n\nDer Hafen hat 17 Kräne.\n" + "".join(
        f"--b{n}--\n" for n in reversed(range(depth))
    )


# ---- samples, good ones --------------------------------------------------------------------------------------

SAMPLES: dict[str, Callable[[], bytes]] = {
    ".pdf": lambda: pdf(pages(SHOWN)),
    ".docx": lambda: zipped(docx(paragraph("Der Hafen hat 17 Kräne. Der größte hebt 90 Tonnen."))),
    ".pptx": lambda: zipped(pptx(shape("Der Hafen hat 17 Kräne. Der größte hebt 90 Tonnen."))),
    ".xlsx": lambda: zipped(xlsx(row(1, "Kran", "Tonnen") + row(2, "Großer Kran", "90"))),
    ".html": lambda: (
        b"<!DOCTYPE html><html><head><meta charset=utf-8><title>Hafen</title></head>"
        b"<body><h1>Hafen</h1><p>Der Hafen hat 17 Krane. Der gro\xc3\x9fe hebt 90 Tonnen.</p></body></html>"
    ),
    ".eml": lambda: f"{MAIL}Content-Type: text/plain; charset=utf-8\n\nDer Hafen hat 17 Kräne. Er ist groß.\n".encode(),
    ".csv": lambda: "Kran;Tonnen\nGroßer Kran;90\nKleiner Kran;17\n".encode(),
    ".md": lambda: "# Hafen\n\nDer Hafen hat 17 Kräne. Der größte hebt 90 Tonnen.\n".encode(),
    ".txt": lambda: b"Der Leuchtturm ist 41 Meter hoch. Er wurde 1907 erbaut.\n",
}
