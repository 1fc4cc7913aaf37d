"""A change that an approver writes never lets more through, whatever it says."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from governance.core.errors import Invalid
from governance.detection.ways import DEMANDED
from governance.remits.body import Conditions, parse_body
from governance.remits.rules import is_looser
from governance.remits.suggested import Change, GrantChange, parse_change, suggested_body
from remit_bodies import TODAY, body, grant

ASKED = body(
    grant(),
    grant(dataset="letters", conditions=Conditions(("PERSON",), None, "standard")),
    ends=TODAY + timedelta(days=60),
)
DAYS = st.none() | st.integers(0, 90).map(lambda days: TODAY + timedelta(days=days))
GRANT_CHANGES = st.builds(
    GrantChange,
    number=st.integers(1, 3),
    leave_out=st.booleans(),
    ends=DAYS,
    redact=st.sampled_from([(), ("IBAN_CODE",), ("IBAN_CODE", "LOCATION")]),
    calls_per_day=st.none() | st.integers(1, 200),
    strict=st.booleans(),
    way=st.none() | st.sampled_from(DEMANDED),
)
CHANGES = st.builds(
    Change,
    ends=DAYS,
    grants=st.lists(GRANT_CHANGES, max_size=2).map(tuple),
)


@given(change=CHANGES)
def test_every_right_of_the_outcome_was_asked_for_and_none_is_looser_or_later(change):
    try:
        made = suggested_body(ASKED, change)
    except Invalid:
        return
    asked = {right.key: right for right in ASKED.grants}
    assert made.ends <= ASKED.ends
    for right in made.grants:
        assert right.ends <= asked[right.key].ends
        assert not is_looser(asked[right.key].conditions, right.conditions)


def test_no_change_is_the_same_body():
    assert suggested_body(ASKED, Change()).to_json() == ASKED.to_json()


def test_a_right_turns_to_another_destination_of_the_request_on_its_terms():
    both = body(grant(destination="public", terms="b" * 64), grant(dataset="letters"), ends=TODAY + timedelta(days=60))
    number = [right.dataset for right in sorted(both.grants, key=lambda right: right.key)].index("letters") + 1
    made = suggested_body(both, parse_change({"grants": [{"number": number, "destination": "public"}]}))
    assert {(right.destination, right.terms) for right in made.grants} == {("public", "b" * 64)}


def test_an_earlier_end_of_the_whole_is_that_of_every_right():
    made = suggested_body(ASKED, Change(ends=TODAY + timedelta(days=5)))
    assert {right.ends for right in made.grants} == {made.ends} == {TODAY + timedelta(days=5)}
    assert parse_body(made.to_json()) == made
