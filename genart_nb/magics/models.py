"""`%genart models` and `%genart model`: which weights there are, what is in memory, and what is used by default."""

from __future__ import annotations

from collections.abc import Callable

from genart_nb.errors import UsageError
from genart_nb.magics import page
from genart_nb.magics.commands import Call, Subcommand
from genart_nb.magics.page import Page
from genart_nb.models import registry, weights
from genart_nb.models.card import ModelCard
from genart_nb.models.residency import Residency, Tenant
from genart_nb.options import Options, nearest, option
from genart_nb.studio import studio


class ModelsFlags(Options):
    """What `%genart models` takes."""

    free: str = option("", "drop this model from memory")
    pin: str = option("", "keep this model in memory whatever comes")
    unpin: str = option("", "let it go again")


def models(call: Call) -> Page:
    """Every model: ready or not, in memory or not."""
    house = _residency()
    flags: ModelsFlags = call.flags
    acts: list[tuple[str, Callable[[str], bool], str]] = [
        (flags.free, house.free, "is out of memory"),
        (flags.pin, house.pin, "stays in memory"),
        (flags.unpin, lambda id: house.pin(id, False), "may leave memory"),
    ]
    said = [_did(id, act, outcome, house) for id, act, outcome in acts if id]
    tenants = {tenant.id: tenant for tenant in house.tenants()}
    cards = {card.id: card for card in [*registry.cards(), *map(_default, _chosen())]}
    rows = [_row(card, tenants.get(card.id)) for card in cards.values()]
    rows += [(tenant.id, "", "ready", _memory(tenant), "", "") for id, tenant in tenants.items() if id not in cards]
    foot = "\n".join([*said, "• default of its kind: `%genart model KIND ID_OR_PATH` changes it"])
    head = ("model", "kind", "state", "in memory", "size", "good at")
    return page.table(head, rows, empty="No model is on offer.", foot=foot)


def model(call: Call) -> Page:
    """Show or set the default model of a kind."""
    given = [word.text for word in call.words]
    desk = studio()
    if len(given) == 1:
        known = {card.id: card.kind for card in registry.cards()}
        if given[0] not in _chosen() and given[0] not in known:
            raise UsageError(f"Of which kind is {given[0]!r}?", f"`%genart model text {given[0]}`")
        given = [known[given[0]], given[0]] if given[0] in known else given
    if len(given) == 2:
        card = desk.use(*given)
        state = weights.status(card)
        fix = f"\n  Fix: {state.fix}" if state.fix else ""
        return page.lines(f"{card.kind} is made with {card.title} ({card.id}) from now on: {_state(state)}{fix}")
    if len(given) > 2:
        raise UsageError(f"{given[2]!r} is one word too many.", "quote a path that has spaces")
    chosen = {kind: name for kind, name in _chosen().items() if not given or kind == given[0]}
    rows = [(kind, name, _default(kind).title) for kind, name in chosen.items()]
    return page.table(("kind", "model", "title"), rows, empty="No model is chosen.")


def _row(card: ModelCard, tenant: Tenant | None) -> tuple[str, ...]:
    state = weights.status(card)
    mark = "• " if _chosen().get(card.kind) == card.id else ""
    able = ", ".join(sorted(art for art, ability in card.abilities.items() if ability == "good"))
    detail = _state(state) + (f"\nFix: {state.fix}" if state.fix else "")
    return (mark + card.id, card.kind, detail, _memory(tenant), size(card.size) if card.size else "", able)


def _state(state: weights.Status) -> str:
    return "ready" if state.state == "ready" else state.detail if state.state == "remote" else "missing"


def _memory(tenant: Tenant | None) -> str:
    if tenant is None:
        return ""
    marks = [word for word, true in (("pinned", tenant.pinned), ("in use", tenant.in_use)) if true]
    return ", ".join([size(tenant.nbytes), *marks])


def _did(id: str, act: Callable[[str], bool], outcome: str, house: Residency) -> str:
    if act(id):
        return f"{id} {outcome}."
    held = [tenant.id for tenant in house.tenants()]
    if id in held:
        return f"{id} is in use and cannot leave memory now."
    guess = nearest(id, held)
    hint = f"did you mean {guess}?" if guess else "`%genart models` shows what is"
    raise UsageError(f"{id!r} is not in memory.", hint)


def _chosen() -> dict[str, str]:
    """The model of each kind that is used where a cell names none: the one set, or the first on offer."""
    first = {card.kind: card.id for card in reversed(registry.cards())}
    return {**studio().models, **{kind: id for kind, id in first.items() if kind not in studio().models}}


def _default(kind: str) -> ModelCard:
    return registry.card(_chosen()[kind], kind)


def _residency() -> Residency:
    """The engine's own, or an empty one for an engine that keeps its models elsewhere."""
    house = getattr(studio().engine, "residency", None)
    return house if isinstance(house, Residency) else Residency()


def size(count: float) -> str:
    """Bytes, as people say them."""
    for unit in ("B", "kB", "MB"):
        if count < 1000:
            return f"{count:.0f} {unit}"
        count /= 1000
    return f"{count:.1f} GB"


MODELS = Subcommand(
    "models", "[--free ID | --pin ID]", "which models there are, and what is in memory", models, ModelsFlags
)
MODEL = Subcommand("model", "[KIND ID_OR_PATH]", "the default model of a kind, or make it another", model)
