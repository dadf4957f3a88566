from django.apps import AppConfig


class StaffConfig(AppConfig):
    name = "kabinet.staff"
    label = "staff"
