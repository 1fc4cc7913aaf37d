"""Throughput of the scanner against stock Presidio, in one run on the same text: `./dev bench scan [--kilobytes N]`.

Both run in this process, one after the other, in turns; the figure of each is the best of the turns. Stock is AnalyzerEngine with
en_core_web_md and its own defaults. The text is made here (Faker, fixed seed), every prompt different, unless it says repeated.
"""

import argparse
import os
import random
import time

from faker import Faker

from governance.detection.cache import MemoryCache
from governance.detection.document import Document
from governance.detection.engine import Engine
from governance.detection.pii.model import model_path
from governance.detection.ruleset import DEFAULT_RULESET

KEY = b"a key for the benchmark, no secret"
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


def timed(run, prompts):
    best = float("inf")
    for _ in range(TURNS):
        began = time.perf_counter()
        for prompt in prompts:
            run(prompt)
        best = min(best, time.perf_counter() - began)
    return sum(map(len, prompts)) / best / 1000


def stock():
    import tldextract
    from presidio_analyzer import AnalyzerEngine
    from presidio_analyzer.nlp_engine import NlpEngineProvider

    # The packaged suffix list, as stock Presidio has it after its first fetch; the benchmark needs no network.
    tldextract.extract.__globals__["TLD_EXTRACTOR"] = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)
    models = [{"lang_code": "en", "model_name": str(model_path())}]
    provider = NlpEngineProvider(nlp_configuration={"nlp_engine_name": "spacy", "models": models})
    analyzer = AnalyzerEngine(nlp_engine=provider.create_engine())
    return lambda text: analyzer.analyze(text, language="en")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kilobytes", type=int, default=60, help="text per line of the table (default: 60)")
    options = parser.parse_args()
    engine, theirs = Engine.load(DEFAULT_RULESET, key=KEY), stock()
    cases = [
        ("prose full of names, 2 KB", texts(prose, options.kilobytes, 2000)),
        ("mixed prompts, 2 KB", texts(mixed, options.kilobytes, 2000)),
        ("code and logs, 2 KB", texts(code, options.kilobytes, 2000)),
        ("mixed prompts, 20 KB", texts(mixed, options.kilobytes, 20000)),
    ]
    print(f"load average {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores, one process")
    print(f"{'text':28} {'ours KB/s':>10} {'Presidio KB/s':>14} {'ratio':>7}")
    for title, prompts in cases:
        ours = timed(lambda text: engine.scan(Document.of({"text": text}), deadline=60), prompts)
        stock_figure = timed(theirs, prompts)
        print(f"{title:28} {ours:10.1f} {stock_figure:14.1f} {ours / stock_figure:7.1f}")
    cache = MemoryCache()
    repeated = timed(lambda text: engine.scan(Document.of({"text": text}), deadline=60, cache=cache), cases[1][1])
    print(f"{'the same, repeated':28} {repeated:10.1f} {'':14} {repeated / timed(theirs, cases[1][1]):7.1f}")


if __name__ == "__main__":
    main()
