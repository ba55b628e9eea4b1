"""Marks: every file carries its recipe, shows what it showed before, and comes back whole when they are taken out."""

from __future__ import annotations

import io
import json
import re
import time
import xml.dom.minidom
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from marked_files import FILES, PROMPT, REFERENCES, drawing, film, picture, recipe, shown, suffix, text_png, work
from PIL import Image

from genart_nb import __version__, marks
from genart_nb.errors import MarkError
from genart_nb.gallery import Gallery
from genart_nb.marks import MARK_MAX
from genart_nb.media.picture import encoded_as
from genart_nb.recipe import Recipe

KINDS = list(FILES)


def marked(kind: str, **more: Any) -> bytes:
    return marks.write(FILES[kind](), suffix(kind), {**work().record, **more})


@pytest.mark.parametrize("kind", KINDS)
def test_the_recipe_comes_back(kind: str) -> None:
    record = marks.read(marked(kind))
    assert record is not None
    assert Recipe.read(record["recipe"]) == recipe() and record["digest"] == recipe().digest
    assert record["recipe"]["prompt"] == PROMPT
    assert record["fingerprint"] == work().fingerprint and record["facts"]["references"] == REFERENCES
    assert record["software"] == f"genart_nb {__version__}" and "left_out" not in record


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_that_is_shown_or_heard_changes(kind: str) -> None:
    assert shown(marked(kind), kind) == shown(FILES[kind](), kind)


@pytest.mark.parametrize("kind", KINDS)
def test_stripping_gives_the_very_file_back(kind: str) -> None:
    plain = FILES[kind]()
    assert marks.strip(marked(kind)) == plain and marks.strip(plain) == plain
    assert marks.read(plain) is None and len(marked(kind)) > len(plain)


@pytest.mark.parametrize("kind", KINDS)
def test_equal_works_give_equal_bytes_however_often_they_are_marked(kind: str) -> None:
    once = marked(kind)
    assert marks.write(once, suffix(kind), work().record) == once == marked(kind)


@pytest.mark.parametrize("kind", KINDS)
def test_a_long_prompt_survives_whole_and_an_endless_one_is_cut_and_says_so(kind: str) -> None:
    long = work("海" * 25_000)
    record = marks.read(marks.write(FILES[kind](), suffix(kind), long.record))
    assert record is not None and record["recipe"]["prompt"] == long.recipe.prompt
    endless = work("海" * 1_000_000, sources=(recipe("x" * 300_000),))
    content = marks.write(FILES[kind](), suffix(kind), endless.record)
    record = marks.read(content)
    assert record is not None and record["digest"] == endless.recipe.digest
    assert set(record["left_out"]) == {"prompt", "sources"} and record["recipe"]["prompt"].startswith("海海")
    assert len(content) < len(FILES[kind]()) + MARK_MAX
    assert shown(content, kind) == shown(FILES[kind](), kind) and marks.strip(content) == FILES[kind]()


def test_galleries_read_parameters_from_png_jpeg_and_webp() -> None:
    """As AUTOMATIC1111's reader does: the text of a PNG, or EXIF's UserComment as UTF-16, big-endian."""
    with Image.open(io.BytesIO(marked(".png"))) as image:
        text = image.info["parameters"]
    assert text.startswith("a cat 海🌊 & café,") and "\nNegative prompt: fog, rain\n" in text
    last = text.splitlines()[-1]
    pairs = dict(re.findall(r'\s*(\w[\w \-/]+):\s*("(?:\\.|[^\\"])+"|[^,]*)(?:,|$)', last))
    assert pairs["Steps"] == "8" and pairs["CFG scale"] == "3.5" and pairs["Seed"] == "7" and pairs["Size"] == "32x24"
    assert pairs["Sampler"] == "Euler" and pairs["Model"] == "painter"
    for kind in (".jpg", ".webp"):
        with Image.open(io.BytesIO(marked(kind))) as image:
            comment = image.getexif().get_ifd(0x8769)[0x9286]
            assert image.getexif()[0x0131] == f"genart_nb {__version__}"
        assert comment[:8] == b"UNICODE\0" and comment[8:].decode("utf-16-be") == text
        assert marks.find(marked(kind)).parameters == text


