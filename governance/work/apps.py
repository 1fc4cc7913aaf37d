from django.apps import AppConfig


class WorkConfig(AppConfig):
    name = "governance.work"
    label = "work"
