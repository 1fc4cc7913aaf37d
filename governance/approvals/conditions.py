"""Conditions of a workflow as data, each with the sentence to show when it holds and when it does not. Pure.

`parse_condition` is the one place that knows the written forms; another form (CEL, say) is one more class with `ask`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from governance.approvals.document import only, text
from governance.core.errors import Invalid

Facts = Mapping[str, Any]  # JSON, stated by the subject
Orders = Mapping[str, tuple[str, ...]]  # fact -> its values, least first


@dataclass(frozen=True, slots=True)
class Answer:
    holds: bool
    reasons: tuple[str, ...]


class Condition(Protocol):
    def ask(self, facts: Facts, orders: Orders) -> Answer:
        """Return whether the condition holds and why.

        Raises:
            Invalid: when it needs a fact that is not stated.
        """


def fact_of(facts: Facts, name: str) -> Any:
    """Return the fact called `name`.

    Raises:
        Invalid: a missing fact is never read as "no".
    """
    if name not in facts:
        raise Invalid("fact_missing", f'The workflow asks for "{name}", which the request does not state.', field=name)
    return facts[name]


def _height(fact: str, value: object, orders: Orders) -> int:
    if fact not in orders or value not in orders[fact]:
        raise Invalid("fact_unordered", f'The workflow does not say where "{value}" stands in {fact}.', field=fact)
    return orders[fact].index(str(value))


Comparison = Callable[[str, Any, Any, Orders], bool]
COMPARISONS: Mapping[str, Comparison] = {
    "is": lambda _fact, value, wanted, _orders: bool(value == wanted),
    "in": lambda _fact, value, wanted, _orders: value in wanted,
    "contains": lambda _fact, value, wanted, _orders: wanted in value,
    "not_empty": lambda _fact, value, wanted, _orders: bool(value) == wanted,
    "at_least": lambda fact, value, wanted, orders: _height(fact, value, orders) >= _height(fact, wanted, orders),
}


@dataclass(frozen=True, slots=True)
class Test:
    """One fact against one value. `because` is shown when it holds, `otherwise` when it does not."""

    fact: str
    comparison: str
    wanted: Any
    because: str
    otherwise: str

    def ask(self, facts: Facts, orders: Orders) -> Answer:
        holds = COMPARISONS[self.comparison](self.fact, fact_of(facts, self.fact), self.wanted, orders)
        said = self.because if holds else self.otherwise
        return Answer(holds, (said,) if said else ())


@dataclass(frozen=True, slots=True)
class Group:
    """Several conditions: `all` or `any` of them. The reasons are those of the parts that settled it."""

    every: bool
    parts: Sequence[Condition]

    def ask(self, facts: Facts, orders: Orders) -> Answer:
        answers = [part.ask(facts, orders) for part in self.parts]
        holds = all(a.holds for a in answers) if self.every else any(a.holds for a in answers)
        return Answer(holds, tuple(reason for a in answers if a.holds is holds for reason in a.reasons))


def parse_condition(document: Any, where: str) -> Condition:
    """Return the condition that `document` writes down.

    Shape: {"all": [...]}, {"any": [...]} or {"fact": name, <comparison>: value, "because": "", "otherwise": ""}.

    Raises:
        Invalid: names the place in the document.
    """
    if isinstance(document, Mapping) and ("all" in document or "any" in document):
        key = "all" if "all" in document else "any"
        only(document, {key}, where)
        parts = document[key]
        if not isinstance(parts, list) or not parts:
            raise Invalid("condition_empty", f"{where}.{key} must list conditions.", field=f"{where}.{key}")
        return Group(key == "all", tuple(parse_condition(part, f"{where}.{key}[{i}]") for i, part in enumerate(parts)))
    only(document, {"fact", "because", "otherwise", *COMPARISONS}, where)
    used = [name for name in COMPARISONS if name in document]
    if len(used) != 1:
        raise Invalid("comparison_unclear", f"{where} must hold exactly one of {', '.join(COMPARISONS)}.", field=where)
    return Test(
        fact=text(document, "fact", where),
        comparison=used[0],
        wanted=document[used[0]],
        because=document.get("because", ""),
        otherwise=document.get("otherwise", ""),
    )
