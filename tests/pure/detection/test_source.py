"""Registered source is recognised in a prompt, escaped or not, and traced to file and lines. The source is made here."""

import json
import keyword
import random
import re
import subprocess
import zipfile

import numpy as np
import pytest

from governance.core.errors import Unavailable
from governance.detection.document import Document
from governance.detection.engine import Engine
from governance.detection.fingerprints.arrays import write_arrays
from governance.detection.fingerprints.folders import sources, without_bundles
from governance.detection.fingerprints.keyed import HashKey
from governance.detection.fingerprints.public import installed_sources, open_public, write_public
from governance.detection.fingerprints.register import digest_of, index, open_register
from governance.detection.fingerprints.tokens import code_of, quiet_of, tokens_of, word_hash
from governance.detection.fingerprints.winnow import EXACT, RENAMED, Unusual
from governance.detection.fingerprints.wordings import is_an_address
from governance.detection.ruleset import Ruleset

KEY = b"a key made for the tests, 32 by."
WORDS = [
    "ledger",
    "invoice",
    "route",
    "depot",
    "carrier",
    "tariff",
    "pallet",
    "window",
    "shift",
    "driver",
    "rate",
    "total",
    "limit",
    "stock",
    "batch",
    "claim",
]


SHAPES = [
    "    {0}_{1} = self.{2}.{3}({n}, {4}[{m}])",
    "    if {0} > {n} and {1} is not {2}: {3}({4}, {0})",
    "    for {0} in {1}({2}, {n}): {3}.{4} += {0}",
    "    return {0}({1}={2}, {3}={4}[{1}:{n}])",
    "    with {0}({1}) as {2}, {3}.{1}({n}): {4}.append({2})",
    "    {0}[{1}] = {2} if {3} else {4} - {n}",
    "    assert {0}.{1}({2}) == [{3}, {4}, {n}, {m}]",
    "    {0}, {1} = {2}.{3}[{n}], {4}({0} * {m})",
]


def made_source(seed, lines=120):
    """Return code nobody wrote: shapes, names and numbers from a seeded choice."""
    pick = random.Random(seed)
    body = [
        pick.choice(SHAPES).format(*pick.choices(WORDS, k=5), n=pick.randint(2, 999), m=pick.randint(0, 99))
        for _ in range(lines)
    ]
    return "\n".join([f"def {pick.choice(WORDS)}_{seed}(self):", *body]) + "\n"


def indexed(*roots, out, **options):
    return index(sources(roots, key=HashKey.of(KEY)), key=KEY, out=out, **options)


def engine_of(*registers):
    return Engine.load(Ruleset.of({"version": 1, "detectors": {"source": {"registers": list(registers)}}}), key=KEY)


@pytest.fixture
def register(tmp_path):
    folder = tmp_path / "ours"
    folder.mkdir()
    for seed in range(3):
        (folder / f"module_{seed}.py").write_text(made_source(seed))
    digest = indexed(folder, out=tmp_path / "register").digest
    return {"id": "ours", "kind": "source", "digest": digest, "folder": str(tmp_path / "register")}


@pytest.fixture
def found(register):
    engine = engine_of(register)

    def look(text):
        report = engine.scan(Document.of({"text": text}), deadline=30)
        assert report.complete
        return report.findings

    return look


@pytest.mark.parametrize(
    ("layer", "tokens", "words", "threes", "telling"),
    [
        pytest.param(EXACT, 20, Unusual(7, 0), 0, True, id="a short passage full of words"),
        pytest.param(EXACT, 18, Unusual(4, 3), 0, True, id="a short passage of long words"),
        pytest.param(EXACT, 17, Unusual(20, 20), 0, False, id="shorter than any passage"),
        pytest.param(EXACT, 24, Unusual(5, 0), 0, False, id="a short passage of few words"),
        pytest.param(EXACT, 90, Unusual(2, 2), 0, False, id="a long passage of next to no words"),
        pytest.param(RENAMED, 34, Unusual(4, 0), 37, True, id="a varied shape with few words"),
        pytest.param(RENAMED, 34, Unusual(4, 0), 36, False, id="a shape that is not varied enough for so few words"),
        pytest.param(RENAMED, 54, Unusual(18, 0), 18, True, id="a plain shape, long and full of words"),
        pytest.param(RENAMED, 90, Unusual(40, 0), 17, False, id="a shape that repeats itself, however long"),
    ],
)
def test_tokens_words_and_shape_weigh_together(layer, tokens, words, threes, telling):
    assert layer.is_telling(tokens, words, threes) is telling


