"""Questions that leave out what the one before said: "Und BioM?", "and in Hamburg?", "Und 2023?", "Seit wann?"."""

from __future__ import annotations

import re

from assistant.text.genders import article_for
from assistant.text.kinds import question_kind
from assistant.text.numbers import MONTHS
from assistant.text.topics import PLACE_WORDS, WORD, YEAR, Topic, counted_span, is_common, main_topic, topics
from assistant.text.words import STOP_WORDS
from assistant.types import Language

_TRAILING = re.compile(
    r"(?:\s+(?:auch|denn|dann|dort|da|there|schon|already|so|aus|bitte|genau|eigentlich|please|too|as well|then|exactly))+$",
    re.IGNORECASE,
)
_THERE = re.compile(r"\b(?:dort|da|there)$", re.IGNORECASE)
_TIME = re.compile(
    r"(?:(?P<when>in|im|im Jahre?|für|for|seit|since|bis|by|until|vor|before|nach|after|ab|from|Anfang|Mitte|Ende|early|late"
    r"|the year)\s+)*"
    rf"(?P<time>(?:(?:{'|'.join(MONTHS)}) )?(?:19|20)\d\d|heute|jetzt|inzwischen|aktuell|today|now|currently)",
    re.IGNORECASE,
)
_BOUND = frozenset("seit since bis by until vor before nach after ab from anfang mitte ende early late".split())
ASKING = (
    r"(?:wer|wem|wen|wessen|was|wann|wo|woher|wohin|wie|warum|wieso|weshalb|welche[rnsm]?|wozu|womit|woran|worin|wodurch|wofür"
    r"|wie ?viele?|wie (?:oft|lange|hoch|groß|alt)|who|whom|whose|what|when|where|which|why|how|how (?:many|much|often|long|old))"
)
_ASKS = re.compile(rf"\b{ASKING}\b", re.IGNORECASE)
_WHICH = r"(?:in|an|auf|aus|seit|für|mit|bei|zu|from|at|on|by|to|for) (?:welche[rnms]?|which|what) [\w-]+"
_ONLY_ASKS = re.compile(
    r"(?:(?:seit|bis|ab|von|mit|für|aus|an|in|zu|bei|durch|since|until|by|with|for|from|to|of|at)\s+)?"
    rf"{ASKING}(?:\s+(?:else|ones|sonst|noch|geld|money))?|{_WHICH}",
    re.IGNORECASE,
)
_ADVERBIAL = re.compile(
    rf"(?:(?:seit|bis|ab|von|mit|since|by|until)\s+)?(?:wann|wo|warum|wieso|weshalb|wem|when|where|why|whom)\b|{_WHICH}",
    re.IGNORECASE,
)
_VERB_FIRST = re.compile(
    r"(?:ist|sind|war|waren|hat|haben|hatte|hatten|wurde|wurden|wird|werden|gibt|gab|kann|soll|is|are|was|were|has|have|had|does|do|did|will|can)\b",
    re.IGNORECASE,
)
_COUNT = re.compile(
    r"(?P<ask>wie ?viele?|how many|how much|welche[rns]?|which)\s+(?P<thing>[^\W\d_][\w-]*(?: [^\W\d_][\w-]*)?)",
    re.IGNORECASE,
)
_NO_NOUN = re.compile(
    r"\b(?:is|are|was|were|do|does|did|has|have|had|of|them|there|davon|dort|ist|sind|war|hat|haben|gibt|es|sie|er|it|they)\b",
    re.IGNORECASE,
)
_ORDINAL = re.compile(
    r"\b(?:(?:erst|zweit|dritt|viert|fünft|letzt|nächst)e[nrsm]?|first|second|third|fourth|fifth|last|next)\b",
    re.IGNORECASE,
)
_DEFINITE = re.compile(
    r"\b(?:der|die|das|den|dem|the)\s+(?:[a-zäöüß-]+e[nrsm]?\s+)*(?:[A-ZÄÖÜ][\w-]+|(?<=the )[a-z-]+)\b"
)
_ARTICLE = re.compile(
    r"(?:der|die|das|den|dem|des|the|an?|eine?[nmrs]?|sein\w*|ihre?\w*|deren|dessen|its|their)\s+", re.IGNORECASE
)
_COMPARATIVE = re.compile(r"(?:more )?[a-zäöüß]+er")
_COMPARED = re.compile(r"\b[a-zäöüß]+er(?=\s+(?:als|than)\b)")
_RELATIVE = re.compile(
    r"\b(?:(?:before|after)(?: that)?|earlier|later|davor|danach|vorher|nachher|zuvor)$", re.IGNORECASE
)
_SOME_OF = re.compile(r"(?:the )?(?P<which>[\w-]+) ones?", re.IGNORECASE)
_THE_ONE = re.compile(
    r"(?:der|die|das|den|dem|the ones?|that|those) (?=(?:von|vom|aus|in|of|at|from)\b)", re.IGNORECASE
)
_WHAT = re.compile(r"(?:was|what|wer|who)\b", re.IGNORECASE)
_SINGULAR = re.compile(r"(?:das|der|sein|ihr|deren|dessen|the|its|their) [\w-]*[^\Ws]$", re.IGNORECASE)
_NOUN_AFTER = re.compile(r"['’]s? (?P<owned>[a-z][\w-]*)| (?P<noun>[a-z][\w-]*s)(?=\s*\?|$)")
_CLOSING_VERB = re.compile(r"\s+(?:(?:ge|be|ver|er|ent)\w{2,}(?:t|en)|\w+iert|werden|worden|haben)$")
_SUBJECT_AFTER = frozenset("bei beim von vom für mit at of for with by über about zu zum zur".split())
_MOST_WORDS, _MOST_NAMES = 6, 3


