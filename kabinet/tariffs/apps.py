from django.apps import AppConfig


class TariffsConfig(AppConfig):
    name = "kabinet.tariffs"
    label = "tariffs"
