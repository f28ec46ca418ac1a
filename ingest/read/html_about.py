"""What a web page says about itself in its head."""

from __future__ import annotations

import datetime
import re

from selectolax.lexbor import LexborHTMLParser

from assistant.types import Language
from ingest.read.blocks import Stated
from ingest.read.properties import body_name, one_line, own_title

_DATES = (
    *(
        "article:modified_time",
        "article:published_time",
        "dcterms.modified",
        "dcterms.issued",
        "dcterms.date",
        "dc.date",
    ),
    *("datepublished", "pubdate", "date"),
)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_SEPARATOR = re.compile(r"\s+[|–—·»:-]+\s+")


def about_page(page: LexborHTMLParser) -> Stated:
    """Title, publisher, date, language and address, as far as the page states them."""
    meta: dict[str, str] = {}
    for tag in page.css("meta"):
        key = (
            tag.attributes.get("property") or tag.attributes.get("name") or tag.attributes.get("itemprop") or ""
        ).lower()
        value = one_line(tag.attributes.get("content"))
        if value:
            meta.setdefault(key, value)
    site = meta.get("og:site_name")
    publisher = site or meta.get("dcterms.publisher") or meta.get("dc.publisher") or meta.get("publisher")
    return Stated(
        title=_title(page, meta.get("og:title"), site),
        publisher=publisher or body_name(meta.get("author")),
        date=next((day for key in _DATES if (day := _day(meta.get(key)))), None) or _only_time(page),
        language=_language(page),
        source=_source(page) or _address(meta.get("og:url")),
    )


def _title(page: LexborHTMLParser, stated: str | None, site: str | None) -> str | None:
    """The title without the site's name behind it; the only heading of the first rank if it begins with that."""
    head = page.css_first("head title")
    title = own_title(stated) or own_title(head.text() if head else None)
    headings = [words for node in page.css("h1") if (words := one_line(node.text(separator=" ")))]
    if title and len(headings) == 1 and (title.startswith(headings[0]) or (not stated and title == site)):
        return headings[0]
    parts = _SEPARATOR.split(title or "")
    if title and site and len(parts) > 1 and parts[-1].casefold() == site.casefold():
        return title[: title.rindex(parts[-1])].rstrip(" |–—·»:-")
    return title


def _only_time(page: LexborHTMLParser) -> str | None:
    """The day of a page's time element, if it has one only or one that is marked as its date."""
    times = page.css("time[datetime]")
    marked = [
        time for time in times if "pubdate" in time.attributes or time.attributes.get("itemprop") == "datePublished"
    ]
    chosen = marked[:1] or (times if len(times) == 1 else [])
    return _day(chosen[0].attributes.get("datetime")) if chosen else None


def _day(value: str | None) -> str | None:
    found = _DAY.match(value or "")
    try:
        return datetime.date.fromisoformat(found[0]).isoformat() if found else None
    except ValueError:
        return None


def _language(page: LexborHTMLParser) -> Language | None:
    root = page.css_first("html")
    code = (root.attributes.get("lang") or "").lower()[:2] if root else ""
    return "de" if code == "de" else "en" if code == "en" else None


def _source(page: LexborHTMLParser) -> str | None:
    link = page.css_first('link[rel="canonical"]')
    return _address(link.attributes.get("href")) if link else None


def _address(value: str | None) -> str | None:
    words = (value or "").strip()
    return words if re.fullmatch(r"https?://[^\s\"'<>]{3,500}", words) else None
