"""Reads the interface's texts out of templates and Python, and keeps the catalogues of locale/ in step with them.

The source language is Russian: the Russian catalogue holds only what has plurals, the English one holds everything.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.template import Engine, Template
from django.template.base import FilterExpression, Lexer, Node, Origin, TokenType
from django.templatetags.i18n import BlockTranslateNode, TranslateNode

LANGUAGES: Final = ("ru", "en")
DOMAIN: Final = "django"
KEYWORDS: Final = {
    **DEFAULT_KEYWORDS,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
PLACEHOLDER: Final = re.compile(r"%\((\w+)\)|\{(\w+)\}")
CONSTANT: Final = re.compile(r"""_\(\s*(?:"([^"]*)"|'([^']*)')\s*\)""")

HEAD: Final = """\
msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plurals}\\n"

"""

Id = str | tuple[str, str]


@dataclass(frozen=True, slots=True)
class Text:
    """One text of the interface: its Russian (one form, or two), its context, and a file that has it."""

    id: Id
    file: str
    context: str | None = None

    @property
    def has_plural(self) -> bool:
        return isinstance(self.id, tuple)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a catalogue."""

    language: str
    what: str
    text: str

    def __str__(self) -> str:
        return f"{self.language}: {self.what}: {self.text}"


def texts_of(root: Path, folders: Iterable[str], *, engine: Engine) -> list[Text]:
    """Return every text of the templates and modules in the folders, each once."""
    found: dict[tuple[Id, str | None], Text] = {}
    for folder in folders:
        for path in sorted((root / folder).rglob("*")):
            for text in _texts_in(path, name=str(path.relative_to(root)), engine=engine):
                found.setdefault((text.id, text.context), text)
    return list(found.values())


def texts_of_template(source: str, *, file: str, engine: Engine) -> Iterator[Text]:
    """Yield the texts of a template: the two tags, and `_("…")` wherever it stands."""
    template = Template(source, origin=Origin(file), engine=engine)
    for node in template.nodelist.get_nodes_by_type(Node):
        yield from _texts_of_node(node, file=file)
    for token in Lexer(source).tokenize():
        if token.token_type in {TokenType.BLOCK, TokenType.VAR}:
            for double, single in CONSTANT.findall(token.contents):
                yield Text(double or single, file)


def texts_of_module(path: Path, *, file: str) -> Iterator[Text]:
    """Yield the texts that a module hands to gettext and its kin."""
    for _line, message, _comments, context in extract_from_file("python", path, keywords=KEYWORDS):
        yield Text(message if isinstance(message, str) else (message[0], message[1]), file, context or None)


def update(catalogue: Catalog, texts: Iterable[Text]) -> Catalog:
    """Return the catalogue with exactly these texts, translations kept."""
    fresh = empty(str(catalogue.locale))
    for text in sorted(texts, key=lambda text: (text.file, str(text.id))):
        old = catalogue.get(text.id, text.context)
        string = old.string if old is not None and bool(old.pluralizable) == text.has_plural else None
        fresh.add(text.id, string, locations=[(text.file, 0)], context=text.context)
    return fresh


def wanted(language: str, texts: Iterable[Text]) -> list[Text]:
    """Return the texts that belong into the catalogue of a language."""
    return [text for text in texts if language != "ru" or text.has_plural]


def faults(language: str, catalogue: Catalog, texts: Iterable[Text]) -> list[Fault]:
    """Say what is missing, untranslated, unused, or differs in its placeholders."""
    known = {(_id(message), message.context): message for message in catalogue if message.id}
    needed = {(text.id, text.context): text for text in texts}
    found = [Fault(language, "missing", str(key[0])) for key in needed if key not in known]
    found += [Fault(language, "unused", str(key[0])) for key in known if key not in needed]
    for key, message in known.items():
        if key in needed and (what := _fault_of(message)):
            found.append(Fault(language, what, str(key[0])))
    return found


def empty(language: str) -> Catalog:
    """Return a catalogue without texts."""
    return Catalog(locale=language, domain=DOMAIN, fuzzy=False)


def read(root: Path, language: str) -> Catalog:
    """Read the catalogue of a language, an empty one where there is none yet."""
    path = po_path(root, language)
    if not path.exists():
        return empty(language)
    with path.open("rb") as file:
        return read_po(file, locale=language, domain=DOMAIN)


def write(root: Path, language: str, catalogue: Catalog) -> None:
    """Write the catalogue of a language; its head has no date and no tool, so that nothing changes by itself."""
    path = po_path(root, language)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(HEAD.format(language=language, plurals=catalogue.plural_forms).encode())
        write_po(file, catalogue, width=120, include_lineno=False, omit_header=True)


def compile_(root: Path, language: str) -> Path:
    """Compile the catalogue of a language beside its source."""
    target = po_path(root, language).with_suffix(".mo")
    with target.open("wb") as file:
        write_mo(file, read(root, language))
    return target


def po_path(root: Path, language: str) -> Path:
    return root / "locale" / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def _texts_in(path: Path, *, name: str, engine: Engine) -> Iterator[Text]:
    if path.suffix == ".py":
        yield from texts_of_module(path, file=name)
    elif path.suffix in {".html", ".txt"} and "templates" in path.parts:
        yield from texts_of_template(path.read_text(), file=name, engine=engine)


def _texts_of_node(node: Node, *, file: str) -> Iterator[Text]:
    if isinstance(node, TranslateNode):
        if words := _literal(node.filter_expression):
            yield Text(words, file, _literal(node.message_context))
    elif isinstance(node, BlockTranslateNode):
        singular = node.render_token_list(node.singular)[0]
        plural = node.render_token_list(node.plural)[0] if node.plural else ""
        yield Text((singular, plural) if plural else singular, file, _literal(node.message_context))


def _literal(expression: FilterExpression | None) -> str | None:
    """Return the words of a constant: Django keeps them as a string, or as a variable that knows its literal."""
    if expression is None:
        return None
    literal = expression.var if isinstance(expression.var, str) else expression.var.literal
    return str(literal) if isinstance(literal, str) else None


def _id(message: Message) -> Id:
    return message.id if isinstance(message.id, str) else (message.id[0], message.id[1])


def _fault_of(message: Message) -> str:
    strings = [message.string] if isinstance(message.string, str) else list(message.string or [""])
    if message.fuzzy or not all(strings):
        return "untranslated"
    ours = set(PLACEHOLDER.findall(message.id if isinstance(message.id, str) else message.id[1]))
    if any(set(PLACEHOLDER.findall(string)) - ours for string in strings):
        return "unknown placeholder"
    if set(PLACEHOLDER.findall(strings[-1])) != ours:
        return "lost placeholder"
    return ""
