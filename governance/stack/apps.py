from django.apps import AppConfig


class StackConfig(AppConfig):
    name = "governance.stack"
    label = "stack"
