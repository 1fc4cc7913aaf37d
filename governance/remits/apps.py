from django.apps import AppConfig


class RemitsConfig(AppConfig):
    name = "governance.remits"
    label = "remits"
