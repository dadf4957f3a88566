"""A batch on its way in."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import IO

from kabinet.exchange.values.entities import AnyRow
from kabinet.exchange.values.sheets import Sheet


@dataclass(frozen=True, slots=True)
class Form:
    """How a file is written; NDJSON without an entity, else a table of that entity."""

    entity: str = ""
    encoding: str = ""
    packed: bool = False

    @property
    def name(self) -> str:
        return f"csv:{self.entity}" if self.entity else "ndjson"


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came, counted and hashed."""

    file: IO[bytes]
    size: int
    sha256: str
    form: Form
    # What was never text: the sender's rows themselves, in place of the file. The demonstration sends so.
    rows: Sequence[AnyRow] = ()
    sheets: Sequence[Sheet] = ()
    # Handed over in parts, each of which is gone by now.
    has_passed: bool = False

    @property
    def is_handed_over(self) -> bool:
        return bool(self.rows or self.sheets or self.has_passed)

    @property
    def written_as(self) -> str:
        return "rows" if self.is_handed_over else self.form.name
