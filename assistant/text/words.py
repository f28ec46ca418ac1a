"""Words as the search compares them: folded, stemmed, without stop words."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

import Stemmer

from assistant.text.numbers import MONTHS, NUMBER_WORDS, figures
from assistant.types import Language

_TOKEN = re.compile(r"[^\W_]+")
_FOLD = str.maketrans({"ä": "a", "ö": "o", "ü": "u", "ß": "ss"})
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))  # soft hyphens and joiners cut no word
_STEMMER: dict[Language, str] = {"de": "german", "en": "english"}

STOP_WORDS: dict[Language, frozenset[str]] = {
    "de": frozenset(
        """aber alle allem allen aller alles als also am an andere anderen auch auf aus bei beim bin bis bitte da dabei
        dafür daher damit dann daran darauf darin das dass davon dazu dem den denen denn der deren des dessen dich die
        dies diese diesem diesen dieser dieses doch dort du durch ein eine einem einen einer eines er es etwa etwas
        euch gab gibt genau habe haben hat hatte hatten hier ich ihm ihn ihnen ihr ihre ihrem ihren ihrer im in indem
        ins ist ja jede jedem jeden jeder jedes jene kann kannst können könnte man mehr mein mich mir mit nach nicht
        noch nun nur ob oder ohne schon sehr sein seine seinem seinen seiner seit sich sie sind so solche soll sollen
        sowie über um und uns unser unter vom von vor war waren warum was wegen weil welche welchem welchen welcher
        welches wem wen wenn wer werden wessen wie wieso wieviel wieviele wir wird wirst wo wobei wodurch wofür woher
        wohin womit woran worauf worin wozu wurde wurden während zu zum zur zwischen denn mal eigentlich insgesamt viel
        viele sag sage nenne nennt heißt heisst lautet ganze für gegen bereits beide beiden beides je jeweils eben halt gern
        wann lange raus rein rauf runter drin dran drauf einfach gerade inzwischen mittlerweile jetzt heute damals bisher
        immer ganz gar zwar nämlich überhaupt sonst außerdem dahinter davor darüber darunter daneben dazwischen hinter
        neben kommen kommt kam kamen gekommen machen macht machte gemacht tun tut tat getan gehen geht ging gegangen
        lassen lässt ließ rund circa ca bzw hätte hätten wäre wären möchte möchten fürs ums ans übers vorm pro zurzeit
        derzeit momentan eher sogar nochmal wohl gings los mitmachen worden sei seien irgendwie irgendwo irgendwann
        worum wozu worüber gibts gehts dürfen darf müssen muss wollen will werde würde würden selbst trotz laut statt
        kriegt kriegen kriegte bekommt bekam bekamen eigene eigenem eigenen eigener eigenes obendrauf überdies geben gegeben
        lauten heißen heissen genannt maximal minimal jährlich""".split()
    ),
    "en": frozenset(
        """a about after all also an and any are as at be because been before being between both but by can could did
        do does doing during each for from had has have having he her here hers him his how i if in into is it its
        itself just many may me might more most much must my no nor not of off on once one only or other our out over
        own please same shall she should so some such than that the their them then there these they this those
        through to too under until up very was we were what when where which while who whom whose why will with would
        you your tell name actually total overall called give list does supposed happen happens happened take takes took
        via upon onto across within without per yet still ever against whether however don doesn didn isn aren wasn won
        hasn haven ones use used using get gets got since far
        long sit sits sat put puts apart go goes going went gone come comes came make makes made making say says said
        now today currently already even else really exactly behind among along besides beside kind sort thing things way
        ways anything anyone someone something lot lots bit let lets ones yours whose ll ve re meanwhile right
        nowadays anyway roughly approximately big according involved""".split()
    ),
}


def fold(text: str) -> str:
    """Lower case, compatibility forms and umlauts folded; other diacritics dropped."""
    text = _normalized(text).translate(_FOLD)
    bare = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    return unicodedata.normalize("NFC", bare)


def tokens(text: str) -> list[str]:
    """The words and digit runs of a text in order, lower case, spelling kept."""
    return _TOKEN.findall(_normalized(text))


def _normalized(text: str) -> str:
    return unicodedata.normalize("NFKC", text.translate(_INVISIBLE)).casefold()


def _numerals() -> dict[str, str]:
    """Number words and ordinals in all their endings, as digits; "ein" and "one" are rather articles and pronouns."""
    numerals = {word: str(value) for word, value in NUMBER_WORDS.items() if value > 1}
    ordinals = "erste zweite dritte vierte fünfte sechste siebte achte first second third fourth fifth sixth seventh eighth".split()
    for value, word in zip([*range(1, 9), *range(1, 9)], ordinals, strict=True):
        numerals |= {word + ending: str(value) for ending in ("", "n", "r", "s", "m")}
    return numerals


_NUMERALS = _numerals()


@lru_cache(maxsize=200_000)
def stem(word: str, language: Language) -> str:
    """One lower-case word as the index stores it; the stemmer first, since it knows ä from ae."""
    if word in MONTHS:
        return f"month{MONTHS[word]}"
    if word in _NUMERALS:
        return _NUMERALS[word]
    return fold(_stemmer(language).stemWord(word))


@lru_cache(maxsize=2)
def _stemmer(language: Language) -> Stemmer.Stemmer:
    return Stemmer.Stemmer(_STEMMER[language])


def index_terms(text: str, language: Language) -> list[str]:
    """Every term of a text for the index; figures in their one form ("49.900" and "49,900" are both 49900).

    Names that are written apart here and together there ("Bio RN", "BioRN", "BIO.NRW", "UltraCAR-T") are in both ways.
    """
    terms: list[str] = [fold(name) for name in joined_names(text)]
    position = 0
    for figure in figures(text, language):
        terms += [stem(word, language) for word in tokens(text[position : figure.start])]
        terms += _figure_terms(figure.value)
        position = figure.end
    return terms + [stem(word, language) for word in tokens(text[position:])]


_NAME_PARTS = re.compile(r"(?<!\w)([A-ZÄÖÜ][A-Za-zÄÖÜäöüß]*[-.^]|[A-ZÄÖÜ][a-zäöü]{1,3} )([A-ZÄÖÜ]{1,4})(?!\w)")


def joined_names(text: str) -> list[str]:
    """Names made of a word and a short run of capitals, written as one word."""
    return [f"{match[1][:-1]}{match[2]}" for match in _NAME_PARTS.finditer(unicodedata.normalize("NFKC", text))]


def _figure_terms(value: str) -> list[str]:
    if "-" not in value:
        return [value.replace(".", "x")]  # terms hold letters and digits only
    year, month, *day = value.replace("--", "0-").split("-")
    return [part.lstrip("0") for part in (*day, year) if part != "0"] + [f"month{int(month)}"]
