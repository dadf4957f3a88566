"""What every row of the exchange has: which entity, whose, under which name, how old."""

from pydantic import BaseModel, ConfigDict

from kabinet.exchange.values.fields import ExternalId, Text20, Version


class Row(BaseModel):
    """What every row has: which entity, whose, under which name, how old."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: Text20 = ""
    external_id: ExternalId
    version: Version

    def to_line(self) -> str:
        """Write the row as a line of NDJSON, without its end."""
        return self.model_dump_json(by_alias=True)
