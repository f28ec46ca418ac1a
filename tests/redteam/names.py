"""People, bodies, projects and places of the shipped corpus, listed by hand: the liar must not borrow the gate's eyes."""

from __future__ import annotations

import re
from dataclasses import dataclass

PEOPLE = (
    "Ulrike Köhl|Ezio Bonifacio|Michael Hudecek|Frank Buchholz|Andre Hofmann|Uwe Platzbecker|Martin Bornhäuser|Anja Feldmann"
    "|Michael Sieweke|Christof von Kalle|Stephanie Wieneke|Sebastian Gemkow|Stefanie Pötzsch|Falk Lange|Ute Modlich"
    "|Martina Schüßler-Lenz|Renata Stripecke|Austen Worth|Georg Hollander|Gilbert Fruhwirt"
).split("|")
BODIES = (
    "SaxoCell|BioRN|BioLAGO|biosaxony|Life Science Nord|BioCon Valley|BioPark Regensburg|Medical Valley|BioRegio STERN"
    "|Technology Mountains|HealthCapital|Fraunhofer IZI|Universität Leipzig|Leipzig University|Technische Universität Dresden"
    "|TU Dresden|Charité|Novartis|Janssen|Cancilico|HAN Biomedical|OVRLab|Aposense|BMBF|ICCAS|Tagesspiegel|Norgenta|RecTech"
    "|Charles River|cyberLAGO|Medical Valley|BIO.NRW|QualiFIT"
).split("|")
PROJECTS = (
    "UltraCAR-T|xMac|AlloCAR-Treg|TheraSTAR|NK4Therapy|OPTIX|RevCAR|HemRec|MSC-PreStiGe|ZellTWund|ECP-CAR|OMICS|CLINICS|SYSTEMS"
).split("|")
PLACES = (
    "Leipzig|Dresden|Chemnitz|Berlin|Hamburg|Konstanz|Heidelberg|Mannheim|Regensburg|Halle|Tübingen|Hannover|Karlsruhe"
).split("|")
INVENTED = ("Solvarex GmbH", "Institut Nordlicht", "MediNova Alliance", "Helvonia Network")
ALL = (*PEOPLE, *BODIES, *PROJECTS, *PLACES)
_SAME = (
    {"Universität Leipzig", "Leipzig University"},
    {"Technische Universität Dresden", "TU Dresden"},
)


@dataclass(frozen=True, slots=True)
class Found:
    """A listed name in a text."""

    name: str
    start: int
    end: int

    @property
    def sort(self) -> tuple[str, ...]:
        """The list it stands in."""
        return next(tuple(group) for group in (PEOPLE, BODIES, PROJECTS, PLACES) if self.name in group)


def found(text: str) -> list[Found]:
    """The listed names in a text, the longer one where two overlap."""
    pattern = "|".join(re.escape(name) for name in sorted(ALL, key=len, reverse=True))
    return [Found(m[0], m.start(), m.end()) for m in re.finditer(rf"(?<![\w-])(?:{pattern})(?![\w-])", text)]


def same(one: str, other: str) -> bool:
    """Whether two listed names are of one body."""
    return one in other or other in one or any({one, other} <= group for group in _SAME)
