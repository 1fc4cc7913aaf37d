"""What every installation has from the start: run after each migration, and safe to run again."""

from typing import Any

from django.core.management.base import BaseCommand

from governance.approvals.services import ensure_workflow
from governance.core.actors import INSTALLER
from governance.core.clock import now
from governance.scanning.services import ensure_default


class Command(BaseCommand):
    help = "Make what every installation needs: the ruleset and the approval workflow in force."

    def handle(self, *_args: Any, **_options: Any) -> None:
        ensure_default(by=INSTALLER, at=now())
        ensure_workflow(by=INSTALLER, at=now())
