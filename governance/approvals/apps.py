from django.apps import AppConfig


class ApprovalsConfig(AppConfig):
    name = "governance.approvals"
    label = "approvals"

    def ready(self) -> None:
        from django.core.checks import register

        from governance.approvals.checks import check_subjects

        register(check_subjects)
