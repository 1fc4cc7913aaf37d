from datetime import timedelta

import pytest

from governance.approvals.rules import StageState
from governance.approvals.selectors.ladder import NextStep, TakenStep
from governance.approvals.selectors.stages import StageRow
from governance.approvals.timing import ReminderKind
from governance.core.clock import now
from governance.web.deciding.timing import timing_of


def said(*names, following):
    at = now()
    taken = tuple(TakenStep(ReminderKind.ESCALATED, at - timedelta(hours=5), name, "") for name in names)
    stage = StageRow(
        name="IT",
        position=1,
        state=StageState.OPEN,
        reason="",
        needed=1,
        slots=(),
        opened_at=at,
        due_at=at - timedelta(hours=9),
        usual_hours=None,
        mine=False,
        asked=True,
        remedy="",
        taken=taken,
        following=NextStep(ReminderKind.TO_HEAD, at + timedelta(hours=9), following),
    )
    return timing_of(stage)


@pytest.mark.parametrize(
    ("names", "following", "words"),
    [
        pytest.param(("Tomas Vidal",), ("Viktor Alder",), ("Went to Tomas Vidal ", "; goes to Viktor Alder "), id="higher"),
        pytest.param(("Tomas Vidal",), ("Tomas Vidal",), ("Went to Tomas Vidal ", "; Tomas Vidal is asked again "), id="again"),
        pytest.param(("Tomas Vidal", "Tomas Vidal"), (), ("; Tomas Vidal was asked again ", "; goes higher "), id="twice so far"),
        pytest.param(("Ines", "Tomas"), ("Ines", "Tomas"), ("; Ines and Tomas are asked again ",), id="two again"),
    ],
)  # fmt: skip
def test_a_person_asked_before_is_asked_again(names, following, words):
    sentence = said(*names, following=following)
    assert sentence.startswith("Was due ")
    assert all(part in sentence for part in words), sentence