def fragment_of(rest: str, *, continues: bool) -> str | None:
    """What a question without a verb of its own adds to the one before; None where it is a question by itself.

    Args:
        rest: the question without "Und" and the like.
        continues: whether there was an "Und", which alone makes a few words a continuation.
    """
    words = rest.strip().rstrip("?!. …").strip()
    if not words or _ONLY_ASKS.fullmatch(words):
        return words
    plain = _TRAILING.sub("", words)
    if _ONLY_ASKS.fullmatch(plain) or _TIME.fullmatch(plain):
        return plain
    if _count_only(plain):
        return plain if continues and not _THERE.search(words) else None
    if _ASKS.search(plain) or _VERB_FIRST.match(plain) or len(WORD.findall(plain)) > _MOST_WORDS:
        return None
    named = rest.strip().endswith("?") and ":" not in rest and _new_name(plain, "de")
    return plain if continues or (named and _is_name_only(plain)) else None


def _is_name_only(words: str) -> bool:
    """One name, or a name after a preposition: nothing that could be a question of its own."""
    parts = words.split()
    return len(parts) <= _MOST_NAMES and (len(parts) == 1 or parts[0].casefold() in PLACE_WORDS | _SUBJECT_AFTER)


def completed(fragment: str, previous: str, language: Language) -> str:
    """The previous question, with the fragment in the place of what it replaces."""
    fragment = _THE_ONE.sub("", fragment)
    if not fragment:
        return previous
    if time := _TIME.fullmatch(fragment):
        return _with_time(previous, time, language)
    if _ONLY_ASKS.fullmatch(fragment):
        return _asked_anew(previous, fragment, language)
    if _count_only(fragment):
        return _count_of(previous, fragment, language)
    ordinal, old = _ORDINAL.search(fragment), _ORDINAL.search(previous)
    if ordinal and old:
        return previous[: old.start()] + ordinal.group() + previous[old.end() :]
    if compared := _with_comparative(previous, fragment):
        return compared
    if _RELATIVE.search(fragment):
        return inserted(previous, fragment)
    if new := _new_name(fragment, language):
        return _with_subject(previous, fragment, new, language)
    first = fragment.split()[0].casefold()
    if first in PLACE_WORDS | _SUBJECT_AFTER | {"auf", "an", "am", "on", "seit", "since", "ohne", "without"}:
        return inserted(previous, fragment)
    return _with_thing(previous, fragment, language)


