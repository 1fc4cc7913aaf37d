from django.apps import AppConfig


class DestinationsConfig(AppConfig):
    name = "governance.destinations"
    label = "destinations"
