"""Answers that were passed on are looked at a few at a time; one that gets no turn counts as unchecked, never as clean."""

import asyncio
import json
from types import SimpleNamespace

from governance.destinations.rules import ReplyCheck
from governance.detection.default_policy import DEFAULT_REPLY_POLICY
from governance.detection.policy import Facts, Verdict
from governance.detection.receipt import Receipt, Run, State
from governance.detection.report import Report
from governance.gateway.afterwards import AT_ONCE, Afterwards
from governance.gateway.dialects.framing import Frame, ServerEvents
from governance.gateway.dialects.openai.chat import CHAT
from governance.gateway.reading import FRAMES_A_TURN, Reading
from governance.gateway.stream import Passed

FACTS = Facts(classification="internal", hosting="public_api")
PROMPT = SimpleNamespace(surface=SimpleNamespace(framing=ServerEvents, step=None, answers=CHAT.answers), stream=True)


class Workers:
    """Answer when they are let, and count how many ask at once."""

    def __init__(self):
        self.let, self.came = asyncio.Event(), asyncio.Semaphore(0)
        self.asking, self.most, self.asked = 0, 0, 0

    async def __call__(self, document):
        self.asked += 1
        self.asking += 1
        self.most = max(self.most, self.asking)
        self.came.release()
        await self.let.wait()
        self.asking -= 1
        runs = (Run("test", "1", State.OK, 1.0),)
        return Report(
            (), Receipt("r", "1", len(document.segments), document.size, document.size, 0, runs, ("test",), 1.0)
        )


def passed_on(workers, pieces=1, check=ReplyCheck.WATCH):
    passed = Passed(PROMPT, Reading(workers, check, DEFAULT_REPLY_POLICY, FACTS, frozenset(), {}, 2**18))
    for _ in range(pieces):
        passed.note(Frame("", json.dumps({"choices": [{"index": 0, "delta": {"content": "word "}}]}).encode()))
    return passed


async def all_asked(workers, count):
    for _ in range(count):
        await workers.came.acquire()


async def test_a_few_are_looked_at_at_once_and_all_in_the_end():
    workers, afterwards = Workers(), Afterwards()
    answers = [passed_on(workers) for _ in range(3 * AT_ONCE)]
    looks = [asyncio.create_task(afterwards.look(each)) for each in answers]
    await all_asked(workers, AT_ONCE)
    assert afterwards.waiting == sum(each.kept_bytes for each in answers[AT_ONCE:])
    workers.let.set()
    await asyncio.gather(*looks)
    assert (workers.asked, workers.most, afterwards.waiting) == (3 * AT_ONCE, AT_ONCE, 0)
    assert {each.reading.seen.verdict for each in answers} == {Verdict.ALLOW}


async def test_one_that_gets_no_turn_in_time_was_not_checked():
    workers, afterwards = Workers(), Afterwards(patience_s=0.01)
    first = [asyncio.create_task(afterwards.look(passed_on(workers))) for _ in range(AT_ONCE)]
    await all_asked(workers, AT_ONCE)
    late = passed_on(workers)
    await afterwards.look(late)
    assert late.reading.seen.verdict is Verdict.UNAVAILABLE
    assert (late.kept, afterwards.waiting) == (None, 0)
    workers.let.set()
    await asyncio.gather(*first)
    again = passed_on(workers)
    await afterwards.look(again)
    assert again.reading.seen.verdict is Verdict.ALLOW


async def test_more_than_may_wait_was_not_checked():
    workers = Workers()
    large = passed_on(workers, pieces=40)
    await Afterwards(most_bytes=large.kept_bytes - 1).look(large)
    assert (large.reading.seen.verdict, workers.asked) == (Verdict.UNAVAILABLE, 0)


async def test_an_answer_that_was_read_before_is_not_looked_at_again():
    workers = Workers()
    read = passed_on(workers, check=ReplyCheck.WINDOW)
    await Afterwards().look(read)
    assert (workers.asked, read.kept_bytes) == (0, 0)


async def test_others_get_their_turn_while_a_long_answer_is_looked_at():
    workers, others, turns = Workers(), 0, 30
    workers.let.set()
    look = asyncio.create_task(Afterwards().look(passed_on(workers, pieces=turns * FRAMES_A_TURN)))
    while not look.done():
        await asyncio.sleep(0)
        others += 1
    assert others > turns
