"""What the properties of a file are worth: programs fill them in unasked."""

from __future__ import annotations

import datetime
import re

from assistant.text.characters import readable
from ingest.read.blocks import Stated

_NO_TITLE = re.compile(
    r"(?:microsoft )?(?:word|powerpoint|excel)?[ -]*(?:document|dokument|presentation|präsentation|mappe|book|folie|slide)? ?\d*"
    r"|(?:untitled|unbenannt|ohne titel|title|titel)\b.*|.*\.(?:docx?|pptx?|xlsx?|pdf|html?|indd|qxd)",
    re.IGNORECASE,
)
_BODY = re.compile(
    r"\be\. ?V\b|\b(?:AG|Inc|Ltd|GmbH|gGmbH|SE|KG|eG|BIO|EU)\b|cluster|verein|verband|verbund|bund\b|netzwerk|network|initiative"
    r"|gesellschaft|institut|universit|hochschule|klinik|zentrum|centre|center|stiftung|foundation|akademie|academy|agentur|agency"
    r"|ministeri|ministry|bundesamt|landesamt|behörde|kommission|commission|kanzlei|redaktion|presse|geschäftsstelle|association"
    r"|society|council|federation|forum|allianz|alliance|plattform|konsortium|consortium",
    re.IGNORECASE,
)


def properties(
    title: str | None, author: str | None, created: datetime.datetime | None, modified: datetime.datetime | None
) -> Stated:
    """A file's properties as statements. Its times are those of a file, which a template or a copy may have given it."""
    changed = modified or created
    return Stated(
        title=own_title(title),
        publisher=body_name(author),
        metadata_date=changed.date().isoformat() if changed else None,
    )


def own_title(title: str | None) -> str | None:
    """A title somebody gave; None for what a program puts there ("PowerPoint-Präsentation", "Bericht.docx")."""
    words = one_line(title)
    return None if not words or _NO_TITLE.fullmatch(words) else words


def body_name(name: str | None) -> str | None:
    """The name if it is that of a body (an association, a ministry ...); authors who are persons publish nothing."""
    words = one_line(name)
    return words if words and _BODY.search(words) else None


def one_line(words: str | None) -> str | None:
    """Readable, white space collapsed; None if nothing is left."""
    return " ".join(readable(words or "").split()) or None
