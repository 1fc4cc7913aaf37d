from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "governance.catalogue"
    label = "catalogue"
