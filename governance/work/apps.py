from django.apps import AppConfig


class WorkConfig(AppConfig):
    name = "governance.work"
    label = "work"

    def ready(self) -> None:
        from django.core.checks import register

        # Making the application here makes it the current one, so that shared_task finds it in every process.
        from governance.work import queue  # noqa: F401
        from governance.work.checks import check_tables
        from governance.work.consequences import check_consequences

        register(check_consequences)
        register(check_tables)
