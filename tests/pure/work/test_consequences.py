"""The table of consequences is checked at start, and an unknown happening is a fault, not silence."""

import pytest

from governance.work.consequences import check_consequences, followers


def test_a_name_that_leads_nowhere_is_an_error_at_start(settings):
    settings.CONSEQUENCES = {"destinations.terms_changed": ["governance.core.clock.yesterday"]}
    assert [error.id for error in check_consequences()] == ["remit.E101"]


def test_a_name_that_is_no_function_is_an_error_at_start(settings):
    settings.CONSEQUENCES = {"destinations.terms_changed": ["governance.core.actors.WORKER"]}
    assert [error.id for error in check_consequences()] == ["remit.E101"]


def test_the_table_in_the_settings_holds():
    assert check_consequences() == []


def test_followers_keep_the_order_of_the_table(settings):
    settings.CONSEQUENCES = {"a.b": ["governance.core.ids.slug", "governance.core.clock.now"]}
    assert [follower.__name__ for follower in followers("a.b")] == ["slug", "now"]


def test_an_unknown_happening_is_a_fault():
    with pytest.raises(KeyError):
        followers("destinations.nobody_wrote_this_down")
