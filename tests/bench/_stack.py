"""Imported first by benchmarks that run real processes: the tests' own settings and folders."""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE.parents[1])]


def _set_up() -> None:
    import django

    from harness.environment import prepare

    prepare()
    django.setup()


_set_up()
