"""Bodies: clusters, associations, projects, people. Which a text names, and whether two names mean the same one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from assistant.text.patterns import statement_file
from assistant.text.words import fold

_WORD = re.compile(r"[^\W_](?:[\w.^&/’'+-]*[^\W_])?")
_PART = re.compile(r"[^\W_]+")
_SPELLED_OUT = re.compile(r"(?<![eq])([aou])e")  # Thueringen is Thüringen
_LEGAL_WORDS = frozenset("e v ev gmbh ggmbh ag kg co inc ltd se verein association network netzwerk".split())
_HEADING_PARTS = re.compile(r"\s+[–—|-]\s+|:\s+|\s*\|\s*")
_NUMBERING = re.compile(r"^\s*(?:\d+\.?)+\s+")
_OFFICE = re.compile(
    r"\w*(?:[Ss]ekretär|[Mm]inister|[Ss]enator|[Ss]precher|[Pp]rofessor|[Pp]räsident|[Dd]irektor|[Ll]eiter|[Vv]orsitzende"
    r"|[Ss]ecretary|[Ss]peaker|[Pp]resident|[Dd]irector)(?:in|r|s)? [A-ZÄÖÜ]"
)
_LONGEST_HEAD = 6  # words of a heading's part that may be a name
_MOST_WORDS = 8
_SHORT_PART = 4  # letters


Key = tuple[str, ...]
"""The words of a name as it is compared."""


@dataclass(frozen=True, slots=True)
class Body:
    """A name in a text."""

    name: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Named:
    """What a document says about names: what finds its bodies however they are capitalised, and its people's names."""

    known: re.Pattern[str] | None = None
    people: frozenset[str] = frozenset()


def bodies(text: str, named: Named) -> list[Body]:
    """The bodies a text names, in order: those known by name, and runs of capitalised words that look like one."""
    runs = [Body(text[start:end], start, end) for start, end in _runs(text)]
    found = []
    for match in named.known.finditer(text) if named.known else ():
        longer = next((run for run in runs if run.start == match.start() and run.end > match.end()), None)
        found.append(longer or Body(match[0], match.start(), match.end()))
    for run in runs:
        if not any(body.start < run.end and run.start < body.end for body in found) and not _is_person(run.name, named):
            found.append(run)
    return sorted((_with_legal_form(text, body) for body in found), key=lambda body: body.start)


def _is_person(name: str, named: Named) -> bool:
    return name in named.people or bool(_OFFICE.match(name))


def known_names(names: Mapping[str, None]) -> re.Pattern[str] | None:
    """What finds these names, however they are capitalised."""
    if not names:
        return None
    ordered = sorted(names, key=len, reverse=True)
    return re.compile(r"(?<![\w-])(?:" + "|".join(re.escape(name) for name in ordered) + r")(?![\w-])", re.IGNORECASE)


def heading_names(heading: str) -> list[str]:
    """The names that a heading consists of, without a legal form; none where it is a description."""
    found = []
    for number, part in enumerate(_HEADING_PARTS.split(_NUMBERING.sub("", heading))):
        bare = _legal().sub("", f" {part}").strip()
        words = _trimmed(list(_WORD.finditer(bare)))
        if not words or len(words) > _LONGEST_HEAD:
            continue
        single = number == 0 and ":" in heading and len(bare.split()) == 1
        if single or (_is_run(words) and _is_name(words) and (number == 0 or len(words) > 1 or not bare.isupper())):
            found.append(bare[words[0].start() : words[-1].end()])
    return found


def is_generic(name: str) -> bool:
    """Whether a word says what a body is, but not which."""
    return name.casefold() in _generic()


class KnownForms(dict[str, str]):
    """The long form of each short name, both as they are written, and by how names are compared."""

    def __init__(self, long_forms: Mapping[str, str] | Iterable[tuple[str, str]] = ()) -> None:
        super().__init__(long_forms)
        self.longer: dict[Key, set[Key]] = {}
        self.shorter: dict[Key, set[Key]] = {}
        for short, long in self.items():
            self.longer.setdefault(body_key(short), set()).add(body_key(long))
            self.shorter.setdefault(body_key(long), set()).add(body_key(short))


class KnownBodies:
    """Names of bodies, found by another name for the same body without comparing it with each of them."""

    def __init__(self, names: Iterable[str], long_forms: KnownForms) -> None:
        self.long_forms = long_forms
        self._named: dict[str, list[str]] = {}  # a whole name as it is compared → names
        self._begun: dict[str, list[tuple[int, str]]] = {}  # its beginning → names, and of how many words that is
        self._forms: dict[str, set[str]] = {}  # either, of all forms of a name → names
        for name in dict.fromkeys(names):
            self._named.setdefault("".join(body_key(name)), []).append(name)
            for count, beginning in _beginnings(body_key(name)):
                self._begun.setdefault(beginning, []).append((count, name))
            for key in _keys(name, long_forms):
                for form in ("".join(key), *(beginning for _, beginning in _beginnings(key))):
                    self._forms.setdefault(form, set()).add(name)
        self.count = len(self._named)

    def same(self, name: str) -> list[str]:
        """The names that mean the same body as this one, see `same_body`."""
        keys = _keys(name, self.long_forms)
        forms = {form for key in keys for form in ("".join(key), *(beginning for _, beginning in _beginnings(key)))}
        near = {other for form in forms for other in self._forms.get(form, ())}
        return sorted(other for other in near if same_body(name, other, self.long_forms))

    def named(self, forms: Iterable[str]) -> list[str]:
        """The names that are one of these, as names are compared."""
        return [name for form in forms for name in self._named.get(form, ())]

    def beginning(self, forms: Iterable[str], words: range) -> list[str]:
        """The names that begin with one of these and go on, where it is so many of their words."""
        return [name for form in forms for count, name in self._begun.get(form, ()) if count in words]


