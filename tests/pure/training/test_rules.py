"""When a training set may go on, and when it may not."""

import pytest

from governance.detection.ways import Way
from governance.training.rules import (
    MOVES,
    Progress,
    TrainingSetState,
    may_ask_release,
    may_move,
    may_redact,
    state_after_scan,
    tells_no_more,
)

S = TrainingSetState


def progress(**change):
    return Progress(
        **{"chunks": 2, "scanned": 2, "complete": True, "findings": 0, "broken_lines": 0, "records": 9, **change}
    )


@pytest.mark.parametrize(
    ("case", "state"),
    [
        pytest.param(progress(), S.CLEAN, id="all checked and nothing found is clean"),
        pytest.param(progress(findings=1), S.FINDINGS, id="one finding is not clean"),
        pytest.param(progress(complete=False), S.UNSCANNABLE, id="could not check is never clean"),
        pytest.param(progress(broken_lines=1), S.UNSCANNABLE, id="a line nobody could read is never clean"),
        pytest.param(progress(records=0), S.UNSCANNABLE, id="no record at all is not clean"),
    ],
)
def test_state_after_scan(case, state):
    assert state_after_scan(case) == state


@pytest.mark.parametrize(
    ("state", "counts", "granted", "code"),
    [
        pytest.param(S.CLEAN, {}, True, None, id="a clean set with a grant may be asked for"),
        pytest.param(S.FINDINGS, {"PERSON": 3}, True, None, id="people decide about personal data"),
        pytest.param(S.FINDINGS, {"SECRET": 1}, True, "never_released", id="a key never leaves, whoever approves"),
        pytest.param(S.FINDINGS, {"SOURCE": 1}, True, "never_released", id="registered source never leaves"),
        pytest.param(S.CLEAN, {}, False, "no_grant", id="no grant, no question"),
        pytest.param(S.SCANNING, {}, True, "not_scanned", id="not while it is being scanned"),
        pytest.param(S.UNSCANNABLE, {}, True, "unscannable", id="not when part of it could not be checked"),
        pytest.param(S.IN_REVIEW, {}, True, "already_asked", id="not twice"),
    ],
)
def test_may_ask_release(state, counts, granted, code):
    assert getattr(may_ask_release(state, counts, granted=granted), "code", None) == code


def test_every_state_has_its_moves():
    assert set(MOVES) == set(S)


def test_an_unscannable_set_goes_nowhere():
    assert not any(may_move(S.UNSCANNABLE, after) for after in S)


@pytest.mark.parametrize("state", [S.RECEIVED, S.SCANNING, S.UNSCANNABLE, S.IN_REVIEW, S.CLEAN])
def test_only_a_set_with_findings_is_redacted(state):
    assert not may_redact(state, {"PERSON": 1})


@pytest.mark.parametrize(
    ("counts", "code"),
    [
        pytest.param({"PERSON": 1, "LANGUAGE:de": 2}, None, id="a name, in German"),
        pytest.param({"LANGUAGE:de": 2}, "only_language", id="nothing but German"),
    ],
)
def test_a_copy_is_made_of_what_it_can_take_out(counts, code):
    assert getattr(may_redact(S.FINDINGS, counts), "code", None) == code


@pytest.mark.parametrize("state", [S.RELEASABLE, S.RELEASED])
def test_of_a_set_in_which_nothing_was_found_nothing_is_taken_out(state):
    assert may_redact(state, {}).code == "nothing_found"


def test_a_percentage_needs_a_chunk():
    assert progress(chunks=0, scanned=0).percent == 0
    assert progress(chunks=3, scanned=1).percent == 33


@pytest.mark.parametrize(
    ("made", "demand", "code"),
    [
        pytest.param(None, None, None, id="nothing is demanded"),
        pytest.param(Way.HASH, None, None, id="nothing is demanded any more"),
        pytest.param(Way.HASH, Way.PLACEHOLDER, None, id="it kept to more than is demanded"),
        pytest.param(Way.PLACEHOLDER, Way.PLACEHOLDER, None, id="it kept to just that"),
        pytest.param(Way.PLACEHOLDER, Way.HASH, "demand_since", id="more is demanded since"),
        pytest.param(None, Way.STAND_IN, "demand_since", id="something is demanded since"),
    ],
)
def test_a_copy_keeps_to_what_is_demanded_now(made, demand, code):
    assert getattr(tells_no_more(made, demand), "code", None) == code
