"""Unusual readings: explained, mended by one press or sent as they are, with a photo and a word (READ-09)."""

import io
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from PIL import Image

from kabinet.infra import storage
from kabinet.infra.db import transaction_of
from kabinet.infra.models import OutgoingLetter, StoredFile
from kabinet.readings.models import DoubtfulReading, MeterClaim, Submission
from kabinet.readings.selectors import doubts
from kabinet.readings.services import photos
from kabinet.readings.values.household import PhotoProblem
from tests import world
from tests.readings import flats
from tests.readings.sending import text_of

pytestmark = [pytest.mark.usefixtures("at"), pytest.mark.spec("READ-09")]


@pytest.fixture
def visitor(client, nina, p):
    return world.signed_in(client, nina, p)


def check(visitor, flat, fields):
    return flats.press(visitor, flat, fields, "check")


def picture(kind="JPEG", size=(640, 480), **saved):
    out = io.BytesIO()
    Image.new("RGB", size, "white").save(out, kind, **saved)
    return out.getvalue()


def upload(data, name="dial.jpg"):
    return SimpleUploadedFile(name, data)


@pytest.mark.parametrize(
    ("showed", "typed", "digits", "offered", "consumption", "words"),
    [
        ("4580", "46801", 5, "04680", "100", "потерян ноль впереди и введена цифра после запятой"),
        ("2635", "28356", 5, "02835", "200", "потерян ноль впереди и введена цифра после запятой"),
    ],
)
def test_mistakes_of_the_manual_are_mended_by_one_press(
    visitor, flat, showed, typed, digits, offered, consumption, words
):
    meter = flats.power(flat, showed=(showed,), digits=digits, limit="5000")
    (register,) = flats.registers_of(meter)
    seen = check(visitor, flat, flats.values_of(meter, typed))

    mended = flats.press(visitor, flat, {}, f"take:{register.pk}={offered}", before=seen)
    flats.press(visitor, flat, {}, "send", before=mended)

    assert words in text_of(seen)
    assert f"Взять {offered}" in text_of(seen)
    assert f"{offered} {consumption}" in text_of(mended)
    assert int(Submission.objects.get().value) == int(offered)
    assert not DoubtfulReading.objects.exists()


def test_digits_that_the_dial_has_no_place_for_are_mended_on_the_form(visitor, flat):
    meter = flats.power(flat, showed=("4580",), digits=4)
    (register,) = flats.registers_of(meter)

    page = check(visitor, flat, flats.values_of(meter, "46801"))
    mended = flats.press(visitor, flat, flats.values_of(meter, "46801"), f"take:{register.pk}=4680", before=page)

    assert "Взять 4680" in text_of(page)
    assert "4680 100" in text_of(mended)


def test_volume_in_place_of_the_reading_gets_its_offer(visitor, flat):
    meter = flats.hot_water(flat, showed="120")
    (register,) = flats.registers_of(meter)

    seen = check(visitor, flat, flats.values_of(meter, "6"))

    assert "Похоже на расход за месяц" in text_of(seen)
    assert f'value="{register.pk}=00126"' in seen.content.decode()


def test_volume_that_fits_is_shown_padded_with_its_consumption(visitor, flat):
    meter = flats.hot_water(flat, showed="3")

    words = text_of(check(visitor, flat, flats.values_of(meter, "7")))

    assert "Санузел 00003 00007 4" in words
    assert "Показание верное?" not in words


def test_swapped_tariffs_are_put_back_together(visitor, flat):
    meter = flats.power(flat, showed=("10234", "5120"))
    seen = check(visitor, flat, flats.values_of(meter, "5188", "10311"))
    day, night = flats.registers_of(meter)

    mended = flats.press(visitor, flat, {}, f"take:{day.pk}=10311,{night.pk}=05188", before=seen)

    assert "Похоже, показания тарифов перепутаны местами." in text_of(seen)
    assert f'value="{day.pk}=10311,{night.pk}=05188"' in seen.content.decode()
    assert "T1 10234 10311 77" in text_of(mended)
    assert "T2 05120 05188 68" in text_of(mended)


def test_limit_is_the_customers_own(visitor, flat):
    """Four cubic metres a month for a year: thirty are unusual here, though the provider's floor would bear them."""
    meter = flats.hot_water(flat, showed="100", months=12, run=4)

    assert "Показание верное?" in text_of(check(visitor, flat, flats.values_of(meter, "130")))
    assert "Показание верное?" not in text_of(check(visitor, flat, flats.values_of(meter, "110")))


def test_unconfirmed_doubt_stays_on_the_check_screen(visitor, flat):
    meter = flats.hot_water(flat, showed="100", months=12)
    seen = check(visitor, flat, flats.values_of(meter, "150"))

    again = flats.press(visitor, flat, {}, "send", before=seen)

    assert "Возьмите предложенное или подтвердите своё." in text_of(again)
    assert not Submission.objects.exists()


def test_truly_high_reading_goes_with_photo_and_word_to_the_office(visitor, flat):
    meter = flats.hot_water(flat, showed="100", months=12)
    (register,) = flats.registers_of(meter)
    seen = check(visitor, flat, flats.values_of(meter, "150"))
    said = {f"confirm-{register.pk}": "consumption_too_high", f"comment-{register.pk}": "Гостили внуки"}

    flats.press(visitor, flat, said, "send", before=seen, **{f"photo-{register.pk}": upload(picture())})

    submission, doubt = Submission.objects.get(), DoubtfulReading.objects.get()
    assert (doubt.submission_id, doubt.codes, doubt.comment) == (
        submission.id,
        ["consumption_too_high"],
        "Гостили внуки",
    )
    assert (doubt.state, doubt.photo.media_type) == ("new", "image/jpeg")
    assert storage.is_whole(doubt.photo)


