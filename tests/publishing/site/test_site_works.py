"""Works are read again from notebooks, and doubted where record and data disagree."""

from __future__ import annotations

import base64
import copy
import io
from typing import Any

import pytest
from books import outputs_of
from PIL import Image

from genart_nb.artwork import MIME, Artwork
from genart_nb.media.clip import Clip
from genart_nb.media.contact import ContactSheet
from genart_nb.media.vector import Vector
from genart_nb.publishing.site import recover, works
from genart_nb.recipe import Recipe

RECIPE = Recipe(art="poem", prompt="x", model="none", seed=1)
SQUARES = tuple(Image.new("RGB", (40, 30), colour) for colour in ("red", "teal", "gold", "navy", "pink"))


@pytest.mark.parametrize(
    "work",
    [
        Artwork(RECIPE, "one\n\ntwo\n", layout="verse"),
        Artwork(RECIPE, "body", title="Title"),
        Artwork(RECIPE, "one\n\ntwo", title="Title", note="It is weak at this."),
        Artwork(RECIPE, "only", note="A note."),
        Artwork(RECIPE, "<b>&lt;</b>\n\n<genart poem seed=1>"),
        Artwork(RECIPE, SQUARES[0], "picture"),
        Artwork(RECIPE, ContactSheet(SQUARES, tuple("ab<&'"), 3), "contact"),
        Artwork(RECIPE, ContactSheet(SQUARES[:1], ("one",), 1), "contact"),
        Artwork(RECIPE, Clip(SQUARES[:3], fps=4), "clip"),
        Artwork(RECIPE, Vector('<svg width="9" height="9"><path d="M0 0"/></svg>', SQUARES[1]), "vector"),
    ],
    ids=lambda work: f"{work.medium_name}-{work.title}-{work.note}",
)
def test_every_medium_comes_back_as_it_was(work: Artwork) -> None:
    found = works.found(outputs_of(work)[0])
    assert found.faults == () and found.work is not None
    assert found.work.fingerprint["sha256"] == work.fingerprint["sha256"]
    assert (found.work.title, found.work.note, found.work.layout) == (work.title, work.note, work.layout)
    if work.medium_name == "contact":
        assert found.work.data.labels == work.data.labels


def test_an_easel_is_known_by_its_metadata_or_by_the_widget_before_it(hills: Artwork) -> None:
    live, still = outputs_of(hills, {"frames": "freedom=3"})
    assert works.is_easel(live) and not works.is_work(live) and works.is_work(still)
    assert works.found(still).easel == {"frames": "freedom=3"}
    plain = outputs_of(hills)[0]
    assert works.found(plain).easel is None and works.found(plain, steered=True).easel == {}


def edited(work: Artwork, **record: Any) -> dict[str, Any]:
    output = copy.deepcopy(outputs_of(work)[0])
    output["data"][MIME].update(record)
    return output


def test_a_recipe_edited_by_hand_is_told(hills: Artwork) -> None:
    changed = edited(hills, recipe={**hills.recipe.model_dump(mode="json"), "seed": 8})
    (fault,) = works.found(changed).faults
    assert "edited by hand" in fault and hills.recipe.digest in fault


@pytest.mark.parametrize("recipe", [None, 3, {}, {"version": 2}, {"art": "<script>"}, "x"])
def test_a_recipe_that_is_none_leaves_the_picture(hills: Artwork, recipe: Any) -> None:
    found = works.found(edited(hills, recipe=recipe))
    assert found.work is None and found.still is not None and "cannot be read" in found.faults[0]


def test_a_swapped_picture_is_told(hills: Artwork) -> None:
    output = outputs_of(hills)[0]
    target = io.BytesIO()
    SQUARES[0].save(target, "PNG")
    output["data"]["image/png"] = base64.b64encode(target.getvalue()).decode()
    (fault,) = works.found(output).faults
    assert "not what the recipe made" in fault


def test_another_version_and_an_unknown_medium_leave_what_there_is(hills: Artwork) -> None:
    output = outputs_of(hills)[0]
    data = {key.replace(".v1+", ".v9+"): value for key, value in output["data"].items()}
    found = works.found({**output, "data": data})
    assert works.is_work({"data": data}) and found.work is None and found.still is not None
    assert "another version" in found.faults[0]
    assert works.found(edited(hills, medium="smell")).work is None


@pytest.mark.parametrize("png", ["", "!!!", "aGVsbG8=", 7, ["iVBORw0KGgo="]])
def test_a_broken_picture_is_no_work(hills: Artwork, png: Any) -> None:
    output = outputs_of(hills)[0]
    output["data"]["image/png"] = png
    found = works.found(output)
    assert found.work is None and found.still is None and "no longer holds" in found.faults[0]


def test_a_picture_too_large_to_open_is_not_opened() -> None:
    target = io.BytesIO()
    Image.new("1", (20_000, 10_000)).save(target, "PNG")
    assert recover.image(target.getvalue()) is None


@pytest.mark.parametrize(
    "svg",
    [
        "<svg><script>alert(1)</script></svg>",
        '<svg onload="alert(1)"><path d="M0"/></svg>',
        '<svg><image href="https://x.org/a.png"/></svg>',
        '<svg><path style="fill:url(https://x.org)"/></svg>',
        "<svg><foreignObject><b/></foreignObject></svg>",
        '<!DOCTYPE svg [<!ENTITY a "b">]><svg>&a;</svg>',
        "no drawing",
    ],
)
def test_only_plain_shapes_are_kept_as_svg(svg: str) -> None:
    assert not recover.harmless(svg)
    assert recover.harmless('<?xml version="1.0"?><svg width="4"><g fill="red"><path d="M0 0L1 1"/></g></svg>')
