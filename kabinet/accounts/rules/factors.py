"""The second factor of the office: codes that a telephone shows (RFC 6238), and spare ones on paper."""

import string
import unicodedata
from datetime import datetime
from typing import Final

import pyotp
from pyotp.utils import strings_equal

STEP_SECONDS: Final = 30
DIGITS: Final = 6
# Clocks of telephones are a little off, and typing takes time: one step to either side.
DRIFT_STEPS: Final = 1
SPARE_CODES: Final = 10
SPARE_LENGTH: Final = 10
# Nothing that is read as something else from paper: no 0 and O, 1 and I and L.
SPARE_SIGNS: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


def step_of(secret: str, code: str, *, at: datetime, after: int) -> int | None:
    """Return the step whose code this is; None for a wrong code and for one of a step that was used before."""
    now = int(at.timestamp()) // STEP_SECONDS
    totp = pyotp.TOTP(secret, digits=DIGITS, interval=STEP_SECONDS)
    steps = range(now - DRIFT_STEPS, now + DRIFT_STEPS + 1)
    matching = [step for step in steps if strings_equal(totp.generate_otp(step), normal_code(code))]
    return next((step for step in matching if step > after), None)


def normal_code(text: str) -> str:
    """Drop what people put between the digits."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", text) if sign in string.digits)


def normal_spare(text: str) -> str:
    """Return a spare code as it is compared: letters large, hyphens and spaces dropped."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", text).upper() if sign in SPARE_SIGNS)


def is_spare(text: str) -> bool:
    """Say whether the text has the form of a spare code rather than of a telephone's one."""
    return len(normal_spare(text)) == SPARE_LENGTH


def shown_spare(code: str) -> str:
    half = len(code) // 2
    return f"{code[:half]}-{code[half:]}"


def address_of(secret: str, *, email: str, issuer: str) -> str:
    """Return what the QR code says to the application on the telephone."""
    return pyotp.TOTP(secret, digits=DIGITS, interval=STEP_SECONDS).provisioning_uri(name=email, issuer_name=issuer)
