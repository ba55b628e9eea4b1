"""What JupyterLab is told of the magics, so that it colours, checks and completes what is typed."""

from __future__ import annotations

import pytest

from genart_nb.magics.vocabulary import vocabulary


@pytest.mark.parametrize(("name", "flag"), [("restyle", "from"), ("compose", "continue"), ("compose", "from")])
def test_an_option_goes_by_what_is_typed_and_not_by_what_python_calls_it(name: str, flag: str) -> None:
    """JupyterLab underlined `--from` as unknown, for it looked up `from` and was told of `from_`."""
    options = vocabulary()["magics"][name]["schema"]["properties"]
    assert options[flag]["flag"] == f"--{flag}" and f"{flag}_" not in options


def test_every_option_is_found_by_its_flag() -> None:
    for told in vocabulary()["magics"].values():
        for name, option in told["schema"]["properties"].items():
            assert name == option["flag"].removeprefix("--").replace("-", "_")
