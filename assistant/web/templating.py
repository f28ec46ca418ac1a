"""Pages out of templates that escape whatever is put into them. The only home of jinja2."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache, partial
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from assistant.catalogue import text
from assistant.types import Language

_DATE = re.compile(r"(?P<year>\d{4})(?:-(?P<month>0[1-9]|1[0-2])(?:-(?P<day>\d\d))?)?", re.ASCII)
_HERE = Path(__file__).parent
_STATIC = _HERE / "static"


def render(template: str, language: Language, **values: Any) -> Markup:
    """One template of `templates/` with its values, each escaped; `t` gives texts of the catalogue."""
    return Markup(  # noqa: S704 - what came out of an escaping template
        _environment().get_template(template).render(language=language, t=partial(text, language), **values)
    )


def place_url(document_id: str, start: int, end: int, language: Language) -> str:
    """The lasting address of a place in a document."""
    return f"/source/{quote(document_id, safe='')}?{urlencode({'start': start, 'end': end, 'language': language})}"


def static(name: str) -> str:
    """A file of `static/` as it is."""
    return (_STATIC / name).read_text(encoding="utf-8")


def shown_date(date: str | None, language: Language) -> str:
    """The date as of which a document speaks, in the words of the language."""
    return text(language, "as_of", date=written_date(date, language)) if date else text(language, "no_date")


def written_date(date: str, language: Language) -> str:
    """An ISO date in the words of the language; a document may state only a year, or a year and a month."""
    found = _DATE.fullmatch(date)
    if not found or not found["month"]:
        return date
    year, month, day = found["year"], found["month"], found["day"] or ""
    name = text(language, "chat_months").split()[int(month) - 1]
    return text(language, "chat_date" if day else "chat_month", day=day.lstrip("0"), month=name, year=year)


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    helpers: dict[str, Callable[..., str]] = {
        "shown_date": shown_date,
        "written_date": written_date,
        "place_url": place_url,
        "static": lambda name: Markup(static(name)),  # noqa: S704 - files of ours
    }
    environment.globals.update(helpers)
    return environment
