"""Files of records: nothing in them is overlooked, and a form is taken apart in one way or not at all."""

import asyncio
import json
from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace
from uuid import UUID

import pytest

import census
import prompt_samples as samples
from governance.core.errors import Invalid
from governance.detection.document import Document, Segment
from governance.gateway.batches import Charge, corrections
from governance.gateway.dialects.anthropic.batches import TAKE as ANTHROPIC_TAKE
from governance.gateway.dialects.batches import plain_only
from governance.gateway.dialects.multipart import MULTIPART, FormReader, parts_of, written_as
from governance.gateway.dialects.openai.batches import CALLS, OF_ANSWERS, OF_BATCHES, START, UPLOAD
from governance.gateway.dialects.openai.batches import TAKE as OPENAI_TAKE
from governance.gateway.limits import Limit, LimitKind, LimitScope, Period, Price, Taking, Use
from governance.gateway.portions import PORTION, ask_in_portions, portions_of


def told(**usage):
    return {"response": {"body": {"usage": usage}}}


NUMBER = "01a217e5e45974939e9826f8e1ae21fe"
FORM = 'multipart/form-data; boundary="b"'


@pytest.mark.parametrize("url", CALLS)
def test_each_text_of_each_record_of_a_file_is_scanned(url):
    record = {"custom_id": census.canary_number(0xFFFFF), "method": "POST", "url": url}
    tree = {"requests": [{**record, "body": census.body(CALLS[url].name, 0)}]}
    prompt, _ = census.taken(UPLOAD, tree)
    assert census.unscanned(prompt) == set()
    assert census.canary_number(0xFFFFF) in prompt.body.decode()


def test_the_tools_of_every_record_are_asked_about():
    tool = {"type": "function", "function": {"name": "weather"}}
    call = {"model": "m", "messages": [{"role": "user", "content": "x"}], "tools": [tool]}
    record = {"custom_id": "one", "method": "POST", "url": "/v1/chat/completions", "body": call}
    (declared,) = UPLOAD.declares({"requests": [record]})
    assert (declared.name, declared.place.startswith("requests[0].body.tools[0]")) == ("weather", True)


def test_each_text_about_a_batch_is_scanned():
    told = {"endpoint": "/v1/responses", "completion_window": "24h", "metadata": {census.canary_number(1): "x"}}
    prompt, cuts = census.taken(START, {"input_file_id": "file-1", **told})
    assert (census.unscanned(prompt), cuts) == (set(), [])


@pytest.mark.parametrize(
    ("form", "own_id", "known"),
    [
        pytest.param(OF_BATCHES, f"batch_{NUMBER}", True, id="a batch"),
        pytest.param(OF_BATCHES, f"batch_{NUMBER.upper()}", False, id="written otherwise"),
        pytest.param(OF_BATCHES, f"file-{NUMBER}", False, id="a file"),
        pytest.param(OF_BATCHES, "batch_", False, id="no number"),
        pytest.param(OF_BATCHES, "batch_provider-says", False, id="the provider's"),
        pytest.param(OF_ANSWERS, f"file-{NUMBER}-output", True, id="answers"),
        pytest.param(OF_ANSWERS, f"file-{NUMBER}", False, id="not the answers"),
    ],
)
def test_only_ids_of_ours_lead_anywhere(form, own_id, known):
    assert (form.number_of(own_id) is not None) is known


def test_of_a_status_no_text_is_kept():
    assert plain_only({"status": "failed", "errors": [{"message": "x"}], "why it": 1, "n": 2, "m": "a b"}) == {
        "status": "failed",
        "errors": None,
        "n": 2,
        "m": None,
    }


def test_a_form_that_was_written_is_read_as_it_was():
    file = b'{"a":"\\r\\n--remit"}\n{"b":1}\n'
    assert parts_of(written_as({"purpose": b"batch"}, file=file, name="x"), MULTIPART) == {
        "purpose": b"batch",
        "file": file,
    }


@pytest.mark.parametrize("size", [1, 2, 3, 7, 64])
def test_a_form_is_read_alike_however_it_arrives(size):
    file = b'{"a":"\\r\\n--remit"}\r\n-\r\n--\n{"b":1}\n'
    raw = written_as({"purpose": b"fine-tune"}, file=file, name="x")
    reader, parts = FormReader(MULTIPART), {}
    for at in range(0, len(raw), size):
        for piece in reader.feed(raw[at : at + size]):
            parts[piece.name] = parts.get(piece.name, b"") + piece.content
    reader.close()
    assert parts == {"purpose": b"fine-tune", "file": file}


def part(name, content, more=""):
    return f"--b\r\nContent-Disposition: form-data; {name}{more}\r\n\r\n{content}\r\n".encode()


