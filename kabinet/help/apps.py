from django.apps import AppConfig


class HelpConfig(AppConfig):
    name = "kabinet.help"
    label = "help"
