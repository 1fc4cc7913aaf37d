"""An id is made as RFC 9562 says, also where only its text is."""

from uuid import RFC_4122, UUID

import pytest

from governance.core.ids import uuid7, uuid7_text


@pytest.mark.parametrize(
    "made", [pytest.param(uuid7, id="a value"), pytest.param(lambda: UUID(uuid7_text()), id="its text")]
)
def test_it_is_of_version_seven_and_no_other_is_the_same(made):
    ids = [made() for _ in range(500)]
    assert {(each.version, each.variant) for each in ids} == {(7, RFC_4122)}
    assert len(set(ids)) == 500


def test_both_are_of_the_same_moment():
    before, text, after = uuid7(), uuid7_text(), uuid7()
    assert before.int >> 80 <= UUID(text).int >> 80 <= after.int >> 80
    assert text == str(UUID(text))
