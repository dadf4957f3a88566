"""Addresses of the exchange, version 1."""

from django.urls import path

from kabinet.exchange.views import batches, feed, files

app_name = "exchange"
urlpatterns = [
    path("batches/", batches.receive, name="batches"),
    path("batches/<uuid:batch>/", batches.report, name="report"),
    path("files/", files.receive, name="files"),
    path("feed/", feed.give, name="feed"),
    path("feed/acknowledgements/", feed.acknowledge, name="acknowledgements"),
]
