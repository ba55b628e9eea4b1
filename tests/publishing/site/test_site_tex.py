"""TeX in Markdown: set as MathML, with nothing in it that runs, and left as it is where it is no TeX."""

from __future__ import annotations

import re
import time
from html import unescape
from pathlib import Path

import pytest
from books import Book

from genart_nb.publishing.site import build, notebook, outputs, tex
from genart_nb.publishing.site.easels import Wanted
from genart_nb.publishing.site.prose import Prose
from genart_nb.studio import Studio


@pytest.fixture
def prose(tmp_path: Path) -> Prose:
    return Prose(tmp_path, lambda suffix, content: f"files/x{suffix}", {})


def words(html: str) -> str:
    return unescape(re.sub(r"<[^>]*>", "", html)).strip()


@pytest.mark.parametrize(
    ("source", "display", "found"),
    [
        ("a $x^2$ b", "inline", "<msup><mi>x</mi><mn>2</mn></msup>"),
        ("$$\\frac{a}{b}$$", "block", "<mfrac>"),
        ("$$\na\n- b\n= c\n$$", "block", "<mo>−</mo><mi>b</mi><mo>=</mo>"),
        ("- item $x_1 * y * z_2$", "inline", "<msub><mi>z</mi><mn>2</mn></msub>"),
        ("> $$q$$", "block", "<mi>q</mi>"),
        ("|a|b|\n|-|-|\n|$x$|1|", "inline", "<mi>x</mi>"),
        ("$\\mathbf{v} \\in \\mathbb{R}$", "inline", "<mi>𝐯</mi><mo>∈</mo><mi>ℝ</mi>"),
        ("$\\text{größer 歌}$", "inline", "<mtext>größer 歌</mtext>"),
    ],
)
def test_what_is_tex_becomes_mathml(prose: Prose, source: str, display: str, found: str) -> None:
    html = prose.html(source)
    assert f'<math display="{display}">' in html and found in html.replace("&nbsp;", " ") and prose.faults == []


@pytest.mark.parametrize("name", ["align", "align*", "aligned", "gather", "eqnarray", "multline"])
def test_lines_of_an_environment_stand_below_one_another_without_numbers(prose: Prose, name: str) -> None:
    inner = f"\\begin{{{name}}}\na &= b \\\\\n+ c &= d\n\\end{{{name}}}"
    html = prose.html(inner if name != "aligned" else f"$${inner}$$")
    assert html.count("<mtr>") == 2 and words(html) == "a=b+c=d"


@pytest.mark.parametrize(
    "source",
    [
        "It costs $5 and $6, not $7.",
        "`$x$` and ``a $y$``",
        "```\n$x$ $$y$$\n```",
        "    $x$\n",
        "\\$x\\$",
        "a $ x $ b",
        "$$",
        "a $`x`$ b",
        "$a\n\nb$",
    ],
)
def test_what_is_none_stays_as_it_is(prose: Prose, source: str) -> None:
    html = prose.html(source)
    assert "<math" not in html and prose.faults == []
    assert html.count("$") == source.count("$")


@pytest.mark.parametrize(
    "source",
    [
        r"$\text{<script>alert(1)</script>}$",
        r"$\text{<img src=x onerror=alert(1)>}$",
        r"$\mathrm{</mtext></math><img src=x onerror=alert(1)>}$",
        r"$\href{javascript:alert(1)}{x}$",
        r"$\style{position:fixed;inset:0}{x}$",
        r"$\class{copy}{x} \id{zoom}{x}$",
        r"$\hspace{99999cm}x$",
        r"$\color{url(https://x.org)}{x}$",
        '![$x"onerror=alert(1)$](a.png)',
        "# $\\text{<script>alert(1)</script>}$",
        "$x\x00\ufffe y$",
        "<math><mtext><script>alert(1)</script><style>*{}</style></mtext><maction actiontype='x'>y</maction></math>",
        "<math href='javascript:alert(1)' onclick='alert(1)'><mi style='position:fixed'>x</mi></math>",
    ],
)
def test_hostile_tex_is_words(prose: Prose, source: str) -> None:
    html = prose.html(source)
    for tag in re.findall(r"<(?!/)[^>]*>", html):
        assert tag[1:-1].split(" ")[0] in {"p", "h1", "em", *tex.TAGS}
        for name, value in re.findall(r'([\w-]+)="([^"]*)"', tag):
            assert name in {"class", "id"} or (name in tex.ATTRIBUTES and tex.plain(value))
            assert "(" not in value and "9999" not in value


