"""A month's charges of many accounts at once, in whole numbers of int64; the rules over Decimals are its oracle.

Quantities are in ten-thousandths, prices in hundred-thousandths of a rouble, amounts in kopecks. Nothing is rounded
but each printed line, half up, as the rules do it. What does not fit into int64 is refused before anything is counted.
"""

from typing import Final

import polars as pl

QUANTITY_SCALE: Final = 10_000
PRICE_SCALE: Final = 100_000
# A quantity times a price, brought to kopecks.
_TO_KOPECKS: Final = QUANTITY_SCALE * PRICE_SCALE // 100
# Beyond these a product of two would not fit; a flat takes a thousandth of it.
MOST_QUANTITY: Final = 1_000_000 * QUANTITY_SCALE // 10
MOST_PRICE: Final = 100 * PRICE_SCALE
RANGES: Final = (1, 2, 3)


class TooMuch(OverflowError):
    """Raised when a quantity or a price is beyond what whole numbers of 64 bits can multiply."""


def metered(runs: pl.DataFrame) -> pl.DataFrame:
    """Price what zones ran: a line for each account, zone and range that took something.

    Takes `account`, `zone`, `quantity`, `price_1` … `price_3`, `limit_1`, `limit_2`, one row a zone; where there are no
    ranges, the limits are null. Gives `account`, `zone`, `range_number`, `quantity`, `price`, `amount`; a quantity that
    is a share has two decimals, as printed.
    """
    _refuse_too_much(runs)
    known = runs.with_columns(
        total=pl.col("quantity").sum().over("account"),
        zones=pl.len().over("account"),
        end_1=pl.col("limit_1").fill_null(MOST_QUANTITY * len(RANGES)),
        end_2=pl.col("limit_2").fill_null(MOST_QUANTITY * len(RANGES)),
    )
    lines = pl.concat([_range(known, number) for number in RANGES])
    return lines.filter((pl.col("part") > 0) & (pl.col("quantity") > 0)).select(
        "account",
        "zone",
        "range_number",
        _printed().alias("quantity"),
        "price",
        _half_up(pl.col("taken") * pl.col("price"), rest=pl.col("rest") * pl.col("price")).alias("amount"),
    )


def _range(known: pl.DataFrame, number: int) -> pl.DataFrame:
    """Cut a range out of the total of all zones, and give each zone its share: whole parts and what is left over."""
    start = pl.lit(0) if number == 1 else pl.col(f"end_{number - 1}")
    top = pl.col("total") if number == len(RANGES) else pl.min_horizontal("total", f"end_{number}")
    part = known.with_columns(part=(top - start).clip(lower_bound=0), range_number=pl.lit(number))
    shared = pl.col("quantity") * pl.col("part")
    total = pl.max_horizontal("total", pl.lit(1))
    return part.with_columns(
        price=pl.col(f"price_{number}"), taken=shared // total, rest=shared % total, whole=total
    ).with_columns(has_ranges=pl.col("limit_1").is_not_null())


def _half_up(product: pl.Expr, *, rest: pl.Expr) -> pl.Expr:
    """Bring a product to kopecks; what is left of the rest after division is less than one and turns no rounding."""
    whole = product + rest // pl.col("whole")
    return (whole + _TO_KOPECKS // 2) // _TO_KOPECKS


def _printed() -> pl.Expr:
    """Return the quantity as it is printed: a share of a range with two decimals, half up; others as they are."""
    is_share = (pl.col("zones") > 1) & pl.col("has_ranges")
    hundredth = QUANTITY_SCALE // 100
    return (
        pl.when(is_share).then((pl.col("taken") + hundredth // 2) // hundredth * hundredth).otherwise(pl.col("taken"))
    )


def _refuse_too_much(runs: pl.DataFrame) -> None:
    quantities = runs.select(pl.col("quantity").sum().over("account").abs().max()).item()
    prices = runs.select(pl.max_horizontal(pl.col("^price_.$").max())).item()
    if (quantities or 0) > MOST_QUANTITY or (prices or 0) > MOST_PRICE:
        raise TooMuch
