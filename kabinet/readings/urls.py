from django.urls import path

from kabinet.readings import views

app_name = "readings"
urlpatterns = [
    path("readings/cold-water/", views.send, name="send"),
    path("readings/household/", views.household, name="household"),
    path("readings/household/<uuid:contract_id>/", views.household_of, name="household_of"),
    path("readings/household/<uuid:contract_id>/price/", views.household_price, name="household_price"),
    path("readings/household/<uuid:contract_id>/sent/", views.household_sent, name="household_sent"),
    path("readings/without-sign-in/", views.public, name="public"),
    path("readings/without-sign-in/sent/", views.public_sent, name="public_sent"),
    path("readings/without-sign-in/<str:token>/", views.public_meters, name="public_meters"),
    path("readings/sewage-volumes/", views.send_volumes, name="volumes"),
    path("readings/archive/", views.archive, name="archive"),
    path("readings/archive/sewage-volumes/", views.archive_volumes, name="archive_volumes"),
    path("readings/points/", views.points.points, name="points"),
    path("readings/points/<uuid:point_id>/", views.points.point, name="point"),
    path("readings/meters/<uuid:meter_id>/", views.meters.meter, name="meter"),
    path("readings/verification/", views.verification, name="verification"),
    path("readings/history/", views.history.history, name="history"),
    path("readings/history/file/", views.history.history_file, name="history_file"),
    path("readings/files/", views.files.choose_contract, name="files"),
    path("readings/files/<uuid:contract_id>/", views.files.new, name="file_new"),
    path("readings/files/<uuid:contract_id>/template/", views.files.template, name="file_template"),
    path("readings/files/<uuid:contract_id>/<uuid:file_id>/", views.files.file, name="file"),
    path("readings/files/<uuid:contract_id>/<uuid:file_id>/send/", views.files.send_file, name="file_send"),
    path("readings/files/<uuid:contract_id>/<uuid:file_id>/discard/", views.files.discard_file, name="file_discard"),
    path("readings/files/<uuid:contract_id>/<uuid:file_id>/confirm/", views.files.confirm_file, name="file_confirm"),
    path("readings/files/<uuid:contract_id>/<uuid:file_id>/withdraw/", views.files.withdraw_file, name="file_withdraw"),
    path("readings/files/<uuid:contract_id>/<uuid:file_id>/marked/", views.files.marked_file, name="file_marked"),
]
