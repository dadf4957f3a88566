from django.apps import AppConfig


class InfraConfig(AppConfig):
    name = "kabinet.infra"
    label = "infra"
