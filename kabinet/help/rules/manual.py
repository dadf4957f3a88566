"""Which chapters a provider's manual has, in what words, and how they and the pictures are numbered."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from kabinet.help.values import (
    BOOKS,
    Block,
    BlockKind,
    Chapter,
    Figure,
    Manual,
    ShownBlock,
    ShownChapter,
    Span,
    Spans,
)
from kabinet.providers.values import DeadlineDay, Policy, Section

_CAPTIONS: Final = {picture.name: picture.caption for pictures in BOOKS.values() for picture in pictures}


@dataclass(frozen=True, slots=True)
class PictureFile:
    """A picture that lies beside the manual."""

    path: str
    width: int
    height: int


def book_of(policy: Policy) -> str:
    """Name the book whose chapters a provider's manual is made of: the business portal has one of its own."""
    return "b" if Section.POINT_READINGS in policy.sections else "w"


def opened_by(policy: Policy) -> frozenset[str]:
    """Name what a policy opens, in the words that chapters ask by."""
    window = policy.window
    named = {
        *(f"section.{section}" for section in policy.sections),
        f"sign_up.{policy.sign_up}",
        f"recovery.{policy.recovery}",
        f"linking.{policy.linking}",
        f"window.{window.type}",
    }
    if isinstance(window, DeadlineDay):
        named.add("window.rolls" if window.roll_to_next_working_day else "window.fixed")
    return frozenset(named)


def words_for(policy: Policy, *, provider: str) -> dict[str, str]:
    """Return the words that chapters leave open, such as «{provider}»."""
    days = policy.window.window_days if isinstance(policy.window, DeadlineDay) else 0
    return {"provider": provider, "window_days": str(days), "password_min_length": str(policy.password_min_length)}


def manual_of(
    chapters: Iterable[Chapter],
    *,
    policy: Policy,
    provider: str,
    portal: str,
    pictures: Mapping[str, PictureFile],
    language: str = "ru",
) -> Manual:
    """Put a provider's manual together: the chapters that its policy opens, without a gap in any count."""
    opened = opened_by(policy)
    words = words_for(policy, provider=provider)
    shown = []
    figures = 0
    for number, chapter in enumerate((one for one in chapters if one.needs <= opened), start=1):
        blocks, figures = _shown(chapter, opened=opened, words=words, pictures=pictures, figures=figures)
        shown.append(ShownChapter(number, chapter.id, chapter.title, blocks))
    return Manual(provider=provider, portal=portal, language=language, chapters=_with_live_links(shown))


def _shown(
    chapter: Chapter,
    *,
    opened: frozenset[str],
    words: Mapping[str, str],
    pictures: Mapping[str, PictureFile],
    figures: int,
) -> tuple[tuple[ShownBlock, ...], int]:
    shown = []
    for block in chapter.blocks:
        if not block.needs <= opened or (block.kind is BlockKind.PICTURE and block.picture not in pictures):
            continue
        figure = None
        if block.kind is BlockKind.PICTURE:
            figures += 1
            file = pictures[block.picture]
            figure = Figure(figures, _CAPTIONS[block.picture], file.path, file.width, file.height)
        shown.append(ShownBlock(_filled(block, words), figure))
    return tuple(shown), figures


def _filled(block: Block, words: Mapping[str, str]) -> Block:
    rows = tuple(tuple(_filled_spans(cell, words) for cell in row) for row in block.rows)
    return replace(block, spans=_filled_spans(block.spans, words), rows=rows)


def _filled_spans(spans: Spans, words: Mapping[str, str]) -> Spans:
    return tuple(replace(span, text=span.text.format_map(words)) for span in spans)


def _with_live_links(chapters: list[ShownChapter]) -> tuple[ShownChapter, ...]:
    """Leave the words of a link whose chapter is not shown, and drop the link."""
    ids = {chapter.id for chapter in chapters}

    def living(spans: Spans) -> Spans:
        return tuple(span if span.chapter in ids else Span(span.text, span.is_strong) for span in spans)

    def mended(shown: ShownBlock) -> ShownBlock:
        rows = tuple(tuple(living(cell) for cell in row) for row in shown.block.rows)
        return replace(shown, block=replace(shown.block, spans=living(shown.block.spans), rows=rows))

    return tuple(replace(chapter, blocks=tuple(mended(block) for block in chapter.blocks)) for chapter in chapters)
