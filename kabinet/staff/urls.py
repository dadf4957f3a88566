from django.urls import path

from kabinet.staff import views

app_name = "staff"
urlpatterns = [
    path("", views.desk, name="desk"),
    path("sign-in/", views.sign_in, name="sign_in"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("second-factor/", views.factor, name="factor"),
    path("second-factor/set-up/", views.set_factor, name="set_factor"),
    path("password/", views.password, name="password"),
    path("spare-codes/", views.spare_codes, name="spare_codes"),
    path("search/", views.search, name="search"),
    path("contracts/<uuid:contract_id>/", views.contract, name="contract"),
    path("contracts/<uuid:contract_id>/history/", views.history, name="history"),
    path("people/<uuid:user_id>/", views.person, name="person"),
    path("people/<uuid:user_id>/recovery/", views.recovery, name="recovery"),
    path("tickets/", views.tickets, name="tickets"),
    path("tickets/<uuid:ticket_id>/", views.ticket, name="ticket"),
    path("tickets/<uuid:ticket_id>/take/", views.take_ticket, name="take_ticket"),
    path("tickets/<uuid:ticket_id>/answer/", views.answer_ticket, name="answer_ticket"),
    path("tickets/<uuid:ticket_id>/note/", views.note_ticket, name="note_ticket"),
    path("tickets/<uuid:ticket_id>/close/", views.close_ticket, name="close_ticket"),
    path("ticket-files/<uuid:file_id>/", views.ticket_file, name="ticket_file"),
    path("windows/", views.windows, name="windows"),
    path("windows/<uuid:extension_id>/withdraw/", views.withdraw_window, name="withdraw_window"),
    path("answers/", views.answers, name="answers"),
    path("answers/new/", views.new_answer, name="new_answer"),
    path("answers/<uuid:entry_id>/", views.edit_answer, name="edit_answer"),
    path("answers/<uuid:entry_id>/withdraw/", views.withdraw_answer, name="withdraw_answer"),
    path("calendar/", views.calendar, name="calendar"),
    path("calendar/<uuid:day_id>/forget/", views.forget_day, name="forget_day"),
    path("failures/", views.failures, name="failures"),
    path("failures/<uuid:parked_id>/retry/", views.retry_failure, name="retry_failure"),
    path("policy/", views.policy, name="policy"),
    path("specialists/", views.specialists, name="specialists"),
    path("audit/", views.audit, name="audit"),
]
