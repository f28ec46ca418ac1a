"""Hyphens: those that only broke a word at the end of a line go, those that belong to the word stay.

The document's own words decide first; then the habits of German and English. German writes the second part of a noun
with a hyphen in capitals ("Förder-Phase"), so "Förder-phase" is a broken word; English hyphens are left alone without
a witness.
"""

from __future__ import annotations

import re

from assistant.text.words import STOP_WORDS
from ingest.clean.vocabulary import Vocabulary

_CONJUNCTIONS = frozenset("und oder bzw sowie bis wie noch statt als & and or to resp".split())
# What follows a real hyphen in small letters: English particles and loan words, adjectives made from any noun.
_REAL_TAILS = frozenset(
    """able aged away back based bound by care case cell cells cluster cost day days driven effective end ends face fold
    free friendly fly functional going grade growing how in induced inhouse intensive is know label learning led level life
    like line linked long made mediated minded new offs off on one only oriented out outs over own party people per play pop
    proof quality range ranging ready related relevant resolved rich risk room scale scaling set sharing size
    skilled smart source specific stage standing start state step stop style term the through time to type up ups vitro vivo
    ante post wide wise world year years yourself""".split()
)
_REAL_TAIL = re.compile(
    r"(?:basiert|spezifisch|orientiert|ähnlich|bezogen|bedingt|gestützt|getrieben|abhängig|unabhängig|relevant|gerecht"
    r"|fähig|frei|nah|reich|arm|weit|konform|kompatibel|intensiv|haltig|assoziiert|vermittelt|positiv|negativ|teilig"
    r"|jährig|fach|mal|nativ|adressiert|finanziert|gefördert|geführt|übergreifend|intern|extern|viral|zentriert|affin"
    r"|typisch|eigen|seitig|lastig|süchtig|tauglich|optimiert|kodiert|zertifiziert|regional|national|sektoral"
    r"|regulatorisch|politisch|technisch|ökonomisch|ökologisch|kulturell|medizinisch|wissenschaftlich|rechtlich"
    r"|deutsch|europäisch|dänisch|polnisch|tschechisch|französisch|amerikanisch|britisch)(?:e[nmrs]?)?"
)
_REAL_HEADS = frozenset(
    """add all anti best bi bio built cardio check co counter cross cutting de drop e east eco end euro ex extra face follow
    geo go hands high hyper immuno in infra inter intra knock know large last left life line log long low macro make mega
    meta micro mid mini mono multi must nano near neo neuro nicht no non north off on one open out over pan para part peer
    photo plug poly post pre pro pseudo psycho quasi radio re real right roll self semi short sign single small smart social
    socio south sozio spin stand start state step sub super take tele third three top trans tri two ultra under uni up vice
    well west whole wide win world""".split()
)
# At the end of a line most hyphens only break a word ("aver-aged", "inter-national"), so fewer words count there.
_REAL_TAILS_AT_LINE_ENDS = frozenset(
    """associated based bound derived directed driven friendly language led mediated offs oriented related scale shore situ
    sized specific term up ups vitro vivo wide""".split()
)
_ALWAYS_HEADS = frozenset("cross go medium nicht non self socio sozio".split())
_FREE_HEADS = frozenset(
    """best built check follow high knock know large long low near peer plug roll short small smart spin
    start state third top two vice well whole win work world""".split()
)
_ENDINGS = frozenset(
    "e em en er ern es n ung ungen heit keit lich liche lichen isch ische ischen schaft schaften".split()
)
_ENGLISH_ENDINGS = frozenset(
    "ment ments tion tions ing ed ly ness ity ities ation ations ance ence able ible sion al".split()
)
_LINKED = re.compile(r"[^\W\d_]+(?:ung|ion|heit|keit|schaft|tät)s")
_INLINE = re.compile(r"(?<![\w-])([^\W\d_]{2,})-([^\W\d_]{2,})(?![\w-])")
_SPACED = re.compile(r"(?<![\w-])((?:\w+-)*[^\W_]{2,})- (?=([^\W\d_]{2,}))(?![^\W\d_]+-(?:\s|$))")
_LAST = re.compile(r"((?:[\w&]+-){0,4})([\w&]+)-$")
_FIRST = re.compile(r"[^\W_]+(-\w+)?")


def join_lines(left: str, right: str, vocabulary: Vocabulary) -> str:
    """Two lines that follow each other as one: with a blank, or as the word that was broken between them."""
    left, right = left.rstrip(), right.lstrip()
    last, first = _LAST.search(left[-120:]), _FIRST.match(right)
    if last and first:
        return left + right if left[-2] in "-–" else _mended(left, right, last, first, vocabulary)
    ends_word = left[-1:] == "/" and left[-2:-1].strip()
    return left + right if ends_word and right[:1].isalnum() else f"{left} {right}"