def some_lines(seed, first, count):
    return "\n".join(made_source(seed).splitlines()[first - 1 : first - 1 + count])


def test_ten_lines_are_traced_to_their_file_and_lines(found):
    copied = some_lines(1, 40, 10)
    text = f"Please explain this code:\n{copied}\nThanks"
    (finding,) = found(text)
    register, name, lines = finding.subtype.split(":")
    first, last = map(int, lines.split("-"))
    assert (register, name) == ("ours", "module_1.py")
    covered = text[finding.start : finding.end]
    assert covered in copied
    assert last - first == covered.count("\n")
    assert covered.splitlines()[-1] in made_source(1).splitlines()[last - 1]


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(json.dumps, id="escaped as JSON"),
        pytest.param(str.upper, id="in capitals"),
        pytest.param(lambda text: text.replace("    ", "\t"), id="indented otherwise"),
        pytest.param(lambda text: text.replace("\n", "  # a remark\n"), id="with comments added"),
        pytest.param(lambda text: "é" * 50 + text, id="behind letters of two bytes"),
    ],
)
def test_a_changed_form_is_still_recognised(found, change):
    assert found(change(some_lines(2, 10, 20)))


ENDS_OF_LINES = """
    row["\\d+\\t"] = pallet.window(
        carrier,
        tariff,
        "depot",
    )
    invoice = ledger[
        stock,
        "\\"limit\\"",
    ]
"""


@pytest.mark.parametrize(
    ("quote", "depth"),
    [
        pytest.param(lambda code: json.dumps({"é😀\n\n": "a", "code": code}), 1, id="in JSON"),
        pytest.param(lambda code: json.dumps(json.dumps({"code": code})), 2, id="in JSON in JSON"),
        pytest.param(lambda code: json.dumps({"code": code})[9:-9], 1, id="in a part of JSON"),
        pytest.param(lambda code: f'{{"a": "b\\n\\nc"}}\n{{}}\n{json.dumps([code])}\n', 1, id="in JSON lines"),
    ],
)
def test_every_sign_of_quoted_code_counts(tmp_path, quote, depth):
    (tmp_path / "shelf.py").write_text(ENDS_OF_LINES)
    digest = indexed(tmp_path / "shelf.py", out=tmp_path / "register").digest
    entry = {"id": "ours", "kind": "source", "digest": digest, "folder": str(tmp_path / "register")}
    text = f"What is this?\n{quote(ENDS_OF_LINES)}\nThanks"
    (finding,) = engine_of(entry).scan(Document.of({"text": text}), deadline=30).findings
    assert finding.subtype.startswith("ours:shelf.py:2-")
    read = text[finding.start : finding.end]
    for _ in range(depth):
        read = json.loads(f'"{read}"')
    assert len(read) > len(ENDS_OF_LINES) / 2
    assert read in ENDS_OF_LINES


LICENCE = """\
# Permission is hereby granted, free of charge, to any person
# obtaining a copy of this software and associated documentation
# files (the "Software"), to deal in the Software without restriction,
# including without limitation the rights to use, copy, modify, merge,
# publish, distribute, sublicense, and/or sell copies of the Software.
"""


def test_the_licence_at_the_head_of_a_file_is_nobodys(tmp_path):
    (tmp_path / "depot.py").write_text(LICENCE + made_source(5))
    digest = indexed(tmp_path / "depot.py", out=tmp_path / "register").digest
    entry = {"id": "ours", "kind": "source", "digest": digest, "folder": str(tmp_path / "register")}
    scan = engine_of(entry).scan
    assert not scan(Document.of({"text": LICENCE}), deadline=30).findings
    assert scan(Document.of({"text": LICENCE + made_source(5)}), deadline=30).findings


REMARK = '"""Ledger of the pallets that a depot lends to its carriers."""'
LISTED = '["PalletRate", "TariffList", "DepotClaim", "ShiftBoard", "RouteWindow"]'


