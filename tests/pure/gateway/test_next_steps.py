"""No refusal of the gateway leaves open what to do: it says so itself, or its code has words of its own."""

import ast
import importlib
from pathlib import Path

import pytest

import governance.gateway
from governance.core import errors
from governance.core.errors import DomainError
from governance.gateway.dialects.next_steps import BY_CODE, BY_KIND, next_step
from governance.gateway.dialects.refusals import message_of

ROOT = Path(governance.gateway.__file__).parent
KINDS = {name: each for name, each in vars(errors).items() if isinstance(each, type) and issubclass(each, DomainError)}
# What people set up on pages is answered there, at the field; the configuration is read before anybody calls.
ON_PAGES = {"services", "selectors", "migrations", "end_users.py", "key_sets.py", "config.py"}


def raised_without_a_remedy():
    """Return (module, code) of each refusal of the gateway's own door that names no remedy where it is made."""
    found = set()
    for path in sorted(ROOT.rglob("*.py")):
        inside = path.relative_to(ROOT)
        if inside.parts[0] in ON_PAGES:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in KINDS):
                continue
            if node.args and not any(each.arg == "remedy" for each in node.keywords):
                found.add((inside.with_suffix("").as_posix().replace("/", "."), ast.unparse(node.args[0])))
    return sorted(found)


def code_of(module, written):
    if written.startswith(("'", '"')):
        return ast.literal_eval(written)
    return getattr(importlib.import_module(f"governance.gateway.{module}"), written)


LEFT_OPEN = raised_without_a_remedy()


def test_there_are_refusals_to_judge():
    assert len(LEFT_OPEN) > 20


@pytest.mark.parametrize(("module", "written"), [pytest.param(m, w, id=f"{m}: {w}") for m, w in LEFT_OPEN])
def test_a_refusal_that_leaves_it_open_has_words_for_its_code(module, written):
    assert code_of(module, written) in BY_CODE


@pytest.mark.parametrize("kind", sorted({each.kind for each in KINDS.values()}))
def test_whatever_else_is_refused_is_told_by_its_kind(kind):
    assert BY_KIND[kind].endswith(".")


def test_the_refusals_own_remedy_comes_first():
    own = errors.Invalid("field_missing", "It lacks model.", remedy="Add model.")
    assert next_step(own) == "Add model."
    assert message_of(own) == "It lacks model. Add model."


def test_the_message_for_people_says_it_too():
    assert message_of(errors.Unavailable("gateway_fault", "A fault.")).startswith("A fault. Try again in a moment.")
