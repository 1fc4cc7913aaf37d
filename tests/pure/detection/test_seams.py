"""What is registered is recognised when it comes in pieces: each cell, line or sentence in a field, part or message of its own. All is made here."""

import pytest

from governance.detection.cache import MemoryCache
from governance.detection.document import Document
from governance.detection.engine import Engine
from governance.detection.fingerprints.exam import Item, write_exam
from governance.detection.fingerprints.folders import sources
from governance.detection.fingerprints.keyed import HashKey
from governance.detection.fingerprints.register import index
from governance.detection.fingerprints.rows import write_rows
from governance.detection.recall import Recall
from governance.detection.recognisers import Recogniser
from governance.detection.ruleset import Ruleset

KEY = b"a key made for the tests, 32 by."
CUSTOMER = ["Odo Brindlewick", "odo@brindlewick.example", "PZ-9921-0034", "3 Saffron Court, Millbrook"]
OTHER = ["Mara Quillfeather", "mara@quillfeather.example", "PZ-4471-8823", "12 Harrow Lane, Northhaven"]
QUESTION = (
    "A keeper of the lighthouse on Skarvholm counts forty two gulls at dawn and half as many at dusk. "
    "How many gulls does she count over eleven days when every third day is lost to fog? Answer: four hundred and eighty."
)
CODE = '''def settle_marine_claim(claim, ledger, tariff):
    """Return what the underwriter owes once salvage is deducted."""
    salvage = ledger.salvage_value(claim.vessel, claim.port_of_refuge)
    excess = tariff.excess_for(claim.voyage, claim.cargo_class)
    gross = claim.assessed_loss - salvage
    if gross <= excess:
        ledger.close_without_payment(claim, reason="below excess")
        return Settlement.nothing(claim.reference)
    share = tariff.general_average(claim.voyage) * gross
    ledger.reserve(claim.reference, gross - excess + share)
    return Settlement(claim.reference, gross - excess, general_average=share)
'''


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    folder = tmp_path_factory.mktemp("registered")
    rows = write_rows([CUSTOMER, OTHER], key=KEY, out=folder / "claims")
    exam = write_exam([Item("q7", QUESTION)], key=KEY, out=folder / "harbour")
    (folder / "code").mkdir()
    (folder / "code" / "marine.py").write_text(CODE)
    code = index(sources([folder / "code"], key=HashKey.of(KEY)), key=KEY, out=folder / "marine")
    own = Recogniser(
        "cases", "CASE_NUMBER", 0.9, ("nightingale",), (r"KX-[0-9]{4}-[A-Z]{3}", "[0-9]{8}"), (), "KX-1234-ABC"
    )

    def entry(name, kind, digest):
        return {"id": name, "kind": kind, "digest": digest, "folder": str(folder / name)}

    detectors = {
        "datasets": {"rows": [entry("claims", "rows", rows.digest)]},
        "evaluation": {"sets": [entry("harbour", "exam", exam.digest)]},
        "source": {"registers": [entry("marine", "source", code.digest)]},
        "recognisers": {"recognisers": [own.to_dict()]},
    }
    return Engine.load(Ruleset.of({"version": 1, "detectors": detectors}), key=KEY)


def in_fields(values):
    """Return a document as a walk through a JSON object makes it: each key and each value a text of its own."""
    pairs = [(f"arguments{{{n}}}", f"field {n}", value) for n, value in enumerate(values)]
    return {path: text for at, key, value in pairs for path, text in ((f"{at}#key", key), (at, value))}


def in_parts(pieces):
    return {f"messages[0].content[{n}].text": piece for n, piece in enumerate(pieces)}


def words_at_a_time(text, count):
    words = text.split()
    return [" ".join(words[at : at + count]) for at in range(0, len(words), count)]


