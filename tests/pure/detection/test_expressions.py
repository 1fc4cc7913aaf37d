"""Many patterns over one text: what is named, in which order, and what is kept on disk."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from governance.detection.expressions import Expressions


def ends(expressions, text):
    found = []
    expressions.scan(text, lambda number, end: found.append((number, end)))
    return found


def test_ends_of_matches_are_named_in_their_order():
    assert ends(Expressions.of(["b+", r"(?i)\bcat\b"]), b"a Cat abb") == [(1, 5), (0, 8), (0, 9)]


def test_what_only_looking_around_decides_is_nominated():
    assert ends(Expressions.of([r"(?<!no )key"], prefilter=True), b"no key") == [(0, 6)]


def test_a_search_ends_when_told():
    seen = []
    Expressions.of(["a"]).scan(b"aaa", lambda _number, end: seen.append(end) or True)
    assert seen == [1]


def test_what_goes_wrong_in_between_is_not_swallowed():
    def fail(_number, _end):
        raise TimeoutError

    with pytest.raises(TimeoutError):
        Expressions.of(["a"]).scan(b"a", fail)


def test_a_pattern_that_is_none_is_refused():
    with pytest.raises(ValueError, match="cannot be compiled"):
        Expressions.of(["(unclosed"])


def test_the_compiled_form_is_kept_and_a_broken_one_is_made_again(tmp_path):
    Expressions.of(["a+"], kept_in=tmp_path)
    (file,) = tmp_path.iterdir()
    file.write_bytes(b"broken")
    assert ends(Expressions.of(["a+"], kept_in=tmp_path), b"a") == [(0, 1)]
    assert file.read_bytes() != b"broken"


def test_a_folder_that_cannot_be_written_costs_nothing(tmp_path):
    assert ends(Expressions.of(["a"], kept_in=tmp_path / "missing"), b"a") == [(0, 1)]


def test_a_second_thread_waits_for_the_first():
    expressions, begun, never = Expressions.of(["a"]), Event(), Event()

    def slowly(_number, _end):
        begun.set()
        never.wait(0.2)

    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(expressions.scan, b"a", slowly)
        begun.wait(5)
        second = threads.submit(ends, expressions, b"aa")
        first.result()
        assert second.result() == [(0, 1), (0, 2)]
