"""What every installation has from the start: run after each migration, and safe to run again."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from governance.approvals.services import ensure_workflow
from governance.core.actors import INSTALLER
from governance.core.clock import now
from governance.organisation.selectors import root_unit
from governance.scanning.services import ensure_default
from governance.stack.story.cast import Calendar


class Command(BaseCommand):
    help = "Make what every installation needs: the ruleset and the approval workflow in force."

    def handle(self, *_args: Any, **_options: Any) -> None:
        ensure_default(by=INSTALLER, at=_at_first())
        ensure_workflow(by=INSTALLER, at=now())


def _at_first() -> datetime:
    """Return now; before the demo organisation is told, the day its story begins: its later versions lie in the past too."""
    return Calendar(now()).day(0) if settings.DEMO and root_unit() is None else now()
