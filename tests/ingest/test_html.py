import pytest

from assistant.errors import UnreadableFileError
from ingest.read.blocks import Stated
from ingest.read.html import MAX_DEPTH, read_html
from tests.ingest.readings import quoted, told


def body(html: str) -> list[tuple[str, str]]:
    return told(read_html(f"<!DOCTYPE html><meta charset=utf-8><body>{html}</body>".encode()))


PAGE = """<!DOCTYPE html><html lang="de-DE"><head><title>Förderung | Haus der Zahlen</title>
<meta property="og:site_name" content="Haus der Zahlen"><meta property="article:published_time" content="2024-03-12T08:00+01:00">
<link rel="canonical" href="https://example.org/foerderung"><style>p{}</style><script>var x = "<p>Skript</p>";</script></head>
<body><header><h1>Logo</h1></header><nav><ul><li>Start</li></ul></nav><div class="cookie-banner"><p>Wir nutzen Cookies.</p></div>
<main><article><header><h1>Förderung</h1></header><p>Das Land <b>fördert</b> 35 Projekte.<br>Seit 2019.</p>
<h2>Ziele</h2><p>Ziele sind:</p><ul><li>Forschung<ul><li>in <i>Köln</i></li></ul></li><li><p>Gründung</p></li></ul>
<h3>Zahlen</h3><table><caption>Tab. 1</caption><thead><tr><th>Land<th>Zahl</thead><tr><td>NRW<td>3</table>
<figure><img src=x alt="Bild"><figcaption>Abb. 1: Größe</figcaption></figure></article></main>
<aside>Werbung</aside><footer>Impressum</footer></body></html>"""


def test_a_page_is_read_without_its_frame() -> None:
    reading = read_html(PAGE.encode())
    assert told(reading) == [
        ("h1", "Förderung"),
        ("paragraph", "Das Land fördert 35 Projekte. Seit 2019."),
        ("h2", "Ziele"),
        ("paragraph", "Ziele sind:"),
        ("item", "Forschung"),
        ("item", "in Köln"),
        ("item", "Gründung"),
        ("h3", "Zahlen"),
        ("caption", "Tab. 1"),
        ("row", "| Land | Zahl |"),
        ("row", "| NRW | 3 |"),
        ("caption", "Abb. 1: Größe"),
    ]
    assert reading.stated == Stated(
        "Förderung", "Haus der Zahlen", "2024-03-12", "de", "https://example.org/foerderung"
    )
    assert quoted(reading)[3] == (("Förderung", "Ziele"), None, "Forschung", "Ziele sind:")
    assert quoted(reading)[8] == (("Förderung", "Ziele", "Zahlen"), None, "| NRW | 3 |", "| Land | Zahl |")


