"""Canaries of the detectors that compare with what is registered: a row, an item and a file of ours, registered under the same key.

What an organisation registers is kept as fingerprints, so nobody knows a text in which it has to be found. A text of ours takes the
same way, through the same words, hashes, tables and marks, beside all that is registered: a way that leads nowhere is noticed there.
All of it is synthetic.
"""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from .detector import Canary

if TYPE_CHECKING:
    from .fingerprints.exam import Exam
    from .fingerprints.register import Register
    from .fingerprints.rows import DatasetRows

NAME = "canary"
_ROW = ("Kanarie Zeisig-Stieglitz", "kanarie.zeisig@example.org", "KV-20417-77310")
_ITEM = (
    "Synthetic canary question: eleven linnets and four siskins share a hedge with nine empty nests; how many nests stay "
    "empty when each pair takes one and the last bird flies to Kanarienhain? Synthetic canary answer: two."
)
_FILE = "canary.py"
_CODE = """def settle_linnets(hedge, siskins, nests):
    paired = hedge.pair_up(siskins, by="plumage")
    for linnet, siskin in paired.in_order_of_song():
        nest = nests.nearest_empty(linnet.perch)
        if nest is None or nest.height < siskin.lowest_perch:
            hedge.leave_unsettled(linnet, reason="no empty nest")
            continue
        nest.occupy(linnet, siskin)
        hedge.count_as_settled(nest, season=siskins.season)
    return hedge.unsettled_linnets(), nests.still_empty()
"""
ROW_CANARY = Canary(f"Synthetic canary, a row of nobody: {', '.join(_ROW)}.", "DATASET", NAME)
ITEM_CANARY = Canary(_ITEM, "EVALUATION", f"{NAME}:1")
# Of whichever register: somebody may have registered this very file, and a place is told once.
CODE_CANARY = Canary(_CODE, "SOURCE")


def canary_rows(key: bytes) -> "DatasetRows":
    """Return the row of the canary as registered rows. What is mapped into memory stays there when its folder is gone."""
    from .fingerprints.rows import open_rows, write_rows

    with TemporaryDirectory(prefix="remit-canary-") as folder:
        write_rows([_ROW], key=key, out=Path(folder))
        return open_rows(Path(folder), name=NAME, key=key)


def canary_exam(key: bytes) -> "Exam":
    """Return the item of the canary as an evaluation set."""
    from .fingerprints.exam import Item, open_exam, write_exam

    with TemporaryDirectory(prefix="remit-canary-") as folder:
        write_exam([Item("1", _ITEM)], key=key, out=Path(folder))
        return open_exam(Path(folder), name=NAME, key=key)


def canary_register(key: bytes) -> "Register":
    """Return the file of the canary as a source register."""
    from .fingerprints.register import index, open_register
    from .fingerprints.segment import SourceFile

    with TemporaryDirectory(prefix="remit-canary-") as folder:
        index([SourceFile(_FILE, bytes(16), _CODE.encode)], key=key, out=Path(folder))
        return open_register(Path(folder), name=NAME, key=key)
