"""What people come for costs them no more than promised. `./dev bench tasks` prints the figures."""

import pytest

from tasks_of_people import TASKS, Day

pytestmark = [pytest.mark.browser, pytest.mark.services]


@pytest.fixture(scope="module")
def day(visitors):
    return Day.begin(visitors)


@pytest.mark.parametrize("task", TASKS, ids=lambda task: f"{task.who}: {task.name}")
def test_a_task_costs_no_more_than_promised(task, day):
    tally = task.do(day)
    assert not [said for goal in task.goals if (said := goal.missed(tally))], tally
