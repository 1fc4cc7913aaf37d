from django.apps import AppConfig


class GatewayConfig(AppConfig):
    name = "governance.gateway"
    label = "gateway"
