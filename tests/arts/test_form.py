import pytest

from genart_nb.arts.form import weakness
from genart_nb.models.card import ModelCard

CARD = ModelCard.model_validate(
    {
        "id": "small", "kind": "text", "title": "Small", "loader": "onnx-llama", "languages": ["en"],
        "source": {"where": "folder", "path": "/nowhere"}, "revision": "1", "licence": "MIT",
        "abilities": {"poem": "good", "story": "weak", "translate": "unable"},
    }
)  # fmt: skip


@pytest.mark.parametrize("prompt", ["冬天的港口", "ميناء الشتاء", "зимний порт", "🌊🌊", "港口 at 冬天的夜晚下雪"])
def test_a_prompt_it_cannot_read_is_told(prompt: str) -> None:
    assert "reads English alone" in weakness("poem", "poems", CARD, prompt)
    assert "not able" in weakness("translate", "translations", CARD, prompt)
    assert weakness("poem", "poems", CARD.model_copy(update={"languages": ("en", "zh")}), prompt) == ""


@pytest.mark.parametrize("prompt", ["winter harbour", "café à Paris", "1984", "4/4", "", "an 鯉 in a pond", "no. 5 🌊"])
def test_a_prompt_in_latin_letters_says_nothing_more(prompt: str) -> None:
    assert weakness("poem", "poems", CARD, prompt) == ""
    assert "weak at stories" in weakness("story", "stories", CARD, prompt)
