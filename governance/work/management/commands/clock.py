from typing import Any

from django.core.management.base import BaseCommand

from governance.core.actors import CLOCK
from governance.work.leading import Lead, lead, stop_on_signal
from governance.work.periodic import Timetable


class Command(BaseCommand):
    help = "Do what is due by time (settings.PERIODIC), until stopped. More than one may run: one leads."

    def handle(self, **_options: Any) -> None:
        lead(Lead.CLOCK, Timetable().run_due, by=CLOCK, stop=stop_on_signal())
