"""Conditions in CEL (Common Expression Language) over the typed facts of a request. Pure.

A condition is checked whole when it is written: facts and fields that do not exist, types that do not fit, words that
no fact can have. When it is asked, every fact it names must be stated before anything is evaluated: in CEL
`false && missing` is false, and a fact that nobody stated must never read as "no".
"""

import difflib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from cel_expr_python import cel

from governance.approvals.facts import FACTS, ORDERS, FactKind, FactType
from governance.core.errors import Invalid

Facts = Mapping[str, Any]  # JSON, stated by the subject
LONGEST_CONDITION = 2000
LOOPS = "all|exists|exists_one|filter|map"

_TEXT = re.compile(r'"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'|//[^\n]*')
_NAME = re.compile(r"(?<![\w.])([A-Za-z_]\w*)")
_LOOP = re.compile(rf"(\)|\]|[\w.]+)\s*\.\s*(?:{LOOPS})\s*\(\s*([A-Za-z_]\w*)\s*,")
_PLACE = re.compile(r"ERROR: <input>:(\d+):(\d+): ([^\n]*)")
_PATH, _WORD = r"(?<![\w.])([A-Za-z_]\w*(?:\.\w+)?)", r"(\"[^\"\\\n]*\"|'[^'\\\n]*')"
_COMPARED = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{_PATH}\s*[!=]=\s*{_WORD}",
        rf"{_WORD}\s*[!=]=\s*{_PATH}",
        rf"{_WORD}\s+in\s+{_PATH}",
        rf"{_PATH}\.at_least\(\s*{_WORD}",
        rf"{_PATH}\s+in\s+\[([^\]]*)\]",
    )
)


def _types() -> dict[FactType, cel.Type]:
    kinds = cel.Type
    return {
        FactType.TEXT: kinds.STRING,
        FactType.WHOLE: kinds.INT,
        FactType.DECIMAL: kinds.DOUBLE,
        FactType.TRUTH: kinds.BOOL,
        FactType.TEXTS: kinds.List(kinds.STRING),
        FactType.ENTRIES: kinds.List(kinds.Map(kinds.STRING, kinds.DYN)),
    }


def _at_least(value: str, bound: str) -> bool:
    for order in ORDERS:
        if value in order and bound in order:
            return order.index(value) >= order.index(bound)
    raise ValueError(f'"{value}" and "{bound}" do not stand in one order')


def _environment(more: Mapping[str, FactKind]) -> cel.Env:
    types, text = _types(), cel.Type.STRING
    at_least = cel.Overload(
        id="text_at_least", return_type=cel.Type.BOOL, parameters=[text, text], is_member=True, impl=_at_least
    )
    return cel.NewEnv(
        variables={name: types[kind.type] for name, kind in {**FACTS, **more}.items()},
        functions=[cel.FunctionDecl("at_least", [at_least])],
    )


_ENVIRONMENT = _environment({})