LONG = "Nothing of note was said. " * 40
REGISTERED = [
    pytest.param(in_fields(CUSTOMER), "DATASET", "claims", id="a row, a cell in each field"),
    pytest.param(in_fields(CUSTOMER[2:]), "DATASET", "claims", id="half a row, a cell in each field"),
    pytest.param(
        {"a": LONG + CUSTOMER[0], "b": f"{CUSTOMER[1]}. {LONG}"}, "DATASET", "claims", id="a row over two long messages"
    ),
    pytest.param(
        in_parts([*["One more line."] * 400, *CUSTOMER, *["One more line."] * 400]),
        "DATASET",
        "claims",
        id="a row among many parts",
    ),
    pytest.param(
        in_parts(words_at_a_time(QUESTION, 7)), "EVALUATION", "harbour:q7", id="an item, seven words in each part"
    ),
    pytest.param(in_parts(CODE.splitlines()), "SOURCE", "marine:marine.py", id="code, a line in each part"),
    pytest.param(
        in_parts(["It is KX-12", "34-ABC here"]), "CASE_NUMBER", "cases", id="a number of our own over two parts"
    ),
    pytest.param(
        in_parts(["It is Night", "ingale again"]), "CASE_NUMBER", "cases", id="a word of our own over two parts"
    ),
]


@pytest.mark.parametrize(("texts", "kind", "source"), REGISTERED)
def test_what_is_registered_is_recognised_in_pieces(engine, texts, kind, source):
    report = engine.scan(Document.of(texts), deadline=60)
    assert report.complete
    found = [finding for finding in report.findings if finding.type == kind]
    assert found
    assert all(finding.subtype.startswith(source) for finding in found)
    assert len({finding.path for finding in found}) > 1, "it has a place in more than one of the texts"
    assert all(0 <= finding.start < finding.end <= len(texts[finding.path]) for finding in found)


@pytest.mark.parametrize(("texts", "kind", "source"), REGISTERED)
def test_what_the_cache_knows_of_pieces_is_what_was_found(engine, texts, kind, source):
    document, cache = Document.of(texts), MemoryCache(entries=10_000)
    first = engine.scan(document, deadline=60, cache=cache)
    recall = Recall.of(document, ruleset=engine.ruleset, key=KEY)
    assert recall.report(cache.get_many(recall.keys)).findings == first.findings
    assert engine.scan(document, deadline=60, cache=cache).findings == first.findings


@pytest.mark.parametrize(
    "texts",
    [
        pytest.param(in_fields([CUSTOMER[0], OTHER[1]]), id="cells of two rows"),
        pytest.param(in_fields([CUSTOMER[1]]), id="one cell"),
        pytest.param({"a": CUSTOMER[0] + LONG, "b": LONG + CUSTOMER[1]}, id="cells far from one another"),
        pytest.param(in_fields(["2024", "1177", "8822"]), id="numbers of neighbouring fields"),
        pytest.param(in_parts(["Good night", "in gales"]), id="a word of our own that is none"),
        pytest.param(in_parts(words_at_a_time(LONG, 5)), id="words of nobody"),
    ],
)
def test_neighbours_that_are_nothing_together_stay_nothing(engine, texts):
    report = engine.scan(Document.of(texts), deadline=60)
    assert report.complete
    assert report.findings == ()


def test_a_row_of_another_dataset_across_a_seam_is_named_beside_the_one_within(tmp_path):
    """A seam that touches a row seen whole is no reason to forget whose the other row is."""
    made = {
        name: write_rows([row], key=KEY, out=tmp_path / name) for name, row in (("claims", CUSTOMER), ("motor", OTHER))
    }
    rows = [{"id": n, "kind": "rows", "digest": m.digest, "folder": str(tmp_path / n)} for n, m in made.items()]
    engine = Engine.load(Ruleset.of({"version": 1, "detectors": {"datasets": {"rows": rows}}}), key=KEY)
    texts = {"a": f"{OTHER[0]} {' '.join(CUSTOMER)}", "b": OTHER[1]}
    found = engine.scan(Document.of(texts), deadline=60).findings
    assert {finding.subtype for finding in found} == {"claims", "motor"}


def test_nothing_is_read_below_its_neighbours_where_nothing_is_registered(tmp_path):
    empty = Ruleset.of({"version": 1, "detectors": {"source": {"registers": []}, "datasets": {"rows": []}}})
    document = Document.of(in_fields(CUSTOMER))
    assert not any(unit.lined for unit in Recall.of(document, ruleset=empty, key=KEY).units)


def test_every_way_of_reading_has_its_words_on_the_pages():
    from governance.detection.views import Kind
    from governance.web.building.connect import READINGS
    from governance.web.watching.ruleset_words import VIEWS

    assert set(READINGS) == {kind.value for kind in Kind}
    assert set(VIEWS) == set(Kind)
