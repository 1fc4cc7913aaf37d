"""Tables inside a text, as CSV, tabs or Markdown: what stands below a heading."""

from collections.abc import Iterator, Sequence

_SEPARATORS, _LONGEST_HEADING, _LONGEST_ROW = "\t|;,", 2000, 4000
Place = tuple[int, int]


def cells_below(text: str, labels: Sequence[Place]) -> Iterator[tuple[int, Place]]:
    """Yield (number of the label, place of the cell) for each label that is a cell of a heading and each row below it.

    Labels are places in `text`, in order.
    """
    done = 0
    for numbers in _by_line(text, labels):
        start, end = labels[numbers[0]]
        heading = text.rfind("\n", 0, start) + 1, text.find("\n", end)
        if start < done or heading[1] < 0 or heading[1] - heading[0] > _LONGEST_HEADING:
            continue
        separator = next((each for each in _SEPARATORS if each in text[slice(*heading)]), "")
        if not separator or any(map(str.isdigit, text[slice(*heading)])):
            continue
        cells = _cells(text, *heading, separator)
        columns = {_column(cells, labels[number][0]): number for number in reversed(numbers)}
        done = heading[1] + 1
        while (row := _row(text, done, separator, len(cells))) is not None:
            yield from ((number, row[column]) for column, number in sorted(columns.items()))
            done = row[-1][1] + 1


def _by_line(text: str, labels: Sequence[Place]) -> Iterator[list[int]]:
    """Yield the numbers of the labels that stand in one line."""
    line: list[int] = []
    for number, (start, _) in enumerate(labels):
        if line and "\n" in text[labels[line[-1]][1] : start]:
            yield line
            line = []
        line.append(number)
    if line:
        yield line


def _column(cells: Sequence[Place], start: int) -> int:
    return next(number for number, (_, stop) in enumerate(cells) if start < stop or number == len(cells) - 1)


def _row(text: str, at: int, separator: str, cells: int) -> list[Place] | None:
    """Return the cells of the line at `at`; None when it is no row of the table."""
    end = text.find("\n", at)
    row = _cells(text, at, end if end >= 0 else len(text), separator) if at < len(text) else []
    return row if len(row) == cells else None


def _cells(text: str, start: int, end: int, separator: str) -> list[Place]:
    """Return the places of the cells of a line; a separator in quotation marks is none."""
    found, quoted = [], False
    for place in range(start, min(end, start + _LONGEST_ROW)):
        if text[place] == '"':
            quoted = not quoted
        elif text[place] == separator and not quoted:
            found.append((start, place))
            start = place + 1
    return [*found, (start, end)]