class Stated:
    """The facts of one request, made ready once for all the conditions that are asked of them."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self._ready = _ENVIRONMENT.Activation({name: facts[name] for name in FACTS if name in facts})

    def ask(self, compiled: cel.Expression) -> cel.Value:
        return compiled.eval(self._ready)


def fact_of(facts: Facts, name: str) -> Any:
    """Return the fact called `name`.

    Raises:
        Invalid: a missing fact is never read as "no".
    """
    if name not in facts:
        raise Invalid("fact_missing", f'The workflow asks for "{name}", which the request does not state.', field=name)
    return facts[name]


@dataclass(frozen=True, slots=True)
class Condition:
    """One expression. `names` are the facts it needs, `fields` the (fact, field) pairs of their entries."""

    expression: str
    where: str
    names: frozenset[str]
    fields: frozenset[tuple[str, str]]
    compiled: cel.Expression

    def holds(self, stated: Stated) -> bool:
        """Return whether the condition holds.

        Raises:
            Invalid: "fact_missing" names what is not stated; "condition_failed" what could not be answered.
        """
        for name in self.names:
            fact_of(stated.facts, name)
        for name, field in self.fields:
            for entry in stated.facts[name]:
                if field not in entry:
                    raise Invalid(
                        "fact_missing",
                        f'The workflow asks for "{field}" of {name}, which one of them does not state.',
                        field=f"{name}.{field}",
                    )
        answer = stated.ask(self.compiled).plain_value()
        if not isinstance(answer, bool):
            said = str(answer).split(": ", 1)[-1]
            raise Invalid("condition_failed", f"{self.where} could not be answered: {said}.", field=self.where)
        return answer


def parse_condition(expression: str, where: str) -> Condition:
    """Return the condition that `expression` writes down, checked whole. `where` names its place in the document.

    Raises:
        Invalid: what is wrong, at which line and character of the condition.
    """
    if len(expression) > LONGEST_CONDITION:
        raise Invalid("condition_too_long", f"{where} is longer than {LONGEST_CONDITION} characters.", field=where)
    try:
        return _parsed(expression, where)
    except _FaultError as fault:
        line, column = expression.count("\n", 0, fault.at) + 1, fault.at - (expression.rfind("\n", 0, fault.at) + 1) + 1
        place = f"line {line}, character {column}" if "\n" in expression.strip() else f"character {column}"
        raise Invalid("condition_wrong", f"{where}, {place}: {fault}", field=where) from None


class _FaultError(Exception):
    """Something is wrong at the character `at` of the expression."""

    def __init__(self, at: int, said: str) -> None:
        super().__init__(said)
        self.at = at


@lru_cache(maxsize=4096)  # a document is parsed for every request; its expressions are compiled once
def _parsed(expression: str, where: str) -> Condition:
    masked = _TEXT.sub(lambda text: " " * len(text[0]), expression)
    loops = _loops(masked)
    used = list(_fields(masked, loops))
    _compile(
        _as_variables(expression, used), {f"{loop}_{key}": FACTS[loops[loop]].entries[key] for loop, key, _ in used}
    )
    for at, kind, word in _words(expression, loops):
        if kind.words and word not in kind.words:
            raise _FaultError(at, f'no such word: "{word}". It is one of {", ".join(kind.words)}.')
    return Condition(
        expression=expression,
        where=where,
        names=frozenset(name for name in _NAME.findall(masked) if name in FACTS and name not in loops),
        fields=frozenset((loops[loop], key) for loop, key, _ in used),
        compiled=_compile(expression, {}),
    )


def _loops(masked: str) -> dict[str, str]:
    """Return which list of entries each loop variable goes through: {"d": "datasets"}."""
    loops: dict[str, str] = {}
    for found in _LOOP.finditer(masked):
        over, variable = found[1], found[2]
        kind = FACTS.get(over)
        if over in {")", "]"}:
            raise _FaultError(found.start(), "go through a list by its own name, such as datasets.exists(d, ...).")
        if variable in loops or variable in FACTS:
            raise _FaultError(found.start(2), f"the name {variable} is taken; give each loop a name of its own.")
        if kind and kind.type is FactType.ENTRIES:
            loops[variable] = over
    for name in (name for name, kind in FACTS.items() if kind.type is FactType.ENTRIES):
        if indexed := re.search(rf"(?<![\w.]){name}\s*\[", masked):
            raise _FaultError(indexed.start(), f"go through {name} with {name}.exists(d, ...); they have no order.")
    return loops


def _fields(masked: str, loops: Mapping[str, str]) -> Iterator[tuple[str, str, int]]:
    """Yield each use of a field of an entry: the loop variable, the field, where its dot stands."""
    for loop, name in loops.items():
        for found in re.finditer(rf"(?<![\w.]){loop}\b(?!\s*,)(\.(\w+))?", masked):
            key, known = found[2], FACTS[name].entries
            if key is None:
                raise _FaultError(found.start(), f"say which field of {loop} is meant, such as {loop}.ref.")
            if key not in known:
                raise _FaultError(found.start(2), f"{name} have no field {key}{_nearest(key, known)}")
            yield loop, key, found.start(1)


def _as_variables(expression: str, used: list[tuple[str, str, int]]) -> str:
    """Return the expression with `d.ref` as the variable `d_ref`.

    Entries are typed field by field that way, and every character stays where it was.
    """
    letters = list(expression)
    for _, _, dot in used:
        letters[dot] = "_"
    return "".join(letters)


def _compile(expression: str, more: Mapping[str, FactKind]) -> cel.Expression:
    try:
        compiled = (_environment(more) if more else _ENVIRONMENT).compile(expression)
    except RuntimeError as refused:
        raise _explained(expression, str(refused)) from None
    if compiled.return_type() != cel.Type.BOOL:
        raise _FaultError(0, "a condition must be true or false.")
    return compiled


def _explained(expression: str, refused: str) -> _FaultError:
    found = _PLACE.search(refused)
    if found is None:
        return _FaultError(0, "the condition is too large or nested too deeply.")
    lines = expression.split("\n")
    at = sum(len(line) + 1 for line in lines[: int(found[1]) - 1]) + int(found[2]) - 1
    for pattern, say in _EXPLAINED:
        if known := re.match(pattern, found[3]):
            return _FaultError(at, say(known))
    return _FaultError(at, f"{found[3].rstrip('.')}.")


def _fits(known: re.Match[str]) -> str:
    sign = known[1].strip("_").replace("_", " ") or "[]"
    kinds = known[2].replace("string", "text").replace("double", "number with decimals").replace("int", "whole number")
    hint = " Write 3.0 for a number with decimals." if "decimals" in kinds and "whole" in kinds else ""
    return f"{sign} does not fit ({kinds}).{hint}"


_EXPLAINED: tuple[tuple[str, Callable[[re.Match[str]], str]], ...] = (
    (r"undeclared reference to '(\w+)'", lambda known: f"there is no fact {known[1]}{_nearest(known[1], FACTS)}"),
    (r"found no matching overload for '([^']*)' applied to '\((.*)\)'", _fits),
    (r"Syntax error: mismatched input '<EOF>'", lambda _: "the condition ends too early."),
    (r"Syntax error: ([^{]*?)(?: expecting .*)?$", lambda known: f"{known[1].strip()}."),
)


def _nearest(name: str, known: Mapping[str, FactKind]) -> str:
    near = difflib.get_close_matches(name, known, n=1)
    return f"; did you mean {near[0]}?" if near else f". There are: {', '.join(known)}."


def _words(expression: str, loops: Mapping[str, str]) -> Iterator[tuple[int, FactKind, str]]:
    """Yield each word that is compared with a fact: where it stands, the fact, the word."""
    for pattern in _COMPARED:
        for found in pattern.finditer(expression):
            path, said = sorted(found.groups(), key=lambda part: part[:1] in {'"', "'"})
            if pattern is _COMPARED[-1]:
                path, said = found.groups()
            kind = _kind_of(path, loops)
            if kind is None:
                continue
            for word in re.finditer(r"\"([^\"]*)\"|'([^']*)'", said):
                yield found.start() + found[0].index(said) + word.start(), kind, word[1] or word[2] or ""


def _kind_of(path: str, loops: Mapping[str, str]) -> FactKind | None:
    first, _, key = path.partition(".")
    if first in loops:
        return FACTS[loops[first]].entries.get(key)
    return FACTS.get(path)
