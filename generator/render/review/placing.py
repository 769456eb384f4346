"""Where the boxes and links of the picture lie: in columns for a wide page, one under the other for a narrow one.

A table that refers to another stands left of it, or above it. All lengths are in pixels; the texts are monospaced, so
that their widths are known without a browser.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil

from generator.model.schema import QName
from generator.render.review.picture import Box, Link, Mark, Picture, Row

CHARACTER = 7.5
"""The width of a character at the picture's font size of 12.5."""

_LINE = 20
_HEAD = 32
_SIDE = 12
_SIGN = 16
_BETWEEN = 18
_FOOT = 8
_SMALLEST = 190
_WIDEST = 336
_GAP_X = 76
_GAP_Y = 26
_SHELF = 1040
_LANE = 9
_MOST_LANES = 5
_MARGIN = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of a box: of what was (``is-was``), of what will be (``is-now``), or of both (empty)."""

    when: str
    mark: Mark
    sign: str
    name: str
    text: str
    whole: str
    y: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedBox:
    """A box at its place."""

    box: Box
    title: str
    x: float
    y: float
    width: float
    height: float
    lines: tuple[Line, ...]
    more: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedLink:
    """A link as an SVG path, and the head of its arrow."""

    link: Link
    path: str
    head: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """A whole picture."""

    width: int
    height: int
    boxes: tuple[PlacedBox, ...]
    links: tuple[PlacedLink, ...]


def wide(picture: Picture) -> Drawing:
    """In columns, from those that refer to those that are referred to; groups that have no link side by side."""
    placed: dict[QName, PlacedBox] = {}
    x, y, shelf = float(_MARGIN), float(_MARGIN), 0.0
    for group in _groups(picture):
        columns = _columns(group, picture)
        width = sum(max(_width(box) for box in column) for column in columns) + _GAP_X * (len(columns) - 1)
        height = max(_stacked(column) for column in columns)
        if x > _MARGIN and x + width > _SHELF:
            x, y, shelf = float(_MARGIN), y + shelf + _GAP_Y * 1.5, 0.0
        left = x
        for column in columns:
            top = y + (height - _stacked(column)) / 2
            for box in column:
                placed[box.table] = _place(box, left, top, max(_width(each) for each in column))
                top += _height(box) + _GAP_Y
            left += max(_width(box) for box in column) + _GAP_X
        x, shelf = x + width + _GAP_Y * 1.5, max(shelf, height)
    return _drawn(tuple(placed.values()), tuple(_curves(picture.links, placed)))


def narrow(picture: Picture) -> Drawing:
    """One under the other, with the links in a margin at the left."""
    order = [box for group in _groups(picture) for column in _columns(group, picture) for box in column]
    lanes = _lanes(picture.links, [box.table for box in order])
    gutter = _MARGIN + (max(lanes.values()) + 1) * _LANE + 8 if lanes else float(_MARGIN)
    placed: dict[QName, PlacedBox] = {}
    width = max((_width(box) for box in order), default=0.0)
    y = float(_MARGIN)
    for box in order:
        placed[box.table] = _place(box, gutter, y, width)
        y += _height(box) + _GAP_Y
    return _drawn(tuple(placed.values()), tuple(_elbows(picture.links, placed, lanes)))


def _drawn(boxes: tuple[PlacedBox, ...], links: tuple[PlacedLink, ...]) -> Drawing:
    right = max((box.x + box.width for box in boxes), default=0)
    bottom = max((box.y + box.height for box in boxes), default=0)
    bulge = 40 if any(" c " in link.path for link in links) else 0
    return Drawing(width=ceil(right + _MARGIN + bulge), height=ceil(bottom + _MARGIN), boxes=boxes, links=links)


def _groups(picture: Picture) -> Iterator[tuple[Box, ...]]:
    """Boxes that are linked with each other, in some way; the larger groups first."""
    boxes = {box.table: box for box in picture.boxes}
    left, found = dict.fromkeys(boxes), []
    while left:
        group, pending = [], [next(iter(left))]
        while pending:
            name = pending.pop(0)
            if name not in left:
                continue
            del left[name]
            group.append(boxes[name])
            for link in picture.links:
                pending += [link.parent] * (link.child == name) + [link.child] * (link.parent == name)
        found.append(tuple(group))
    yield from sorted(found, key=lambda group: -len(group))


def _columns(group: Sequence[Box], picture: Picture) -> list[list[Box]]:
    """Those that nothing refers to come first; within a column each is near to what it is linked with."""
    names = {box.table for box in group}
    parents: dict[QName, set[QName]] = {name: set() for name in names}
    for link in picture.links:
        if link.child in names and link.child != link.parent:
            parents[link.child].add(link.parent)
    depths: dict[QName, int] = {}
    for box in group:
        _depth(box.table, parents, depths, set())
    columns: list[list[Box]] = [[] for _ in range(max(depths.values()) + 1)]
    for box in sorted(group, key=lambda box: box.table):
        columns[depths[box.table]].append(box)
    places = {box.table: place for place, box in enumerate(columns[0])}
    for column in columns[1:]:
        column.sort(key=lambda box: _mean([places[name] for name in parents[box.table] if name in places]))
        places.update({box.table: place for place, box in enumerate(column)})
    return columns[::-1]


def _depth(name: QName, parents: dict[QName, set[QName]], depths: dict[QName, int], above: set[QName]) -> int:
    """How many tables one comes through at most, going from reference to reference; circles are cut open."""
    if name in depths:
        return depths[name]
    deeper = [_depth(each, parents, depths, above | {name}) for each in sorted(parents[name]) if each not in above]
    return depths.setdefault(name, 1 + max(deeper) if deeper else 0)


def _mean(numbers: Sequence[int]) -> float:
    return sum(numbers) / len(numbers) if numbers else 0.0


def _stacked(column: Sequence[Box]) -> float:
    return sum(_height(box) for box in column) + _GAP_Y * (len(column) - 1)


def _width(box: Box) -> float:
    wanted = [len(_title(box)) * CHARACTER * 1.08 + 2 * _SIDE]
    for row in box.rows:
        for _, name, text in _texts(row):
            wanted.append(2 * _SIDE + _SIGN + len(name) * CHARACTER + _BETWEEN + len(text) * CHARACTER)
    return min(max(*wanted, _SMALLEST), _WIDEST)


def _height(box: Box) -> float:
    lines = sum(len(_texts(row)) for row in box.rows) + bool(box.left_out)
    return _HEAD + lines * _LINE + (_FOOT if lines else 0)


def _title(box: Box) -> str:
    return f"{box.was_name} → {box.table}" if box.was_name else str(box.table)


def _texts(row: Row) -> tuple[tuple[str, str, str], ...]:
    """When, name and text of each line of a row: two where it changes."""
    if row.mark is Mark.CHANGED:
        return ("is-was", row.was_name or row.name, row.was), ("is-now", row.name, row.now)
    when = {Mark.ADDED: "is-now", Mark.DROPPED: "is-was"}.get(row.mark, "")
    return ((when, row.name, row.now or row.was),)


def _place(box: Box, x: float, y: float, width: float) -> PlacedBox:
    lines = []
    at = y + _HEAD + 15
    for row in box.rows:
        for when, name, text in _texts(row):
            sign = {"is-was": "−", "is-now": "+"}.get(when, "") if row.mark is Mark.CHANGED else row.mark.sign
            name_shown, text_shown = _fitted(name, text, width)
            lines.append(
                Line(
                    when=when, mark=row.mark, sign=sign, name=name_shown, text=text_shown, whole=f"{name} {text}", y=at
                )
            )
            at += _LINE
    more = f"and {box.left_out} more that stay{'s' * (box.left_out == 1)}" if box.left_out else ""
    return PlacedBox(
        box=box,
        title=_cut(_title(box), int((width - 2 * _SIDE) / CHARACTER / 1.08)),
        x=x,
        y=y,
        width=width,
        height=_height(box),
        lines=tuple(lines),
        more=more,
    )


def _fitted(name: str, text: str, width: float) -> tuple[str, str]:
    """Name and text cut so that both have room; the name keeps half of it at least."""
    room = int((width - 2 * _SIDE - _SIGN - _BETWEEN) / CHARACTER)
    name = _cut(name, max(room - len(text), room // 2))
    return name, _cut(text, room - len(name))


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: max(most - 1, 0)] + "…"


def _row_y(placed: PlacedBox, link: Link) -> float:
    """The middle of the line that the link leaves from: of the newest state, or of the last one that was."""
    lines = [line.y - 4 for line in placed.lines if line.whole.split(" ")[0] == link.row]
    return lines[-1] if lines else placed.y + _HEAD / 2


def _curves(links: Sequence[Link], placed: dict[QName, PlacedBox]) -> Iterator[PlacedLink]:
    for link in links:
        child, parent = placed[link.child], placed[link.parent]
        start, end = _row_y(child, link), parent.y + _HEAD / 2
        if parent.x > child.x + child.width:
            left, right = child.x + child.width, parent.x - 7
            bend = max((right - left) / 2, 30)
            path = f"M {left:g} {start:g} C {left + bend:g} {start:g}, {right - bend:g} {end:g}, {right:g} {end:g}"
            head = f"M {right + 7:g} {end:g} l -9 -4.5 v 9 z"
        else:
            left, right = child.x + child.width, parent.x + parent.width + 7
            path = (
                f"M {left:g} {start:g} c 46 0, {46 + right - left:g} {end - start:g}, {right - left:g} {end - start:g}"
            )
            head = f"M {right - 7:g} {end:g} l 9 -4.5 v 9 z"
        yield PlacedLink(link=link, path=path, head=head)


def _lanes(links: Sequence[Link], order: Sequence[QName]) -> dict[int, int]:
    """A lane of the margin for each link, so that links which run side by side have one each."""
    place = {name: number for number, name in enumerate(order)}
    spans = {
        number: (min(place[link.child], place[link.parent]), max(place[link.child], place[link.parent]))
        for number, link in enumerate(links)
    }
    taken: list[list[tuple[int, int]]] = []
    found: dict[int, int] = {}
    for number, span in sorted(spans.items(), key=lambda each: (each[1][1] - each[1][0], each[0])):
        lane = next(
            (at for at, used in enumerate(taken) if all(span[1] < start or end < span[0] for start, end in used)),
            len(taken),
        )
        if lane == len(taken):
            taken.append([])
        taken[lane].append(span)
        found[number] = min(lane, _MOST_LANES - 1)
    return found


def _elbows(links: Sequence[Link], placed: dict[QName, PlacedBox], lanes: dict[int, int]) -> Iterator[PlacedLink]:
    for number, link in enumerate(links):
        child, parent = placed[link.child], placed[link.parent]
        start, end = _row_y(child, link), parent.y + _HEAD / 2
        x, lane = child.x, child.x - 8 - _LANE * lanes[number]
        path = f"M {x:g} {start:g} H {lane:g} V {end:g} H {x - 7:g}"
        yield PlacedLink(link=link, path=path, head=f"M {x:g} {end:g} l -9 -4.5 v 9 z")
