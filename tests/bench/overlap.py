"""How well overlaps are found and how fast: `./dev bench overlap [--initiatives N] [--vectors FILE] [--no-speed]`.

Quality on the labelled pairs of tests/data/overlap_pairs.jsonl: each candidate gets its threshold on the tuning half (best F1)
and is measured on the held-out half. `--vectors`: JSON of text -> vector made elsewhere by an embedding model, as one more
candidate. Speed: comparing one initiative with N others, as at the moment a request is sent. Everything here is synthetic.
"""

import argparse
import json
import logging
import math
import statistics
import sys
import time
import zlib
from pathlib import Path

import _stack  # noqa: F401 - sets up the settings first
import psycopg

from governance.initiatives.rules.overlaps import COMMON, LIKELY, WORD, Described, resemblance, terms_of
from harness.databases import Server, connected_to
from harness.environment import prepare

GOAL_MS = 200
PAIRS = Path(__file__).parents[1] / "data" / "overlap_pairs.jsonl"
RANK = """
WITH one AS (SELECT to_tsvector('english', %(a)s) AS text), other AS (SELECT to_tsvector('english', %(b)s) AS text),
ask AS (SELECT (SELECT string_agg(quote_literal(lexeme), ' | ') FROM one, unnest(one.text))::tsquery AS a,
               (SELECT string_agg(quote_literal(lexeme), ' | ') FROM other, unnest(other.text))::tsquery AS b)
SELECT (ts_rank(other.text, ask.a) + ts_rank(one.text, ask.b)) / 2 FROM one, other, ask
"""
FILL = """
INSERT INTO initiatives_initiative (id, code, title, purpose_text, state, tier, ai_act_class, accountable_unit_id,
                                    human_oversight, accuracy_need, proposed_by_id, created_at, revision)
SELECT gen_random_uuid(), 'bench-' || n, 'Synthetic ' || n, (%(texts)s::text[])[1 + n %% cardinality(%(texts)s::text[])] || ' '
       || (%(texts)s::text[])[1 + (n * 7919) %% cardinality(%(texts)s::text[])], 'active', 'low', 'minimal', unit.id, '', '', person.id,
       now() - n * interval '1 minute', 1
FROM generate_series(1, %(count)s::int) AS n, (SELECT id FROM organisation_unit ORDER BY path LIMIT 1) unit,
     (SELECT id FROM organisation_person ORDER BY login LIMIT 1) person
"""


def grams(text, size=4):
    words = " ".join(word for word in WORD.findall(text.casefold()) if word not in COMMON)
    return {zlib.crc32(f" {words} "[at : at + size].encode()) for at in range(len(words) + 3 - size)}


def by_grams(a, b):
    one, other = grams(a["purpose_text"]), grams(b["purpose_text"])
    return len(one & other) / math.sqrt(len(one) * len(other))


def by_beginnings(a, b):
    return resemblance(Described(terms_of(a["purpose_text"])), Described(terms_of(b["purpose_text"]))).score


def told(side, *, all_of_it=True):
    purposes = frozenset({side["purpose"]})
    used = {ref: ref for ref in side["datasets"]} if all_of_it else {}
    return Described(terms_of(side["purpose_text"]), purposes=purposes, datasets=used)


def by_mix(a, b):
    return resemblance(told(a), told(b)).score


def by_mix_of_words_and_purpose(a, b):
    return resemblance(told(a, all_of_it=False), told(b, all_of_it=False)).score


def by_vectors(vectors):
    def cosine(a, b):
        one, other = vectors[a["purpose_text"]], vectors[b["purpose_text"]]
        sizes = math.sqrt(sum(x * x for x in one) * sum(x * x for x in other))
        return sum(x * y for x, y in zip(one, other, strict=True)) / sizes

    return cosine


def with_purpose(measure, weight):
    return lambda a, b: measure(a, b) + weight * (a["purpose"] == b["purpose"])


def by_rank(connection):
    def rank(a, b):
        texts = {"a": a["purpose_text"], "b": b["purpose_text"]}
        return connection.execute(RANK, texts).fetchone()[0] or 0.0

    return rank


def counts(scored, threshold):
    hits = sum(score >= threshold and label for score, label in scored)
    return hits, sum(score >= threshold for score, _ in scored), sum(label for _, label in scored)


def f1(hits, found, wanted):
    return 2 * hits / (found + wanted) if found + wanted else 0.0


