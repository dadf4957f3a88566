"""Photos of dials: what people give is hostile, what we keep we have made ourselves (TRUST 7)."""

import base64
import hashlib
import tempfile
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, Final
from uuid import UUID

from kabinet.accounts.models import User
from kabinet.infra import kinds, mail, parsing, scanning
from kabinet.infra.db import step
from kabinet.infra.kinds import Kind
from kabinet.infra.models import StoredFile
from kabinet.readings import letters
from kabinet.readings.models import DoubtfulReading
from kabinet.readings.values.household import Photo, PhotoProblem

LARGEST: Final = 8 * 1024 * 1024
SECONDS: Final = 10
MEGABYTES: Final = 700
JPEG: Final = "image/jpeg"
_PIECE: Final = 256 * 1024


class PhotoRefused(Exception):
    """Raised when the file is no picture that we can keep; says why."""

    def __init__(self, problem: PhotoProblem) -> None:
        super().__init__(problem)
        self.problem = problem


def taken(stream: BinaryIO, *, size: int) -> Photo:
    """Make the picture anew in a process of its own; its bytes, not its name, say that it is one."""
    if size > LARGEST:
        raise PhotoRefused(PhotoProblem.TOO_LARGE)
    if kinds.kind_of(stream) not in {Kind.JPEG, Kind.PNG}:
        raise PhotoRefused(PhotoProblem.NO_PICTURE)
    data = base64.b64decode(_made_anew(stream))
    return Photo(data, hashlib.sha256(data).hexdigest())


def _made_anew(stream: BinaryIO) -> str:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "photo"
        with path.open("wb") as copy:
            while piece := stream.read(_PIECE):
                copy.write(piece)
        try:
            return str(
                parsing.parse("kabinet.readings.formats.photos:made_anew", path, seconds=SECONDS, megabytes=MEGABYTES)
            )
        except parsing.BadFile as bad:
            raise PhotoRefused(PhotoProblem(bad.code)) from None
        except (parsing.TooLarge, parsing.TookTooLong):
            raise PhotoRefused(PhotoProblem.TOO_MANY_PIXELS) from None
        except parsing.ParsingFailed:
            raise PhotoRefused(PhotoProblem.NO_PICTURE) from None


@step
def keep(photo: Photo, *, provider_id: UUID, at: datetime) -> StoredFile:
    """Store a picture under a name of ours."""
    return scanning.keep(
        BytesIO(photo.data), provider_id=provider_id, original_name="photo.jpg", media_type=JPEG, at=at
    )


@step
def tell_of_infected(stored_id: UUID) -> None:
    """Write to whoever sent the photo with a reading, if he was signed in: the reading itself stays."""
    doubt = DoubtfulReading.objects.filter(photo_id=stored_id).select_related("contract__provider").first()
    sender = User.objects.filter(pk=doubt.made_by).first() if doubt and doubt.made_by else None
    if doubt and sender and sender.email and sender.email_confirmed_at:
        mail.post(letters.infected_photo(sender, doubt.contract, provider=doubt.contract.provider))
