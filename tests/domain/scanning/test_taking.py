"""A scan process takes what waits at a real broker, one after the other, and ends when it cannot go on."""

import os
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.conf import settings

from governance.scanning.channel import REQUESTS
from governance.scanning.serving import connect
from governance.scanning.taking import Taker
from governance.stack.places import ROOT
from harness.processes import wait_until

PLENTY = 1 << 40
HANGS = {
    "in Python": "while True: pass",
    "outside of it, with its lock": "import re; re.match('(a+)+$', 'a' * 60 + 'b')",
    "asleep": "import time; time.sleep(60)",
}


@pytest.fixture
def broker(server):
    server.start()
    client = connect(settings.REDIS_URL)
    client.delete(REQUESTS)
    return client


@pytest.fixture
def taking(broker):
    """Return a function that starts a taker; what it was told to leave with stands in `left`."""
    made = []

    def start(answer, **told):
        left = []
        taker = Taker(connect(settings.REDIS_URL), answer, leave=left.append, **{"most_kib": PLENTY, **told})
        taker.start()
        made.append(taker)
        return taker, left

    yield start
    for each in made:
        each.end()


def test_who_asked_first_is_answered_first(broker, taking):
    answered = []
    broker.lpush(REQUESTS, "first", "second", "third")
    taking(answered.append)
    wait_until(lambda: answered == ["first", "second", "third"], what="the third answer")
    assert broker.llen(REQUESTS) == 0


def test_a_process_that_is_to_end_answers_what_it_took_and_takes_nothing_more(broker, taking):
    began, may_end, answered = threading.Event(), threading.Event(), []

    def answer(asked):
        began.set()
        assert may_end.wait(20)
        answered.append(asked)

    taker, _ = taking(answer)
    broker.lpush(REQUESTS, "taken", "waits")
    assert began.wait(20)
    with ThreadPoolExecutor(1) as aside:
        ending = aside.submit(taker.end)
        assert not ending.done()
        may_end.set()
        ending.result(timeout=20)
    assert answered == ["taken"]
    assert broker.lrange(REQUESTS, 0, -1) == [b"waits"]


def test_what_is_no_request_is_passed_over(broker, taking):
    answered = []
    broker.lpush(REQUESTS, b"\xff\xfe", "sound")
    taking(answered.append)
    wait_until(lambda: answered[1:] == ["sound"], what="the sound one")


def test_requests_are_taken_again_when_the_connection_was_ended(broker, taking):
    answered = []
    taking(answered.append)
    broker.lpush(REQUESTS, "before")
    wait_until(lambda: answered == ["before"], what="the first answer")
    number = str(broker.connection_pool.connection_kwargs.get("db", 0))  # other tests have databases of their own
    for each in broker.client_list(_type="normal"):
        if each["db"] == number and each["cmd"] == "brpop":
            broker.client_kill_filter(_id=each["id"])
    broker.lpush(REQUESTS, "after")
    wait_until(lambda: answered == ["before", "after"], what="the second answer")


def test_a_process_that_holds_too_much_memory_makes_room_for_another(broker, taking):
    answered = []
    _, left = taking(answered.append, most_kib=1)
    broker.lpush(REQUESTS, "any")
    wait_until(lambda: left and answered, what="the end of the process")
    assert left[0] == os.EX_OK


def test_a_process_whose_taking_breaks_ends_so_that_another_comes(broker, taking):
    def broken(_asked):
        raise RuntimeError("broken on purpose")

    _, left = taking(broken)
    broker.lpush(REQUESTS, "any")
    wait_until(lambda: left, what="the end of the process")
    assert left == [os.EX_SOFTWARE]


@pytest.mark.parametrize("how", HANGS)
def test_a_scan_that_hangs_ends_its_process(how):
    program = f"from governance.scanning.taking import at_most\nwith at_most(0.2):\n    {HANGS[how]}"
    ended = subprocess.run([sys.executable, "-c", program], cwd=ROOT, timeout=20, check=False)
    assert ended.returncode == -signal.SIGALRM


def test_a_scan_that_ends_in_time_ends_nothing():
    program = "import time\nfrom governance.scanning.taking import at_most\nwith at_most(0.3): pass\ntime.sleep(0.6)"
    assert subprocess.run([sys.executable, "-c", program], cwd=ROOT, timeout=20, check=False).returncode == 0
