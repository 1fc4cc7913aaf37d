"""Read the document on standard input: `python -m governance.detection.documents KIND`. Its reading goes to standard output, as JSON.

It takes its own room and time away before it looks at the first byte, so whatever a document unfolds into ends here.
"""

import json
import resource
import sys

from .kinds import Kind
from .reader import read

MEMORY = 768 * 1024 * 1024  # of addresses: libraries and all
CPU_S = 15
LONGEST_TEXT = 2 * 1024 * 1024
TOO_LONG = 3


def main() -> int:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    reading = read(Kind(sys.argv[1]), sys.stdin.buffer.read())
    if sum(len(text) for _, text in reading.parts) > LONGEST_TEXT:
        return TOO_LONG
    sys.stdout.write(json.dumps(reading.to_dict()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
