"""One row that fails is logged and counted; those behind it are acted on, unless the database is away."""

import pytest
from django.db import OperationalError

from governance.work.batches import each_row


def test_a_row_that_fails_holds_back_none_behind_it(caplog):
    acted = []

    def act(row):
        if row == "bad":
            raise ValueError("a text that may quote what stands in the row")
        acted.append(row)
        return 1

    assert each_row("the_duty", ["one", "bad", "two"], act) == 2
    assert acted == ["one", "two"]
    assert [record.getMessage() for record in caplog.records] == [
        "the_duty: row bad failed: ValueError",
        "the_duty: 1 rows failed, 2 done",
    ]


def test_without_a_database_the_batch_stops():
    def act(_row):
        raise OperationalError

    with pytest.raises(OperationalError):
        each_row("the_duty", ["one", "two"], act)
