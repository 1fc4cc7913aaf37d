"""Pieces come back in order with their own results, whoever worked on them, and a helper that starves holds nobody up."""

import os
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from governance.detection import threads
from governance.detection.threads import LEAST, in_order

MANY = 40


@pytest.fixture(params=[1, 3])
def helpers(request, monkeypatch):
    """So many helpers, however many cores the machine has; nobody has asked for any before."""
    threads._helpers_of.cache_clear()
    monkeypatch.setattr(os, "sched_getaffinity", lambda _process: range(1 + request.param))
    yield request.param
    threads._helpers_of.cache_clear()


def test_results_are_in_order_and_each_piece_its_own(helpers):
    assert list(in_order(lambda piece: piece * piece, range(MANY))) == [(each, each * each) for each in range(MANY)]


@pytest.mark.parametrize("count", range(LEAST + 2))
def test_few_pieces_are_done_all_the_same(helpers, count):
    assert list(in_order(str, range(count))) == [(each, str(each)) for each in range(count)]


def test_helpers_and_the_one_who_asks_share_the_work(helpers):
    both, who = threading.Barrier(2), set()

    def meet(piece):
        who.add(threading.get_ident())
        if piece < 2:
            both.wait(timeout=20)  # the one who asks waits here until a helper comes
        return piece

    assert [piece for piece, _ in in_order(meet, range(MANY))] == list(range(MANY))
    assert threading.get_ident() in who
    assert len(who) > 1


def take(pieces, into):
    for piece, _ in pieces:
        into.append(piece)


def test_what_a_piece_raises_is_raised_in_its_turn(helpers):
    taken = []
    with pytest.raises(ZeroDivisionError):
        take(in_order(lambda piece: 1 // (piece - 7), range(MANY)), taken)
    assert taken == list(range(7))


def test_a_budget_that_ends_between_two_pieces_ends_the_work(helpers):
    def until_nine():
        yield from range(9)
        raise TimeoutError

    taken, done = [], []
    with pytest.raises(TimeoutError):
        take(in_order(done.append, until_nine()), taken)
    assert set(taken) <= set(done) <= set(range(9))


def test_a_helper_that_starves_holds_nobody_up(helpers):
    mine, free = threading.get_ident(), threading.Event()

    def starve(piece):
        if threading.get_ident() != mine:
            free.wait(timeout=60)
        return piece

    try:
        assert [made for _, made in in_order(starve, range(MANY))] == list(range(MANY))
        assert not free.is_set()
    finally:
        free.set()


def test_a_machine_with_one_core_has_no_helpers(monkeypatch):
    threads._helpers_of.cache_clear()
    monkeypatch.setattr(os, "sched_getaffinity", lambda _process: range(1))
    monkeypatch.setattr(threads, "ThreadPoolExecutor", None)
    who = {threading.get_ident() for _ in in_order(str, range(MANY))}
    assert who == {threading.get_ident()}
    threads._helpers_of.cache_clear()


def test_a_forked_process_has_helpers_of_its_own(helpers):
    assert len(list(in_order(str, range(MANY)))) == MANY
    child = os.fork()
    if not child:
        os._exit(0 if len(list(in_order(str, range(MANY)))) == MANY else 1)
    assert os.waitpid(child, 0)[1] == 0


def test_helpers_give_way_to_everybody_else():
    with ThreadPoolExecutor(1, initializer=threads._give_way) as one:
        assert one.submit(lambda: os.getpriority(os.PRIO_PROCESS, threading.get_native_id())).result() == threads.NICE
    assert os.getpriority(os.PRIO_PROCESS, threading.get_native_id()) == 0
