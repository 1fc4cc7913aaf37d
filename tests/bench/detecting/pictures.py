"""Values drawn in pictures: the share whose letters are read, the share that is found, and what a picture costs.

Lines of a ticket with values made up by Faker, in the font of the drawing library, as screens, scans and pages of a PDF show them. A value counts as read
when all of its letters are, and as found when the scanner finds something of its kind on its line. Beside them are pictures without values.
"""

import random
import sys
import time
from collections import Counter
from io import BytesIO
from pathlib import Path

import numpy as np
from detecting._rows import engine_of, findings_of
from faker import Faker
from PIL import Image, ImageFilter

from governance.detection.documents.kinds import Kind
from governance.detection.documents.reader import read as read_document
from governance.detection.documents.reading import Opaque

sys.path.insert(0, str(Path(__file__).parents[2]))
from drawing import picture, saved

SECTION = "pictures"
_SEED = 11
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
LINES = {
    "PERSON": "Ticket: {} cannot sign in since the update of yesterday.",
    "EMAIL_ADDRESS": "Please answer to {} before noon.",
    "PHONE_NUMBER": "Call back on {} if it is urgent.",
    "CREDIT_CARD": "Card on file: {}",
    "US_SSN": "Social security number {}",
    "IBAN_CODE": "Refund to the account {}",
    "AWS": "export AWS_ACCESS_KEY_ID={}",
    "GITHUB": "token = {}",
}
SECRETS = frozenset({"AWS", "GITHUB"})
HARMLESS = (
    "The build of the letters failed in stage two of three.",
    "Retry in 15 minutes, or open the runbook and follow step 4.",
    "Version 2.14.3 was rolled back on Tuesday; nothing was lost.",
    "SELECT count(*) FROM orders WHERE status = 'open'",
)


def _blurred(raw: bytes) -> bytes:
    turned = Image.open(BytesIO(raw)).rotate(-1.2, expand=True, fillcolor="#ccc", resample=Image.Resampling.BICUBIC)
    pixels = np.asarray(turned.filter(ImageFilter.GaussianBlur(1.1))).astype(float)
    noise = np.random.default_rng(_SEED).normal(0, 12, pixels.shape)
    return saved(Image.fromarray((pixels + noise).clip(0, 255).astype("uint8")))


def _turned(raw: bytes, degrees: int) -> bytes:
    return saved(Image.open(BytesIO(raw)).rotate(degrees, expand=True))


STYLES = {
    "screen, 16 px": lambda lines: picture(*lines),
    "screen, 12 px": lambda lines: picture(*lines, size=12),
    "screen, 10 px": lambda lines: picture(*lines, size=10),
    "light on dark, 14 px": lambda lines: picture(*lines, size=14, paper="#1e1e1e", ink="#d4d4d4"),
    "JPEG at 40, 14 px": lambda lines: saved(Image.open(BytesIO(picture(*lines, size=14))), "JPEG", quality=40),
    "turned, blurred, noisy, 24 px": lambda lines: _blurred(picture(*lines, size=24)),
    "faint, 16 px": lambda lines: picture(*lines, paper="#eee", ink="#999"),
    "on its side, 16 px": lambda lines: _turned(picture(*lines), 90),
    "on its head, 16 px": lambda lines: _turned(picture(*lines), 180),
    "a page of a PDF, 24 px": lambda lines: saved(Image.open(BytesIO(picture(*lines, size=24))), "PDF"),
}


def arguments(parser) -> None:
    parser.add_argument("--pictures", type=int, default=5, help="of each style (default: 5)")


def run(options) -> None:
    engine, made = engine_of(options.mode), Faker("en_GB")
    made.seed_instance(_SEED)
    chance = random.Random(_SEED)
    read, found, of, seconds, unclear, false = Counter(), Counter(), Counter(), [], 0, 0
    for style, drawn in STYLES.items():
        for _ in range(options.pictures):
            values = _values(made, chance)
            words, cost, clear = _words(drawn([line.format(values[kind]) for kind, line in LINES.items()]))
            seconds.append(cost)
            unclear += not clear
            for kind, line in LINES.items():
                here = _rows_of(words, line)
                of[style, kind] += 1
                read[style, kind] += values[kind].replace(" ", "") in here.replace(" ", "")
                found[style, kind] += any(_is_of(each.type, kind) for each in findings_of(engine, here))
        words, *_ = _words(drawn(HARMLESS))
        false += len(findings_of(engine, words))
    _print(read, found, of)
    print(
        f"{unclear} of {len(seconds)} pictures were not clear; {false} findings in {len(STYLES)} pictures without values"
    )
    print(f"CPU seconds a picture of {len(LINES)} lines: median {np.median(seconds):.2f}, most {max(seconds):.2f}")


def _values(made: Faker, chance: random.Random) -> dict[str, str]:
    name = f"{made.first_name()} {made.last_name()}"
    return {
        "PERSON": name,
        "EMAIL_ADDRESS": f"{name.lower().replace(' ', '.')}@example.org",
        "PHONE_NUMBER": f"+44 20 7946 {chance.randrange(1000):04d}",
        "CREDIT_CARD": made.credit_card_number("visa16"),
        "US_SSN": f"{chance.randrange(100, 600)}-{chance.randrange(10, 99)}-{chance.randrange(1000, 9999)}",
        "IBAN_CODE": made.iban(),
        "AWS": "AKIA" + "".join(chance.choices("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", k=16)),
        "GITHUB": "ghp_" + "".join(chance.choices(_LETTERS, k=36)),
    }


def _words(raw: bytes) -> tuple[str, float, bool]:
    began = time.process_time()
    reading = read_document(Kind.PDF if raw.startswith(b"%PDF-") else Kind.PICTURE, raw, pictures=True)
    words = "\n".join(text for _, text in reading.parts)
    return words, time.process_time() - began, reading.opaque == {Opaque.READ_PICTURES}


def _rows_of(words: str, line: str) -> str:
    """Return the rows that were read of `line`, told by its first word: one, and one in which what was glued stands apart."""
    first = line.split(maxsplit=1)[0].rstrip(":")
    return "\n".join(row for row in words.splitlines() if row.startswith(first))


def _is_of(found: str, kind: str) -> bool:
    return found == "SECRET" if kind in SECRETS else found == kind


def _print(read: Counter, found: Counter, of: Counter) -> None:
    print(f"{'read / found of':30}" + "".join(f"{kind:>16}" for kind in LINES))
    for style in STYLES:
        cells = (f"{read[style, kind]} / {found[style, kind]} of {of[style, kind]}" for kind in LINES)
        print(f"{style:30}" + "".join(f"{cell:>16}" for cell in cells))
    every = sum(of.values())
    print(f"read {sum(read.values())} of {every}, found {sum(found.values())} of {every}")
