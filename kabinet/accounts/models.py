"""People, their part at each provider, sessions, secrets, agreements and consents; specialists of the offices."""

import base64
import secrets
from uuid import UUID

from django.contrib.auth.hashers import check_password, identify_hasher, is_password_usable, make_password
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower, Now
from django.db.models.lookups import Exact
from django.utils.crypto import salted_hmac

from kabinet.accounts.rules import agents
from kabinet.accounts.rules.passwords import normal_password
from kabinet.accounts.values import (
    AgreementKind,
    Browser,
    Category,
    LoginKind,
    Purpose,
    SecretValue,
    StaffRole,
)
from kabinet.infra import ids
from kabinet.providers.models import Provider


class UserQuerySet(models.QuerySet["User"]):
    def with_email(self, email: str) -> "UserQuerySet":
        """Find by the spelling that `rules.addresses.normal_email` gives."""
        return self.filter(Exact(Lower("email"), email))

    def known_as(self, login: str, *, provider: Provider) -> "UserQuerySet":
        """Find by an address, an account or a login of before; those have no @, so it is never both."""
        if "@" in login:
            return self.with_email(login)
        return self.filter(login_names__provider=provider, login_names__value=login)


class User(models.Model):
    """A person who signs in; one for all providers."""

    id = models.UUIDField(primary_key=True, default=ids.new)
    email = models.EmailField(null=True)  # noqa: DJ001 - people without one must not collide  # noqa: DJ001 - old logins have none, and many have none at once
    email_confirmed_at = models.DateTimeField(null=True)
    password = models.CharField(max_length=160)
    must_change_password = models.BooleanField(default=False)
    last_name = models.CharField(max_length=80, blank=True)
    first_name = models.CharField(max_length=80, blank=True)
    middle_name = models.CharField(max_length=80, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    language = models.CharField(max_length=2, default="ru")
    joined_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True)

    objects = UserQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_once"),
            models.CheckConstraint(
                condition=Q(erased_at__isnull=True)
                | Q(email__isnull=True, password="", last_name="", first_name="", middle_name="", phone=""),
                name="erased_person_left_nothing",
            ),
        ]

    def set_password(self, raw: str) -> None:
        self.password = make_password(normal_password(raw))

    def has_password(self, raw: str) -> bool:
        return check_password(normal_password(raw), self.password)

    @property
    def has_outdated_hash(self) -> bool:
        """Say whether the password was hashed at figures that we have since raised."""
        return identify_hasher(self.password).must_update(self.password)

    @property
    def awaits_first_password(self) -> bool:
        """Say whether the person was invited and has not chosen a password yet."""
        return self.must_change_password and not is_password_usable(self.password)

    @property
    def display_name(self) -> str:
        return " ".join(part for part in (self.first_name, self.last_name) if part) or (self.email or "")


class LoginName(models.Model):
    """A name beside the address by which a person signs in at a provider; it belongs to one person (REG-05)."""

    id = models.UUIDField(primary_key=True, default=ids.new)
    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, db_index=False)
    kind = models.CharField(max_length=8, choices=[(code, code) for code in LoginKind], default=LoginKind.LEGACY)
    value = models.CharField(max_length=60)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="login_names")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["provider", "value"], name="login_name_once"),
            models.CheckConstraint(
                condition=Q(value=Lower("value")) & ~Q(value="") & ~Q(value__contains="@"), name="login_name_is_normal"
            ),
        ]


class Enrollment(models.Model):
    """A person's part at one provider; closing it is «Удалить аккаунт»."""

    id = models.UUIDField(primary_key=True, default=ids.new)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="enrollments")
    provider = models.ForeignKey(Provider, on_delete=models.PROTECT)
    category = models.CharField(max_length=8, choices=[(code, code) for code in Category])
    organisation = models.CharField(max_length=200, blank=True)
    position = models.CharField(max_length=120, blank=True)
    address = models.CharField(max_length=240, blank=True)
    joined_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    wants_letters = models.BooleanField(default=True)
    unread_notices = models.PositiveIntegerField(default=0)
    unread_tickets = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "provider"], name="enrollment_once")]


class Session(models.Model):
    """A signed-in browser; the key is the SHA-256 of the cookie's token, so the table opens nothing.

    Without an enrollment it knows who came, and opens only the page of agreements (REG-09).
    """

    key = models.CharField(max_length=64, primary_key=True)
    public_id = models.UUIDField(default=ids.new, unique=True)
    user = models.ForeignKey(User, on_delete=models.CASCADE)
    provider = models.ForeignKey(Provider, on_delete=models.CASCADE)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    address = models.CharField(max_length=45)
    agent = models.CharField(max_length=300)
    enrollment = models.ForeignKey(Enrollment, on_delete=models.CASCADE, null=True)

    class Meta:
        indexes = [models.Index(fields=["user", "provider"], name="session_of_user")]

    @property
    def browser(self) -> Browser:
        return agents.browser_of(self.agent)


class KnownBrowser(models.Model):
    """A family of browsers that a person has signed in with; the first use of another one is told by letter."""

    id = models.UUIDField(primary_key=True, default=ids.new)
    user = models.ForeignKey(User, on_delete=models.CASCADE)
    family = models.CharField(max_length=80)
    first_seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "family"], name="known_browser_once")]