@pytest.mark.parametrize(
    "html",
    [
        "<p hidden>x</p>",
        "<p style='display: none'>x</p>",
        "<div style='color:red;VISIBILITY:hidden'><p>x</p></div>",
        "<span style='font-size:0'>x</span>",
        "<p aria-hidden=true>x</p>",
        "<div role=navigation>x</div>",
        "<div id=cookie-consent>x</div>",
        "<div class='box onetrust'>x</div>",
        "<ol class=breadcrumb><li>x</ol>",
        "<span class='sr-only'>x</span>",
        "<nav>x</nav>",
        "<aside>x</aside>",
        "<noscript>x</noscript>",
        "<template><p>x</p></template>",
        "<svg><text>x</text></svg>",
        "<textarea>x</textarea>",
        "<select><option>x</select>",
        "<button>x</button>",
        "<iframe>x</iframe>",
        "<!-- x --><?x x?>",
        "<del>x</del><s>x</s>",
        "<sup>[12]</sup>",
        "<table style='display:none'><tr><td>x<td>x</table>",
        "<table><tr hidden><td>x<td>x</tr></table>",
    ],
)
def test_what_is_not_seen_as_content_is_left_out(html: str) -> None:
    assert body(f"<p>Vorher.</p>{html}<p>Nachher.</p>") == [("paragraph", "Vorher."), ("paragraph", "Nachher.")]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("Wort<p>Satz", [("paragraph", "Wort"), ("paragraph", "Satz")]),
        ("<div>eins<div>zwei</div>drei</div>", [("paragraph", "eins"), ("paragraph", "zwei"), ("paragraph", "drei")]),
        ("<p>För&shy;derung&nbsp;in K&ouml;ln&#8203;", [("paragraph", "Förderung in Köln")]),
        ("<p>10<sup>6</sup> CO<sub>2</sub> m<sup>2</sup>", [("paragraph", "10⁶ CO2 m²")]),
        ("<p>a<br>b<br><br>c", [("paragraph", "a b"), ("paragraph", "c")]),
        ("<p>Wir:<br>• eins<br>• zwei", [("paragraph", "Wir:"), ("item", "eins"), ("item", "zwei")]),
        ("<p>bis 1990<br>- 2000 Menschen", [("paragraph", "bis 1990 - 2000 Menschen")]),
        ("<h2>Über<br>uns</h2>", [("h2", "Über uns")]),
        ("<h2><div>Über</div><div>uns</div></h2>", [("h2", "Über uns")]),
        ("<ol start=3><li>c<li>d<ol type=a><li>x</ol></ol>", [("item", "3. c"), ("item", "4. d"), ("item", "a. x")]),
        ("<ol><li value=7>g<li>h</ol>", [("item", "7. g"), ("item", "8. h")]),
        ("<ul><li><p>eins</p><p>mehr</p></li></ul>", [("item", "eins mehr")]),
        ("<ul><li>vor<ul><li>in</ul>nach</ul>", [("item", "vor"), ("item", "in"), ("item", "nach")]),
        ("<ul><li><h3>Karte</h3><p>Satz.</p><p>Zwei.</p></ul>", [("h3", "Karte"), ("paragraph", "Satz."), ("paragraph", "Zwei.")]),
        ("<dl><dt>Sitz<dd>Köln<dt>Rolle:<dd>Dach<dd>Rat</dl>", [("item", "Sitz: Köln"), ("item", "Rolle: Dach"), ("item", "Rat")]),
        ("<dl><dt>Allein</dl><p>Ende", [("paragraph", "Allein"), ("paragraph", "Ende")]),
        ("<blockquote><p>Zitat</blockquote>", [("paragraph", "Zitat")]),
        ("<pre>eins\nzwei\n\ndrei</pre>", [("paragraph", "eins zwei"), ("paragraph", "drei")]),
        ("<details><summary>Frage</summary>Antwort</details>", [("paragraph", "Frage"), ("paragraph", "Antwort")]),
        ("<main><aside>Kasten</aside></main>", [("paragraph", "Kasten")]),
        ("<form><p>Satz</form>", [("paragraph", "Satz")]),
    ],
)  # fmt: skip
def test_pieces_of_pages(html: str, expected: list[tuple[str, str]]) -> None:
    assert body(html) == expected


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<tr><th>A<th>B<tr><td>1<td>2", ["| A | B |", "| 1 | 2 |"]),
        ("<tr><th colspan=2>A<th>B<tr><td>1<td>2<td>3", ["| A | | B |", "| 1 | 2 | 3 |"]),
        ("<tr><th>A<th>B<tr><td rowspan=2>1<td>2<tr><td>3<tr><td>4<td>5", ["| A | B |", "| 1 | 2 |", "| 1 | 3 |", "| 4 | 5 |"]),
        ("<tr><th>A<th>B<tr><td>1<td rowspan=2>2<tr><td>3<tr><td>4<td>5", ["| A | B |", "| 1 | 2 |", "| 3 | 2 |", "| 4 | 5 |"]),
        ("<tr><th>A<th>B<tr><td><p>x</p><p>y</p><td><ul><li>1<li>2</ul>", ["| A | B |", "| x; y | 1; 2 |"]),
        ("<tr><th>A<th>B<tr><td>x | y<td>z<br>10<sup>3</sup><sup>[1]</sup>", ["| A | B |", "| x / y | z 10³ |"]),
        ("<tr><th colspan=9999999>A<th rowspan=9999999>B<tr><td>1<td>2", ["| A | " + "| " * 49 + "B |", "| 1 | 2 |"]),
        ("<tr><td><h2>Karte</h2><td>Satz", ["Karte", "Satz"]),
        ("<tr><td><table><tr><th>A<th>B<tr><td>1<td>2</table><td>Satz", ["| A | B |", "| 1 | 2 |", "Satz"]),
        ("<tr><td>eins<tr><td>zwei", ["eins", "zwei"]),
        ("<tr><th>A<th>B<tr><td rowspan=3>1<td>2<tr><tr><td>3<tr><td>4<td>5", ["| A | B |", "| 1 | 2 |", "| 1 | 3 |", "| 4 | 5 |"]),
        ("<tr><th>A<th>B<tr><td colspan=2 rowspan=2>1<td>2<tr><td>3", ["| A | B |", "| 1 | | 2 |", "| 1 | | 3 |"]),
        (f"<tr><th>A<th>B<tr><td rowspan=2>{'1' * 121}<td>2<tr><td>3", ["| A | B |", f"| {'1' * 121} | 2 |", "| | 3 |"]),
        ("<tr><th>A<th>B<tr><td>1<td><table><caption>T</caption><tr><th>C<td>2</table>", ["| A | B |", "| 1 | T; C; 2 |"]),
        ("<tr><td>A<td>B<tr><td>1<td><table><tr><td>C<td>2</table>", ["| A | B |", "| 1 | C; 2 |"]),
        ("<tr><td>A<tr><td><table><tr><td>C<td>2</table>", ["A", "| C | 2 |"]),
    ],
)  # fmt: skip
def test_tables(html: str, expected: list[str]) -> None:
    assert [words for _, words in body(f"<table>{html}</table>")] == expected


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("<title>Nur  der\nTitel</title>", Stated("Nur der Titel")),
        ("<title>Untitled Document</title>", Stated()),
        ("<title>T – Haus</title><meta property=og:site_name content=haus>", Stated("T", "haus")),
        ("<title>A</title><meta property=og:title content='Der Titel'>", Stated("Der Titel")),
        ("<meta name=author content='Erika Muster'>", Stated()),
        ("<meta name=author content='Institut für Zahlen'>", Stated(publisher="Institut für Zahlen")),
        ("<meta name=publisher content=Haus><meta name=author content='Institut X'>", Stated(publisher="Haus")),
        ("<meta name=DC.date content=2023-05-06>", Stated(date="2023-05-06")),
        ("<meta name=date content='6. Mai 2023'>", Stated()),
        ("<meta name=date content=2023-13-45>", Stated()),
        ("<body><time datetime=2022-01-02>heute</time>", Stated(date="2022-01-02")),
        ("<body><time datetime=2022-01-02>a</time><time datetime=2022-01-03>b</time>", Stated()),
        ("<body><time datetime=2022-01-02>a</time><time datetime=2022-01-03 itemprop=datePublished>b", Stated(date="2022-01-03")),
        ("<link rel=canonical href=/seite>", Stated()),
        ("<link rel=canonical href=javascript:x>", Stated()),
        ("<meta property=og:url content=https://example.org/a>", Stated(source="https://example.org/a")),
    ],
)  # fmt: skip
def test_what_a_page_says_about_itself(head: str, expected: Stated) -> None:
    assert read_html(f"<html><head>{head}".encode()).stated == expected


