"""Rows of a batch on their way into the tables: COPY into temporary tables, then whole sets at a time.

A stage holds typed rows by entity, each with its line in the file and an id made by the application. `Merge` brings
one entity into its table: new rows are inserted, newer versions update what differs, older ones are left alone.
Nothing is written for rows that came before, so that a repeated batch costs reading only.
"""

from kabinet.infra.staging.keys import definitions, rows_in, without_keys
from kabinet.infra.staging.marks import PROBLEMS_KEPT, has_twins, refused, twins
from kabinet.infra.staging.merge import Merge, Parent
from kabinet.infra.staging.pouring import Pourer, PourerAhead
from kabinet.infra.staging.stage import Applied, Columns, Counts, Problem, Row, Stage, array_of, fetch, run, table_of
from kabinet.infra.staging.straight import NotAtAGlance, StraightStage

__all__ = [
    "PROBLEMS_KEPT",
    "Applied",
    "Columns",
    "Counts",
    "Merge",
    "NotAtAGlance",
    "Parent",
    "Pourer",
    "PourerAhead",
    "Problem",
    "Row",
    "Stage",
    "StraightStage",
    "array_of",
    "definitions",
    "fetch",
    "has_twins",
    "refused",
    "rows_in",
    "run",
    "table_of",
    "twins",
    "without_keys",
]
