"""Which parts of a web page its readers see as its content, and what a piece of it says."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborNode

from ingest.read.cells import joined
from ingest.read.counting import raised

_NEVER = frozenset(
    "head script style noscript template nav iframe object embed canvas video audio svg select textarea button datalist input "
    "dialog menu rp rt del s strike map progress meter".split()
)
_FRAME = frozenset(("header", "footer", "aside"))  # of a page; those of an article belong to it
_CONTENT = frozenset(("main", "article", "section"))
_ROLES = frozenset(
    "navigation banner contentinfo search dialog alertdialog menu menubar toolbar tablist complementary doc-toc".split()
)
_UNSEEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|(?:(?<![\w-])opacity|font-size)\s*:\s*0(?![.\d])", re.I
)
_SIDE = re.compile(
    r"(?:^|[\s_-])(?:cookies?|cookie-?\w*|consent|onetrust|usercentrics|borlabs|gdpr|dsgvo|breadcrumbs?|pagination|skip-?links?"
    r"|sr-only|visually-?hidden|screen-reader-text|share-?buttons?|mw-editsection|noprint)(?:$|[\s_-])",
    re.IGNORECASE,
)
_BOXES = frozenset("div section aside form ul ol p span a h2 h3".split())
INLINE = frozenset(
    "a abbr acronym b bdi bdo big br cite code data dfn em font i ins kbd label mark math mi mn mo mrow msub msup nobr output q "
    "ruby samp small span strong sub sup time tt u var wbr img picture source slot".split()
)
_REFERENCE = re.compile(r"\[?\s*(?:\d{1,3}|[a-z]|\*+|↑)\s*\]")


def is_seen(node: LexborNode, in_content: bool) -> bool:
    """Whether an element is shown and belongs to the content; `in_content`: it is inside an article or the main part."""
    tag = node.tag or ""
    if tag in _NEVER or (tag in _FRAME and not in_content):
        return False
    attributes = node.attributes
    if (
        "hidden" in attributes
        or attributes.get("aria-hidden") == "true"
        or _UNSEEN.search(attributes.get("style") or "")
    ):
        return False
    if attributes.get("role") in _ROLES and not (in_content and attributes.get("role") == "complementary"):
        return False
    name = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
    return not (tag in _BOXES and _SIDE.search(name))


def opens_content(node: LexborNode) -> bool:
    """Whether an element is an article or the main part."""
    return node.tag in _CONTENT or node.attributes.get("role") in ("main", "article")


def is_reference(node: LexborNode) -> bool:
    """Whether high figures only lead to a note ("[3]")."""
    return node.tag == "sup" and bool(_REFERENCE.fullmatch(str(node.text()).strip()))


def cell_words(cell: LexborNode) -> str:
    """The text of a table's cell on one line."""
    pieces: list[str] = []
    words: list[str] = []
    stack: list[tuple[LexborNode | None, bool]] = [(cell.first_child, False)]
    while stack:
        node, high = stack.pop()
        if node is None:  # an end of a block
            pieces.append("".join(words))
            words = []
            continue
        stack += [(node.next, high)] if node.next is not None else []
        if node.tag == "-text":
            text = node.text_content or ""
            words.append(raised(text) if high else text)
        elif node.tag == "br":
            words.append(" ")
        elif node.tag and not node.tag.startswith("-") and is_seen(node, True) and not is_reference(node):
            if node.tag not in INLINE:
                pieces.append("".join(words))
                words = []
                stack.append((None, False))
            if node.first_child is not None:
                stack.append((node.first_child, high or node.tag == "sup"))
    return joined([*pieces, "".join(words)])
