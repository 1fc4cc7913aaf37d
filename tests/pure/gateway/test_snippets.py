"""The lines to paste: complete for every interface, readable by their language, and without any key."""

import json
import shlex

import pytest

from governance.destinations.rules import Dialect
from governance.gateway.dialects.shapes import Spot
from governance.gateway.dialects.wire_format import Treatment
from governance.gateway.first_call import FIRST_CALLS
from governance.gateway.later_snippets import batch_lines, file_lines, tuning_lines
from governance.gateway.routes import door_of, format_named
from governance.gateway.snippets import Language, base_url, export_line, snippet

GATEWAY = "https://gateway.example.com"
EVERY = [(dialect, language, stream) for dialect in Dialect for language in Language for stream in (False, True)]


@pytest.mark.parametrize(("dialect", "language", "stream"), EVERY)
def test_the_lines_name_the_base_url_and_leave_the_key_to_the_environment(dialect, language, stream):
    told = snippet(dialect, language, gateway=f"{GATEWAY}/", model="somewhere/large", stream=stream)
    assert base_url(dialect, gateway=GATEWAY) in told.lines
    assert "REMIT_KEY" in told.lines
    assert ("somewhere/large" in told.lines) == (language is not Language.ENVIRONMENT)
    assert "~" not in told.lines


@pytest.mark.parametrize("dialect", Dialect)
@pytest.mark.parametrize("stream", [False, True], ids=["at once", "piece by piece"])
def test_a_strange_name_stays_a_text_in_python(dialect, stream):
    strange = 'a"); import os; ("\\'
    told = snippet(dialect, Language.PYTHON, gateway=GATEWAY, model=strange, stream=stream)
    compile(told.lines, "snippet", "exec")
    assert json.dumps(strange) in told.lines


@pytest.mark.parametrize("dialect", Dialect)
def test_lines_for_a_file_stand_only_where_the_gateway_keeps_files_for_calls(dialect):
    strange = 'a"); import os; ("\\'
    told = file_lines(dialect, gateway=GATEWAY, model=strange)
    compile(told, "lines", "exec")
    assert bool(told) == any(route.keeps for route in format_named(dialect).routes)
    assert (json.dumps(strange) in told, "REMIT_KEY" in told) == (bool(told), bool(told))


@pytest.mark.parametrize("written", [batch_lines, tuning_lines])
@pytest.mark.parametrize("dialect", Dialect)
def test_lines_for_what_is_answered_later_stand_only_where_the_gateway_takes_it(dialect, written):
    strange = 'a"); import os; ("\\'
    told = written(dialect, gateway=GATEWAY, model=strange)
    compile(told, "lines", "exec")
    paths = {route.path for route in format_named(dialect).routes if route.treatment is Treatment.SCANNED}
    taken = ("/fine_tuning/jobs",) if written is tuning_lines else ("/batches", "/v1/messages/batches")
    assert bool(told) == any(path in taken for path in paths)
    assert (json.dumps(strange) in told, "REMIT_KEY" in told) == (bool(told), bool(told))


@pytest.mark.parametrize("dialect", Dialect)
def test_a_strange_name_stays_one_word_in_the_shell(dialect):
    told = snippet(dialect, Language.CURL, gateway=GATEWAY, model="it's; rm -rf $HOME")
    command, url, *rest = shlex.split(told.lines.replace("\\\n", " "))
    assert (command, rest[0], rest[2], rest[4], len(rest)) == ("curl", "-H", "-H", "-d", 6)
    assert url.startswith(GATEWAY)


@pytest.mark.parametrize("dialect", Dialect)
@pytest.mark.parametrize("stream", [False, True], ids=["at once", "piece by piece"])
def test_a_first_call_goes_to_a_scanned_surface_that_takes_it(dialect, stream):
    call = FIRST_CALLS[dialect]
    path, _, query = call.address("somewhere/large", stream=stream).partition("?")
    door = door_of("POST", path, alt=query.removeprefix("alt="))
    texts = []
    door.route.surface.request(call.asked("somewhere/large", "Hello", stream=stream), Spot(), texts)
    assert "Hello" in {each.text for each in texts}


@pytest.mark.parametrize("dialect", Dialect)
@pytest.mark.parametrize("answer", [{}, {"choices": [], "content": None, "candidates": [{}], "message": None}])
def test_an_answer_without_words_is_read_as_nothing(dialect, answer):
    assert FIRST_CALLS[dialect].answer(answer) == ""


def test_a_key_with_odd_characters_stays_one_word():
    assert shlex.split(export_line("rmt_x; y"))[1] == "REMIT_KEY=rmt_x; y"
