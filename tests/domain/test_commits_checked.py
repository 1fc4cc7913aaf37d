"""The harness itself: what would be refused at a commit is refused in a test that is rolled back."""

import pytest
from django.db import IntegrityError, transaction

import builders
from governance.organisation.models import Unit

pytestmark = pytest.mark.django_db


def test_a_change_that_names_no_event_is_refused_where_its_block_ends():
    unit = builders.unit()  # an event of the preparation excuses nothing
    with pytest.raises(IntegrityError, match="names no event"), transaction.atomic():
        Unit.objects.filter(pk=unit.pk).update(name="Unseen")
    assert not Unit.objects.filter(name="Unseen").exists()


def test_what_a_test_writes_by_itself_is_its_own_affair():
    unit = builders.unit()
    Unit.objects.filter(pk=unit.pk).update(name="By the test")
    builders.unit()
    assert Unit.objects.filter(name="By the test").exists()
    Unit.objects.filter(pk=unit.pk).update(name="By the test again")