@pytest.mark.parametrize(
    ("media_type", "raw", "code"),
    [
        pytest.param("application/json", b"{}", "not_a_form", id="no form"),
        pytest.param(FORM, b"", "form_broken", id="nothing"),
        pytest.param(FORM, part('name="a"', "1"), "form_broken", id="cut off"),
        pytest.param(FORM, part('name="a"', "1") * 2 + b"--b--", "form_broken", id="a name twice"),
        pytest.param(FORM, part('filename="a"', "1") + b"--b--", "form_broken", id="no name"),
        pytest.param(FORM, part('name="a"', "1") * 40 + b"--b--", "form_broken", id="many parts"),
        pytest.param(
            FORM,
            part('name="a"', "MQ==", "\r\nContent-Transfer-Encoding: base64") + b"--b--",
            "encoding_not_supported",
            id="encoded",
        ),
    ],
)
def test_a_form_that_can_be_read_in_two_ways_is_refused(media_type, raw, code):
    with pytest.raises(Invalid, match=code):
        parts_of(raw, media_type)


def document(*sizes):
    return Document(tuple(Segment(f"r[{number}]", "x" * size) for number, size in enumerate(sizes)))


def asked(document, covering):
    """Return the report on a document of portions whose receipts vouch for what `covering` says of them."""

    async def ask(portion):
        texts = [SimpleNamespace(text=each.text) for each in portion.segments]
        return covering(samples.report(SimpleNamespace(texts=texts, document=portion)))

    return asyncio.run(ask_in_portions(document, ask))


def test_portions_overlap_where_a_value_could_be_split():
    found = portions_of(document(PORTION, 10, PORTION, 700, 5))
    assert [[each.path for each in run] for run in found] == [
        ["r[0]"],
        ["r[0]", "r[1]", "r[2]"],
        ["r[2]", "r[3]", "r[4]"],
    ]


LONG = document(PORTION, 600, PORTION, 600, 5, 5)


def test_the_receipts_of_all_portions_vouch_for_the_whole():
    receipt = asked(LONG, lambda report: report).receipt
    assert (receipt.segments, receipt.bytes_seen, receipt.complete) == (6, LONG.size, True)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda receipt: replace(receipt, bytes_seen=receipt.bytes_seen - 1), id="a byte less"),
        pytest.param(lambda receipt: replace(receipt, segments=receipt.segments - 1), id="a text less"),
        pytest.param(lambda receipt: replace(receipt, bytes_given=9, bytes_seen=9), id="of something else"),
        pytest.param(lambda receipt: replace(receipt, runs=()), id="without a detector"),
    ],
)
def test_where_one_portion_was_not_scanned_wholly_the_whole_was_not(change):
    def last_one(report):
        is_last = report.receipt.segments == len(portions_of(LONG)[-1])
        return replace(report, receipt=change(report.receipt)) if is_last else report

    assert not asked(LONG, last_one).receipt.complete


@pytest.mark.parametrize(
    ("surface", "line", "used"),
    [
        pytest.param(OPENAI_TAKE, told(prompt_tokens=3, completion_tokens=4), (3, 4), id="a chat completion"),
        pytest.param(OPENAI_TAKE, told(input_tokens=3, output_tokens=4), (3, 4), id="a response"),
        pytest.param(OPENAI_TAKE, told(prompt_tokens=3), (3, 0), id="an embedding"),
        pytest.param(OPENAI_TAKE, {"response": None, "error": {"code": "x"}}, (0, 0), id="one that failed"),
        pytest.param(OPENAI_TAKE, told(prompt_tokens="3", completion_tokens=-4), (0, 0), id="no counts"),
        pytest.param(
            ANTHROPIC_TAKE,
            {"result": {"message": {"usage": {"input_tokens": 3, "cache_read_input_tokens": 2, "output_tokens": 4}}}},
            (5, 4),
            id="a message",
        ),
        pytest.param(ANTHROPIC_TAKE, {"result": {"type": "expired"}}, (0, 0), id="a message that expired"),
    ],
)
def test_each_record_tells_what_it_used(surface, line, used):
    assert surface.answers.usage_of(json.dumps(line).encode()) == used


def test_what_was_charged_is_set_right_by_what_was_used():
    day = datetime(2026, 11, 26, tzinfo=UTC)
    limits = [
        Limit(UUID(int=number), LimitScope.INITIATIVE, kind, Period.DAY, 10**9, "")
        for number, kind in enumerate((LimitKind.TOKENS, LimitKind.COST))
    ]
    charge = Charge(tuple(Taking(each, day, 1) for each in limits), Use(100, 2000), Price(1_000_000, 2_000_000))
    wrong, cost = corrections(json.loads(json.dumps(charge.to_json())), Use(90, 10))
    assert ([each.by for each in wrong], cost) == ([-2000, 110 - 4100], 110)
    assert {each.since for each in wrong} == {day}
    assert corrections({}, Use(90, 10)) == ([], None)
