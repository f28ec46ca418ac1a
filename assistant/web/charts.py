"""Plots of the comparison, drawn on the server. The only home of matplotlib."""

from __future__ import annotations

import io
import re
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from html import escape, unescape
from typing import TYPE_CHECKING, Any, Literal

from assistant.catalogue import text
from assistant.comparison import Cell, Row
from assistant.types import Language
from assistant.web.templating import place_url

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Name = Literal["founded", "members", "kinds", "staff"]
NAMES: tuple[Name, ...] = ("founded", "members", "kinds", "staff")
KINDS = ("sme", "large", "research")

# Colours of the picture to carry away; on the page the style sheet's variables take their place.
_COLOURS = {
    "ink": "#16232f",
    "quiet": "#4c5d6e",
    "line": "#d5dde3",
    "bar-1": "#0f5f59",
    "bar-2": "#c2761a",
    "bar-3": "#54708c",
}
_LINK = re.compile(r'<a xlink:href="([^"]*)" target="_blank">|<a xlink:href="([^"]*)">')
_FONT = re.compile(r"font: ([\d.]+px) [^;\"]*")
_LOCK = threading.Lock()  # its fonts and styles belong to the whole process


@dataclass(frozen=True, slots=True)
class Mark:
    """One mark of a plot: whose, which series, its value, and the fact it leads to."""

    name: str
    series: str
    value: float
    cell: Cell


def marks(rows: Sequence[Row], name: Name) -> list[Mark]:
    """What a plot shows, in the order of its rows; what no document or more than one value states is left out."""
    columns: list[tuple[str, str, str]] = {
        "founded": [("founded", "", "founded")],
        "members": [("members", "total", "total")],
        "kinds": [("members", kind, kind) for kind in KINDS],
        "staff": [("staff", "", "staff")],
    }[name]
    found = [
        Mark(row.name, series, _number(cell.value), cell)
        for kind, attribute, series in columns
        for row in rows
        if (cell := row.number((kind, attribute)))
    ]
    return (
        sorted(found, key=lambda mark: (mark.value, mark.name), reverse=name == "founded") if name != "kinds" else found
    )


