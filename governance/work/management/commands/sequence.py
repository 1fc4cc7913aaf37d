from typing import Any

from django.core.management.base import BaseCommand

from governance.audit.sequencer import integrate_next
from governance.core.actors import SEQUENCER
from governance.work.leading import Lead, lead, stop_on_signal


class Command(BaseCommand):
    help = "Number the events of the audit log, until stopped. More than one may run: one leads, the others stand by."

    def handle(self, **_options: Any) -> None:
        lead(Lead.SEQUENCER, integrate_next, by=SEQUENCER, stop=stop_on_signal())
