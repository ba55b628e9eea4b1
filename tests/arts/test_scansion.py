from __future__ import annotations

from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from genart_nb.arts.scansion import as_text, figure, scan_poem

POEM = (
    "The apples fall before the frost,\nThe ladder leans against the tree,\n\nAnd every summer that we lost\nIs sweet."
)


def test_lines_syllables_and_letters() -> None:
    scansion = scan_poem(POEM)
    assert [line.syllables for line in scansion.lines] == [8, 8, 0, 8, 2]
    assert scansion.scheme == "A- A-"
    assert [word.marks for word in scansion.lines[0].words] == ["u", "/u", "/", "u/", "u", "/"]


def test_verse_is_read_short_and_light_words_are_light() -> None:
    line = scan_poem("Every fire is our own").lines[0]
    assert [word.stress for word in line.words] == ["10", "1", "0", "0", "0"]


def test_a_refrain_shares_its_letter() -> None:
    assert scan_poem("O sea\nO tree\nO sea\nO moon").scheme == "AAA-"


def test_marks_stand_over_their_words() -> None:
    text = as_text(scan_poem("Winter, deep sea"))
    marks, words = text.splitlines()
    assert (marks.index("/"), words.index("Winter")) == (0, 0)
    assert words.rstrip().endswith("4  -")


def test_guesses_are_marked() -> None:
    word = scan_poem("xyzzy").lines[0].words[0]
    assert word.guessed and word.marks == "xx"
    assert 'class="guess"' in figure(scan_poem("xyzzy"))


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        assert not any(name.startswith("on") or name in ("src", "href") for name, _ in attrs)


@given(st.text(alphabet=st.characters() | st.sampled_from("<>&\"'\n "), max_size=120))
def test_any_text_gives_a_figure_of_our_own_tags_only(text: str) -> None:
    tags = Tags()
    tags.feed(figure(scan_poem(text)))
    assert tags.seen <= {"style", "pre", "i", "b"}
    assert isinstance(as_text(scan_poem(text)), str)


def test_long_texts_are_cut() -> None:
    assert len(scan_poem("sea \n" * 5000).lines) == 400