def area_under_curve(scored):
    yes = [score for score, label in scored if label]
    no = [score for score, label in scored if not label]
    return sum((one > other) + (one == other) / 2 for one in yes for other in no) / (len(yes) * len(no))


def report(name, measure, pairs, threshold=None):
    halves = {half: [] for half in ("tuning", "held_out")}
    for pair in pairs:
        halves[pair["half"]].append((measure(pair["a"], pair["b"]), pair["overlap"]))
    tuned = threshold or max(
        {score for score, _ in halves["tuning"]}, key=lambda limit: f1(*counts(halves["tuning"], limit))
    )
    hits, found, wanted = counts(halves["held_out"], tuned)
    precision, recall = hits / max(found, 1), hits / wanted
    score, area = f1(hits, found, wanted), area_under_curve(halves["held_out"])
    print(f"{name:44} {tuned:9.3f} {precision:9.2f} {recall:7.2f} {score:6.3f} {area:6.3f}")


def quality(connection, vectors):
    pairs = [json.loads(line) for line in PAIRS.read_text().splitlines()]
    print(f"{len(pairs)} pairs; threshold from the tuning half, figures of the held-out half")
    print(f"{'candidate':44} {'threshold':>9} {'precision':>9} {'recall':>7} {'F1':>6} {'AUC':>6}")
    report("tsvector rank", by_rank(connection), pairs)
    report("hashed character n-grams", by_grams, pairs)
    report("beginnings of words", by_beginnings, pairs)
    if vectors:
        report("embedding model", by_vectors(vectors), pairs)
        report("embedding model and purpose", with_purpose(by_vectors(vectors), 0.45), pairs)
    report("n-grams and purpose", with_purpose(by_grams, 0.5), pairs)
    report("beginnings and purpose", by_mix_of_words_and_purpose, pairs)
    report("all signals (what Remit uses)", by_mix, pairs)
    report("the same, at the threshold in the rules", by_mix, pairs, LIKELY)


def speed(owner, count):
    from django.db import connection as ours

    from governance.core.actors import INSTALLER
    from governance.core.clock import now
    from governance.initiatives.models import Initiative
    from governance.initiatives.services.overlaps import note_overlaps
    from governance.organisation.selectors import standing_of
    from governance.remits.selectors import similar_initiatives
    from governance.remits.services import look_for_overlaps
    from governance.stack.story.telling import tell_story

    tell_story(at=now(), stand_in_url="http://127.0.0.1:9/v1")
    texts = sorted(
        {pair[side]["purpose_text"] for pair in map(json.loads, PAIRS.read_text().splitlines()) for side in "ab"}
    )
    owner.execute("SELECT set_config('audit.event_id', 'the benchmark', false)")
    owner.execute(FILL, {"texts": texts, "count": count})
    for each in Initiative.objects.filter(code__startswith="bench-"):
        terms = terms_of(each.title, each.purpose_text)
        note_overlaps(initiative_id=each.pk, terms=terms, found={}, by=INSTALLER, at=now())
    owner.execute("ANALYZE")
    some = list(Initiative.objects.filter(code__startswith="bench-").order_by("code")[:30])
    reader = standing_of(some[0].proposed_by_id)

    def timed(act):
        took = []
        for each in some:
            began = time.perf_counter()
            act(each)
            took.append((time.perf_counter() - began) * 1000)
        return f"median {statistics.median(took):.0f} ms, slowest {max(took):.0f} ms (goal {GOAL_MS} ms)"

    print(f"\n{count:,} initiatives")
    print("sent:   ", timed(lambda each: look_for_overlaps(initiative_id=each.pk, by=INSTALLER, at=now())))
    ask = {"purpose": "summarise", "standing": reader}
    print("typed:  ", timed(lambda each: similar_initiatives(title=each.title, purpose_text=each.purpose_text, **ask)))
    ours.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--initiatives", type=int, default=10_000)
    parser.add_argument("--vectors", type=Path)
    parser.add_argument("--no-speed", action="store_true")
    options = parser.parse_args()
    logging.disable(logging.WARNING)
    environment = prepare()
    server = Server(environment, "bench")
    try:
        name = server.clone()
        with connected_to(name), psycopg.connect(environment.databases(name).owner, autocommit=True) as owner:
            quality(owner, json.loads(options.vectors.read_text()) if options.vectors else None)
            if not options.no_speed:
                speed(owner, options.initiatives)
    finally:
        server.stop()


if __name__ == "__main__":
    sys.exit(main())