@pytest.mark.parametrize(
    ("text", "known"),
    [
        pytest.param(f"{REMARK}\n\nfrom qxu import wzr\n\nvbn = {LISTED}\n", True, id="both at their lines"),
        pytest.param(f"from qxu import wzr\n\nvbn = {LISTED}\n", False, id="names in quotes alone"),
        pytest.param(f"{REMARK}\n\nfrom qxu import wzr\n", False, id="a remark alone"),
        pytest.param(REMARK + "\n" * 40 + f"vbn = {LISTED}\n", False, id="both, in other places"),
    ],
)
def test_names_in_quotes_and_a_remark_count_together_at_the_same_lines(tmp_path, text, known):
    (tmp_path / "depot.py").write_text(f"{REMARK}\n\nfrom depot import ledger\n\n__all__ = {LISTED}\n")
    digest = indexed(tmp_path / "depot.py", out=tmp_path / "register").digest
    entry = {"id": "ours", "kind": "source", "digest": digest, "folder": str(tmp_path / "register")}
    report = engine_of(entry).scan(Document.of({"text": text}), deadline=30)
    assert bool(report.findings) is known
    for finding in report.findings:
        assert finding.subtype == "ours:depot.py:1-5"


BROWSER = (
    '"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{}.0.0.0 Safari/537.36"'
)


def test_what_a_browser_calls_itself_is_nobodys(tmp_path):
    headers = 'HEADERS = {"User-Agent": ' + BROWSER.format(90) + "}\n"
    (tmp_path / "depot.py").write_text(headers + made_source(5))
    digest = indexed(tmp_path / "depot.py", out=tmp_path / "register").digest
    entry = {"id": "ours", "kind": "source", "digest": digest, "folder": str(tmp_path / "register")}
    scan = engine_of(entry).scan
    assert not scan(Document.of({"text": f"agent = {BROWSER.format(117)}"}), deadline=30).findings
    assert scan(Document.of({"text": headers + made_source(5)}), deadline=30).findings


PAGE = "https://docs.example.org/3/library/logging.config.html?version=3&section=configuration-file-format#levels-of-handlers"


@pytest.mark.parametrize(
    ("text", "known"),
    [
        pytest.param(f"Please read {PAGE} and tell me what it says.", False, id="in a question"),
        pytest.param(f"# see {PAGE}\ndef other(values):\n    return sorted(values)\n", False, id="in other code"),
        pytest.param(f"{PAGE}\n{PAGE}\n", False, id="twice"),
        pytest.param(f"    # {PAGE}\n    rates = tariff.of_depot(pallet, window, shift_board)\n    stock = ledger.claims(rates, batch, driver)\n", True, id="with the code below it"),
        pytest.param("https://rates = tariff.of_depot(pallet, window, shift_board)\n    stock = ledger.claims(rates, batch, driver)\n", True, id="code behind a scheme"),
    ],
)  # fmt: skip
def test_the_address_of_a_page_is_nobodys(tmp_path, text, known):
    body = f"    # {PAGE}\n    rates = tariff.of_depot(pallet, window, shift_board)\n    stock = ledger.claims(rates, batch, driver)\n"
    (tmp_path / "depot.py").write_text(f"def settle(pallet):\n{body}" + made_source(5))
    digest = indexed(tmp_path / "depot.py", out=tmp_path / "register").digest
    entry = {"id": "ours", "kind": "source", "digest": digest, "folder": str(tmp_path / "register")}
    assert bool(engine_of(entry).scan(Document.of({"text": text}), deadline=30).findings) is known


def test_a_list_of_addresses_takes_time_that_grows_with_the_text():
    """Half a minute, where each word was looked for in each of the addresses."""
    listed = b"\n".join(b"https://docs.example.org/%d/page.html" % number for number in range(60_000))
    assert is_an_address(listed, 0, len(listed))
    assert is_an_address(listed, len(listed) - 20, len(listed))
    assert not is_an_address(listed + b" one two three four five six seven eight", 0, len(listed) + 40)


