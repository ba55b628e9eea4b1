"""A cell's outputs held against each other, folding, prompts and the report, without a kernel."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from nbformat.v4 import new_output
from sameness_samples import output, picture, recipe, text, work

from genart_nb.errors import UsageError
from genart_nb.publishing import report
from genart_nb.publishing.cells import WIDGET, is_prompt, judged, others, plainly_differ
from genart_nb.publishing.check import CheckOptions, understood
from genart_nb.publishing.folding import fold

HOSTILE = "</script></pre><script>alert(1)</script><img src=x onerror=alert(2)> \" ' & \x1b[2J"


def said(words: str, name: str = "stdout") -> Any:
    return new_output("stream", name=name, text=words)


def shown(**data: str) -> Any:
    return new_output("display_data", data={name.replace("_", "/"): value for name, value in data.items()})


def test_works_are_paired_in_order_and_counted() -> None:
    one, other = output(work()), output(work(picture(8), recipe=recipe(seed=8)))
    assert judged([one, said("x"), other], [one, other]).passed
    exchanged = judged([one, other], [other, one])
    assert not exchanged.passed and all(each.recipe for each in exchanged.judgements)
    lost = judged([one, other], [one])
    assert not lost.passed and "2 works stored, 1 work now" in lost.problems[0]


def test_a_work_of_another_version_is_told() -> None:
    other = output(work())
    other["data"]["application/vnd.genart.v2+json"] = other["data"].pop("application/vnd.genart.v1+json")
    result = judged([other], [output(work())])
    assert not result.passed and "another version of genart_nb" in result.problems[0]


def test_widgets_and_works_are_left_to_others() -> None:
    widget = new_output("display_data", data={WIDGET: {"model_id": "1"}, "text/plain": "<object at 0x7f>"})
    assert others([widget, output(work()), said("x")]) == [said("x")]


@pytest.mark.parametrize(
    "old, new, told",
    [
        ([said("a\n"), said("b\n")], [said("a\nb\n")], ""),
        ([said("10%\r20%\rdone\n")], [said("done\n")], ""),
        ([said("a")], [said("b")], "stdout differs"),
        ([said("a")], [said("a", "stderr")], "no longer gives stdout"),
        ([shown(text_plain="1")], [shown(text_plain="1", text_html="<b>1</b>")], "now gives text/html too"),
        ([shown(text_plain=each) for each in "12"], [shown(text_plain=each) for each in "21"], "text/plain differs"),
        ([shown(text_plain="1", image_png="aaaa")], [shown(text_plain="1", image_png="bbbb")], ""),
    ],
)
def test_everything_else_is_held_to_the_letter(old: Any, new: Any, told: str) -> None:
    assert told in "\n".join(plainly_differ(old, new))
    assert bool(list(plainly_differ(old, new))) is bool(told)


@pytest.mark.parametrize(
    "source, prompt",
    [("%%paint --seed 7\n# NBVAL_SKIP", True), ("\n%%poem\nx", True), ("%%bash\n# NBVAL_SKIP", False), ("# x", False)],
)
def test_prompts_are_told_from_code(source: str, prompt: bool) -> None:
    assert is_prompt(source) is prompt


def message(kind: str, **content: Any) -> dict[str, Any]:
    return {"msg_type": kind, "content": content}


def test_updates_and_clearings_are_folded() -> None:
    first = message("display_data", data={"a": "draft"}, metadata={}, transient={"display_id": "1"})
    messages = [
        message("stream", text="gone"), message("clear_output", wait=True), first,
        message("update_display_data", data={"a": "final"}, metadata={}, transient={"display_id": "1"}),
        message("update_display_data", data={"a": "other"}, metadata={}, transient={"display_id": "2"}),
    ]  # fmt: skip
    assert [each["content"]["data"] for each in fold(messages)] == [{"a": "final"}]
    assert fold([message("stream", text="gone"), message("clear_output", wait=False)]) == []
    assert len(fold([message("stream", text="stays"), message("clear_output", wait=True)])) == 1


def test_a_failure_is_told_with_both_pictures_and_the_recipe() -> None:
    result = judged([output(work())], [output(work(picture(8), recipe=recipe(seed=8, prompt=HOSTILE)))])
    told = "\n".join(report.told(result))
    assert "recipe: seed: 7 -> 8" in told and "ssim" in told and "needed: exact" in told
    assert re.search(r"stored +now\n.{60,}", told)
    assert "\x1b" not in told
    assert "▀" in "\n".join(report.told(result, colour=True))


def test_a_text_that_fails_is_told_by_its_lines() -> None:
    result = judged([output(text("the sea\nis grey"))], [output(text("the sea\nis blue"))])
    told = "\n".join(report.told(result))
    assert "-is grey" in told and "+is blue" in told and "word 4 is 'blue', it was 'grey'" in told


class Page(HTMLParser):
    """What a browser would make of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.sources: list[str] = []
        self.handlers: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.sources += [str(value) for name, value in attrs if name in ("src", "href", "srcset")]
        self.handlers += [name for name, _ in attrs if name.startswith("on")]


def test_the_report_shows_both_sides_loads_nothing_and_is_not_fooled(tmp_path: Path) -> None:
    hostile = recipe(seed=8, prompt=HOSTILE)
    results = [
        judged([output(work())], [output(work(picture(8), recipe=hostile))]),
        judged([output(text(HOSTILE))], [output(text("calm"))]),
    ]
    entries = [report.entry(HOSTILE, at, HOSTILE, result, [HOSTILE]) for at, result in enumerate(results)]
    page = Page(report.write(tmp_path / "deep" / "r.html", entries).read_text(encoding="utf-8"))
    assert page.tags.count("script") == 1 and not page.handlers
    assert page.tags.count("img") == 4 and page.tags.count("input") == 1 and page.tags.count("section") == 2
    assert all(source.startswith("data:image/png;base64,") for source in page.sources)


def test_command_lines_are_understood_or_refused() -> None:
    given = ["a", "--set", "x=1", "--tier", "close", "--timeout=9", "--set=y= two", "b c"]
    options, paths, values = understood(given, CheckOptions, "check")
    assert (options.tier, options.timeout, options.lax, paths) == ("close", 9.0, False, [Path("a"), Path("b c")])
    assert values == {"x": 1, "y": " two"}
    for given in ([], ["--tier", "odd", "a"], ["--timeout", "0", "a"], ["--no-such", "a"], ["--set", "x", "a"]):
        with pytest.raises(UsageError, match="Fix"):
            understood(given, CheckOptions, "check")
