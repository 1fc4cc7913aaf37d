"""The parts of the names model: words with their places, the gate that picks what is read, and the tags it gives. All names are invented."""

import os
import shutil

import pytest

from governance.core.errors import Unavailable
from governance.detection import threads
from governance.detection.detector import Budget, OutOfTime
from governance.detection.pii.codelike import may_name
from governance.detection.pii.gate import Gate, stretches_of
from governance.detection.pii.names import CUT, THRESHOLDS, is_read
from governance.detection.pii.sieve import Sieve
from governance.detection.pii.tagger import SIEVE, WEIGHTS, Tagger
from governance.detection.pii.words import Case, Vocabulary, case_of, words_of


@pytest.fixture(scope="module")
def tagger():
    return Tagger.load(THRESHOLDS)


@pytest.fixture(scope="module")
def gate():
    return Gate.load(WEIGHTS / "gate.npz", CUT)


@pytest.fixture(scope="module")
def sieve(tagger):
    return Sieve.load(WEIGHTS / SIEVE, tagger.vocabulary)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Dr. Baker met J. Smith in St. Louis. They left.\nThen?", id="titles and initials"),
        pytest.param("a" * 4100, id="one long word"),
        pytest.param("\n\n x \n", id="blank lines"),
        pytest.param("", id="nothing"),
        pytest.param("Zoë 李明 «Łódź» ﷺ e\u0301", id="other scripts and marks"),
    ],
)
def test_stretches_leave_nothing_out(text):
    places = list(stretches_of(text))
    assert "".join(text[start:end] for start, end in places) == text


@pytest.mark.parametrize(
    ("text", "read"),
    [
        pytest.param("met John Smith", True, id="English"),
        pytest.param("Żółć", True, id="Latin letters with marks"),
        pytest.param("اتصل ب John غدا", True, id="a name among other letters"),
        pytest.param("+49 30 901820 …", True, id="numbers and signs"),
        pytest.param("\ufdfa" * 9, False, id="Arabic"),
        pytest.param("私の名前は田中です", False, id="Japanese"),
    ],
)
def test_only_letters_that_the_model_knows_are_read(text, read):
    assert is_read(text) is read


def test_words_keep_their_places():
    text = "Anna-Lena's mail_box: 12b, 李明"
    assert [(text[word.start : word.end], word.form) for word in words_of(text)] == [
        (w.form, w.form) for w in words_of(text)
    ]
    assert [word.form for word in words_of(text)] == ["Anna", "-", "Lena", "'", "s", "mail", "_", "box", ":", "12b", ",", "李", "明"]  # fmt: skip


@pytest.mark.parametrize(
    ("form", "case"),
    [("word", Case.SMALL), ("Word", Case.TITLE), ("WORD", Case.CAPITALS), ("W", Case.INITIAL), ("iPhone", Case.MIXED), ("B2", Case.DIGITS), (",", Case.SIGN)],
)  # fmt: skip
def test_how_a_word_is_written(form, case):
    assert case_of(form) is case


def test_a_word_is_cut_into_the_longest_pieces():
    vocabulary = Vocabulary(["[UNK]", "[CLS]", "[SEP]", "re", "remit", "##t", "##able", "cafe"])
    assert vocabulary.pieces("Remittable") == (4, 5, 6)
    assert vocabulary.pieces("Café") == (7,)
    assert vocabulary.pieces("xyz") == vocabulary.pieces("a" * 101) == (0,)


def test_the_gate_passes_names_and_stops_most_of_plain_code(gate):
    text = "for row in rows:\n    total += row.amount * 2\n\n\n\n    return total\n"
    assert sum(len(part) for _, part in gate.blocks(text * 20)) < len(text * 20) / 2
    assert any(
        "Kowalski" in part for _, part in gate.blocks(text + "The order is for Maria Kowalski in Gdynia.\n" + text)
    )


@pytest.mark.parametrize(
    ("line", "may"),
    [
        ("def care_36(self, rows, *, limit=36):", False),
        ("2025-03-03T10:03:11.402Z INFO  c.e.tend.Worker - job b54b took 1482 ms", False),
        ("class UserName(models.Model): pass", False),
        ('owner = "Maria Kowalski"', True),
        ("{kunde: Kowalski, stadt: x}", True),
        ("(name) => JOHN SMITH", True),
        ('{"street": "12 rue de la paix"}', True),
        ("addr=12 main street;", True),
        ("x = load(y)  # of Jean-Luc O'Brien", True),
    ],
)
def test_which_lines_of_code_may_hold_a_name(line, may):
    assert may_name(line, 0, len(line)) is may


def test_logs_are_not_read_for_names_but_those_in_them_are(gate):
    log = "2025-03-11T10:14:03.402Z INFO  c.e.garden.Worker - job 000c3e1b took 802331 ms, index queue depth 3\n"
    said = "2025-03-11T10:14:04.000Z WARN  c.e.garden.Worker - no claim of Maria Kowalski in Gdynia;\n"
    assert not list(gate.blocks(log * 20))
    assert any("Maria Kowalski" in part for _, part in gate.blocks(log * 20 + said + log * 20))