@pytest.mark.parametrize(
    "source",
    [
        r"$\frac{$", "$$\\begin{matrix}$$", "${" * 400 + "x", r"$\def\a{\b\b}\def\b{\a\a}\a$", "$" + "^" * 3000 + "$",
        r"$\newcommand{\x}{y}\x$", "$" + r"\sqrt{" * 700 + "x" + "}" * 700 + "$", "$\ud800$",
    ],
)  # fmt: skip
def test_what_cannot_be_set_stands_as_it_was_typed(prose: Prose, source: str) -> None:
    html = prose.html(source)
    assert "<math" not in html or "\ud800" in source
    assert "\ud800" in source or words(html) == source


def test_it_is_told_once_what_cannot_be_set(prose: Prose) -> None:
    assert "<code>$\\frac{$</code>" in prose.html("$\\frac{$ and $\\frac{$")
    assert prose.faults == ["TeX that cannot be set: \\frac{"]


@pytest.mark.parametrize(
    "source", ["$" * 20_000, "$a" * 5_000, "\\begin{align}" * 3_000, "$$a\n" * 3_000, "$\\" * 9_000]
)
def test_long_nonsense_does_not_hold_up_the_page(prose: Prose, source: str) -> None:
    began = time.process_time()
    prose.html(source)
    assert time.process_time() - began < 20


def test_a_long_formula_among_words_can_be_broken(prose: Prose) -> None:
    long = " + ".join(f"a_{at}" for at in range(9))
    assert prose.html(f"x ${long}$ y").count("<math") == 9
    assert prose.html(f"$${long}$$").count("<math") == 1


def test_without_the_library_tex_stands_as_typed_and_the_fix_is_named(
    prose: Prose, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tex, "available", lambda: False)
    assert "<code>$x^2$</code>" in prose.html("$x^2$ and $y<z$") and "<code>$y&lt;z$</code>" in prose.html("$y<z$")
    assert prose.faults == [tex.MISSING] and "genart_nb[publish]" in tex.MISSING


def test_an_output_that_is_a_formula_is_set_and_any_other_is_shown(prose: Prose) -> None:
    def shown(latex: str) -> str:
        output = {"output_type": "display_data", "data": {"text/latex": latex, "text/plain": "plain"}}
        return outputs.html([output], prose, None)

    assert "<msqrt>" in shown(r"$\displaystyle \sqrt{x}$") and '<math display="block">' in shown("$$x$$")
    assert "<mtr>" in shown("\\begin{equation*}\\begin{split}a &= b\\end{split}\\end{equation*}")
    assert shown(r"\begin{tabular}{l} <b> \end{tabular}").startswith('<pre class="stdout">\\begin{tabular}{l} &lt;b')


def test_a_page_with_tex_is_published(book: Book, desk: Studio, tmp_path: Path) -> None:
    book.prose("# Law $E=mc^2$\n\n$$\\frac{$$").code("1")
    order = build.Order(tmp_path / "s", wanted=Wanted(painter=False), sign=False)
    made = build.publish([notebook.read(book.save())], order)
    text = made.index.read_text()
    assert (
        "<math" in text and "<code>$$\\frac{$$</code>" in text and any("cannot be set" in each for each in made.faults)
    )
