"""Every address of the portal; `authz.yml` has a row for each."""

from django.urls import include, path

handler400 = "kabinet.web.errors.handler400"
handler403 = "kabinet.web.errors.handler403"
handler404 = "kabinet.web.errors.handler404"
handler500 = "kabinet.web.errors.handler500"

# Looked through from the top: what is asked for most stands first.
urlpatterns = [
    path("", include("kabinet.readings.urls")),
    path("", include("kabinet.infra.urls")),
    path("", include("kabinet.home.urls")),
    path("", include("kabinet.web.urls")),
    path("", include("kabinet.accounts.urls")),
    path("", include("kabinet.contracts.urls")),
    path("", include("kabinet.help.urls")),
    path("", include("kabinet.billing.urls")),
    path("", include("kabinet.tickets.urls")),
    path("office/", include("kabinet.staff.urls")),
    path("exchange/v1/", include("kabinet.exchange.urls")),
]
