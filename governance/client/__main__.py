"""`python -m governance.client doctor`: the command line of those who build with Remit."""

import sys

from governance.client import doctor

COMMANDS = {"doctor": doctor.main}


def main() -> int:
    name, rest = (sys.argv[1] if len(sys.argv) > 1 else ""), sys.argv[2:]
    if name not in COMMANDS:
        sys.stderr.write(f"There is: {', '.join(COMMANDS)}. For example: python -m governance.client doctor --help\n")
        return doctor.WRONGLY_ASKED
    return COMMANDS[name](rest)


if __name__ == "__main__":
    sys.exit(main())
