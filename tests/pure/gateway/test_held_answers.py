"""An answer is passed on as the same text, whatever pieces it came in; nothing is passed on before it was scanned."""

import json
import re
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from governance.core.errors import NotAllowed, Unavailable
from governance.destinations.rules import ReplyCheck
from governance.detection.default_policy import DEFAULT_REPLY_POLICY
from governance.detection.document import Document
from governance.detection.policy import Facts, Verdict
from governance.detection.receipt import Receipt, Run, State
from governance.detection.report import Report
from governance.detection.spans import Finding, keyed_digest
from governance.gateway.dialects.anthropic.messages import MESSAGES
from governance.gateway.dialects.framing import Frame, ServerEvents
from governance.gateway.dialects.openai.chat import CHAT
from governance.gateway.reading import Reading

KEY = b"the findings key of these tests"
FACTS = Facts(classification="internal", hosting="public_api")
ORIGINALS = {"<PERSON_7f3a91c2>": 'Zoë "Zo" Keller', "<EMAIL_ADDRESS_00ff00ff>": "zoe@example.org"}
# A stand-in for the worker that knows three things by their form, none longer than a window looks ahead.
SHAPES = {
    "EMAIL_ADDRESS": re.compile(r"[a-z.]{1,40}@[a-z.]{1,40}\.org"),
    "SECRET": re.compile(r"AKIA[A-Z0-9]{16}"),
    "SOURCE": re.compile(r"OUR OWN CODE"),
}
SECRET = "AKIA" + "Q7" * 8


class Worker:
    """Finds by form and remembers what it was shown."""

    def __init__(self, *, complete=True):
        self.complete, self.read = complete, []

    async def __call__(self, document: Document) -> Report:
        found = []
        for segment in document.segments:
            self.read.append(segment.text)
            for kind, shape in SHAPES.items():
                found += [
                    Finding(kind, "test", segment.path, m.start(), m.end(), 0.9, keyed_digest(m[0], key=KEY))
                    for m in shape.finditer(segment.text)
                ]
        runs = (Run("test", "1", State.OK if self.complete else State.FAILED, 1.0),)
        receipt = Receipt("r", "1", len(document.segments), document.size, document.size, 0, runs, ("test",), 1.0)
        return Report(tuple(found), receipt)


def reading(check=ReplyCheck.WINDOW, *, worker=None, known=(), originals=ORIGINALS, most_held=2**18):
    digests = frozenset(keyed_digest(each, key=KEY) for each in known)
    return Reading(worker or Worker(), check, DEFAULT_REPLY_POLICY, FACTS, digests, originals, most_held)


def chunk(text, **choice):
    delta = {"role": "assistant", "content": text}
    return Frame("", json.dumps({"id": "c1", "choices": [{"index": 0, "delta": delta, **choice}]}).encode())


def call_chunk(piece):
    call = {"index": 0, "id": "t1", "type": "function", "function": {"name": "send", "arguments": piece}}
    return Frame("", json.dumps({"id": "c1", "choices": [{"index": 0, "delta": {"tool_calls": [call]}}]}).encode())