class KeptInput(models.Model):
    """What was typed on a page whose session had ended, or beside what was stored; handed back, then forgotten.

    The owner is known where the ended session was: another person on the same browser does not get it.
    """

    key = models.CharField(max_length=64, primary_key=True)
    provider = models.ForeignKey(Provider, on_delete=models.CASCADE)
    owner = models.ForeignKey(User, on_delete=models.CASCADE, null=True)
    path = models.CharField(max_length=500)
    fields = models.JSONField()
    expires_at = models.DateTimeField()


class OneTimeSecret(models.Model):
    """A code or link that works once; kept hashed, with the wrong tries counted."""

    id = models.UUIDField(primary_key=True, default=ids.new)
    user = models.ForeignKey(User, on_delete=models.CASCADE)
    provider = models.ForeignKey(Provider, on_delete=models.CASCADE)
    purpose = models.CharField(max_length=20, choices=[(code, code) for code in Purpose])
    secret_hash = models.CharField(max_length=64)
    subject = models.EmailField(blank=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    wrong_tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "purpose"], condition=Q(used_at__isnull=True), name="one_live_secret_a_purpose"
            ),
            # A link is found by its secret alone.
            models.UniqueConstraint(
                fields=["secret_hash"], condition=Q(purpose=Purpose.PASSWORD_LINK), name="password_link_once"
            ),
        ]

    def to_value(self) -> SecretValue:
        return SecretValue(secret_hash=self.secret_hash, expires_at=self.expires_at, wrong_tries=self.wrong_tries)


class Agreement(models.Model):
    """A version of a text that people accept; never edited, only followed by the next."""

    id = models.UUIDField(primary_key=True, default=ids.new)
    provider = models.ForeignKey(Provider, on_delete=models.CASCADE)
    kind = models.CharField(max_length=16, choices=[(code, code) for code in AgreementKind])
    version = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    text = models.TextField()
    sha256 = models.CharField(max_length=64)
    published_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["provider", "kind", "version"], name="agreement_version_once")]


class Consent(models.Model):
    """Which version a person accepted, when and from where; withdrawn, never deleted while the account lives."""

    id = models.UUIDField(primary_key=True, default=ids.new)
    enrollment = models.ForeignKey(Enrollment, on_delete=models.CASCADE, related_name="consents")
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT)
    given_at = models.DateTimeField()
    address = models.CharField(max_length=45)
    agent = models.CharField(max_length=300)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["enrollment", "agreement"], condition=Q(withdrawn_at__isnull=True), name="consent_given_once"
            )
        ]


class SpecialistSet(models.QuerySet["Specialist"]):
    def active(self) -> "SpecialistSet":
        """Keep those who work in the office at this very moment."""
        return self.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=Now()), begins_at__lte=Now())


class Specialist(models.Model):
    """A person of a provider's staff, with the roles held in its office (STAFF-01)."""

    id = models.UUIDField(primary_key=True, default=ids.new)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="specialists")
    provider = models.ForeignKey(Provider, on_delete=models.PROTECT)
    roles = ArrayField(models.CharField(max_length=20, choices=[(code, code) for code in StaffRole]))
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    created_by = models.UUIDField(null=True)

    objects = SpecialistSet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "provider"], name="specialist_once"),
            models.CheckConstraint(condition=Q(roles__len__gt=0), name="specialist_has_a_role"),
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gte=F("begins_at")), name="specialist_ends_after_start"
            ),
        ]

    @property
    def held(self) -> frozenset[StaffRole]:
        return frozenset(StaffRole(role) for role in self.roles)


def _new_nonce() -> str:
    return secrets.token_hex(16)


class SecondFactor(models.Model):
    """A specialist's telephone; its secret is made of nonce and the installation's key, so the row opens nothing."""

    id = models.UUIDField(primary_key=True, default=ids.new)
    specialist = models.OneToOneField(Specialist, on_delete=models.CASCADE, related_name="factor")
    nonce = models.CharField(max_length=32, default=_new_nonce)
    confirmed_at = models.DateTimeField(null=True)
    last_step = models.BigIntegerField(default=0)

    @property
    def secret(self) -> str:
        digest = salted_hmac("kabinet.accounts.second_factor", f"{self.pk} {self.nonce}", algorithm="sha256").digest()
        return base64.b32encode(digest[:20]).decode()


class SpareCode(models.Model):
    """A code on paper for the day when the telephone is lost; works once."""

    id = models.UUIDField(primary_key=True, default=ids.new)
    specialist = models.ForeignKey(Specialist, on_delete=models.CASCADE, related_name="spare_codes")
    code_hash = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["specialist", "code_hash"], name="spare_code_once")]


class StaffSession(models.Model):
    """A browser in the office: a table apart from customers' sessions, so that neither ever opens the other's doors.

    Until the second factor is passed it opens nothing but the page that asks for it.
    """

    key = models.CharField(max_length=64, primary_key=True)
    public_id = models.UUIDField(default=ids.new, unique=True)
    specialist = models.ForeignKey(Specialist, on_delete=models.CASCADE, related_name="sessions")
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    factor_passed_at = models.DateTimeField(null=True)
    address = models.CharField(max_length=45)
    agent = models.CharField(max_length=300)
    # What was last looked for: an address of a page would tell it to logs.
    phrase = models.CharField(max_length=120, blank=True)

    @property
    def user_id(self) -> UUID:
        return self.specialist.user_id

    @property
    def is_open(self) -> bool:
        return self.factor_passed_at is not None