def test_photo_with_a_virus_is_nobodys_and_its_sender_is_told(visitor, flat, nina):
    meter = flats.hot_water(flat, showed="100", months=12)
    (register,) = flats.registers_of(meter)
    seen = check(visitor, flat, flats.values_of(meter, "150"))
    said = {f"confirm-{register.pk}": "consumption_too_high"}
    flats.press(visitor, flat, said, "send", before=seen, **{f"photo-{register.pk}": upload(picture())})
    doubt = DoubtfulReading.objects.get()
    assert doubts.photo_of(flat.provider_id, doubt.pk)

    StoredFile.objects.update(scan="infected")
    with transaction_of("test"):
        photos.tell_of_infected(doubt.photo_id)

    assert doubts.photo_of(flat.provider_id, doubt.pk) is None
    letter = OutgoingLetter.objects.get(template="readings/infected_photo")
    assert (letter.to, flat.number in letter.text) == (nina.email, True)


def test_photo_that_is_none_is_named_and_what_was_said_is_kept(visitor, flat):
    meter = flats.hot_water(flat, showed="100", months=12)
    (register,) = flats.registers_of(meter)
    seen = check(visitor, flat, flats.values_of(meter, "150"))
    said = {f"confirm-{register.pk}": "consumption_too_high", f"comment-{register.pk}": "Гостили внуки"}

    page = flats.press(visitor, flat, said, "send", before=seen, **{f"photo-{register.pk}": upload(b"%PDF-1.4 x")})

    assert "Это не фото: подойдёт JPEG или PNG." in text_of(page)
    assert "Гостили внуки" in page.content.decode()
    assert not Submission.objects.exists()


def test_photo_is_made_anew_without_its_secrets():
    exif = Image.Exif()
    exif[0x010F] = "Secret maker"
    data = picture(size=(4000, 3000), exif=exif)

    photo = photos.taken(io.BytesIO(data), size=len(data))

    made = Image.open(io.BytesIO(photo.data))
    assert (made.format, made.size, dict(made.getexif())) == ("JPEG", (1600, 1200), {})
    assert b"Secret" not in photo.data


def test_picture_of_too_many_pixels_is_refused_before_it_unpacks():
    data = picture("PNG", size=(9000, 9000))

    with pytest.raises(photos.PhotoRefused) as refused:
        photos.taken(io.BytesIO(data), size=len(data))

    assert refused.value.problem is PhotoProblem.TOO_MANY_PIXELS


@pytest.mark.parametrize(
    ("data", "size", "problem"),
    [
        (b"\xff\xd8\xff" + b"0" * 100, 103, PhotoProblem.NO_PICTURE),
        (b"GIF89a", 6, PhotoProblem.NO_PICTURE),
        (b"\xff\xd8\xff", 8 * 1024 * 1024 + 1, PhotoProblem.TOO_LARGE),
    ],
)
def test_what_is_no_picture_is_refused(data, size, problem):
    with pytest.raises(photos.PhotoRefused) as refused:
        photos.taken(io.BytesIO(data), size=size)

    assert refused.value.problem is problem


def doubt_of(flat, **changed):
    register = flat.registers.first()
    facts = {
        "contract": flat, "register": register, "submission_id": flat.pk, "month": "2026-10-01", "codes": [],
        "made_at": world.NOW, "state_at": world.NOW,
    }  # fmt: skip
    return DoubtfulReading.objects.create(**(facts | changed))


@pytest.mark.parametrize(
    ("changed", "name"),
    [
        ({"month": "2026-10-02"}, "doubt_month_is_a_month"),
        ({"state": "looked_at"}, "doubt_was_looked_at_by_somebody"),
        ({"state": "asked", "looked_by": "01a22ef1-59db-7278-9c4c-f99829b78f40"}, "asked_doubt_has_a_ticket"),
    ],
)
def test_database_holds_what_a_doubt_is(flat, changed, name):
    flats.hot_water(flat)

    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        doubt_of(flat, **changed)


def test_submission_is_doubted_once(flat):
    flats.hot_water(flat)
    doubt_of(flat)

    with pytest.raises(IntegrityError, match="one_doubt_a_submission"), transaction.atomic():
        doubt_of(flat)


@pytest.mark.parametrize(
    ("changed", "name"),
    [
        ({"month": "2026-10-02"}, "claim_month_is_a_month"),
        ({"tariffs": 4}, "claim_has_one_to_three_tariffs"),
        ({"tariffs": 0}, "claim_has_one_to_three_tariffs"),
    ],
)
def test_database_holds_what_a_claim_is(flat, changed, name):
    meter = flats.power(flat)
    facts = {
        "contract": flat, "meter": meter, "month": "2026-10-01", "kind": "meter_type", "tariffs": 2, "numbers": {},
        "made_at": world.NOW,
    }  # fmt: skip

    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        MeterClaim.objects.create(**(facts | changed))


def test_more_than_could_run_is_refused_on_the_form(visitor, flat):
    meter = flats.power(flat, showed=("4580",), limit=str(Decimal(10)))

    assert "Столько счётчик не мог насчитать" in text_of(check(visitor, flat, flats.values_of(meter, "90000")))