@pytest.mark.parametrize(
    ("name", "registered"),
    [
        ("LICENSE.txt", False),
        ("sub/ThirdPartyNotices.txt", False),
        ("COPYING", False),
        ("license.py", True),
        ("notice_board.py", True),
    ],
)
def test_licences_and_notices_are_not_registered(tmp_path, name, registered):
    (tmp_path / "sub").mkdir()
    (tmp_path / name).write_text(made_source(6))
    assert bool(list(sources([tmp_path], key=HashKey.of(KEY)))) == registered


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(made_source(77), id="other code of the same kind"),
        pytest.param("0, 0, 0, 0, 0, 0, " * 200, id="a table of zeros"),
        pytest.param("Could you explain what a pallet window is?", id="a question"),
        pytest.param("", id="nothing"),
    ],
)
def test_what_is_not_registered_is_not_ours(found, text):
    assert list(found(text)) == []


def renamed(text):
    """Give every word but those of the language another name."""
    names = {}
    return re.sub(
        r"(?<![\w\"])[a-z_]\w*",
        lambda m: m[0] if keyword.iskeyword(m[0]) else names.setdefault(m[0], f"n{len(names)}x"),
        text,
    )


def test_code_with_other_names_is_still_recognised(found):
    changed = renamed(some_lines(2, 10, 40))
    assert not any(word in changed for word in WORDS)
    assert any(finding.subtype.startswith("ours:module_2.py:") for finding in found(changed))


SAYING = """\
def dispatch(carrier, pallet):
    # Pallets of the night shift wait until the border opens.
    if pallet.late: raise Refused("This pallet missed its window at the depot.")
    return carrier.take(pallet)
"""


RENAMED_SAYING = """\
def f1(a, b):
    # Pallets of the night shift wait until the border opens.
    if b.v2: raise E7("This pallet missed its window at the depot.")
    return a.m3(b)
"""


@pytest.mark.parametrize(
    ("text", "known"),
    [
        pytest.param(RENAMED_SAYING, True, id="its texts and remarks"),
        pytest.param(RENAMED_SAYING.replace("missed its", "came by"), False, id="not one of them alone"),
        pytest.param(RENAMED_SAYING.replace("    if", "\n" * 9 + "    if"), False, id="not in other places"),
    ],
)
def test_code_with_other_names_is_known_by_what_it_says(tmp_path, text, known):
    (tmp_path / "dispatch.py").write_text(SAYING)
    made = indexed(tmp_path / "dispatch.py", out=tmp_path / "saying")
    engine = engine_of({"id": "x", "kind": "source", "digest": made.digest, "folder": str(tmp_path / "saying")})
    assert bool(engine.scan(Document.of({"": text}), deadline=30).findings) is known


NOTED = """\
def {0}({1}, {2}):
    if not {1}: return {5}[0]
    {3} = {1}.{4}({6}, 7)
    # {7}
    return {3} + {2}[{1}]
"""
OWN_NAMES = ("dispatch", "carrier", "pallet", "rate", "tariff", "stamp", "seals")
OTHER_NAMES = ("handle", "aa1", "bb2", "cc3", "dd4", "ee5", "ff6")
NOTE = "Night shifts of the border depot cost twice as much."
OTHER_NOTE = "Numbers are added up here, in the order of their size."


@pytest.mark.parametrize(
    ("text", "known"),
    [
        pytest.param(NOTED.format(*OTHER_NAMES, NOTE), True, id="other names, the same remark"),
        pytest.param(NOTED.format(*OTHER_NAMES, OTHER_NOTE), False, id="other names, another remark"),
        pytest.param(f"    # {NOTE}\n    return 7\n", False, id="the remark alone"),
        pytest.param(NOTED.format(*OTHER_NAMES, "\n" * 9 + "# " + NOTE), False, id="the remark far from its place"),
    ],
)
def test_renamed_code_and_what_it_says_count_together(tmp_path, text, known):
    (tmp_path / "noted.py").write_text(NOTED.format(*OWN_NAMES, NOTE))
    made = indexed(tmp_path / "noted.py", out=tmp_path / "notes")
    engine = engine_of({"id": "x", "kind": "source", "digest": made.digest, "folder": str(tmp_path / "notes")})
    assert bool(engine.scan(Document.of({"": text}), deadline=30).findings) is known


