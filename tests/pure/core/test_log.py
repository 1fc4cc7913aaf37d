"""Every log line is one JSON object that names its process and, at a door, its request."""

import json
import logging

import pytest

from governance.core.log import REQUEST_ID, JsonLines


def line(text="hello", *values, fault=None) -> dict:
    record = logging.LogRecord("governance.web", logging.WARNING, __file__, 1, text, values, fault)
    written = JsonLines().format(record)
    assert "\n" not in written
    return json.loads(written)


def test_a_line_names_level_process_and_logger(monkeypatch):
    monkeypatch.setenv("REMIT_PROCESS", "bulk")
    written = line("%s of %s", 1, 2)
    assert written["at"].endswith("+00:00")
    del written["at"]
    assert written == {"level": "warning", "process": "bulk", "logger": "governance.web", "text": "1 of 2"}


@pytest.fixture
def request_id():
    token = REQUEST_ID.set("0192-abc")
    yield "0192-abc"
    REQUEST_ID.reset(token)


def test_a_line_written_for_a_request_carries_its_id(request_id):
    assert line()["request_id"] == request_id


def test_a_line_written_for_nobody_has_no_request_id():
    assert "request_id" not in line()


def test_a_fault_stays_on_one_line():
    fault = ValueError("over\ntwo lines")
    assert "over\ntwo lines" in line(fault=(ValueError, fault, None))["fault"]
