"""The API does what its OpenAPI document says, whatever is sent: no fault, no answer that the document does not name."""

from describing import CHECKS, described, tried

short = described(["examples", "fuzzing"])


@short.parametrize()
@tried(8)
def test_an_operation_answers_as_described(case, key):
    case.call_and_validate(headers={"Authorization": f"Bearer {key}"}, checks=CHECKS)
