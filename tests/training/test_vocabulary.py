import pytest

from genart_nb.training import data, vocabulary
from genart_nb.training.vocabulary import called, category, kept, phrase


@pytest.mark.parametrize(
    ("name", "said"),
    [("owl", "an owl"), ("fox", "a fox"), ("grapes", "grapes"), ("unicorn", "a unicorn"), ("bus", "a bus"),
     ("ufo", "a ufo"), ("walrus", "a walrus"), ("fire", "fire"), ("glass", "a glass")],
)  # fmt: skip
def test_names_get_their_article(name: str, said: str) -> None:
    assert phrase(name) == said


@pytest.mark.parametrize(
    ("subcategory", "short", "wanted"),
    [("animal-mammal", "fox_face", True), ("transport-air", "rocket", True), ("face-costume", "ghost", True),
     ("country-flag", "flag-fr", False), ("hand-fingers-open", "wave", False), ("family", "man-woman-boy", False),
     ("person-role", "male-doctor", False), ("person-role", "astronaut", True), ("alphanum", "abc", False),
     ("time", "clock3", False), ("time", "clock12", True), ("geometric", "red_circle", False),
     ("other-object", "smoking", False)],
)  # fmt: skip
def test_only_things_to_paint_are_kept(subcategory: str, short: str, wanted: bool) -> None:
    assert kept(subcategory, short, "") is wanted


def test_categories() -> None:
    assert category("clothing", "tophat") == "hat"
    assert category("place-geographic", "volcano") == "scene"
    assert category("face-smiling", "grinning") == "person"
    assert category("food-fruit", "banana") == "food"


def test_everyday_names() -> None:
    assert called("red-apple") == "apple"
    assert called("person-mage") == "wizard"
    assert called("t-rex") == "t-rex"
    assert called("hot-air-balloon") == "hot air balloon"


def test_styles_fit_their_slots_and_every_set_may_be_used() -> None:
    assert len(vocabulary.STYLES) <= vocabulary.SLOTS
    assert {each.style for each in data.SETS.values()} - {""} == set(vocabulary.STYLES)
    assert all(each.licence in data.ALLOWED for each in data.SETS.values())
    assert "CC-BY-SA-4.0" not in data.ALLOWED
