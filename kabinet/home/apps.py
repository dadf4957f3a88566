from django.apps import AppConfig


class HomeConfig(AppConfig):
    name = "kabinet.home"
    label = "home"