def _beginnings(key: Key) -> Iterator[tuple[int, str]]:
    """The beginnings of a name, joined, with their numbers of words."""
    return ((count, "".join(key[:count])) for count in range(1, len(key)))


@lru_cache(maxsize=4_096)
def body_key(name: str) -> Key:
    """The words of a name as it is compared, without its legal form."""
    words = _PART.findall(_SPELLED_OUT.sub(r"\1", fold(name.replace("^", "").replace("®", ""))))
    return tuple(word for word in words if word not in _LEGAL_WORDS) or tuple(words)


def same_body(one: str, other: str, long_forms: KnownForms) -> bool:
    """Whether two names mean the same body: "BioRN" and "Bio RN Network e. V.", "LSN" and "Life Science Nord".

    Args:
        one: a name.
        other: another name.
        long_forms: the long form of each short one.
    """
    return any(_within(a, b) or _within(b, a) for a in _keys(one, long_forms) for b in _keys(other, long_forms))


def _keys(name: str, long_forms: KnownForms) -> set[Key]:
    key = body_key(name)
    return {key, *long_forms.longer.get(key, ())}


def _within(short: tuple[str, ...], long: tuple[str, ...]) -> bool:
    """Whether the short name is the other's beginning, or all of it written apart or together."""
    if "".join(short) == "".join(long):
        return True
    joined, longer = "".join(short), "".join(long)
    if len(joined) < 3 or not longer.startswith(joined):
        return False
    borders = {len("".join(long[:count])) for count in range(1, len(long))}
    return len(joined) in borders and (len(short) > 1 or len(long) <= 2 or len(joined) > 4)


@lru_cache(maxsize=1)
def _generic() -> frozenset[str]:
    return frozenset(statement_file()["names"]["generic"].split())


@lru_cache(maxsize=1)
def _legal() -> re.Pattern[str]:
    return re.compile(statement_file()["names"]["legal"] + r"(?!\w)", re.IGNORECASE)


def _with_legal_form(text: str, body: Body) -> Body:
    if body.name.endswith("e.V") and text[body.end : body.end + 1] == ".":
        return Body(f"{body.name}.", body.start, body.end + 1)
    form = _legal().match(text, body.end)
    return Body(text[body.start : form.end()], body.start, form.end()) if form else body


def _runs(text: str) -> Iterator[tuple[int, int]]:
    run: list[re.Match[str]] = []
    for word in [*_WORD.finditer(text), None]:
        capital = word is not None and not word[0][0].isdigit() and (word[0][0].isupper() or is_marked(word[0]))
        if word and capital and (not run or text[run[-1].end() : word.start()] in (" ", "® ")):
            run.append(word)
            continue
        words = _trimmed(run[:_MOST_WORDS])
        if words and _is_name(words):
            yield words[0].start(), words[-1].end()
        run = [word] if word and capital else []


def _trimmed(words: list[re.Match[str]]) -> list[re.Match[str]]:
    """Without generic words at either end; "Life Science Nord" keeps its first two."""
    kept = words
    while kept and kept[0][0].casefold() in _generic() and not (len(kept) > 2 and _is_proper(kept)):
        kept = kept[1:]
    while kept and kept[-1][0].casefold() in _generic():
        kept = kept[:-1]
    return kept


def _is_proper(words: list[re.Match[str]]) -> bool:
    return words[0][0].casefold() in ("life", "medical") and words[1][0].casefold() in ("science", "sciences", "valley")


def _is_run(words: list[re.Match[str]]) -> bool:
    return all(not word[0][0].isdigit() and (word[0][0].isupper() or is_marked(word[0])) for word in words)


def _is_name(words: list[re.Match[str]]) -> bool:
    return any(is_marked(word[0]) for word in words) or len(words) > 1


def is_marked(word: str) -> bool:
    """An inner capital, digit or sign: SaxoCell, BIO.NRW, Bio^M; compounds of a name ("EU-Förderung") are none."""
    parts = re.split(r"[-/]", word)
    if len(parts) > 1 and len(parts[-1]) > _SHORT_PART and parts[-1][1:].islower():
        return False
    return any(len(part) > 1 and any(c.isupper() or c.isdigit() or c in "^" for c in part[1:]) for part in parts)
