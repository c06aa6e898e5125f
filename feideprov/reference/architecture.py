"""`docs/architecture.svg`: the floors of the program, and which package imports which. Made from the source and from
the contract of import-linter in `pyproject.toml`."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

_CONTRACT: Final = "Imports point down only"
_IN_A_ROW: Final = 6
_WIDTH, _HEIGHT, _ACROSS, _DOWN, _EDGE = 128, 34, 8, 26, 16
_SHIFTS: Final = (0, 1, -1)
"""Floors are shifted to the side, so that a line from one to the next but one does not run behind the box between."""
_STYLE: Final = """\
<style>
text { font: 14px sans-serif; text-anchor: middle; fill: #1a1a1a }
.box { fill: #eef1fb; stroke: #3f51b5 }
.floor { fill: #fff; stroke: #bbb; stroke-dasharray: 3 3 }
.import { fill: none; stroke: #3f51b5; stroke-opacity: .45 }
</style>"""


class Floor(NamedTuple):
    """The packages and modules that stand side by side."""

    names: tuple[str, ...]


class Box(NamedTuple):
    """Where a package is drawn: the middle of its upper edge."""

    x: int
    y: int


def floors(pyproject: str) -> list[Floor]:
    """The floors from the top down, as the contract names them."""
    contracts = tomllib.loads(pyproject)["tool"]["importlinter"]["contracts"]
    [layers] = [one["layers"] for one in contracts if one["name"] == _CONTRACT]
    return [Floor(tuple(re.findall(r"\w+", layer))) for layer in layers]


def imports(package: Path) -> Mapping[str, frozenset[str]]:
    """Which of the packages and modules directly below a package each of them imports."""
    names = {path.stem for path in package.iterdir() if path.suffix == ".py" or any(path.glob("*.py"))}
    found: dict[str, set[str]] = {name: set() for name in names}
    for path in package.rglob("*.py"):
        own = path.relative_to(package).parts[0].removesuffix(".py")
        found[own].update(name for name in _imported(path, package.name) if name in names and name != own)
    return {name: frozenset(others) for name, others in found.items()}


def _imported(path: Path, package: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith(f"{package}."):
            yield node.module.split(".")[1]


def without_detours(graph: Mapping[str, frozenset[str]]) -> dict[str, list[str]]:
    """The graph without the imports that others lead to anyhow: what is left can be drawn."""
    reached: dict[str, frozenset[str]] = {}

    def below(name: str) -> frozenset[str]:
        if name not in reached:
            reached[name] = frozenset().union(graph[name], *(below(other) for other in graph[name]))
        return reached[name]

    return {
        name: sorted(other for other in others if not any(other in below(between) for between in others - {other}))
        for name, others in graph.items()
    }


def picture(pyproject: str, package: Path) -> str:
    """The picture, as SVG."""
    levels = floors(pyproject)
    place = {name: number for number, floor in enumerate(levels) for name in floor.names}
    graph = {
        name: frozenset(other for other in others if place.get(other, -1) > place[name])
        for name, others in imports(package).items()
        if name in place
    }
    width = 2 * _EDGE + _IN_A_ROW * (_WIDTH + _ACROSS) + _ACROSS
    boxes, bands, height = _laid_out(levels, width)
    title = "The floors of feideprov: each package imports only from floors below its own"
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" role="img">',
        f"<title>{title}</title>",
        _STYLE,
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
        *bands,
        *(
            _arrow(boxes[name], boxes[other])
            for name, others in sorted(without_detours(graph).items())
            for other in others
        ),
        *(text for name, box in boxes.items() for text in _box(name, box)),
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _laid_out(levels: Sequence[Floor], width: int) -> tuple[dict[str, Box], list[str], int]:
    boxes: dict[str, Box] = {}
    bands, y = list[str](), _EDGE
    for number, floor in enumerate(levels):
        rows = [floor.names[first : first + _IN_A_ROW] for first in range(0, len(floor.names), _IN_A_ROW)]
        high = len(rows) * (_HEIGHT + _ACROSS) + _ACROSS
        bands.append(f'<rect class="floor" x="{_EDGE}" y="{y}" width="{width - 2 * _EDGE}" height="{high}" rx="6"/>')
        for place, row in enumerate(rows):
            across = len(row) * (_WIDTH + _ACROSS) - _ACROSS
            shift = _SHIFTS[number % len(_SHIFTS)] * (_WIDTH + _ACROSS) if len(row) < _IN_A_ROW - 2 else 0
            left = (width - across + _WIDTH) // 2 + shift
            for column, name in enumerate(row):
                boxes[name] = Box(left + column * (_WIDTH + _ACROSS), y + _ACROSS + place * (_HEIGHT + _ACROSS))
        y += high + _DOWN - _ACROSS
    return boxes, bands, y + _EDGE - (_DOWN - _ACROSS)


def _arrow(above: Box, below: Box) -> str:
    begin, bend = above.y + _HEIGHT, (below.y - above.y) // 3
    return (
        f'<path class="import" d="M{above.x} {begin} C{above.x} {begin + bend} '
        f'{below.x} {below.y - bend} {below.x} {below.y}"/>'
    )


def _box(name: str, box: Box) -> Iterator[str]:
    yield f'<rect class="box" x="{box.x - _WIDTH // 2}" y="{box.y}" width="{_WIDTH}" height="{_HEIGHT}" rx="4"/>'
    yield f'<text x="{box.x}" y="{box.y + 22}">{name}</text>'