def inserted(question: str, addition: str) -> str:
    """A question with some words more at its end, before a closing German verb."""
    stripped = question.rstrip("?!. ")
    verb = _CLOSING_VERB.search(stripped)
    place = verb.start() if verb else len(stripped)
    return f"{stripped[:place]} {addition}{stripped[place:]}?"


def _count_only(words: str) -> bool:
    """ "wie viele Mitarbeiter": what is counted, and no verb."""
    match = _COUNT.fullmatch(words)
    return bool(match) and not _NO_NOUN.search(match["thing"]) if match else False


def _with_time(previous: str, time: re.Match[str], language: Language) -> str:
    when, new = (time["when"] or "").casefold(), time["time"]
    old = [match for match in _TIME.finditer(previous) if YEAR.search(match["time"])]
    if old:
        last = old[-1]
        year = YEAR.search(previous, last.start())
        if year and when not in _BOUND and YEAR.fullmatch(new):
            return previous[: year.start()] + new + previous[year.end() :]
        return previous[: last.start()] + time.group() + previous[last.end() :]
    bare = "in " if language == "en" else "im Jahr " if YEAR.fullmatch(new) else "im "
    return inserted(previous, f"{bare}{new}" if when not in _BOUND and YEAR.search(new) else time.group())


def _asked_anew(previous: str, asking: str, language: Language) -> str:
    """The same matter with another question word; beside the old one where that asks for the subject or the number."""
    if _ADVERBIAL.match(previous) and _ADVERBIAL.match(asking):
        rest = _ADVERBIAL.sub("", previous, count=1).lstrip()
        return f"{_capital(asking)} {rest}"
    if _VERB_FIRST.match(previous) and _ADVERBIAL.match(asking):
        return f"{_capital(asking)} {previous[:1].lower()}{previous[1:]}"
    joint = "und" if language == "de" else "and"
    return f"{previous.rstrip('?!. ')}, {joint} {asking[:1].lower()}{asking[1:]}?"


def _count_of(previous: str, fragment: str, language: Language) -> str:
    match, span = _COUNT.fullmatch(fragment), counted_span(previous, language)
    if match and span and previous[: span[0]].strip().casefold() == match["ask"].casefold():
        return previous[: span[0]] + match["thing"] + previous[span[1] :]
    topic = main_topic(previous, language)
    if not topic:
        return f"{_capital(fragment)}?"
    return (
        f"{_capital(fragment)} hat {topic.name}?"
        if language == "de"
        else f"{_capital(fragment)} does {topic.name} have?"
    )


def _new_name(fragment: str, language: Language) -> str:
    """The name in a fragment, written in capitals or not; empty where it names nobody."""
    found = topics(fragment, language, from_start=True)
    parts = fragment.split()
    if found:
        return fragment[found[0].end - len(found[0].name) : found[-1].end]
    led = parts[1:] if parts[0].casefold() in PLACE_WORDS | _SUBJECT_AFTER | {"auf", "on"} else parts
    stops = STOP_WORDS["de"] | STOP_WORDS["en"]
    unknown = led and not any(word.casefold() in stops or _ORDINAL.fullmatch(word) or word.isdigit() for word in led)
    plural = led and led[-1].islower() and led[-1].endswith("s")
    return " ".join(led) if unknown and not plural and not is_common(led[-1]) else ""


