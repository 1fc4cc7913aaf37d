"""Rows change only in services. Anything else is a write nobody recorded."""

from tests.architecture import guards


def test_rows_change_only_in_services():
    assert not guards.writes()
