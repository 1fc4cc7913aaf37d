"""Words that no program can give to a thing of its own: whoever renames a program keeps them.

Only those that are reserved wherever they occur. A word that one language reserves and another lets people use (`new`, `this`,
`object`) counts as a name: names are compared by where they stood before, which holds for both.
"""

import numpy as np

from .tokens import word_hash

_RESERVED = """
as assert async await break catch class const continue def del elif else elseif endif except extends false finally fn for foreach
from function global if implements impl import in is lambda namespace none nonlocal not or and pass private protected public raise
return sizeof static struct switch throw throws true try typedef unsigned var void while with yield
"""
# Names so usual that they tell nothing about where a text is from.
_USUAL = """
__init__ self cls args kwargs super str int float bool list dict set tuple type object any optional len range print name value key
data none true false
"""


def _hashes(words: str) -> "np.ndarray[tuple[int], np.dtype[np.uint64]]":
    return np.sort(np.array([word_hash(word) for word in words.split()], dtype=np.uint64))


RESERVED = _hashes(_RESERVED)
USUAL = _hashes(_RESERVED + _USUAL)