def _with_subject(previous: str, fragment: str, new: str, language: Language) -> str:
    """The previous question about somebody else: in the place after the same preposition, else of its main topic."""
    preposition = fragment.split()[0].casefold()
    led = preposition in PLACE_WORDS | _SUBJECT_AFTER | {"auf", "on"}
    phrase = fragment.split(maxsplit=1)[1] if led and " " in fragment else fragment
    found = topics(previous, language)
    same = [t for t in found if t.preposition == preposition] if led else []
    if preposition in PLACE_WORDS:
        same = same or [t for t in found if t.preposition in PLACE_WORDS]
    if led and not same and (preposition in PLACE_WORDS | {"auf", "on"} or not found):
        return inserted(previous, fragment)
    old = same[-1] if same else main_topic(previous, language)
    if not old:
        thing = counted_span(previous, language)
        return _with_thing(previous, fragment, language) if thing else inserted(previous, fragment)
    return _replaced(previous, old, f"the {new}" if phrase.endswith((" one", " ones")) else phrase, new)


def _replaced(previous: str, old: Topic, phrase: str, new: str) -> str:
    before, after = previous[: old.start], previous[old.end :]
    comparing = old.name if question_kind(previous) == "comparison" else ""
    if parts := re.split(r"(\s+(?:und|and|oder|or)\s+)", comparing)[:-1]:
        return f"{before}{''.join(parts)}{new}{after}"
    if after.startswith(f" {phrase.split()[-1]}"):
        phrase = phrase.rsplit(maxsplit=1)[0]  # "the GreenLab project" for "the SmartLab" of "the SmartLab project"
    head, old_head = _ARTICLE.sub("", phrase), _ARTICLE.sub("", old.phrase)
    if head.split()[0] == old_head.split()[0]:  # the same noun keeps its article in the right case
        return f"{before}{old.phrase[: len(old.phrase) - len(old_head)]}{head}{after}"
    return f"{before}{phrase if phrase != head or old.phrase != old.name else new}{after}"


def _with_comparative(previous: str, fragment: str) -> str:
    """ "Ist BioM größer als BioRN?", "Und älter?"; empty where nothing is compared."""
    old = _COMPARED.search(previous)
    fits = old and _COMPARATIVE.fullmatch(fragment)
    return f"{previous[: old.start()]}{fragment}{previous[old.end() :]}" if old and fits else ""


def _with_thing(previous: str, fragment: str, language: Language) -> str:
    """The same asked about another thing of the same subject."""
    span, topic = counted_span(previous, language), main_topic(previous, language)
    article = _ARTICLE.match(fragment)
    noun = _ARTICLE.sub("", fragment)
    some = _SOME_OF.fullmatch(fragment)
    if span and some:
        return f"{previous[: span[0]]}{some['which']} {previous[span[0] :]}"
    if span and article and topic and _SINGULAR.match(fragment) and _COUNT.match(previous):
        being, of = ("Was ist", "von") if language == "de" else ("What is", "of")
        return f"{being} {_article_of(article, noun, language)} {noun} {of} {topic.name}?"
    if topic and language == "en" and (follows := _NOUN_AFTER.match(previous, topic.end)):
        return previous[: follows.start(follows.lastgroup or 0)] + noun + previous[follows.end() :]
    if span:
        return previous[: span[0]] + _ARTICLE.sub("", fragment) + previous[span[1] :]
    for definite in _DEFINITE.finditer(previous):
        if article and (not topic or definite.end() <= topic.start):
            return previous[: definite.start()] + fragment + previous[definite.end() :]
    if not topic:
        return inserted(previous, fragment)
    singular = bool(_SINGULAR.match(fragment))
    whose = _article_of(article, noun, language) if article and singular else "die" if language == "de" else "the"
    owned = f"{f'{whose} ' if article else ''}{noun} {'von' if language == 'de' else 'of'} {topic.name}"
    if _WHAT.match(previous):
        being = {"de": ("Was ist", "Was sind"), "en": ("What is", "What are")}[language][not singular]
        return f"{being} {owned}?"
    return f"{previous[: topic.start]}{owned}{previous[topic.end :]}"


def _article_of(article: re.Match[str], noun: str, language: Language) -> str:
    own = article.group().strip().casefold()
    if language == "en":
        return "the"
    return own if own in ("der", "die", "das") else article_for(noun)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
