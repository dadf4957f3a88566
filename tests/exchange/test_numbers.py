"""Numbers that are read at a glance are those that the rules would have read, and no others."""

from decimal import Decimal
from typing import Annotated, get_args

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError, WrapValidator

from kabinet.exchange.values.fields import Count, Factor, Limit

KINDS = {"count": Count, "factor": Factor, "limit": Limit}
WRITTEN = st.one_of(
    st.from_regex(r"-?[0-9]{0,18}([.,][0-9]{0,7})?", fullmatch=True),
    st.text(max_size=6),
    st.integers(),
    st.floats(),
    st.decimals(),
    st.none(),
    st.booleans(),
)


def by_rules_alone(kind):
    base, *rules = get_args(kind)
    slow = [rule for rule in rules if not isinstance(rule, WrapValidator)]
    assert len(slow) == len(rules) - 1
    return TypeAdapter(Annotated[(base, *slow)])


def verdict(adapter, value):
    try:
        return str(adapter.validate_python(value, strict=True))
    except ValidationError as refusal:
        return [(problem["type"], problem["loc"]) for problem in refusal.errors()]


@pytest.mark.parametrize("name", KINDS)
@given(value=WRITTEN)
@example(value="0")
@example(value="0.0000")
@example(value="999999999999.9999")
@example(value="9999999999999")
@example(value="00000000000000001")
@example(value="1.00000")
@example(value="٣")
@example(value="1\n")
@example(value=Decimal("NaN"))
def test_both_ways_give_one_verdict(name, value):
    assert verdict(TypeAdapter(KINDS[name]), value) == verdict(by_rules_alone(KINDS[name]), value)
