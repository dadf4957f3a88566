from django.urls import path

from kabinet.tickets import views

app_name = "tickets"
urlpatterns = [
    path("feedback/", views.feedback, name="feedback"),
    path("feedback/accepted/<str:token>/", views.accepted, name="accepted"),
    path("requests/", views.requests, name="requests"),
    path("requests/order/<slug:resource>/", views.order, name="order"),
    path("requests/check/", views.order_check, name="order_check"),
    path("requests/statement/", views.statement, name="statement"),
    path("tickets/", views.tickets, name="list"),
    path("tickets/new/", views.choose, name="choose"),
    path("tickets/new/<uuid:section>/", views.write, name="write"),
    path("tickets/new/<uuid:section>/<uuid:contract_id>/", views.write, name="write_about"),
    path("tickets/access/<uuid:contract_id>/", views.ask_access, name="ask_access"),
    path("tickets/<uuid:ticket_id>/", views.ticket, name="ticket"),
    path("tickets/<uuid:ticket_id>/read/", views.mark_read, name="mark_read"),
    path("tickets/files/<uuid:file_id>/", views.file, name="file"),
]
