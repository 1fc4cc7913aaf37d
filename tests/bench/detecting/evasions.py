"""Ways to hide a value: which trick hides which kind, and which harmless twin is taken for one."""

import sys
import tempfile
from pathlib import Path

from detecting._rows import KEY

sys.path.append(str(Path(__file__).parents[2]))

from evasions import SPLITS, TRICKS, VALUES, engine_for_evasions, is_found

SECTION = "evasions"


def arguments(_parser) -> None:
    """It has none."""


def run(_options) -> None:
    found = flagged = 0
    tricks = [*TRICKS, *SPLITS]
    with tempfile.TemporaryDirectory() as folder:
        engine = engine_for_evasions(Path(folder), key=KEY)
        print(f"{'trick':30} {' '.join(f'{kind.kind:12}' for kind in VALUES)}")
        for trick in tricks:
            cells = []
            for kind in VALUES:
                hit, wrong = (is_found(engine, trick, kind, value) for value in (kind.value, kind.twin))
                found, flagged = found + hit, flagged + wrong
                cells.append(("found" if hit else "MISSED") + (", twin too" if wrong else ""))
            print(f"{trick:30} {' '.join(f'{cell:12}' for cell in cells)}")
    cases = len(tricks) * len(VALUES)
    print(f"found {found} of {cases} ({found / cases:.1%}), twins flagged {flagged} of {cases} ({flagged / cases:.1%})")