@pytest.mark.parametrize("kind", [".png", ".jpg", ".webp", "moving.webp"])
def test_other_programs_read_the_xmp(kind: str) -> None:
    with Image.open(io.BytesIO(marked(kind))) as image:
        text = image.info["xmp"].decode()
    packet = xml.dom.minidom.parseString(re.sub(r"<\?xpacket.*?\?>", "", text))
    assert packet.getElementsByTagName("rdf:li")[0].firstChild.data == PROMPT
    source = packet.getElementsByTagName("Iptc4xmpExt:DigitalSourceType")[0].firstChild.data
    assert source == "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"


def test_ffmpeg_reads_the_xmp_of_a_film() -> None:
    import av

    with av.open(io.BytesIO(marked(".mp4")), options={"export_xmp": "1"}) as file:
        assert recipe().digest in file.metadata["xmp"] and file.metadata["comment"].startswith("genart fps=")


def test_an_svg_stays_well_formed_and_inert() -> None:
    content = marked(".svg")
    document = xml.dom.minidom.parseString(content)
    assert document.documentElement.tagName == "svg" and len(document.getElementsByTagName("path")) == 1
    assert b"</script" not in content and not document.getElementsByTagName("b")


@pytest.mark.parametrize("art, model, options, source", [
    ("paint", "painter", {}, "trainedAlgorithmicMedia"),
    ("paint", "painter", {"init": "picture:0123456789abcdef"}, "compositeWithTrainedAlgorithmicMedia"),
    ("code", "smollm2-135m", {}, "algorithmicMedia"),
    ("sketch", "none", {}, "algorithmicMedia"),
])  # fmt: skip
def test_the_kind_of_source(art: str, model: str, options: dict[str, Any], source: str) -> None:
    record = {"recipe": recipe(art=art, model=model, options=options).model_dump(mode="json")}
    assert marks.source_type(record).endswith("/" + source)


@pytest.mark.parametrize("place, public", [
    ("/home/jo ann/models/mine", "mine"), ("~/models/mine/", "mine"), ("C:\\Users\\jo\\mine", "mine"),
    ("../mine", "mine"), ("https://jo:secret@host/v1#mine", "https://host/v1#mine"), ("owner/name", "owner/name"),
])  # fmt: skip
def test_no_path_and_no_password_leaves(place: str, public: str) -> None:
    told = work(model=place, options={"lora": f"a/b,{place}", "negative": "and/or 16:9"},
                sources=(recipe(model=place),))  # fmt: skip
    content = marks.write(FILES[".wav"](), ".wav", told.record)
    record = marks.read(content)
    assert record is not None and record["digest"] == told.recipe.digest
    assert record["recipe"]["model"] == record["recipe"]["sources"][0]["model"] == public
    assert record["recipe"]["options"]["lora"] == f"a/b,{public}"
    assert record["recipe"]["options"]["negative"] == "and/or 16:9"
    changed = {"model", "options.lora", "sources.0.model"} if public != place else set()
    assert set(record.get("left_out", {})) == changed
    assert not {b"jo", b"secret", b"home"} & set(re.findall(rb"\w+", content))


def test_only_what_belongs_to_the_work_goes_in() -> None:
    facts = {**work().facts, "secret": "s3cret"}
    told = replace(work(), facts=facts, made={"host": "h0st"}, path=Path("/home/jo/x.png"))
    content = marks.write(FILES[".png"](), ".png", told.record)
    assert b"s3cret" not in content and b"h0st" not in content and b"/home" not in content


def test_a_file_of_another_kind_than_its_name_or_a_broken_one_comes_back_as_it_is() -> None:
    record = work().record
    for content, name in [(FILES[".png"](), ".jpg"), (b"", ".png"), (b"hello", ".txt"), (FILES[".png"]()[:60], ".png")]:
        assert marks.write(content, name, record) == content


def test_what_other_programs_wrote_is_left_alone() -> None:
    theirs = text_png(parameters="a dog\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 1", Comment="hello")
    assert marks.find(theirs).parameters.startswith("a dog") and marks.strip(theirs) == theirs
    assert marks.find(theirs).comment == "hello" and marks.read(theirs) is None
    target = io.BytesIO()
    picture().save(target, "JPEG", xmp=b"<x:xmpmeta xmp:CreatorTool='GIMP 3'/>", comment="a remark")
    assert marks.write(target.getvalue(), ".jpg", work().record) == target.getvalue()
    assert (marks.find(target.getvalue()).software, marks.find(target.getvalue()).comment) == ("GIMP 3", "a remark")