def test_what_stands_between_two_common_lines_does_not_count_for_them(tmp_path):
    rows = ["[[1, 2, 3], [4, 5, 6], [7, 8, 9]], value", "[[9, 8, 7], [6, 5, 4], [3, 2, 1]], value"]
    (tmp_path / "rows.py").write_text("first = " + "\nsecond = ".join(rows))
    made = indexed(tmp_path / "rows.py", out=tmp_path / "tables")
    engine = engine_of({"id": "x", "kind": "source", "digest": made.digest, "folder": str(tmp_path / "tables")})
    strangers = "border = " + "\ncustoms, stamps, seals, drivers, permits, queues = ".join(rows)
    assert engine.scan(Document.of({"": strangers}), deadline=30).findings == ()


def test_an_excerpt_that_begins_within_a_remark_is_known_with_other_names(tmp_path):
    body = made_source(31, lines=40)
    head, _, tail = body.partition("\n")
    text = f'"""Nothing.\n\nOf anybody.\n"""\n{head}\n    """More."""\n{tail}'
    (tmp_path / "begun.py").write_text(text)
    made = indexed(tmp_path / "begun.py", out=tmp_path / "begun")
    engine = engine_of({"id": "x", "kind": "source", "digest": made.digest, "folder": str(tmp_path / "begun")})
    excerpt = "Of anybody.\n" + renamed(text.partition("Of anybody.\n")[2])
    assert engine.scan(Document.of({"": excerpt + "# filled\n" * 9000}), deadline=30).findings


COMPARISON = """\
    def __init__(self, {0}: str, {1}: int) -> None:
        self.{0} = {0}
        self.{1} = {1}

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, {2}):
            return NotImplemented
        return self.{0} == other.{0} and self.{1} == other.{1}

    def __hash__(self) -> int:
        return hash((self.{0}, self.{1}))
"""


def test_what_everybody_writes_in_a_class_is_nobodys(tmp_path):
    (tmp_path / "depot.py").write_text(COMPARISON.format("route", "pallet", "Shipment"))
    made = indexed(tmp_path / "depot.py", out=tmp_path / "classes")
    engine = engine_of({"id": "x", "kind": "source", "digest": made.digest, "folder": str(tmp_path / "classes")})
    strangers = COMPARISON.format("author", "pages", "Book")
    assert engine.scan(Document.of({"": strangers}), deadline=30).findings == ()


ACCESSORS = {
    "properties": """\
    @property
    def {0}(self):
        \"\"\"Return it.\"\"\"
        return self._{0}

    @{0}.setter
    def {0}(self, {0}):
        \"\"\"Set it.\"\"\"
        self._{0} = {0}

""",
    "properties with types": """\
    @property
    def {0}(self) -> Kind:
        return self._{0}

    @{0}.setter
    def {0}(self, value: Kind) -> None:
        if value is None:
            raise ValueError("missing")
        self._{0} = value

""",
    "properties that pass on, each of a type of its own": """\
    @property
    def {0}(self) -> {0}_kind:
        return self.inside.{0}

    @{0}.setter
    def {0}(self, value: {0}_kind) -> None:
        self.inside.{0} = value

""",
    "Java": """\
    public Kind get{0}() {{ return this.{0}; }}
    public void set{0}(Kind {0}) {{ this.{0} = {0}; }}
""",
}


@pytest.mark.parametrize("kind", ACCESSORS)
@pytest.mark.parametrize(
    ("made_known", "known"), [("", False), (made_source(3, lines=12), True)], ids=["alone", "with code"]
)
def test_accessors_in_a_row_are_nobodys_and_the_code_beside_them_is_ours(tmp_path, kind, made_known, known):
    ours, strangers = (
        "".join(map(ACCESSORS[kind].format, names)) + made_known
        for names in (("route", "pallet", "depot", "carrier"), ("author", "pages", "title", "shelf"))
    )
    (tmp_path / "depot.py").write_text(ours)
    made = indexed(tmp_path / "depot.py", out=tmp_path / "accessors")
    engine = engine_of({"id": "x", "kind": "source", "digest": made.digest, "folder": str(tmp_path / "accessors")})
    assert bool(engine.scan(Document.of({"": strangers}), deadline=30).findings) is known


