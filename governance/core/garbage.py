"""Python's search for cycles that nobody uses any more."""

import gc


def set_aside() -> None:
    """Take everything that is there now out of the search: models and tables stay, and looking through them again stops whoever works.

    A full search comes each time a quarter more has been made (CPython's `long_lived_pending`), so a text of many small pieces
    brings it again and again. Call it after each loading. An engine that is given up later is freed all the same, by its count of
    references: it is in no cycle.
    """
    gc.collect()
    gc.freeze()
