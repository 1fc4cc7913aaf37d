"""Code that everybody writes alike but for the names: accessors in a row. Renamed, it says nothing about whose it is.

The forms are made here and hashed once a process; what is left out is their grams alone, so code that goes on in its own way is known by
that.
"""

from collections.abc import Iterator
from functools import cache
from itertools import product

import numpy as np

from .keyed import Hashes
from .tokens import code_of, quiet_of, tokens_of
from .winnow import renamed_grams

# Four in a row: then every gram that begins in one of them is among those of the middle ones. A word with a digit is no name (winnow.py).
_REMARKS = ("", '"""Words."""\n    ')
_KEPT = ("_NAME", "_inner.NAME")  # where an object keeps a value: itself, or what it stands before
_NAMES = ("first", "second", "third", "fourth")


@cache
def idiom_grams() -> Hashes:
    """Return the open hashes of the renamed layer of every idiom, in order and each once."""
    raw = "".join(_texts()).encode()
    return np.unique(renamed_grams(code_of(raw, tokens_of(raw), quiet_of(raw))).hashes)


def _texts() -> Iterator[str]:
    for form in (*_python(), *_java(), *_javascript()):
        yield "".join(form.replace("NAME", name).replace("TYPE", "Kind") for name in _NAMES)
        if "TYPE" in form:  # of one type all, or each of another
            yield "".join(form.replace("NAME", name).replace("TYPE", f"{name}_kind") for name in _NAMES)


def _python() -> Iterator[str]:
    """Yield the forms of a property: with and without types and remarks, with a value of its own name or another, checked or not, read only."""
    getters = [
        f"@property\ndef NAME(self){returns}:\n    {remark}return self.{kept}\n"
        for returns, remark, kept in product(("", " -> TYPE"), _REMARKS, _KEPT)
    ]
    yield from getters
    checks = (
        "",
        'if GIVEN is None:\n        raise ValueError("required")\n    ',
        'if GIVEN is not None and len(GIVEN) > 64:\n        raise ValueError("too long")\n    ',
    )
    setters = [
        f"@NAME.setter\ndef NAME(self, GIVEN{hint}){returns}:\n    {remark}{check}self.{kept} = GIVEN\n".replace(
            "GIVEN", given
        )
        for hint, returns, remark, check, given, kept in product(
            ("", ": TYPE"), ("", " -> None"), _REMARKS, checks, ("value", "NAME"), _KEPT
        )
    ]
    for getter, setter in product(getters, setters):
        yield getter + setter


def _java() -> Iterator[str]:
    for kind, this in product(("TYPE", "int", "List<TYPE>"), ("this.", "")):
        getter = f"public {kind} getNAME() {{ return {this}NAME; }}\n"
        setter = f"public void setNAME({kind} NAME) {{ this.NAME = NAME; }}\n"
        yield getter
        yield setter
        yield getter + setter


def _javascript() -> Iterator[str]:
    for value in ("value", "NAME"):
        getter = "get NAME() { return this._NAME; }\n"
        yield getter + f"set NAME({value}) {{ this._NAME = {value}; }}\n"