def test_words_have_the_hashes_that_registers_hold():
    """Registers made before would know nothing of a text whose words hash otherwise: then FORM must change."""
    assert word_hash("ledger") == 8060576279804879173
    assert word_hash("x" * 70) == 931089464408062010
    assert tokens_of(b"  a_1 +").hashes.tolist() == [16243608030998797038, 18098828467231111927]


@pytest.mark.parametrize("seam", ["word ", "wörter", "x" * 40_000, ":", "\n"])
def test_a_long_text_has_the_tokens_of_its_parts(seam):
    raw = (made_source(1, lines=400) + seam * 3 + made_source(2, lines=400)).encode()
    tokens = tokens_of(raw)
    said = [raw[start:end] for start, end in zip(tokens.starts, tokens.ends, strict=True)]
    assert said == re.findall(rb"[A-Za-z0-9_\x7f-\xff]+|[^\sA-Za-z0-9_\x7f-\xff]", raw)
    assert tokens.hashes.tolist() == [word_hash(each.decode()) for each in said]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        pytest.param('a = f"b" # c', "a = f0", id="a letter before a text is one word with it"),
        pytest.param('"a""b" \'c\'', "0 0 0", id="texts side by side"),
        pytest.param('x = """a "b"\n \\""" c\n"""\ny', "x = 0 y", id="a block with quotes and escapes"),
        pytest.param("import a\n  from b import c\nimported", "imported", id="imports"),
        pytest.param("/* a ** b */ c // d\n * e\n-- f\ng", "c g", id="remarks of other languages"),
        pytest.param("it's\nb", "it's b", id="an apostrophe opens nothing beyond its line"),
        pytest.param('"""open\n', '0 "open', id="a block without an end"),
        pytest.param('9"a"', "90", id="a text behind a number"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_code_alone_is_the_text_without_what_is_said(text, code):
    raw = text.encode()
    seen = code_of(raw, tokens_of(raw), quiet_of(raw))
    wanted = tokens_of(code.encode())
    assert (seen.hashes.tolist(), seen.kinds.tolist()) == (wanted.hashes.tolist(), wanted.kinds.tolist())


def test_a_list_of_like_lines_with_other_names_is_nobodys(found, tmp_path):
    (tmp_path / "list.py").write_text("\n".join(f"from .part_{n} import Part{n} as Part{n}" for n in range(60)))
    made = indexed(tmp_path / "list.py", out=tmp_path / "lists")
    engine = engine_of({"id": "x", "kind": "source", "digest": made.digest, "folder": str(tmp_path / "lists")})
    other = "\n".join(f"from .other_{n} import Other{n} as Other{n}" for n in range(60))
    assert engine.scan(Document.of({"": other}), deadline=30).findings == ()


def test_the_same_sources_make_the_same_register(tmp_path):
    (tmp_path / "a.py").write_text(made_source(5))
    made = [indexed(tmp_path / "a.py", out=tmp_path / out).digest for out in ("one", "two")]
    assert made[0] == made[1]


@pytest.fixture
def many(tmp_path):
    """Nine files of one text and one of another, registered."""
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(9):
        (folder / f"copy_{number}.py").write_text(made_source(5))
    (folder / "other.py").write_text(made_source(6))
    indexed(folder, out=tmp_path / "common")
    return folder


def traced(tmp_path, text):
    """Return the files that the register `common` traces the text to."""
    entry = {"id": "x", "kind": "source", "digest": digest_of(tmp_path / "common"), "folder": str(tmp_path / "common")}
    found = engine_of(entry).scan(Document.of({"": text}), deadline=30).findings
    return {finding.subtype.split(":")[1] for finding in found}


def test_what_stands_in_many_files_is_traced_to_one_of_them(tmp_path, many):
    assert traced(tmp_path, made_source(5)) == {"copy_0.py"}


@pytest.mark.parametrize("gone", [["copy_0.py"], ["copy_8.py"]], ids=["the first", "the last"])
def test_what_stands_in_many_files_is_known_when_one_is_gone(tmp_path, many, gone):
    for name in gone:
        (many / name).unlink()
    assert indexed(many, out=tmp_path / "common").read == 0
    assert traced(tmp_path, made_source(5)) == {"copy_8.py" if gone == ["copy_0.py"] else "copy_0.py"}


def test_what_many_parts_hold_together_is_known_too(tmp_path, many):
    for number in range(9):
        (many / f"later_{number}.py").write_text(made_source(6))
    indexed(many, out=tmp_path / "common")
    assert traced(tmp_path, made_source(6)) == {"later_8.py"}


def test_a_register_holds_no_word_of_the_source(register, tmp_path):
    raw = b"".join(path.read_bytes() for path in (tmp_path / "register").iterdir())
    assert not any(word.encode() in raw for word in WORDS)


def test_only_what_changed_is_read_again(tmp_path, register):
    folder = tmp_path / "ours"
    (folder / "module_1.py").write_text(made_source(41))
    made = indexed(folder, out=tmp_path / "register")
    assert (made.read, made.files) == (1, 3)
    engine = engine_of({**register, "digest": made.digest})
    seen = [bool(engine.scan(Document.of({"": made_source(n)}), deadline=30).findings) for n in (0, 1, 2, 41)]
    assert seen == [True, False, True, True]


def git(folder, *arguments):
    identity = ["-c", "user.name=Synthetic", "-c", "user.email=nobody@example.com"]
    subprocess.run(["git", *identity, "-C", str(folder), *arguments], check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path):
    folder = tmp_path / "repository"
    (folder / "vendor").mkdir(parents=True)
    git(folder, "init", "-q", "-b", "main")
    (folder / "kept.py").write_text(made_source(11))
    (folder / "vendor" / "foreign.py").write_text(made_source(12))
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "first")
    return folder


