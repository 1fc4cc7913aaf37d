from django.apps import AppConfig


class WorkConfig(AppConfig):
    name = "governance.work"
    label = "work"

    def ready(self) -> None:
        from django.core.checks import register

        from governance.work.consequences import check_consequences

        register(check_consequences)
