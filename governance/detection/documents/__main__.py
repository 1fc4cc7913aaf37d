"""Read the document on standard input: `python -m governance.detection.documents KIND [pictures]`. Its reading goes to standard output, as JSON.

With `pictures` the pictures inside it are read as well. It takes its own room and time away before it looks at the first byte, so whatever a document unfolds into ends here.
"""

import json
import resource
import sys

from .kinds import PICTURES, Kind
from .reader import read

MEMORY = 768 * 1024 * 1024  # of addresses: libraries and all
MEMORY_FOR_PICTURES = 3 * 1024 * 1024 * 1024  # and the models that read them
CPU_S = 15
CPU_S_FOR_PICTURES = 75
LONGEST_TEXT = 2 * 1024 * 1024
TOO_LONG = 3


def main() -> int:
    kind, pictures = Kind(sys.argv[1]), sys.argv[2:] == [PICTURES]
    drawn = pictures or kind is Kind.PICTURE
    memory, seconds = (MEMORY_FOR_PICTURES, CPU_S_FOR_PICTURES) if drawn else (MEMORY, CPU_S)
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    reading = read(kind, sys.stdin.buffer.read(), pictures=pictures)
    if sum(len(text) for _, text in reading.parts) > LONGEST_TEXT:
        return TOO_LONG
    sys.stdout.write(json.dumps(reading.to_dict()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
