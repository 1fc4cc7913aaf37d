from django.apps import AppConfig


class InitiativesConfig(AppConfig):
    name = "governance.initiatives"
    label = "initiatives"