def mend_hyphens(text: str, vocabulary: Vocabulary) -> str:
    """A line whose hyphens from former line ends are undone ("Förder-phase", "Schleswig- Holstein")."""
    if "-" not in text:
        return text
    text = _SPACED.sub(lambda match: _unspaced(match, vocabulary), text)
    return _INLINE.sub(lambda match: _inline(match, vocabulary), text)


def _mended(left: str, right: str, last: re.Match[str], first: re.Match[str], vocabulary: Vocabulary) -> str:
    before, head = last.group(1), last.group(2)
    tail = re.split(r"[-\W]", first.group())[0]
    if tail.casefold() in _CONJUNCTIONS:
        return f"{left} {right}"
    whole, hyphenated = head + tail, f"{before}{head}-{tail}"
    if not tail.isalpha() or not head.isalpha() or before:
        # a part of "State-of-the-Art" or "SARS-CoV-2"; still, its last part may be a long word that was broken
        broken = before and tail.islower() and head[1:].islower() and vocabulary.knows(whole)
        return left[:-1] + right if broken else left + right
    with_hyphen, without = vocabulary.count_hyphenated(hyphenated), vocabulary.count(whole)
    if with_hyphen != without:
        return left + right if with_hyphen > without else left[:-1] + right
    if tail[0].isupper():
        capitals = whole.isupper() and len(whole) > 6 and vocabulary.knows(whole)
        return left[:-1] + right if capitals else left + right
    if vocabulary.knows(whole):
        return left[:-1] + right
    return left + right if _is_real(head, tail, vocabulary) else left[:-1] + right


def _is_real(head: str, tail: str, vocabulary: Vocabulary) -> bool:
    """Whether a hyphen at the end of a line, before small letters, is more likely part of the word than not."""
    if (head + tail).casefold() in STOP_WORDS["en"]:  # "with-out"
        return False
    return (
        not head[1:].islower()  # "KI-basierte", "mRNA-basierte"
        or tail in _REAL_TAILS_AT_LINE_ENDS
        or (head[0].isupper() and bool(_REAL_TAIL.fullmatch(tail)))  # "Zell-basierte", but "wissensbasierte"
        or head.casefold() in _ALWAYS_HEADS
        or (head.casefold() in _FREE_HEADS and vocabulary.knows(tail))
    )


def _inline(match: re.Match[str], vocabulary: Vocabulary) -> str:
    head, tail = match.groups()
    return (
        head + tail if tail.islower() and head[1:].islower() and _is_broken(head, tail, vocabulary) else match.group()
    )


def _is_broken(head: str, tail: str, vocabulary: Vocabulary) -> bool:
    """Whether a hyphen inside a line is left over from a line's end. When in doubt, it is not."""
    whole = head + tail
    with_hyphen, without = vocabulary.count_hyphenated(f"{head}-{tail}"), vocabulary.count(whole)
    if tail in _CONJUNCTIONS:
        return False
    if head.casefold() in _REAL_HEADS or tail in _REAL_TAILS or _REAL_TAIL.fullmatch(tail):
        return False
    if tail in _ENDINGS:
        return len(head) > 2
    if head[0].islower():
        linked = vocabulary.german and _LINKED.fullmatch(head)
        strange = not vocabulary.count(head) or not vocabulary.count(tail)
        return (
            bool(linked)
            or (strange and vocabulary.count(whole) >= with_hyphen)
            or (strange and tail in _ENGLISH_ENDINGS)
        )
    if without >= with_hyphen or (vocabulary.knows(whole) and with_hyphen <= 1):
        return True
    if not vocabulary.german or len(tail) < 4:
        return False
    # a German noun: the rest would have a capital if the hyphen were the writer's
    if vocabulary.is_noun(tail) or vocabulary.ends_compound(tail):
        return True
    return with_hyphen <= 1 and (bool(re.search(r"[äöüß]", whole)) or not vocabulary.count(tail))


def _unspaced(match: re.Match[str], vocabulary: Vocabulary) -> str:
    """ "Schleswig- Holstein" and "Wissen- schaften", but not "Zell- und Gentherapie" or "Kurz- mittel- und langfristig"."""
    head, tail = match.groups()
    if tail.casefold() in _CONJUNCTIONS:
        return match.group()
    part = head.split("-")[-1]
    if tail[0].isupper():
        witnessed = vocabulary.count_hyphenated(f"{head}-{tail}") or vocabulary.count_head(head) > 1
        return f"{head}-" if witnessed else match.group()
    broken = part[1:].islower() and vocabulary.count(part + tail) > 0
    return head if broken else match.group()
