"""Words that no program can give to a thing of its own: whoever renames a program keeps them.

Only those that are reserved wherever they occur. A word that one language reserves and another lets people use (`new`, `this`,
`object`) counts as a name: names are compared by where they stood before, which holds for both.
"""

import numpy as np
from numpy.typing import NDArray

from .keyed import Hashes
from .tokens import WORD, Tokens, word_hash

_RESERVED = """
as assert async await break catch class const continue def del elif else elseif endif except extends false finally fn for foreach
from function global if implements impl import in is lambda namespace none nonlocal not or and pass private protected public raise
return sizeof static struct switch throw throws true try typedef unsigned var void while with yield
"""
# Names so usual that they tell nothing about where a text is from: what every program of its language is made of, and what people call things.
_USUAL = """
self cls args kwargs super str int float bool bytes list dict set tuple type object any optional print data none true false
isinstance issubclass hasattr getattr setattr delattr hash repr iter next id open callable len range sorted reversed enumerate zip map
filter min max sum abs append extend join split strip format keys values items get pop add update property classmethod staticmethod
__init__ __new__ __del__ __repr__ __str__ __len__ __iter__ __next__ __call__ __contains__ __bool__ __hash__ __getitem__ __setitem__
__delitem__ __getattr__ __setattr__ __enter__ __exit__ __eq__ __ne__ __lt__ __le__ __gt__ __ge__ __class__ __dict__ __slots__ __doc__
__name__ __main__ __module__ __file__ __all__ __version__ __author__
notimplemented notimplementederror exception valueerror typeerror keyerror attributeerror indexerror runtimeerror importerror oserror
ioerror stopiteration
name key value other item obj text string path file filename line lines index result results
"""


def _hashes(words: str) -> Hashes:
    return np.sort(np.array([word_hash(word) for word in words.split()], dtype=np.uint64))


def among(listed: Hashes, hashes: Hashes) -> NDArray[np.bool_]:
    """Say of each hash whether it is in the list, which is in order; several times as fast as `np.isin` for the few of a prompt."""
    places = np.minimum(np.searchsorted(listed, hashes), len(listed) - 1)
    found: NDArray[np.bool_] = listed[places] == hashes
    return found


RESERVED = _hashes(_RESERVED)
USUAL = _hashes(_RESERVED + _USUAL)
_LEAST_LETTERS = 3  # of a word; a number needs one more


def unusual(tokens: Tokens) -> NDArray[np.bool_]:
    """Say of each token whether it is a word that may tell where it is from."""
    long = tokens.ends - tokens.starts >= _LEAST_LETTERS + tokens.digits
    telling: NDArray[np.bool_] = (tokens.kinds == WORD) & long & ~among(USUAL, tokens.hashes)
    return telling
