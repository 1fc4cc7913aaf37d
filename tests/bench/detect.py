"""How good and how fast the scanner is: `./dev bench detect [SECTION...] [--pii FILE] [--secrets FILE] ...`.

Every section is a module of `tests/bench/detecting` with `SECTION` (its name), `arguments(parser)` and `run(options)`; without names all
sections run that have what they need. Figures of time are ratios within this run: the load of the machine is printed with them.
"""

import argparse
import os
import sys
from importlib import import_module
from pathlib import Path

FOLDER = Path(__file__).parent / "detecting"


def main() -> None:
    sys.path.insert(0, str(FOLDER.parent))
    os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")  # as the workers run
    modules = [import_module(f"detecting.{path.stem}") for path in sorted(FOLDER.glob("[a-z]*.py"))]
    sections = {module.SECTION: module for module in modules}
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sections", nargs="*", metavar="SECTION", help=f"of {', '.join(sections)}; none: all")
    for module in modules:
        module.arguments(parser.add_argument_group(module.SECTION, (module.__doc__ or "").partition("\n")[0]))
    options = parser.parse_args()
    if unknown := sorted(set(options.sections) - set(sections)):
        parser.error(f"There is no section {', '.join(unknown)}.")
    print(f"load average {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores")
    for name in options.sections or sections:
        print(f"\n== {name}", flush=True)
        sections[name].run(options)


if __name__ == "__main__":
    main()