def names(out):
    return open_register(out, name="x", key=KEY).names


def test_a_repository_is_what_its_commit_holds(tmp_path, repository):
    (repository / "not_committed.py").write_text(made_source(13))
    indexed(repository, out=tmp_path / "register")
    assert names(tmp_path / "register") == ("kept.py",)


def test_a_bundle_is_indexed_like_its_repository(tmp_path, repository):
    git(repository, "bundle", "create", str(tmp_path / "ours.bundle"), "HEAD", "main")
    direct = indexed(repository, out=tmp_path / "one").digest
    with without_bundles([tmp_path / "ours.bundle"]) as roots:
        assert indexed(*roots, out=tmp_path / "two").digest == direct


def test_a_new_commit_costs_its_difference(tmp_path, repository):
    indexed(repository, out=tmp_path / "register")
    (repository / "later.py").write_text(made_source(14))
    git(repository, "add", ".")
    git(repository, "commit", "-q", "-m", "second")
    assert indexed(repository, out=tmp_path / "register").read == 1


@pytest.mark.parametrize("name", ["minutes.docx", "minutes.html", "minutes.md"])
def test_a_document_is_known_by_its_words(tmp_path, name):
    text = " ".join(made_source(21, lines=40).replace("_", " ").split())
    folder = tmp_path / "papers"
    folder.mkdir()
    if name.endswith(".docx"):
        space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
        with zipfile.ZipFile(folder / name, "w") as archive:
            archive.writestr(
                "word/document.xml",
                f'<w:document xmlns:w="{space}"><w:body><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:body></w:document>',
            )
    else:
        (folder / name).write_text(f"<html><script>{made_source(22)}</script><p>{text}</p>" if "html" in name else text)
    made = indexed(folder, out=tmp_path / "register")
    engine = engine_of({"id": "x", "kind": "source", "digest": made.digest, "folder": str(tmp_path / "register")})
    (finding,) = engine.scan(Document.of({"": f"Please shorten: {text[:900]}"}), deadline=30).findings
    assert finding.subtype.startswith(f"x:{name}:")


def test_text_that_anybody_may_have_is_no_leak(tmp_path, register):
    folder = tmp_path / "public"
    raw = made_source(1).encode()
    digest = write_public([raw], size=len(raw), out=folder)
    engine = engine_of(register, {"id": "open", "kind": "public", "digest": digest, "folder": str(folder)})
    seen = [bool(engine.scan(Document.of({"": made_source(n)}), deadline=30).findings) for n in (1, 2)]
    assert seen == [False, True]


