from django.apps import AppConfig


class OrganisationConfig(AppConfig):
    name = "governance.organisation"
    label = "organisation"