def test_a_statement_is_not_read_beside_a_remark_but_a_tag_is(gate):
    def read(before):
        return "".join(
            part for _, part in gate.blocks(f"{before}\n    # asked by Maria Kowalski\n    return found(x)\n")
        )

    assert read("def place(self, rows, *, limit=2471):").strip() == "# asked by Maria Kowalski"
    assert "<customer>" in read("<customer>")
    assert "Anna Fischer" in read("def place(self, rows):  # for Anna Fischer")


PROSE = "The second draft is ready. Compare it with the first and say where the tone has changed. Nothing else is due. "


def test_the_sieve_keeps_who_is_named_and_drops_plain_prose_around(sieve):
    said = "The order is for Maria Kowalski in Gdynia. "
    read = [part for _, part in sieve.parts(PROSE * 3 + said + PROSE * 3)]
    assert sum(map(len, read)) < len(PROSE)
    assert any(said in part for part in read)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("yesterday anna fischer called from lyon\n", id="in small letters"),
        pytest.param("CUSTOMER: JOHN SMITH, LEEDS\n", id="in capitals"),
        pytest.param("12 Baker Street, London\n", id="an address"),
        pytest.param("| Okonkwo | Lagos |\n", id="cells of a table"),
        pytest.param("Thanks,\nInes\n", id="a signature"),
        pytest.param("assignee = 'Mara Jensen'\n", id="in code"),
    ],
)
def test_the_sieve_lets_through_who_is_named(sieve, text):
    assert "".join(part for _, part in sieve.parts(PROSE + text)).endswith(text)


def test_parts_of_the_sieve_are_pieces_of_the_block(sieve):
    block = (PROSE + "Maria Kowalski lives in Gdynia. ") * 5
    parts = list(sieve.parts(block))
    assert len(parts) == 5
    assert all(block[start : start + len(part)] == part for start, part in parts)


@pytest.mark.parametrize("block", [pytest.param("", id="nothing"), pytest.param(" \n\n ", id="blank lines")])
def test_where_no_word_is_the_sieve_lets_nothing_through(sieve, block):
    assert list(sieve.parts(block)) == []


def test_blocks_of_the_gate_are_pieces_of_the_text(gate):
    text = "Maria Kowalski lives in Gdynia. " * 200
    blocks = list(gate.blocks(text))
    assert all(text[start : start + len(part)] == part and len(part) <= 4000 for start, part in blocks)
    assert "".join(part for _, part in blocks) == text


def test_a_name_beyond_the_window_is_found_where_it_stands(tagger):
    text = "we looked at the numbers again and again , " * 40 + "and Maria Kowalski agreed ."
    tags = tagger.tags([text], Budget.of(30))[0]
    assert "Maria Kowalski" in {text[tag.start : tag.end] for tag in tags if tag.label == "PERSON"}


def test_many_texts_at_once_give_what_each_gives_alone(tagger):
    texts = ["Maria Kowalski called.", "", "Ship it to Gdynia, Poland, for John Smith." * 20, "x"]
    together = tagger.tags(texts, Budget.of(30))
    alone = [tagger.tags([text], Budget.of(30))[0] for text in texts]
    assert [[(t.label, t.start, t.end) for t in tags] for tags in together] == [
        [(t.label, t.start, t.end) for t in tags] for tags in alone
    ]


def test_short_parts_of_one_text_are_read_in_one_call_and_keep_their_places(tagger):
    parts = ["# asked by Maria Kowalski\n", "", "# then Gdynia\n", "Ship it to John Smith. " * 30, "# done\n"]
    calls = []

    class Counting:
        def run(self, *asked):
            calls.append(asked)
            return tagger._session.run(*asked)

    counting = Tagger(Counting(), tagger.vocabulary, THRESHOLDS)
    found = [
        {part[tag.start : tag.end] for tag in tags}
        for part, tags in zip(parts, counting.tags(parts, Budget.of(30), of=[0] * 5), strict=True)
    ]
    together, calls[:] = len(calls), []
    counting.tags(parts, Budget.of(30), of=[0, 1, 2, 3, 4])
    assert found == [{"Maria Kowalski"}, set(), {"Gdynia"}, {"John Smith"}, set()]
    assert together < len(calls)


def test_no_time_left_is_said_and_not_swallowed(tagger):
    with pytest.raises(OutOfTime):
        tagger.tags(["Maria Kowalski called."], Budget.of(-1))


def test_weights_that_were_changed_are_refused(tmp_path):
    for file in WEIGHTS.iterdir():
        shutil.copy(file, tmp_path)
    (tmp_path / "vocab.txt").write_text("[UNK]\n[CLS]\n[SEP]\n")
    with pytest.raises(Unavailable, match="not the one"):
        Tagger.load(THRESHOLDS, tmp_path)


def test_the_same_tags_with_the_same_probabilities_by_however_many_threads(tagger, monkeypatch):
    people = ("Maria Kowalski", "John Smith", "Zoë Keller", "Ahmed Nasser", "Ines Duarte")
    parts = [f"On day {number} {people[number % 5]} met Tom Brown {number} times in Berlin." for number in range(60)]
    told = []
    for cores in (1, 2, 4):
        threads._helpers_of.cache_clear()
        monkeypatch.setattr(os, "sched_getaffinity", lambda _process, cores=cores: range(cores))
        told.append(tagger.tags(parts, Budget.of(60)))
    threads._helpers_of.cache_clear()
    assert told[0] == told[1] == told[2]
    assert all(told[0])