def svg(rows: Sequence[Row], name: Name, language: Language, *, narrow: bool = False) -> str:
    """The plot for the page: real text, the page's colours, and each mark a link to its source; empty without a mark."""
    found = marks(rows, name)
    if not found:
        return ""
    drawn = io.StringIO()
    with _styled(f"lotse{name}{narrow}"):
        figure = _figure(found, name, language, narrow=narrow)
        figure.savefig(drawn, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    labels = {_address(mark, language): _label(mark, language) for mark in found}
    written = drawn.getvalue()
    written = written[written.index("<svg") :]
    written = _LINK.sub(lambda link: _linked(link[1] or link[2], labels), written)
    written = _FONT.sub(r"font: \1 var(--lotse-font)", written)
    for variable, colour in _COLOURS.items():
        written = written.replace(colour, f"var(--lotse-{variable})")
    size = "lotse-narrow" if narrow else "lotse-wide"
    return written.replace("<svg", f'<svg class="{size}" role="group" aria-label="{text(language, f"plot_{name}")}"', 1)


def png(rows: Sequence[Row], name: Name, language: Language) -> bytes:
    """The plot as a picture on white, with its title, for a report; empty without a mark."""
    found = marks(rows, name)
    if not found:
        return b""
    drawn = io.BytesIO()
    with _styled("lotse"):
        figure = _figure(found, name, language)
        figure.suptitle(
            text(language, f"plot_{name}"), x=0.01, ha="left", fontsize=13, fontweight="bold", color=_COLOURS["ink"]
        )
        figure.savefig(drawn, format="png", dpi=200, facecolor="white", metadata={"Software": None})
    return drawn.getvalue()


@contextmanager
def _styled(salt: str) -> Iterator[None]:
    """Our style while something is drawn and written; `salt` keeps the ids of several plots of a page apart."""
    import matplotlib as mpl

    style: Any = {
        "svg.fonttype": "none", "svg.hashsalt": salt, "font.size": 11,
        "axes.spines.top": False, "axes.spines.right": False, "axes.spines.left": False,
        "axes.edgecolor": _COLOURS["line"], "xtick.color": _COLOURS["quiet"], "ytick.color": _COLOURS["ink"],
    }  # fmt: skip
    with _LOCK, mpl.rc_context(style):
        yield


def _figure(found: Sequence[Mark], name: Name, language: Language, *, narrow: bool = False) -> Figure:
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator

    names = list(dict.fromkeys(mark.name for mark in found))
    figure = Figure(figsize=(3.9 if narrow else 6.6, 1.1 + 0.32 * len(names)), layout="constrained")
    axes = figure.add_subplot()
    axes.tick_params(length=0)
    axes.set_yticks(range(len(names)), names)
    axes.set_ylim(-0.8, len(names) - 0.2)
    axes.xaxis.set_major_locator(MaxNLocator(4 if narrow else 7, integer=True))
    axes.grid(axis="x", color=_COLOURS["line"], linewidth=0.8)
    axes.set_axisbelow(True)
    if name == "founded":
        _timeline(axes, found, names, language)
    elif name == "kinds":
        _stacked(axes, found, names, language, narrow=narrow)
    else:
        _bars(axes, found, names, language)
    return figure


def _timeline(axes: Axes, found: Sequence[Mark], names: Sequence[str], language: Language) -> None:
    for mark in found:
        place = names.index(mark.name)
        (dot,) = axes.plot([mark.value], [place], "o", color=_COLOURS["bar-1"], markersize=9)
        axes.annotate(
            str(int(mark.value)),
            (mark.value, place),
            (9, 0),
            textcoords="offset points",
            va="center",
            color=_COLOURS["quiet"],
        )
        dot.set_url(_address(mark, language))
    first, last = found[-1].value, found[0].value
    axes.set_xlim(first - 1, last + max(2, (last - first) / 6))


def _bars(axes: Axes, found: Sequence[Mark], names: Sequence[str], language: Language) -> None:
    for mark in found:
        place = names.index(mark.name)
        (bar,) = axes.barh(place, mark.value, 0.62, color=_COLOURS["bar-1"])
        bar.set_url(_address(mark, language))
        axes.annotate(
            mark.cell.written,
            (mark.value, place),
            (4, 0),
            textcoords="offset points",
            va="center",
            color=_COLOURS["quiet"],
        )
    axes.set_xlim(0, max(mark.value for mark in found) * 1.28)


def _stacked(axes: Axes, found: Sequence[Mark], names: Sequence[str], language: Language, *, narrow: bool) -> None:
    reached = dict.fromkeys(names, 0.0)
    for number, kind in enumerate(KINDS, 1):
        for mark in (mark for mark in found if mark.series == kind):
            (bar,) = axes.barh(
                names.index(mark.name), mark.value, 0.62, left=reached[mark.name], color=_COLOURS[f"bar-{number}"]
            )
            bar.set_url(_address(mark, language))
            reached[mark.name] += mark.value
        axes.barh(0, 0, color=_COLOURS[f"bar-{number}"], label=text(language, f"column_members_{kind}"))
    axes.invert_yaxis()
    axes.legend(
        loc="lower center", bbox_to_anchor=(0.3 if narrow else 0.4, 1.0), ncols=2 if narrow else 3, frameon=False,
        fontsize=10, labelcolor=_COLOURS["ink"], handlelength=1, handleheight=1, columnspacing=1.2,
    )  # fmt: skip


def _number(value: str) -> float:
    """A number, or the year of a date."""
    return float(value[:4]) if re.fullmatch(r"\d{4}(-\d\d){0,2}", value) else float(value)


def _address(mark: Mark, language: Language) -> str:
    fact = mark.cell.fact
    return place_url(fact.document.id, fact.span.start, fact.span.end, language) + f"#{mark.series}"


def _label(mark: Mark, language: Language) -> str:
    series = (
        "" if mark.series in ("founded", "staff", "total") else f", {text(language, f'column_members_{mark.series}')}"
    )
    return text(language, "plot_mark", name=mark.name + series, value=mark.cell.written)


def _linked(address: str, labels: dict[str, str]) -> str:
    plain = unescape(address)
    return f'<a href="{escape(plain)}" role="link" aria-label="{escape(labels.get(plain, plain))}">'
