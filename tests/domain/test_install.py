"""What an installation has from the start, and from when on."""

import pytest
from django.core.management import call_command

from governance.core.clock import now
from governance.scanning.models import Ruleset
from governance.scanning.rules import RulesetMode
from governance.stack.story.cast import Calendar
from governance.stack.story.rulesets import HELD_DAY

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("demo", "begins_with_the_story"),
    [pytest.param(True, True, id="in a demo"), pytest.param(False, False, id="elsewhere")],
)
def test_the_first_ruleset_is_older_than_what_a_story_makes_of_it(demo, begins_with_the_story, settings):
    settings.DEMO, before = demo, now()
    Ruleset.objects.update(mode=RulesetMode.DRAFT)  # the template of the tests was installed already
    call_command("install")
    since = Ruleset.objects.get(mode=RulesetMode.ENFORCE).enforced_at
    assert (since < Calendar(before).day(HELD_DAY)) is begins_with_the_story
    assert (since >= before) is not begins_with_the_story