@pytest.mark.parametrize("record, said", [
    (b"{", "no JSON"), (b"[1]", "no recipe"), (b"[" * 100_000, "no JSON"), (b'{"genart": 1}', "no recipe"),
    (b'{"genart": 99, "recipe": {}}', "version '99'"), (b'{"genart": "x' + b"x" * 500 + b'", "recipe": {}}', "version"),
])  # fmt: skip
def test_a_broken_record_is_told(record: bytes, said: str) -> None:
    content = text_png(genart=record.decode())
    with pytest.raises(MarkError, match=said) as told:
        marks.read(content)
    assert len(str(told.value)) < 300 and told.value.fix


def test_a_bomb_does_not_unpack() -> None:
    from PIL.PngImagePlugin import PngInfo

    info = PngInfo()
    info.add_itxt("genart", "x" * 100_000_000, zip=True)
    target = io.BytesIO()
    picture().save(target, "PNG", pnginfo=info)
    began = time.perf_counter()
    with pytest.raises(MarkError):
        marks.read(target.getvalue())
    assert time.perf_counter() - began < 2


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_that_ends_anywhere_is_survived(kind: str) -> None:
    whole = marked(kind)
    for size in [*range(0, 64), *range(64, len(whole), 997), len(whole) - 1]:
        cut = whole[:size]
        assert isinstance(marks.find(cut), marks.Found) and isinstance(marks.strip(cut), bytes)
        assert isinstance(marks.write(cut, suffix(kind), work().record), bytes)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(KINDS), st.data())
def test_a_damaged_file_is_survived(kind: str, data: st.DataObject) -> None:
    whole = bytearray(_MARKED[kind])
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, min(len(whole) - 1, 4000)))
        whole[at] = data.draw(st.integers(0, 255))
    content = bytes(whole)
    try:
        marks.read(content)
    except MarkError as error:
        assert len(str(error)) < 400
    marks.write(marks.strip(content), suffix(kind), work().record)


_MARKED = {kind: marked(kind) for kind in KINDS}


@pytest.mark.parametrize("ending", [".png", ".webp", ".jpg"])
def test_a_saved_work_has_its_mark_unless_it_is_not_wanted(tmp_path: Path, ending: str) -> None:
    record = marks.read(work().save(tmp_path / f"a{ending}").read_bytes())
    assert record is not None and record["digest"] == recipe().digest
    plain = work().save(tmp_path / f"b{ending}", metadata=False).read_bytes()
    assert plain == encoded_as(picture(), ending) and marks.find(plain) == marks.Found()


@pytest.mark.parametrize("each", [work(), film(), film(format="gif"), drawing()], ids=lambda each: each.medium_name)
def test_the_gallery_keeps_marked_files_and_reads_them_back(tmp_path: Path, each: Any) -> None:
    gallery = Gallery(tmp_path)
    kept = gallery.keep(each)
    assert kept.path is not None
    record = marks.read(kept.path.read_bytes())
    assert record is not None and record["digest"] == each.recipe.digest
    again = gallery.get(gallery.search()[0].id)
    assert again.fingerprint == each.fingerprint
    before = kept.path.read_bytes()
    gallery.keep(each)
    assert kept.path.read_bytes() == before and len(gallery) == 1


def test_a_clips_prompt_cannot_pose_as_its_frame_rate(tmp_path: Path) -> None:
    """What a clip says of its frames and the prompt stand in the same packet."""
    lie = "genart fps=1 frames=1 size=1x1 loop=0"
    for ending in (".webp", ".gif", ".mp4"):
        told = film(lie)
        content = told.save(tmp_path / f"x{ending}").read_bytes()
        assert len(told.medium.load(content).frames) == 4 and told.medium.load(content).fps == 10


def test_marking_a_picture_costs_next_to_nothing() -> None:
    """Under load: the best of many."""
    content, record = encoded_as(picture(1, 512, 512), ".png"), work().record
    costs = []
    for _ in range(30):
        began = time.perf_counter()
        marks.write(content, ".png", record)
        costs.append(time.perf_counter() - began)
    assert min(costs) < 0.001


def test_the_json_is_the_same_in_xml_html_and_bytes() -> None:
    payload = marks.find(marked(".png")).record
    assert payload is not None and payload.isascii() and not set(b"<>&") & set(payload)
    assert json.loads(payload)["recipe"]["prompt"] == PROMPT
