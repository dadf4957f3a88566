import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kabinet.kernel.identifiers.bank import AccountKind, check_account, with_key_digit
from kabinet.kernel.identifiers.checked import Fault
from kabinet.kernel.identifiers.codes import Code, check_code
from kabinet.kernel.identifiers.inn import InnKind, check_inn, with_check_digits
from kabinet.kernel.identifiers.ogrn import OgrnKind, check_ogrn, with_check_digit

DIGITS = "0123456789"
FULL_WIDTH = str.maketrans(DIGITS, "０１２３４５６７８９")


def digits(count):
    return st.text(alphabet=DIGITS, min_size=count, max_size=count)


@given(digits(9))
def test_completed_inn_of_an_organisation_is_valid(body):
    assume(body.strip("0"))

    checked = check_inn(with_check_digits(body, InnKind.LEGAL))

    assert checked.valid
    assert checked.kind == "legal"


@given(digits(10))
def test_completed_inn_of_a_person_is_valid(body):
    assume(body.strip("0"))

    checked = check_inn(with_check_digits(body, InnKind.PERSON_OR_IP))

    assert checked.valid
    assert checked.kind == "person_or_ip"


@given(digits(9), st.integers(1, 9))
def test_inn_with_another_check_digit_is_refused(body, shift):
    assume(body.strip("0"))
    inn = with_check_digits(body, InnKind.LEGAL)

    damaged = inn[:-1] + str((int(inn[-1]) + shift) % 10)

    assert check_inn(damaged).reason is Fault.CHECKSUM


@pytest.mark.parametrize(
    "inn", [" 7703311228", "7703 311 228", "7703311228\n", "77033\N{NO-BREAK SPACE}11228", "\u200b7703311228"]
)
def test_spaces_in_an_inn_do_not_count(inn):
    assert check_inn(inn).normalized == "7703311228"


@pytest.mark.parametrize(
    ("inn", "reason"),
    [
        ("", Fault.LENGTH),
        ("   ", Fault.LENGTH),
        ("770331122", Fault.LENGTH),
        ("7703311228001", Fault.LENGTH),
        ("77033А1228", Fault.FORMAT),
        ("-770331122", Fault.FORMAT),
        ("7703311228".translate(FULL_WIDTH), Fault.FORMAT),
        ("٧٧٠٣٣١١٢٢٨", Fault.FORMAT),
        ("000000000000", Fault.ZEROS),
    ],
)
def test_bad_inn_says_why(inn, reason):
    checked = check_inn(inn)

    assert (checked.valid, checked.reason, checked.kind) == (False, reason, None)


@given(st.sampled_from("1235"), digits(11))
def test_completed_ogrn_is_valid(sign, body):
    assert check_ogrn(with_check_digit(sign + body, OgrnKind.OGRN)).kind == "ogrn"


@given(digits(13))
def test_completed_ogrnip_is_valid(body):
    assert check_ogrn(with_check_digit("3" + body, OgrnKind.OGRNIP)).kind == "ogrnip"


@pytest.mark.parametrize(
    ("ogrn", "reason"),
    [
        ("", Fault.LENGTH),
        ("10222005258190", Fault.LENGTH),
        ("102220052581O", Fault.FORMAT),
        ("0000000000000", Fault.SIGN),
        ("104187192831558", Fault.SIGN),
        ("1022200525818", Fault.CHECKSUM),
    ],
)
def test_bad_ogrn_says_why(ogrn, reason):
    assert check_ogrn(ogrn).reason is reason


@pytest.mark.parametrize(
    ("code", "text", "normalized"),
    [
        (Code.ACCOUNT_9, "111 222 333", "111222333"),
        (Code.ACCOUNT_9, "111-222-333", "111222333"),
        (Code.ACCOUNT_9, "000000001", "000000001"),
        (Code.CONTRACT_14, "1801\N{EN DASH}0010 001234", "18010010001234"),
        (Code.ELS, " 70aa000560", "70АА000560"),
        (Code.IZHKU, "75да533315-01", "75ДА533315-01"),
        (Code.BIC, "044 525 225", "044525225"),
        (Code.BIC, "017003983", "017003983"),
    ],
)
def test_code_is_given_its_tidy_spelling(code, text, normalized):
    assert check_code(code, text).normalized == normalized


@pytest.mark.parametrize(
    ("code", "text", "reason"),
    [
        (Code.KPP, "", Fault.LENGTH),
        (Code.KPP, "1831zz001", Fault.FORMAT),
        (Code.KPP, "18Z101001", Fault.FORMAT),
        (Code.KPP, "1831АА001", Fault.FORMAT),
        (Code.BIC, "059805746", Fault.FIRST_DIGITS),
        (Code.BIC, "04452522S", Fault.FORMAT),
        (Code.ACCOUNT_9, "11122233a", Fault.FORMAT),
        (Code.ACCOUNT_9, "１１１２２２３３３", Fault.FORMAT),
        (Code.CONTRACT_14, "0" * 14, Fault.ZEROS),
        (Code.ELS, "70DA000560", Fault.FORMAT),
        (Code.ELS, "7OАА000560", Fault.FORMAT),
        (Code.ELS, "70АА00056", Fault.LENGTH),
        (Code.ELS, "70ЁА000560", Fault.FORMAT),
        (Code.IZHKU, "75ДА533315-1", Fault.LENGTH),
        (Code.GIS_PAYMENT_DOC, "70АА000560-016103", Fault.LENGTH),
        (Code.GIS_PAYMENT_DOC, "70АА000560-0-16103", Fault.FORMAT),
    ],
)
def test_bad_code_says_why(code, text, reason):
    assert check_code(code, text).reason is reason


@given(digits(20), digits(7), st.sampled_from(AccountKind))
def test_account_with_its_key_digit_fits_the_bank(account, tail, kind):
    bic = f"04{tail}"

    completed = with_key_digit(account, bic=bic, kind=kind)
    assume(completed.strip("0"))

    assert check_account(completed, bic=bic, kind=kind).valid


@given(digits(20), st.integers(1, 9))
def test_account_with_another_key_digit_does_not_fit(account, shift):
    completed = with_key_digit(account, bic="044525225")
    assume(completed.strip("0"))

    damaged = completed[:8] + str((int(completed[8]) + shift) % 10) + completed[9:]
    assume(damaged.strip("0"))

    assert check_account(damaged, bic="044525225").reason is Fault.KEY


def test_single_treasury_account_passes_as_correspondent():
    assert check_account("40102810445370000059", bic="017003983", kind=AccountKind.CORRESPONDENT).valid


@pytest.mark.parametrize("letter", ["A", "А"])
def test_letter_of_a_clearing_currency_counts_in_both_alphabets(letter):
    assert check_account(f"40702{letter}10900000000123", bic="049401601").valid


@pytest.mark.parametrize(
    ("account", "bic", "reason"),
    [
        ("40602810700000000025", "04980574", Fault.BIC_FORMAT),
        ("40602810700000000025", "149805746", Fault.BIC_FORMAT),
        ("4060281070000000002", "049805746", Fault.ACCOUNT_FORMAT),
        ("40702D10900000000123", "049401601", Fault.ACCOUNT_FORMAT),
        ("4070281A900000000123", "049401601", Fault.ACCOUNT_FORMAT),
        ("", "049401601", Fault.ACCOUNT_FORMAT),
        ("0" * 20, "044525000", Fault.ACCOUNT_FORMAT),
    ],
)
def test_malformed_account_says_which_part(account, bic, reason):
    assert check_account(account, bic=bic).reason is reason
