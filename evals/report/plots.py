"""Plots as inline SVG: no script, no font, no file; colours are those of the page, so that light and dark both work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

Point = tuple[float, float]

_WIDTH, _HEIGHT = 560, 260
_LEFT, _TOP, _BOTTOM = 48, 12, 34  # margins of the plots with two axes
_BAR = 12


def bars(title: str, groups: Mapping[str, Mapping[str, float | None]]) -> str:
    """For each group a bar for each series, 0..1, with its value in words beside it.

    Args:
        title: what a screen reader says instead of the plot.
        groups: group, series, value; None is left out.
    """
    series = list(dict.fromkeys(name for values in groups.values() for name in values))
    row = _BAR * len(series) + 10
    parts, y = [], 18 + 4
    for group, values in groups.items():
        parts.append(_text(118, y + row / 2 - 2, group, "end"))
        for number, name in enumerate(series):
            value = values.get(name)
            if value is not None:
                top = y + number * _BAR
                parts.append(
                    f'<rect class="s{number}" x="126" y="{top:g}" width="{380 * value:.1f}" height="{_BAR - 2}"/>'
                )
                parts.append(_text(126 + 380 * value + 4, top + _BAR - 3, f"{100 * value:.0f}", "start", small=True))
        y += row
    return _svg(title, _legend(series) + "".join(parts), y + 6)


def lines(title: str, series: Mapping[str, Sequence[Point]], across: str, *, ideal: bool = False) -> str:
    """A line for each series through points between 0 and 1.

    Args:
        across: what the horizontal axis shows.
        ideal: draw the diagonal on which predicted is observed.
    """
    grid = "".join(
        f'<line class="grid" x1="{_x(0):g}" x2="{_x(1):g}" y1="{_y(v):g}" y2="{_y(v):g}"/>'
        + _text(_LEFT - 6, _y(v) + 4, f"{100 * v:.0f}", "end", small=True)
        + _text(_x(v), _HEIGHT - _BOTTOM + 16, f"{100 * v:.0f}", "middle", small=True)
        for v in (0, 0.25, 0.5, 0.75, 1)
    )
    diagonal = f'<line class="ideal" x1="{_x(0):g}" y1="{_y(0):g}" x2="{_x(1):g}" y2="{_y(1):g}"/>' if ideal else ""
    return _svg(title, grid + diagonal + _drawn(series) + _legend(list(series)) + _across(across), _HEIGHT)


def ranks(title: str, series: Mapping[str, Mapping[int, float]], across: str) -> str:
    """A line for each series over ranks, evenly spaced, with values between 0 and 1."""
    marks = list(dict.fromkeys(rank for values in series.values() for rank in values))
    place = {rank: number / max(1, len(marks) - 1) for number, rank in enumerate(marks)}
    grid = "".join(
        f'<line class="grid" x1="{_x(0):g}" x2="{_x(1):g}" y1="{_y(v):g}" y2="{_y(v):g}"/>'
        + _text(_LEFT - 6, _y(v) + 4, f"{100 * v:.0f}", "end", small=True)
        for v in (0, 0.25, 0.5, 0.75, 1)
    ) + "".join(_text(_x(place[rank]), _HEIGHT - _BOTTOM + 16, str(rank), "middle", small=True) for rank in marks)
    drawn = _drawn({name: [(place[rank], value) for rank, value in values.items()] for name, values in series.items()})
    return _svg(title, grid + drawn + _legend(list(series)) + _across(across), _HEIGHT)


def spans(title: str, rows: Mapping[str, tuple[float, float]], unit: str) -> str:
    """For each row a bar to its median and a thin line to its 95 % value, on one scale."""
    longest = max((high for _, high in rows.values()), default=0.0) or 1.0
    parts, y = [], 12
    for name, (median, high) in rows.items():
        parts.append(_text(118, y + 11, name, "end"))
        parts.append(f'<rect class="s0" x="126" y="{y}" width="{300 * median / longest:.1f}" height="14"/>')
        end = 126 + 300 * high / longest
        parts.append(f'<line class="axis" x1="126" x2="{end:.1f}" y1="{y + 7}" y2="{y + 7}"/>')
        parts.append(_text(end + 6, y + 11, f"{median:.1f}, {high:.1f} {unit}", "start", small=True))
        y += 24
    return _svg(title, "".join(parts), y + 6)


def _drawn(series: Mapping[str, Sequence[Point]]) -> str:
    return "".join(
        f'<polyline class="l{number}" points="{" ".join(f"{_x(x):.1f},{_y(y):.1f}" for x, y in points)}"/>'
        + "".join(f'<circle class="s{number}" cx="{_x(x):.1f}" cy="{_y(y):.1f}" r="3.5"/>' for x, y in points)
        for number, points in enumerate(series.values())
    )


def _legend(names: Sequence[str]) -> str:
    return "".join(
        f'<rect class="s{number}" x="{_LEFT + 90 + 120 * number}" y="3" width="10" height="10"/>'
        + _text(_LEFT + 104 + 120 * number, 12, name, "start", small=True)
        for number, name in enumerate(names)
    )


def _across(words: str) -> str:
    return _text((_LEFT + _WIDTH) / 2, _HEIGHT - 3, words, "middle", small=True)


def _x(share: float) -> float:
    return _LEFT + share * (_WIDTH - _LEFT - 24)


def _y(share: float) -> float:
    return 20 + _TOP + (1 - share) * (_HEIGHT - _TOP - _BOTTOM - 20)


def _text(x: float, y: float, words: str, anchor: str, *, small: bool = False) -> str:
    kind = ' class="small"' if small else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{kind}>{escape(words)}</text>'


def _svg(title: str, content: str, height: float) -> str:
    return (
        f'<svg role="img" aria-label="{escape(title)}" viewBox="0 0 {_WIDTH} {height:g}" '
        f'width="{_WIDTH}" height="{height:g}">{content}</svg>'
    )
