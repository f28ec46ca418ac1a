"""What kind of thing a question asks for, and whether a text holds a thing of that kind. Rules about German and English."""

from __future__ import annotations

import re
from typing import Literal

from assistant.text.numbers import figures
from assistant.types import Language

Kind = Literal[
    "count", "amount", "share", "date", "frequency", "person", "place", "list", "comparison", "reason", "fact"
]

_WEIGHS = (
    "(?:mehr|weniger|zuerst|eher|schneller|öfter|häufiger|früher|später|größer|kleiner|älter|jünger|höher|stärker"
    "|more|less|fewer|first|sooner|faster|earlier|later|larger|bigger|smaller|older|younger|higher|stronger)"
)
# The first rule that matches decides; order from the particular to the general.
_QUESTIONS: tuple[tuple[Kind, str], ...] = (
    ("date", r"^\W*(?:und\s+|and\s+)?(?:(?:seit|bis|ab|since|by|until)\s+)?(?:wann|when)\b"),
    ("reason", r"^\W*(?:und\s+|and\s+)?(?:warum|wieso|weshalb|why)\b"),
    (
        "comparison",  # one or the other, with a word that weighs them
        rf"\b(?:oder|or)\b.{{2,80}}\b{_WEIGHS}\b|\b{_WEIGHS}\b.{{2,80}}\b(?:oder|or)\b",
    ),
    ("person", r"^\W*(?:und\s+|and\s+)?(?:(?:von|mit|für|an|by|with)\s+)?(?:wer|wem|wen|wessen|who|whom|whose)\b"),
    ("frequency", r"\b(?:wie (?:oft|häufig)|how (?:often|frequently))\b"),
    (
        "comparison",
        r"\b(?:vergleich\w*|im vergleich|unterschied\w*|unterscheide\w*|gegenüber|mehr\b.{3,60}\bals\b|größer|kleiner|älter|jünger"
        r"|compar\w+|versus|vs|differ\w*|more\b.{3,60}\bthan\b|larger|bigger|smaller|older|younger|earlier than|früher als"
        r"|(?:öfter|häufiger|schneller|höher|stärker|länger) als|(?:faster|higher|stronger|longer) than|more often than"
        r"|wie verhält sich\b.{3,80}\bzu|wo gibt es (?:mehr|weniger)"
        r"|welche[rs]?\b.{3,80}\boder\b|which\b.{3,80}\bor\b|oder\b.{3,80}: ?welche\w*|or\b.{3,80}: ?which"
        r"|die meisten|am meisten|the most|the fewest|am wenigsten)\b",
    ),
    ("share", r"\b(?:\w*anteil|prozent\w*|wachstumsrate|percent\w*|share|growth rate|proportion)\b|%"),
    (
        "amount",
        r"\b(?:wie ?viel geld|wie hoch\b.*\b(?:\w*förder\w*|"
        r"\w*(?:mittel|summe|volumen|budget|umsatz|kosten|gehalt|zuschuss|wert\w*|schöpfung|betrag|investition\w*))|"
        r"welche (?:summe|förder\w*summe)|euro|millionen|mio"
        r"|kosten|kostet|umsatz|budget|finanzvolumen|gehalt|verdient?|verdienen"
        r"|how much|what (?:sum|amount)|euros?|million|revenue|turnover|funding volume"
        r"|budget|price|costs?|salary|earns?(?! (?:its|their)\b))\b",
    ),
    (
        "count",
        r"\b(?:wie ?viele?[nr]?|wie (?:hoch|groß)|anzahl|zahl der|how (?:many|large|big|high)|number of|count of)\b",
    ),
    (
        "date",
        r"\b(?:wann|wie alt|in welchem (?:jahr|monat)|welche[sm] (?:jahr|datum|zeitraum)|gründungsjahr|datum|wie lange"
        r"|when|how old|(?:what|which) (?:year|date|month|day|period)|founding year|how long)\b",
    ),
    (
        "person",
        r"\b(?:wer|wem|wen|wessen|who|whom|whose)\b|\bwelche person|\bwhich person"
        r"|\bname of the [^?]{0,30}(?:person|head|director|coordinator|leader|chair\w*|manager|president|spokes\w+|treasurer)"
        r"|\bwie hei(?:ß|ss)t (?:der|die|ihre?) \w*"
        r"(?:leiter|chef|direktor|vorsitzende|sprecher|präsident|führer|koordinator|manager)",
    ),
    (
        "place",
        r"\b(?:wo|woher|wohin|where|in welche[rmn] (?:\w*stadt|ort|\w*land|region)|(?:what|which) (?:city|town|country|state)"
        r"|sitzt?|ansässig|standort|headquarter\w*|located|adresse|address|seat|based in)\b",
    ),
    (
        "list",
        r"\b(?:nenn\w*|liste\w*|zähl\w* .*auf|aufzählen|welche[nrs]?|was sind|wie heißen|which|what are)\b"
        r"|^\W*(?:please\s+)?(?:list|name)\b",
    ),
    ("reason", r"\b(?:warum|wieso|weshalb|wozu|why|what for|for what reason)\b"),
)
_KINDS = tuple((kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in _QUESTIONS)

_CURRENCY = re.compile(
    r"\b(?:euro|eur|dollar|usd|mio|mrd|millionen|milliarden|million|billion)s?\b|[€$]", re.IGNORECASE
)
_SHARE = re.compile(r"%|\b(?:prozent|percent|per cent)\b", re.IGNORECASE)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b|\bQ[1-4]\b|['’]\d\d\b")
_NAME = re.compile(
    r"\b(?:Prof|Dr|Herr|Frau|Mr|Mrs|Ms|Minister(?:in)?|Senator(?:in)?|Staatssekretär\w*)\b|"
    r"\b[A-ZÄÖÜ][a-zäöüß]+ (?:(?:von|zu|van|de) )*[A-ZÄÖÜ][a-zäöüß]+\b|"
    r"\b[A-ZÄÖÜ]{3,}\b|\b\w*(?:GmbH|AG|[mM]inisterium|[iI]nstituts?|[uU]niversität|Ministry|Institute|University|[vV]erein)\b"
)
_FREQUENCY = re.compile(
    r"\b(?:alle? \d+|alle \w+ (?:Tage|Wochen|Monate|Jahre)|\d+[- ]?mal|"
    r"(?:ein|zwei|drei|vier|mehr)mal\w*|jede[nsr]?|täglich\w*|\w*(?:wöchent|monat|jähr)lich\w*"
    r"|quartals\w*|regelmäßig\w*|every|each|once|twice|times a|daily|weekly|monthly|quarterly|yearly|annual\w*|regular\w*)\b",
    re.IGNORECASE,
)
_PLACE = re.compile(r"\b(?:in|at|Sitz|ansässig|Standort|based|seat|located|\d{5} [A-ZÄÖÜ])\b")
_HORIZON = re.compile(r"\b(?:kurz|mittel|lang)fristig\w*|\b(?:short|medium|long)[- ]term", re.IGNORECASE)


# "Wer leitet BioRN, und seit wann?": what is asked last is what the answer must hold.
_ASKED_TOO = re.compile(
    r", (?:und|and) (?P<last>(?:\w+ )?(?:wann|wo|warum|wem|when|where|why|whom|wie (?:viele?|lange)|how (?:many|much|long))"
    r"(?: geld| money)?)\W*$",
    re.IGNORECASE,
)

# The thing whose number, amount or share is asked for stands behind these.
_ASKED = re.compile(
    r"\b(?:wie ?viele?[nr]?|(?:an)?zahl (?:der|von)|wie (?:hoch|groß) (?:ist|sind|war|waren|lag|liegt)?\s*(?:der|die|das)?"
    r"|welche[nrs]?|what(?: is| was|'s)?(?: the)?|which|how (?:many|much|large|high)(?: is| was)?(?: the)?|number of)\s+"
    r"(?P<thing>[^\W\d_][\w-]*(?:\s+[^\W\d_][\w-]*)?)",
    re.IGNORECASE,
)


_ADDRESS_ASKED = re.compile(
    r"\b(?:web\w*|internet\w*|homepage|online|url|link|\w*adresse|address|(?:e-?)?mails?|kontakt\w*|contact\w*|erreich\w*|reach)\b",
    re.IGNORECASE,
)


def asks_for_address(question: str) -> bool:
    """Whether a question is after a way to reach somebody, or a place on the web."""
    return bool(_ADDRESS_ASKED.search(question))


def asked_thing(question: str) -> str:
    """The words, at most two, whose number, amount or share a question asks for; empty for other questions."""
    if question_kind(question) not in ("count", "amount", "share"):
        return ""
    match = _ASKED.search(question)
    return match["thing"] if match else ""


def question_kind(question: str) -> Kind:
    """The kind of thing asked for; "fact" where no rule knows better."""
    too = _ASKED_TOO.search(question)
    asked = too["last"] if too else question
    return next((kind for kind, pattern in _KINDS if pattern.search(asked)), "fact")


def holds_kind(text: str, kind: Kind, language: Language) -> bool:
    """Whether a text holds a thing of the kind; True for kinds that every text can answer."""
    if kind == "amount":
        return bool(_CURRENCY.search(text)) and any(figures(text, language))
    if kind == "share":
        return bool(_SHARE.search(text))
    if kind == "count":
        return any("-" not in figure.value for figure in figures(_YEAR.sub(" ", text), language))
    if kind == "date":
        return bool(_YEAR.search(text) or _HORIZON.search(text)) or any("-" in f.value for f in figures(text, language))
    if kind == "frequency":
        return bool(_FREQUENCY.search(text))
    if kind == "person":
        return bool(_NAME.search(text))
    if kind == "place":
        return bool(_PLACE.search(text))
    return True