LAST = Frame("", json.dumps({"id": "c1", "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}).encode())


async def passed_on(reading, frames):
    """Return the frames as they leave, frame by frame taken."""
    held, left = reading.hold(CHAT.answers), []
    for frame in frames:
        held.take(frame)
        await reading.settle(held)
        left += held.ready()
    held.end()
    await reading.settle(held)
    return [*left, *held.ready()]


def content(frames):
    deltas = [json.loads(frame.data)["choices"][0]["delta"] for frame in frames if frame.data != b"[DONE]"]
    return "".join(delta.get("content") or "" for delta in deltas)


def arguments(frames):
    deltas = [json.loads(frame.data)["choices"][0]["delta"] for frame in frames]
    return "".join(call["function"]["arguments"] for delta in deltas for call in delta.get("tool_calls", ()))


async def whole(reading, text, **message):
    held = reading.hold(CHAT.answers)
    body = {"choices": [{"index": 0, "message": {"role": "assistant", "content": text, **message}}]}
    held.take(Frame("", json.dumps(body).encode()))
    held.end()
    await reading.settle(held)
    (frame,) = held.ready()
    return json.loads(frame.data)["choices"][0]["message"]


def cut(text, places):
    borders = sorted({0, len(text), *(place % (len(text) + 1) for place in places)})
    return [text[start:end] for start, end in pairwise(borders)]


WORDS = st.sampled_from(
    ["Dear ", "write to ", "some.body@example.org ", SECRET + " ", "<PERSON_7f3a91c2>", "<PERSON_00000000>",
     "<_PERSON_7f3a91c2>", "<", "<PER", "\n\n", "naïve 京都 ", "zoe@example.org, ", "x" * 90 + " ", "<b>", "-----BEGIN "]
)  # fmt: skip


@given(st.lists(WORDS, max_size=60).map("".join), st.lists(st.integers(0, 5000), max_size=40))
@example("a <PERSON_7f3a91c2> b", list(range(40)))
@example("x" * 250 + " some.body@example.org" + " y" * 200, [255, 260])
async def test_a_stream_is_passed_on_as_the_whole_answer_would_be(text, places):
    streamed = await passed_on(reading(), [*map(chunk, cut(text, places)), LAST])
    assert content(streamed) == (await whole(reading(ReplyCheck.WHOLE), text))["content"]


@given(st.lists(WORDS, max_size=60).map("".join), st.lists(st.integers(0, 5000), max_size=40))
async def test_a_watched_stream_gets_its_placeholders_back_and_is_otherwise_as_it_came(text, places):
    streamed = await passed_on(reading(ReplyCheck.WATCH), [*map(chunk, cut(text, places)), LAST])
    plain = text.replace("<PERSON_7f3a91c2>", ORIGINALS["<PERSON_7f3a91c2>"])
    assert content(streamed) == plain.replace("<_PERSON_7f3a91c2>", "<PERSON_7f3a91c2>")


@given(st.lists(st.integers(0, 500), max_size=60))
async def test_every_chunk_border_gives_the_same_frames_of_the_wire(places):
    wire = ServerEvents()
    frames = [chunk("Write to <PERSON_7f3a91c2> at "), chunk("some.body@exa"), chunk("mple.org."), LAST]
    sent = b"".join(wire.write(frame) for frame in frames).decode("latin-1")
    read = [frame for piece in cut(sent, places) for frame in wire.feed(piece.encode("latin-1"))]
    assert content(await passed_on(reading(), read)) == 'Write to Zoë "Zo" Keller at [EMAIL_ADDRESS removed].'


async def test_nothing_is_passed_on_before_it_was_scanned():
    worker = Worker()
    answer, left = reading(worker=worker), ""
    held = answer.hold(CHAT.answers)
    for _ in range(100):
        held.take(chunk("twelve words "))
        await answer.settle(held)
        left += content(held.ready())
        assert left in "".join(worker.read) or len(left) > len(worker.read[-1])
        assert len(left) <= sum(map(len, worker.read))
    assert len(left) > 600


async def test_a_scan_that_is_left_out_is_caught_by_these_tests():
    """The planted fault: a reading that says everything is scanned lets a secret pass, and the comparison sees it."""
    faulty = reading(ReplyCheck.WATCH)
    assert SECRET in content(await passed_on(faulty, [chunk(SECRET), LAST]))
    assert SECRET not in content(await passed_on(reading(), [chunk(SECRET), LAST]))


async def test_what_the_caller_wrote_is_theirs_to_read():
    text = "I wrote to some.body@example.org and other@example.org."
    streamed = await passed_on(reading(known=["some.body@example.org"]), [chunk(text), LAST])
    assert content(streamed) == "I wrote to some.body@example.org and [EMAIL_ADDRESS removed]."


async def test_registered_source_stops_the_stream_before_it_is_passed_on():
    answer = reading()
    held = answer.hold(CHAT.answers)
    held.take(chunk("Here it is: OUR OWN "))
    held.take(chunk("CODE" + " and more" * 60))
    with pytest.raises(NotAllowed) as stopped:
        await answer.settle(held)
    assert stopped.value.code == "reply_blocked"
    assert list(held.ready()) == []
    assert answer.seen.verdict is Verdict.BLOCK


async def test_an_incomplete_scan_withholds_the_answer():
    answer = reading(worker=Worker(complete=False))
    with pytest.raises(Unavailable) as withheld:
        await passed_on(answer, [chunk("Dear all"), LAST])
    assert withheld.value.code == "reply_unchecked"


@pytest.mark.parametrize("step", [1, 3, 7, 1000])
async def test_arguments_are_held_until_their_json_closes_and_then_escaped(step):
    text = json.dumps({"to": "<PERSON_7f3a91c2>", "cc": ["some.body@example.org"], "note": 'a \\" } b'})
    pieces = [text[at : at + step] for at in range(0, len(text), step)]
    answer = reading()
    held = answer.hold(CHAT.answers)
    for piece in pieces[:-1]:
        held.take(call_chunk(piece))
        await answer.settle(held)
        assert arguments(held.ready()) == ""
    held.take(call_chunk(pieces[-1]))
    await answer.settle(held)
    said = json.loads(arguments(held.ready()))
    assert said == {"to": 'Zoë "Zo" Keller', "cc": ["[EMAIL_ADDRESS removed]"], "note": 'a \\" } b'}


async def test_arguments_that_are_no_json_are_read_as_text():
    frames = await passed_on(
        reading(), [call_chunk('{"to": "<PERSON_7f3a91c2>, some.body@exam'), call_chunk("ple.org"), LAST]
    )
    assert arguments(frames) == '{"to": "Zoë "Zo" Keller, [EMAIL_ADDRESS removed]'


async def test_leaves_of_arguments_that_come_as_an_object_are_read_as_they_stand():
    block = {"type": "tool_use", "name": "send", "input": {"to": "<PERSON_7f3a91c2>", "cc": ["some.body@example.org"]}}
    held = (answer := reading()).hold(MESSAGES.answers)
    held.take(Frame("", json.dumps({"content": [block]}).encode()))
    held.end()
    await answer.settle(held)
    (frame,) = held.ready()
    said = json.loads(frame.data)["content"][0]["input"]
    assert said == {"to": 'Zoë "Zo" Keller', "cc": ["[EMAIL_ADDRESS removed]"]}


async def test_an_escaped_placeholder_in_arguments_is_restored_too():
    frames = await passed_on(reading(), [call_chunk('{"to": "\\u003cPERSON_7f3a91c2\\u003e"}'), LAST])
    assert json.loads(arguments(frames)) == {"to": 'Zoë "Zo" Keller'}


async def test_a_private_key_is_held_until_it_ends():
    lines = ["-----BEGIN RSA PRIVATE KEY-----\n", *["Zm9v" * 16 + "\n"] * 20]
    answer = reading()
    held = answer.hold(CHAT.answers)
    left = ""
    for line in ["Here: ", *lines]:
        held.take(chunk(line))
        await answer.settle(held)
        left += content(held.ready())
    assert "BEGIN" not in left


async def test_tokens_that_repeat_the_text_are_emptied():
    logprobs = {"content": [{"token": "zoe", "bytes": [122, 111, 101]}]}
    frames = await passed_on(reading(), [chunk("zoe", logprobs=logprobs), LAST])
    assert json.loads(frames[0].data)["choices"][0]["logprobs"] is None


async def test_a_whole_answer_is_read_in_every_slot():
    call = {"id": "t", "type": "function", "function": {"name": "f", "arguments": '{"to":"some.body@example.org"}'}}
    message = await whole(reading(), SECRET, refusal=SECRET, tool_calls=[call], unheard_of={"text": SECRET})
    assert SECRET not in json.dumps(message)
    assert "some.body" not in json.dumps(message)


async def test_another_persons_placeholder_stays_as_it_is():
    text = "<PERSON_00000000> and <PERSON_7f3a91c2>"
    assert content(await passed_on(reading(), [chunk(text), LAST])) == '<PERSON_00000000> and Zoë "Zo" Keller'


async def test_looking_back_notes_what_would_have_been_stopped():
    answer = reading(ReplyCheck.WATCH, originals={})
    assert answer.as_it_comes
    await answer.look_back(CHAT.answers, [chunk("OUR OWN "), chunk("CODE"), LAST])
    assert answer.seen.verdict is Verdict.BLOCK
    assert answer.seen.counts == {"SOURCE": 1}
