"""Personal data in prompts as people type them: tickets, chats, mail, CVs, tables, records, forms, calls, in small letters, in capitals, with
slips of the pen; and harmless ones full of products, code words and numbers. By hand, in prompts.txt, a line each.

Half of them, told by their own digest, is kept aside: its figures are printed, its misses never, so that no rule is written for them.
"""

import re
from collections import Counter, defaultdict
from pathlib import Path
from types import SimpleNamespace
from zlib import crc32

from detecting._rows import engine_of, findings_of
from detecting.personal import figures, score

SECTION = "prompts"
_FILE = Path(__file__).with_name("prompts.txt")
_MARKED = re.compile(r"⟦(\w):(.*?)⟧", re.DOTALL)
_TYPES = {"p": "PERSON", "l": "LOCATION", "e": "EMAIL_ADDRESS", "t": "PHONE_NUMBER", "c": "CREDIT_CARD", "b": "IBAN_CODE", "n": "IP_ADDRESS", "i": "ID", "s": "US_SSN", "d": "BIRTH"}  # fmt: skip


def arguments(parser) -> None:
    parser.add_argument(
        "--prompt-misses", action="store_true", help="print what was missed or wrong in the half that is looked at"
    )


def run(options) -> None:
    engine = engine_of("standard")
    halves, kinds, harmless = defaultdict(Counter), defaultdict(Counter), defaultdict(Counter)
    for kind, row in prompts():
        found = [_scored(finding) for finding in findings_of(engine, row["text"])]
        half = "aside" if is_aside(row["text"]) else "looked at"
        counts, cases = score(row, found)
        if kind == "harmless":
            harmless[half] += Counter(prompts=1, touched=bool(counts[None, "wrong"]), findings=counts[None, "wrong"])
        else:
            halves[half] += counts
            kinds[kind] += counts
        if options.prompt_misses and half == "looked at":
            for case in cases:
                print(kind, *case)
    for kind, counts in sorted(kinds.items()):
        print(f"{kind:28} {figures(counts)}")
    for half, counts in sorted(halves.items()):
        for group in sorted({group for group, _ in counts if group}):
            print(f"{half + ', ' + group:28} {figures(counts, group)}")
        print(f"{half:28} {figures(counts)}")
        told = harmless[half]
        print(
            f"{half + ', harmless':28} {told['touched']} of {told['prompts']} prompts touched, {told['findings']} findings"
        )


def is_aside(text: str) -> bool:
    return crc32(text.encode()) % 2 == 1


def prompts():
    """Yield (kind, labelled row) of each line."""
    for number, line in enumerate(_FILE.read_text(encoding="utf-8").splitlines()):
        kind, _, written = line.partition("\t")
        text, spans, rest = "", [], written.replace("\\n", "\n").replace("\\t", "\t")
        at = 0
        for marked in _MARKED.finditer(rest):
            text += rest[at : marked.start()]
            spans.append({"start": len(text), "end": len(text) + len(marked[2]), "type": _TYPES[marked[1]]})
            text, at = text + marked[2], marked.end()
        yield kind, {"id": f"prompts-{number}", "text": text + rest[at:], "spans": spans, "eval_types": ["*"]}


def _scored(finding):
    """Return a finding whose date of birth counts as an identifier, which the prompts are marked with."""
    return SimpleNamespace(
        start=finding.start, end=finding.end, type=_TYPES["d"] if finding.type == "DATE_TIME" else finding.type
    )
