from django.urls import path

from kabinet.billing import views

app_name = "billing"
urlpatterns = [
    path("acts/", views.acts, name="acts"),
    path("acts/<uuid:act_id>/file/", views.download, name="act_file"),
    path("personal/", views.personal, name="personal"),
    path("personal/<uuid:contract_id>/<slug:tab>/", views.personal_account, name="personal_account"),
    path("slip/", views.slip, name="slip"),
    path("slip/<uuid:contract_id>/<str:month>/", views.slip_file, name="slip_file"),
    path("calculator/", views.calculator, name="calculator"),
    path("common-needs/<uuid:contract_id>/", views.common_needs, name="common_needs"),
]
