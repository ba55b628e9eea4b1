"""Every magic with its options, as JSON Schema: what an editor needs to colour, complete and explain them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from genart_nb.arts.form import ArtForm, art, names
from genart_nb.errors import GenartError
from genart_nb.magics.easel import FORM
from genart_nb.magics.genart import COMMANDS
from genart_nb.magics.grammar import SHORT, Common
from genart_nb.models import registry
from genart_nb.models.card import ModelCard
from genart_nb.options import Options, OptionSpec, option

_TYPES = {"int": "integer", "float": "number", "bool": "boolean", "str": "string", "choice": "string"}


class EaselOptions(Options):
    """What `%easel` takes besides the options of the art form that is put on it."""

    frames: str = option("", "pictures that `genart publish` makes ahead, so that its page's sliders move")


def vocabulary() -> dict[str, Any]:
    """All of it; art forms that cannot be imported are left out."""
    forms = {form.name: form for form in _forms()}
    easel = {
        "help": "A work under the hand: sliders made from its options.",
        "example": f"%easel {FORM} {forms[FORM].example}" if FORM in forms else "",
        "kind": None,
        "schema": schema(EaselOptions),
    }
    return {
        "common": schema(Common),
        "short": dict(SHORT),
        "magics": {**{name: _magic(form) for name, form in forms.items()}, "easel": easel},
        "easel": FORM,
        "genart": {
            each.name: {"usage": each.usage, "help": each.help, "schema": schema(each.flags)}
            for each in COMMANDS.values()
        },
        "models": [_model(card) for card in registry.cards()],
    }


def schema(table: type[Options]) -> dict[str, Any]:
    """JSON Schema of a table of options, in its order, with each flag, unit and domain as people read them."""
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": {row.name.rstrip("_"): _property(row) for row in table.table()},  # `from`, as its flag is typed
    }


def _property(row: OptionSpec) -> dict[str, Any]:
    known = {
        "enum": list(row.choices) or None,
        "minimum": row.ge,
        "maximum": row.le,
        "unit": row.unit or None,
        "takes": row.takes or None,
    }
    plain = {"type": _TYPES[row.kind], "description": row.help, "flag": row.flag, "domain": row.domain}
    return {**plain, "default": row.default, **{key: value for key, value in known.items() if value is not None}}


def _forms() -> Iterator[ArtForm]:
    for name in names():
        try:
            yield art(name)
        except GenartError:
            continue  # its own magic says what is wrong with it


def _magic(form: ArtForm) -> dict[str, Any]:
    return {"help": form.help, "example": form.example, "kind": form.kind, "schema": schema(form.options)}


def _model(card: ModelCard) -> dict[str, Any]:
    choices = {name: list(values) for name, values in card.choices.items()}
    return {"id": card.id, "kind": card.kind, "title": card.title, "licence": card.licence, "choices": choices}
