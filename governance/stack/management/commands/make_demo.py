"""`manage.py make_demo --state DIR`: the demo organisation, made once for each database."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from governance.core.clock import now
from governance.organisation.selectors import root_unit
from governance.stack.places import State, write_private
from governance.stack.story.telling import tell_story


class Command(BaseCommand):
    help = "Make the demo organisation (synthetic) and write its people and keys into DIR/demo.json."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--state", type=Path, required=True, help="the folder of this stack's state")

    def handle(self, *, state: Path, **_options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("The demo organisation is made in demo mode only (REMIT_DEMO=on).")
        made = State(state.resolve()).demo
        draft = made.with_name("demo.json.draft")
        if root_unit() is None:
            _make(draft)
        if draft.exists():
            draft.replace(made)
        elif not made.exists():
            raise CommandError(
                "This database holds an organisation already, and its demo.json is gone: start with an empty database."
            )


def _make(draft: Path) -> None:
    """Make everything or nothing. The file is written before the commit, so that no password is ever lost."""
    with transaction.atomic():
        told = tell_story(at=now(), stand_in_url=settings.STAND_IN_URL)
        write_private(draft, json.dumps(asdict(told), indent=1, ensure_ascii=False) + "\n")
