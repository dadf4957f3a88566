"""Another e-mail address on a real database."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kabinet.accounts import selectors, services
from kabinet.accounts.models import Enrollment, OneTimeSecret, Session, User
from kabinet.accounts.services import AddressTaken, CodeRefused, NothingToConfirm, SameAddress, SignInRefused
from kabinet.infra import clock
from kabinet.infra.limits import LimitReached
from kabinet.infra.models import AuditRow, OutgoingLetter
from kabinet.providers.values import Limits
from tests import world
from tests.accounts import people
from tests.accounts.people import HERE, NEW_PASSWORD, code_in, sign_in

NEW = "anna.new@example.com"


@pytest.fixture
def session(w, anna) -> Session:
    return sign_in("anna@example.com", w).session


def facts(session, **changed):
    by = world.actor(session.user, session.provider)
    return {"session": session, "provider": session.provider, "allowed": Limits(), "by": by,
            "at": clock.technical_now(), **changed}  # fmt: skip


def ask(session, email=NEW, **changed):
    services.ask_to_change(email, **facts(session, **changed))


def change(session, code, **changed):
    services.change_email(code, place=HERE, **facts(session, **changed))


def to_be(session):
    return selectors.address_to_be(session.user_id, provider_id=session.provider_id, at=clock.technical_now())


@pytest.mark.spec("PROF-01")
def test_new_address_waits_for_its_code_and_the_former_stays(w, anna, session, letters):
    ask(session)

    anna.refresh_from_db()
    assert (anna.email, to_be(session)) == ("anna@example.com", NEW)
    assert sign_in("anna@example.com", w)
    with pytest.raises(SignInRefused):
        sign_in(NEW, w)
    [code, told] = sorted(letters(), key=lambda letter: letter["to"])
    assert (code["to"], code_in(code) in code["subject"]) == (NEW, True)
    assert told["to"] == "anna@example.com"
    assert "просьба сменить адрес" in told["subject"]
    assert NEW not in told["text"]


@pytest.mark.spec("PROF-01")
def test_right_code_puts_the_new_address_in_place(w, anna, session, letters):
    ask(session)

    change(session, code_in(letters(NEW)[0]))

    anna.refresh_from_db()
    assert (anna.email, anna.email_confirmed_at > world.NOW, to_be(session)) == (NEW, True, "")
    assert sign_in(NEW, w)
    with pytest.raises(SignInRefused):
        sign_in("anna@example.com", w)
    assert any("адрес электронной почты изменён" in letter["subject"] for letter in letters("anna@example.com"))


@pytest.mark.spec("PROF-01")
def test_audit_of_a_changed_address_names_no_address(w, anna, session, letters):
    ask(session)
    change(session, code_in(letters(NEW)[0]))

    rows = AuditRow.objects.filter(act__startswith="accounts.email")
    assert list(rows.order_by("id").values_list("act", "before", "after")) == [
        ("accounts.email_change_asked", None, None),
        ("accounts.email_changed", None, None),
    ]
    assert "@" not in str(list(AuditRow.objects.values()))


@pytest.mark.spec("PROF-01")
def test_address_of_somebody_else_looks_the_same_and_is_told_by_letter(w, anna, boris, session, letters):
    ask(session, "boris@example.com")

    assert to_be(session) == "boris@example.com"
    [letter] = letters("boris@example.com")
    assert "у вас уже есть кабинет" in letter["subject"]
    assert not any(sign.isdigit() and len(sign) == 6 for sign in letter["text"].split())
    assert "anna" not in letter["text"].lower()
    with pytest.raises(CodeRefused):
        change(session, "000000")
    assert OneTimeSecret.objects.get(purpose="change_email").wrong_tries == 1


@pytest.mark.spec("PROF-01")
def test_taken_and_free_address_cost_the_same_statements(w, anna, boris, session):
    def statements(email):
        with CaptureQueriesContext(connection) as captured:
            ask(session, email)
        return len(captured)

    ask(session, "first@example.com")

    assert statements("boris@example.com") == statements("nobody@example.com")


@pytest.mark.spec("PROF-01")
def test_address_taken_meanwhile_is_told_to_who_reads_its_letters(w, anna, session, letters):
    ask(session)
    code = code_in(letters(NEW)[0])
    world.person(w, NEW)

    with pytest.raises(AddressTaken):
        change(session, code)

    anna.refresh_from_db()
    assert anna.email == "anna@example.com"


@pytest.mark.spec("PROF-01")
@pytest.mark.parametrize("wrong", ["late", "former_code", "of_another_purpose"])
def test_code_that_is_not_the_one_changes_nothing(w, anna, session, letters, minute_passes, wrong):
    ask(session)
    code, at = code_in(letters(NEW)[0]), clock.technical_now()
    if wrong == "late":
        at += timedelta(minutes=31)
    elif wrong == "former_code":
        minute_passes()
        services.send_change_code_again(**facts(session))
    else:
        OutgoingLetter.objects.all().delete()
        services.start_recovery("anna@example.com", provider=w, place=HERE, allowed=Limits())
        code = code_in(letters("anna@example.com")[0])

    with pytest.raises(CodeRefused):
        change(session, code, at=at)

    anna.refresh_from_db()
    assert anna.email == "anna@example.com"


@pytest.mark.spec("PROF-01")
def test_five_wrong_codes_are_the_end_of_it(w, anna, session, letters):
    ask(session)
    code = code_in(letters(NEW)[0])
    wrong = "111111" if code != "111111" else "111112"
    for _ in range(5):
        with pytest.raises(CodeRefused):
            change(session, wrong)

    with pytest.raises(CodeRefused):
        change(session, code)


@pytest.mark.spec("PROF-02")
def test_new_code_goes_once_a_minute_and_warns_the_former_address_once(w, anna, session, letters, minute_passes):
    ask(session)
    with pytest.raises(LimitReached):
        services.send_change_code_again(**facts(session))
    minute_passes()

    services.send_change_code_again(**facts(session))

    assert len(letters(NEW)) == 2
    assert len(letters("anna@example.com")) == 1


@pytest.mark.spec("PROF-01")
def test_second_click_is_the_first_one(w, anna, session, letters):
    ask(session)
    ask(session)

    assert len(letters(NEW)) == 1
    change(session, code_in(letters(NEW)[0]))


def test_letters_to_strangers_are_limited_for_the_person(w, anna, session):
    for place in range(10):
        ask(session, f"somebody{place}@example.com")

    with pytest.raises(LimitReached):
        ask(session, "one.more@example.com")


@pytest.mark.spec("PROF-01")
def test_own_address_is_no_new_one(w, anna, session, letters):
    with pytest.raises(SameAddress):
        ask(session, "anna@example.com")

    assert letters() == []


@pytest.mark.spec("PROF-01")
def test_change_that_is_given_up_is_forgotten(w, anna, session, letters):
    ask(session)
    services.give_up_change(session=session, by=world.actor(anna, w), at=clock.technical_now())

    assert to_be(session) == ""
    with pytest.raises(CodeRefused):
        change(session, code_in(letters(NEW)[0]))
    with pytest.raises(NothingToConfirm):
        services.send_change_code_again(**facts(session))


@pytest.mark.spec("PROF-01")
def test_person_without_an_address_gets_one(w, anna, session, letters):
    User.objects.update(email=None, email_confirmed_at=None)

    ask(session)
    change(session, code_in(letters(NEW)[0]))

    anna.refresh_from_db()
    assert (anna.email, anna.email_confirmed_at is None) == (NEW, False)


@pytest.mark.spec("PROF-01")
def test_unconfirmed_address_may_be_a_strangers_and_is_told_nothing(w, session, letters):
    User.objects.update(email_confirmed_at=None)

    ask(session)
    change(session, code_in(letters(NEW)[0]))

    assert letters("anna@example.com") == []


@pytest.mark.spec("PROF-01", "REG-07")
def test_new_password_undoes_an_address_that_somebody_began_to_put_in(w, anna, session, letters):
    ask(session)
    services.change_password(world.PASSWORD, NEW_PASSWORD, session=session, provider=w, by=world.actor(anna, w),
                             at=clock.technical_now())  # fmt: skip

    assert to_be(session) == ""


@pytest.mark.spec("SITE-01")
def test_address_asked_for_at_one_provider_does_not_wait_at_another(w, v, anna, session):
    Enrollment.objects.create(user=anna, provider=v, category="legal", joined_at=world.NOW)
    ask(session)

    assert to_be(sign_in("anna@example.com", v).session) == ""


def test_code_that_proved_the_former_address_does_not_prove_the_new(w, agreements, letters):
    people.sign_up(w)
    code = code_in(letters()[0])
    User.objects.update(email="nina.new@example.com")

    with pytest.raises(CodeRefused):
        services.confirm_email("nina.new@example.com", code, provider=w, place=HERE, allowed=Limits(),
                               by=people.nobody(w), at=clock.technical_now())  # fmt: skip
