from django.urls import path

from kabinet.help import views

app_name = "help"
urlpatterns = [
    path("help/", views.answers, name="answers"),
    path("references/", views.references, name="references"),
    path("manual/", views.manual, name="manual"),
    path("manual.pdf", views.manual_pdf, name="manual_pdf"),
]
