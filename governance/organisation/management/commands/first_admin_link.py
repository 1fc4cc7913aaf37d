"""Print a link that makes the first platform admin; nothing when there is one."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from governance.organisation.first_admin import new_token
from governance.organisation.selectors import has_platform_admin


class Command(BaseCommand):
    help = __doc__

    def handle(self, *_args: Any, **_options: Any) -> None:
        if not has_platform_admin():
            self.stdout.write(f"{settings.WEB_URL}/first-admin/{new_token()}/")
