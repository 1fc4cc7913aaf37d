"""How a share is said, everywhere."""


def percent(part: float, whole: float = 1, *, places: int = 0) -> str:
    """Return `part` of `whole` as people read it: "75 %", with `places` behind the point; "0 %" of nothing."""
    return f"{100 * part / whole if whole else 0:.{places}f} %"
