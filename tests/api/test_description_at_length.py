"""The same as test_description, with many more cases. Their making alone takes a while: collected only where it is asked for."""

import pytest

from describing import CHECKS, described, tried

whole = described(["examples", "coverage", "fuzzing"])


@pytest.mark.long
@whole.parametrize()
@tried(60)
def test_an_operation_answers_as_described_at_length(case, key):
    case.call_and_validate(headers={"Authorization": f"Bearer {key}"}, checks=CHECKS)