@pytest.mark.parametrize(
    ("head", "encoding"),
    [
        ("", "utf-8"),
        ("", "utf-8-sig"),
        ("", "utf-16"),
        ("", "cp1252"),
        ("<meta charset=iso-8859-1>", "cp1252"),
        ("<meta http-equiv=Content-Type content='text/html; charset=windows-1252'>", "cp1252"),
        ("<meta charset='iso-8859-15'>", "iso-8859-15"),
        ("<meta charset=utf-8>", "cp1252"),
        ("<meta charset=klingon>", "utf-8"),
        ("<meta charset=hex>", "utf-8"),
    ],
)
def test_every_encoding_is_read(head: str, encoding: str) -> None:
    assert told(read_html(f"<html><head>{head}</head><p>Größe: 5 €".encode(encoding))) == [("paragraph", "Größe: 5 €")]


@pytest.mark.parametrize("tag", ["div", "span", "b", "ul><li", "table><tr><td", "blockquote"])
def test_what_nests_without_end_is_refused(tag: str) -> None:
    assert f"<{tag}>".count("<") <= 3
    with pytest.raises(UnreadableFileError, match=f"it nests more than {MAX_DEPTH} elements"):
        read_html(f"<{tag}>".encode() * 100_000 + b"x")


@pytest.mark.parametrize("tag", ["div", "p", "td", "li", "dd", "h2"])
def test_deep_and_open_elements_are_read_to_the_end(tag: str) -> None:
    count = MAX_DEPTH - 1
    words = [words for _, words in body(f"<table><tr>{f'<{tag}>' * count}tief</table>nachher")]
    assert sorted(words) == ["nachher", "tief"]


@pytest.mark.parametrize(
    ("data", "reason"), [(b"<p>a\0b", "it is binary"), (b"\xff\xfea", "its characters are in no known")]
)
def test_what_cannot_be_read_is_refused_by_name(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableFileError, match=reason):
        read_html(data)


def test_cells_that_head_many_rows_swell_no_page_without_end() -> None:
    heads = f"<tr>{f'<td rowspan=1000>{chr(120) * 100}' * 1_000}</tr>"
    with pytest.raises(UnreadableFileError, match="its text has more than 50000000 characters"):
        body(f"<table>{heads}{'<tr><td>x</tr>' * 999}</table>")