def test_public_text_beside_ones_own_is_not_registered(tmp_path, register):
    raw = made_source(1).encode()
    write_public([raw], size=len(raw), out=tmp_path / "public")
    made = indexed(tmp_path / "ours", out=tmp_path / "filtered", public=open_public(tmp_path / "public"))
    engine = engine_of({"id": "x", "kind": "source", "digest": made.digest, "folder": str(tmp_path / "filtered")})
    seen = [bool(engine.scan(Document.of({"": made_source(n)}), deadline=30).findings) for n in (1, 2)]
    assert (seen, made.as_they_are) == ([False, True], ())


def test_a_public_package_that_somebody_registers_is_theirs(tmp_path, register):
    raws = [made_source(n).encode() for n in range(3)]
    write_public(raws, size=sum(map(len, raws)), out=tmp_path / "public")
    made = indexed(tmp_path / "ours", out=tmp_path / "whole", public=open_public(tmp_path / "public"))
    assert made.as_they_are == ("",)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        pytest.param(
            lambda entry: {**entry, "digest": "0" * 64}, "register_changed", id="not the bytes the ruleset names"
        ),
        pytest.param(lambda entry: {**entry, "folder": entry["folder"] + "x"}, "register_missing", id="not there"),
    ],
)
def test_a_wrong_register_stops_the_engine(register, change, code):
    with pytest.raises(Unavailable) as refusal:
        engine_of(change(register))
    assert refusal.value.code == code


@pytest.fixture
def of_before(register, tmp_path):
    """The register as an earlier version of Remit left it."""
    said = json.loads((tmp_path / "register" / "register.json").read_text())
    (tmp_path / "register" / "register.json").write_text(json.dumps({**said, "format": 2}))
    return {**register, "digest": digest_of(tmp_path / "register")}


def test_a_register_of_another_version_is_refused_and_not_silently_empty(of_before):
    with pytest.raises(Unavailable) as refusal:
        engine_of(of_before)
    assert (refusal.value.code, refusal.value.remedy) == ("register_version", "Index it again.")


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda _: [1], id="a list"),
        pytest.param(lambda said: {**said, "key": None}, id="no key"),
        pytest.param(lambda said: {name: said[name] for name in said if name != "segments"}, id="no segments"),
        pytest.param(lambda said: {**said, "segments": [{"sha256": 7, "dead": []}]}, id="a segment of no name"),
        pytest.param(lambda said: {**said, "segments": ["x"]}, id="a segment of no form"),
    ],
)
def test_a_damaged_register_stops_the_engine_and_is_made_anew(register, tmp_path, change):
    file = tmp_path / "register" / "register.json"
    whole = file.read_text()
    file.write_text(json.dumps(change(json.loads(whole))))
    with pytest.raises(Unavailable) as refusal:
        engine_of({**register, "digest": digest_of(tmp_path / "register")})
    assert refusal.value.code == "register_changed"
    indexed(tmp_path / "ours", out=tmp_path / "register")
    assert file.read_text() == whole


def test_a_list_of_public_text_of_another_version_is_refused(tmp_path):
    write_arrays(tmp_path / "public.bin", {"kind": "public"}, {"bits": np.zeros(8, dtype=np.uint8)})
    with pytest.raises(Unavailable) as refusal:
        open_public(tmp_path)
    assert refusal.value.code == "register_version"


def test_a_register_of_another_version_is_made_anew(of_before, tmp_path):
    made = indexed(tmp_path / "ours", out=tmp_path / "register")
    assert (made.read, made.files) == (3, 3)
    assert engine_of({**of_before, "digest": made.digest}).canary() == ()


def test_a_register_under_another_key_is_refused_and_not_silently_empty(register):
    with pytest.raises(Unavailable) as refusal:
        Engine.load(
            Ruleset.of({"version": 1, "detectors": {"source": {"registers": [register]}}}),
            key=b"another key, also made for tests",
        )
    assert refusal.value.code == "register_key"


def test_stubs_are_public_text_as_the_library_is():
    kinds = {path.suffix for path in installed_sources()}
    assert {".py", ".pyi"} <= kinds
