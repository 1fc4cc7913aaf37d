"""Throughput against stock Presidio, in one run on the same text; the figure of each is the best of its turns, per second of the processor.

Both run in this process, prompt by prompt in turn: what else the machine does just then slows both alike.

The text is made here (Faker, fixed seed), every prompt different, unless it says repeated.
"""

import random
import time
from functools import partial

from detecting._rows import engine_of
from detecting._stock import stock
from faker import Faker

from governance.detection.cache import MemoryCache
from governance.detection.document import Document

SECTION = "speed"
TURNS = 2

CODE = """\
def {name}_{number}(self, rows, *, limit={number}):
    # {sentence}
    found = [row["{name}"] for row in rows if row.status != "{word}" and len(row) > {number}]
    if not found:
        raise ValueError(f"{word}: {{limit}}")
    return self._{name}.join(found[:limit])
"""
LOG = "2025-03-{day:02d}T10:{day:02d}:11.402Z INFO  c.e.{name}.Worker - job {hex} took {number} ms, {word} queue depth {number}\n"


def prose(fake, size):
    parts = []
    while sum(map(len, parts)) < size:
        parts.append(
            f"{fake.name()} from {fake.city()} wrote on {fake.date()}: {fake.paragraph(4)} Call {fake.phone_number()} or mail {fake.email()}. "
        )
    return "".join(parts)[:size]


def code(fake, size):
    parts = []
    while sum(map(len, parts)) < size:
        values = {
            "name": fake.word(),
            "number": fake.random_int(),
            "word": fake.word(),
            "sentence": fake.sentence(),
            "day": fake.random_int(1, 28),
            "hex": fake.hexify("^" * 16),
        }
        parts.append((CODE if random.random() < 0.5 else LOG).format(**values))
    return "".join(parts)[:size]


def mixed(fake, size):
    return prose(fake, size // 4) + "\n" + fake.text(max(5, size // 2))[: size // 2] + "\n" + code(fake, size // 4)


def texts(make, kilobytes, size):
    Faker.seed(7)
    random.seed(7)
    fake = Faker("en_US")
    return [make(fake, size) for _ in range(max(1, kilobytes * 1000 // size))]


def timed(runs, prompts):
    """Return the KB/s of each of `runs`: its best turn at each prompt, all prompts together."""
    spent = [0.0 for _ in runs]
    for prompt in prompts:
        best = [float("inf") for _ in runs]
        for _ in range(TURNS):
            for place, run_it in enumerate(runs):
                began = time.process_time()
                run_it(prompt)
                best[place] = min(best[place], time.process_time() - began)
        spent = [total + took for total, took in zip(spent, best, strict=True)]
    return [sum(map(len, prompts)) / total / 1000 for total in spent]


def arguments(parser) -> None:
    parser.add_argument("--kilobytes", type=int, default=60, help="text per line of the table (default: 60)")


def run(options) -> None:
    engine, theirs = engine_of(options.mode), stock()
    cases = [
        ("prose full of names, 2 KB", texts(prose, options.kilobytes, 2000)),
        ("mixed prompts, 2 KB", texts(mixed, options.kilobytes, 2000)),
        ("code and logs, 2 KB", texts(code, options.kilobytes, 2000)),
        ("mixed prompts, 20 KB", texts(mixed, options.kilobytes, 20000)),
    ]
    print(f"{'text':28} {'ours KB/s':>10} {'Presidio KB/s':>14} {'ratio':>7}")
    for title, prompts in cases:
        ours, stock_figure = timed([partial(scanned_by, engine), theirs], prompts)
        print(f"{title:28} {ours:10.1f} {stock_figure:14.1f} {ours / stock_figure:7.1f}", flush=True)
    repeated, stock_figure = timed([partial(scanned_by, engine, cache=MemoryCache()), theirs], cases[1][1])
    print(f"{'the same, repeated':28} {repeated:10.1f} {stock_figure:14.1f} {repeated / stock_figure:7.1f}")


def scanned_by(engine, text, cache=None):
    return engine.scan(Document.of({"text": text}), deadline=60, cache=cache)
