"""Where to look: one fast pass over a text nominates the neighbourhoods that a rule has to judge, and no rule reads anything else."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from governance.detection.detector import Budget
from governance.detection.expressions import Expressions, ends_in
from governance.detection.spans import Span

# Reads text[low:high] and yields what it finds there; it may look outside, and places are those of the whole text.
Judge = Callable[[str, int, int], Iterator[Span]]
# Gives the neighbourhood (low, high) of a nomination that ends at a place, or a little behind it.
Window = Callable[[str, int], tuple[int, int]]
# Says whether text[low:high] can hold what a rule looks for.
Test = Callable[[str, int, int], bool]
# Ends of one rule that are nearer than this are one neighbourhood; a repeated letter must not cost a call each.
_STEP = 64
# Hyperscan spends its states on exact counts; nominating needs no more than these.
_LARGEST_COUNT = 32
_COUNT = re.compile(r"(?<!\\)\{(\d+)(,\d*)?\}")


def around(before: int, after: int) -> Window:
    """Return the window that reaches `before` and `after` code points around the end of a nomination."""

    def window(text: str, end: int) -> tuple[int, int]:
        return max(0, end - before), min(len(text), end + _STEP + after)

    return window


_NEAR = around(300, 600)


@dataclass(frozen=True, slots=True)
class Rule:
    """`nominates` is a necessary condition in Hyperscan's syntax, over UTF-8. Rules with the same judge share its neighbourhoods.

    `exact` is the same condition as it was meant, where the judge is slower than it: only neighbourhoods it holds in are judged.
    """

    nominates: str
    judge: Judge
    window: Window = _NEAR
    exact: Test | None = None


class Nominations:
    def __init__(self, rules: Sequence[Rule], *, kept_in: Path | None = None) -> None:
        self._rules = tuple(rules)
        self._expressions = Expressions.of(
            [_loosened(rule.nominates) for rule in rules], prefilter=True, kept_in=kept_in
        )

    def spans(self, text: str, budget: Budget) -> Iterator[Span]:
        """Yield what the rules find. Raises OutOfTime."""
        neighbourhoods: dict[Judge, list[tuple[int, int]]] = {}
        for number, end in ends_in(text, self._expressions, apart=_STEP, check=budget.check):
            rule = self._rules[number]
            places = neighbourhoods.setdefault(rule.judge, [])
            low, high = rule.window(text, end)
            if rule.exact and not (places and high <= places[-1][1]):
                budget.check()
                if not rule.exact(text, low, high):
                    continue
            if places and low <= places[-1][1]:
                places[-1] = (min(low, places[-1][0]), max(high, places[-1][1]))
            else:
                places.append((low, high))
        for judge, places in neighbourhoods.items():
            for low, high in places:
                budget.check()
                yield from judge(text, low, high)


def _loosened(expression: str) -> str:
    """Return an expression that matches wherever `expression` does, with small counts only."""

    def count(match: re.Match[str]) -> str:
        least, most = int(match[1]), match[2]
        if most is None:
            return match[0] if least <= _LARGEST_COUNT else f"{{{_LARGEST_COUNT},}}"
        if most != "," and int(most[1:]) <= _LARGEST_COUNT:
            return match[0]
        return f"{{{min(least, _LARGEST_COUNT)},}}"

    return _COUNT.sub(count, expression)
