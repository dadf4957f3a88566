"""Addresses of the exchange, version 1."""

from django.urls import path

from kabinet.exchange.views import batches, description, feed, files

app_name = "exchange"
urlpatterns = [
    path("batches/", batches.receive, name="batches"),
    # What is no id is a batch that nobody sent, and is answered for programs, too.
    path("batches/<str:batch>/", batches.report, name="report"),
    path("files/", files.receive, name="files"),
    path("feed/", feed.give, name="feed"),
    path("feed/acknowledgements/", feed.acknowledge, name="acknowledgements"),
    path(description.NAME, description.give, name="description"),
]
