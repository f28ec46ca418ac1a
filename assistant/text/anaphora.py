"""Words that point back to an earlier question, "it", "davon", "dort", "deren", and what they stand for there."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.text.genders import article_for
from assistant.text.topics import WORD, Topic, is_marked, topics
from assistant.types import Language

_GENERIC = (
    r"(?:firma|unternehmen|cluster|netzwerk|verein|projekt|initiative|organisation|verbund|verband|institut|zentrum|programm|plattform"
    r"|stadt|region|land|einrichtung|gesellschaft|person|company|firm|network|association|project|organi[sz]ation|institute|cent(?:er|re)"
    r"|programme?|platform|city|town|state|body|consortium|group)"
)
_ADVERBS = {
    "davon": "von", "dafür": "für", "dazu": "zu", "damit": "mit", "darin": "in", "dabei": "bei", "dahinter": "hinter",
    "daran": "an", "daraus": "aus", "darauf": "auf", "darüber": "über", "darunter": "unter", "dort": "bei", "da": "bei",
    "dorthin": "nach",
}  # fmt: skip
_POINTERS: dict[Language, re.Pattern[str]] = {
    "de": re.compile(
        r"\b(?:(?P<part>(?P<ask>(?i:wie ?viele|welche[rns]?|wer|was)) (?:davon|von (?:ihnen|denen|diesen)|unter ihnen))"
        rf"|(?P<adverb>{'|'.join(_ADVERBS)})(?!\w)"
        rf"|(?P<this>diese[rsmn]?|jene[rsmn]?) (?P<noun>(?:[a-zäöüß]+e[nrsm]? )*[A-ZÄÖÜ][\w-]*|(?i:{_GENERIC})\b)"
        r"|(?P<whose>deren|dessen|(?:sein|ihr)(?:e[rsnm]?)?) (?P<owned>(?:[a-zäöüß]+e[nrsm]? )*[A-ZÄÖÜ][\w-]*)"
        r"|(?P<person>ihnen|ihn|ihm|ihr|er|sie|es"
        r"|beide(?= [a-zäöüß]+\b(?! [A-ZÄÖÜ])|\W*$)|das(?= [a-zäöüß]+(?! [A-ZÄÖÜ])\b(?:\W|$)|\s*[?.!,]|$))(?=\W|$))"
    ),
    "en": re.compile(
        r"\b(?:(?P<part>(?P<ask>how many|how much|which|who|what|some|any|most|all|one|how many more)"
        r" (?:ones )?of (?:them|these|those|which))"
        r"|(?P<adverb>there)"
        rf"|(?P<this>this|that|these|those) (?P<noun>(?:{_GENERIC}|[a-z-]+(?:s|ion|ment|ity))\b)"
        r"|(?P<whose>its|their|his|her) (?P<owned>(?!own\b)[a-z][\w-]*)"
        r"|(?P<person>it|they|them|he|him|she|her"
        r"|both(?=\s*[?.,]|$| (?:have|are|do|get|be)\b)|(?:this|that)(?=\s*[?.!,]|$| (?:is|was|has|does|do|will)\b)))\b",
        re.IGNORECASE,
    ),
}
_NOBODY: dict[Language, re.Pattern[str]] = {
    "de": re.compile(
        r"\b(?:(?:gibt|gab|gäbe) es|es (?:gibt|gab)|(?:handelt|geht|ging|kommt|kam|braucht|dauert|heißt) es"
        r"|worum\b.{1,30}\bes|um was\b.{1,30}\bes|es (?:sich|möglich|nötig))\b",
        re.IGNORECASE,
    ),
    "en": re.compile(
        r"\b(?:(?:is|are|was|were|will|have|has) there|there (?:is|are|was|were|be|been)"
        r"|(?:is|was) it (?:possible|true|necessary|likely|that)|it takes?|does it take)\b",
        re.IGNORECASE,
    ),
}
_BREAK = re.compile(r"\w.*\w.*(?:\s[-–—]\s|[:;]\s)")  # what stands before a dash is what the words behind it point at
_OWN_SUBJECT: dict[Language, re.Pattern[str]] = {  # it owns the thing itself: "which company moved its seat"
    "de": re.compile(
        r"\b(?:welche[rns]? [A-ZÄÖÜ]\w+|wer (?:hat|hatte|haben|will|wollte)|jede[rs]? [A-ZÄÖÜ]\w+)\b.*$", re.IGNORECASE
    ),
    "en": re.compile(
        r"\b(?:which (?:[a-z-]+ )*?[a-z-]+(?<!s) (?:is|was|has|had|did|does|will|would|wants?|\w+ed)"
        r"|which (?:[a-z-]+ )*?[a-z-]+s (?:have|had)|(?:each|every) \w+)\b.*$",
        re.IGNORECASE,
    ),
}
_EXISTS: dict[Language, re.Pattern[str]] = {
    "de": re.compile(
        r"(?:gibt|gab) es (?:dort |da |noch )?(?:(?:k?ein\w*|auch|noch) )?[A-ZÄÖÜ][\w-]*\W*", re.IGNORECASE
    ),
    "en": re.compile(r"(?:is|are|was|were) there (?:an?|any|some|no) [a-z-]+\W*", re.IGNORECASE),
}
_DEFINITE = re.compile(r"\b(?:der|die|das|den|dem|des) (?:[a-zäöüß-]+e[nrsm]? )*[A-ZÄÖÜ][\w-]*")
_THE = re.compile(r"\bthe (?!first\b.*\bof\b)(?=[a-z])", re.IGNORECASE)
_LISTS = re.compile(r"\b(?:auflist\w*|aufzähl\w*|nenn\w*|list|name|enumerate)\b", re.IGNORECASE)
_THE_NOUN = re.compile(
    r"\bthe (?P<noun>[a-z][a-z-]{3,})(?=\W*$| (?:is|are|was|were|has|have|had|do|does|did|can|will)\b)"
)
_SAYS_WHICH = re.compile(r" (?:des|der|von|vom|zu[mr]?|für|in|im|aus|bei|mit|an|auf)\b|, d(?:er|ie|as|en)\b")
_KIND = re.compile(rf"{_GENERIC}\b", re.IGNORECASE)
_PLURAL_VERB = re.compile(r"(^|\s)(are|were|have|do)(?=\s$)", re.IGNORECASE)
_SINGULAR = {"are": "is", "were": "was", "have": "has", "do": "does"}
_MOVES = re.compile(r"\b(?:mov\w+|relocat\w+|transfer\w*|travel\w*|go(?:es|ing)?|went|c(?:o|a)me)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Earlier:
    """What can be pointed at: the subject, the thing that was counted, the place, and a person the answer named."""

    subject: Topic
    thing: str
    person: str = ""
    place: Topic | None = None
    listed: bool = False  # the question just before asked who or which they are
    existing: str = ""  # the thing the question before asked to exist: "the cluster in Saxony"


def pointer(question: str, language: Language, *, continues: bool) -> re.Match[str] | None:
    """The first word that points out of the question; None where it says itself what it is about.

    Args:
        question: without "Und" and the like.
        language: of the question.
        continues: whether there was an "Und", which makes the question lean more readily.
    """
    own = topics(question, language)
    nobody = [match.span() for match in _NOBODY[language].finditer(question)]
    for match in _POINTERS[language].finditer(question):
        if any(start <= match.start() < end for start, end in nobody):
            continue
        before = question[: match.start()]
        if any(topic.start < match.start() for topic in own) or _marked(before) or _BREAK.search(before):
            continue
        if match["whose"] and _OWN_SUBJECT[language].search(before):
            continue
        if match["noun"] and language == "en" and match["this"].casefold() == "that" and _is_clause(question, match):
            continue
        if match["adverb"] in ("da", "dabei") and not continues and match.end() >= len(question.rstrip("?!. ")):
            continue  # "Wer war dabei?": part of the verb
        return match
    return None


def exists(question: str, language: Language) -> bool:
    """ "Gibt es eine Satzung?": somewhere, and where is not said."""
    return bool(_EXISTS[language].fullmatch(question.strip())) and not topics(question, language)


def definite_nouns(question: str, language: Language) -> list[str]:
    """The nouns with a definite article and nothing behind them that says which ones are meant."""
    if language == "en":
        return [match["noun"] for match in _THE_NOUN.finditer(question)]
    found = [match for match in _DEFINITE.finditer(question) if not _SAYS_WHICH.match(question, match.end())]
    return [match.group().split()[-1] for match in found]


def resolved(question: str, match: re.Match[str], earlier: Earlier, language: Language) -> str:
    """The question with what the pointing word stands for."""
    words = _meant(question, match, earlier, language)
    before, after = question[: match.start()], question[match.end() :]
    if match["person"] and language == "de":
        kind = re.search(rf"\b(?:die|der|das) (?i:{_GENERIC})\b", before)
        if kind:  # "die Firma … sie": the name belongs to the noun
            return f"{before[: kind.end()]} {earlier.subject.name}{before[kind.end() :]}{match.group()}{after}"
    if match["person"] and language == "en":
        kind = re.search(rf"\bthe {_GENERIC}\b", before, re.IGNORECASE)
        if kind:
            return f"{before[: kind.end()]} {earlier.subject.name}{before[kind.end() :]}{match.group()}{after}"
        if match["person"].casefold() == "they" and words == earlier.subject.name:
            before = _PLURAL_VERB.sub(lambda verb: verb[1] + _SINGULAR[verb[2].lower()], before)
    return f"{before}{words}{after}"


def attached(question: str, earlier: Earlier, language: Language) -> str:
    """A question that names nobody, about the earlier subject."""
    name, stripped = earlier.subject.name, question.rstrip("?!. ")
    if language == "de":
        definite = _DEFINITE.search(stripped)
        if definite and not re.match(r" (?:des|der|von|vom|im|in)\b", stripped[definite.end() :]):
            of = " " if _KIND.fullmatch(definite.group().split()[-1]) else " von "  # "der Cluster BioM"
            return f"{stripped[: definite.end()]}{of}{name}{stripped[definite.end() :]}?"
        return f"{stripped} {_preposition(earlier.subject, 'bei')} {name}?"
    the = list(_THE.finditer(stripped))
    if the:
        kind = _KIND.match(stripped, the[0].end())
        if kind:
            return f"{stripped[: kind.end()]} {name}{stripped[kind.end() :]}?"
        last = the[1] if len(the) > 1 and stripped[: the[1].start()].endswith(" of ") else the[0]
        return f"{stripped[: last.start()]}{_owner(name)} {stripped[last.end() :]}?"
    return f"{stripped} {_preposition(earlier.subject, 'at')} {name}?"


def _meant(question: str, match: re.Match[str], earlier: Earlier, language: Language) -> str:
    name = earlier.subject.name
    if match["part"]:
        link = _preposition(earlier.subject, "von" if language == "de" else "of")
        return " ".join(part for part in (match["ask"], earlier.thing, link, name) if part)
    if match["adverb"]:
        return f"{_placed(question, match['adverb'].casefold(), earlier, language)}"
    if match["this"]:
        return _this(match, earlier, language)
    if match["whose"]:
        owner = _whose(match, earlier, language)
        return _owned(match, owner) if language == "de" else f"{_owner(owner)} {match['owned']}"
    person = match["person"].casefold()
    if earlier.person and person in ("he", "him", "she", "her", "er", "ihn", "ihm", "sie", "ihr"):
        return earlier.person if name in earlier.person else f"{earlier.person} ({name})"
    if earlier.thing and person in ("sie", "them", "they") and _several(question, match, earlier, language):
        return f"die {earlier.thing} von {name}" if language == "de" else f"the {earlier.thing} of {name}"
    return earlier.existing or name


def _several(question: str, match: re.Match[str], earlier: Earlier, language: Language) -> bool:
    """Whether "they" are the things counted or listed before, rather than the body itself."""
    if _LISTS.search(question):
        return True
    if language == "en":
        return earlier.listed
    verbs = f"{question[: match.start()].split()[-1:]} {question.split()[-1:]}"
    return earlier.listed and bool(re.search(r"(?:sind|en)\W", verbs))


def _whose(match: re.Match[str], earlier: Earlier, language: Language) -> str:
    personal = ("his", "her") if language == "en" else ()
    return earlier.person if earlier.person and match["whose"].casefold() in personal else earlier.subject.name


def _placed(question: str, adverb: str, earlier: Earlier, language: Language) -> str:
    place = earlier.place or earlier.subject
    if language == "en":
        link = "to" if _MOVES.search(question) else "in" if earlier.place else "at"
        return f"{link} {place.name}"
    if adverb in ("dort", "da"):
        return f"{'in' if earlier.place else 'bei'} {place.name}"
    return f"{_ADVERBS[adverb]} {place.name if adverb == 'dorthin' else earlier.subject.name}"


def _this(match: re.Match[str], earlier: Earlier, language: Language) -> str:
    noun, name = match["noun"], earlier.subject.name
    if language == "de":
        pointing = match["this"].casefold()
        article = {"r": "der", "s": "das", "m": "dem", "n": "den"}.get(pointing[-1], "die")
        return f"{article} {noun} {name if re.fullmatch(_GENERIC, noun, re.IGNORECASE) else 'von ' + name}"
    return f"the {noun} {name if re.fullmatch(_GENERIC, noun, re.IGNORECASE) else 'of ' + name}"


def _owned(match: re.Match[str], name: str) -> str:
    """ "seinen Sitz" → "den Sitz von X"."""
    whose, owned = match["whose"].casefold(), match["owned"]
    ending = whose.removeprefix("sein").removeprefix("ihr") if whose not in ("deren", "dessen") else ""
    article = {"e": "die", "er": "der", "en": "den", "em": "dem", "es": "des"}.get(ending)
    if article is None:
        article = article_for(owned)
    return f"{article} {owned} von {name}"


def _owner(name: str) -> str:
    return f"{name}'" if name.endswith("s") else f"{name}'s"


def _preposition(subject: Topic, usual: str) -> str:
    """The preposition that led the subject where it tells a place ("in Sachsen"), else the usual one."""
    return subject.preposition if subject.preposition in ("in", "aus", "from", "im") else usual


def _marked(words: str) -> bool:
    return any(is_marked(word) for word in WORD.findall(words))


def _is_clause(question: str, match: re.Match[str]) -> bool:
    """ "the project that groups …": a relative clause, no pointer."""
    before = question[: match.start()].rstrip()
    return bool(before) and before.split()[-1].casefold() not in (
        "is",
        "was",
        "does",
        "did",
        "of",
        "for",
        "at",
        "in",
        "by",
        "who",
        "from",
    )
