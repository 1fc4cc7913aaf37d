"""The canaries of the patterns: made-up values in `canaries.txt`, so many that whichever recogniser no longer works, one is not found."""

from pathlib import Path

from governance.detection.detector import Canary

_FILE = Path(__file__).with_name("canaries.txt")


def canaries_above(threshold: float) -> tuple[Canary, ...]:
    """Return the canaries that are worth `threshold` or more: where only what is surer is to be found, the others are none."""
    lines = [line.split("\t") for line in _FILE.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return tuple(Canary(f"Synthetic canary: {said}", kind) for kind, worth, said in lines if float(worth) >= threshold)
