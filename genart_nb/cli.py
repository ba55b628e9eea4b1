"""`genart`: every art form and the studio's questions, from a terminal.

Works go to standard output, everything about them to standard error. Exit status: 0 done, 1 failed, 2 not understood,
130 interrupted.
"""

from __future__ import annotations

import contextlib
import importlib.util
import io
import json
import os
import shlex
import subprocess
import sys
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from genart_nb.artwork import MIME, Artwork
from genart_nb.errors import EmptyPromptError, GenartError, JobCancelledError, UsageError
from genart_nb.magics.grammar import HELP, Word, parse
from genart_nb.options import Options, nearest, option

DONE, FAILED, MISUSED, INTERRUPTED = 0, 1, 2, 130
SHORT = {"-o": "out", "--json": "as_json"}  # pydantic keeps `json` for itself
HOME = Path(__file__).parent.parent
TOUR = "notebooks/00_tour.ipynb"


class Shared(Options):
    """What every art form takes in a shell."""

    seed: int | None = option(None, "what it grows from: the same seed gives the same work; drawn if not given")
    model: str = option("", "model for this work: an id, owner/name on the hub, a folder or a server's URL")
    out: str = option("", "also -o: file that the work is written to, instead of the screen")
    metadata: bool = option(True, "let the file carry its recipe; --no-metadata leaves it out")
    as_json: bool = option(False, "print the work, its recipe and its fingerprint as JSON")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status and lets nothing out but SystemExit from the interpreter itself."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError, ValueError):  # replaced streams may not know how
            stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    try:
        return _run(given)
    except UsageError as error:
        return _complain(error, MISUSED)
    except JobCancelledError as error:
        return _complain(error, INTERRUPTED)
    except GenartError as error:
        return _complain(error, FAILED)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read us has closed; give the interpreter's own last flush somewhere to go.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE


def _run(given: list[str]) -> int:
    from genart_nb.arts.form import names

    name, rest = (given[0], given[1:]) if given else ("--help", [])
    if name in ("--help", "-h", "help"):
        print(overview())
    elif name in ("--version", "-V"):
        from genart_nb import __version__

        print(f"genart {__version__}")
    elif name in COMMANDS:
        return COMMANDS[name][2](rest)
    elif name in names():
        return _make(name, rest)
    else:
        raise _unknown(name)
    return DONE


def _unknown(name: str) -> UsageError:
    from genart_nb.arts.form import names
    from genart_nb.magics.genart import COMMANDS as asked

    if name in asked:
        what = f"`genart {name}` is for notebooks, which hold the works, jobs and models it is about."
        return UsageError(what, f"`%genart {name}` there; `genart --help` lists what a shell has")
    guess = nearest(name, [*COMMANDS, *names()])
    return UsageError(
        f"There is no command {name!r}.",
        f"did you mean `genart {guess}`?" if guess else "`genart --help` lists what there is",
    )


def overview() -> str:
    """What `genart --help` prints."""
    from genart_nb.arts.form import names

    wide = max(len(f"{name} {usage}") for name, (usage, _, _) in COMMANDS.items())
    rows = [f"  genart {f'{name} {usage}':{wide}}  {help}" for name, (usage, help, _) in COMMANDS.items()]
    return "\n".join(
        [
            "Generative art, native to Jupyter; here from a terminal.",
            "",
            '  genart poem "the sea at night" --seed 7',
            '  echo "a lighthouse keeper" | genart story - --out story.txt',
            "",
            *textwrap.wrap(f"Art forms: {', '.join(names())}", 96, subsequent_indent="  "),
            "  genart ART --help   its options",
            "",
            *rows,
            "",
            "In a notebook: %load_ext genart_nb, then %genart",
        ]
    )


def _make(name: str, given: list[str]) -> int:
    from genart_nb.arts.form import art
    from genart_nb.magics.display import Stream
    from genart_nb.magics.help import shell_help
    from genart_nb.studio import studio
    from genart_nb.twins import wait

    form = art(name)
    command = parse(words(given), Shared, form.options, short=SHORT)
    if command.help:
        shared_rows = [replace(row, name=row.name.removeprefix("as_")) for row in Shared.table()]
        print(shell_help(form, shared_rows))
        return DONE
    shared = Shared.read(command.of(Shared))
    out = _place(shared.out) if shared.out else None
    prompt = sys.stdin.read() if command.text == "-" else command.text
    if form.prompted and not prompt.strip():
        raise EmptyPromptError(f"{name} needs a prompt.", f'genart {name} "{form.example}", or - to read it')
    desk = studio()
    recipe = desk.recipe(name, prompt, command.of(form.options), model=shared.model, seed=shared.seed)
    view = Stream(recipe, io.StringIO() if shared.as_json or shared.out else sys.stdout)
    try:
        work = wait(desk.make(recipe), view.show)
    except GenartError:
        view.failed()
        raise
    view.done(work)
    if out:
        _write(out, work, shared.metadata)
    if shared.as_json:
        print(_record(work))
    print("\n".join(filter(None, [work.note, work.lost, work.colophon])), file=sys.stderr)
    return DONE


def words(given: Sequence[str]) -> list[Word]:
    """Arguments as the grammar's words: the shell has split them, and one with spaces was quoted."""
    return [Word(each, quoted=not each or any(map(str.isspace, each))) for each in given]


def _record(work: Artwork) -> str:
    bundle, metadata = work._repr_mimebundle_()
    record = {"work": str(work), **bundle[MIME], **metadata.get(MIME, {}), "path": str(work.path or "")}
    return json.dumps(record, indent=2, ensure_ascii=False)


def _place(out: str) -> Path:
    """Where the work goes; raises UsageError, before anything is made, for a folder or a file in none."""
    path = Path(out).expanduser()
    if os.path.isdir(path):  # noqa: PTH112 (is_dir raises for a name too long)
        raise UsageError(f"--out {out} is a folder.", f"name a file in it: {path / 'work'}")
    if not os.path.isdir(path.parent):  # noqa: PTH112
        raise UsageError(f"--out {out}: there is no folder {path.parent}.", f"mkdir -p {shlex.quote(str(path.parent))}")
    return path


def _write(path: Path, work: Artwork, metadata: bool) -> None:
    try:
        work.save(path, metadata)
    except UsageError as error:  # of an ending that only the finished work can refuse
        raise UsageError(error.what, f"{error.fix}; the work is kept: {work.path}") from None
    except OSError as error:
        raise GenartError(f"{path} cannot be written: {error.strerror}.", f"the work is kept: {work.path}") from None


def _ask(name: str) -> Callable[[list[str]], int]:
    def command(given: list[str]) -> int:
        from genart_nb.magics.genart import answer

        said = str(answer([Word(name), *words(given)]))
        print(said.removeprefix("%") if _wants_help(given) else said)
        return DONE

    return command


def _wants_help(given: list[str]) -> bool:
    return bool(given) and given[0] in HELP


def _lab(given: list[str]) -> int:
    if _wants_help(given):
        print(f"genart lab [NOTEBOOK] [--option value ...]\n  {COMMANDS['lab'][1]}; options are those of `jupyter lab`")
        return DONE
    if importlib.util.find_spec("jupyterlab") is None:
        raise GenartError("JupyterLab is not installed.", f"{sys.executable} -m pip install 'genart_nb[lab]'")
    named = given[:1] if given and not given[0].startswith("-") else []
    tour = next((at / TOUR for at in (Path(), HOME) if (at / TOUR).is_file()), None)
    notebook = Path(named[0]) if named else tour
    if notebook is not None and not notebook.exists():
        raise UsageError(f"There is no {notebook}.", "name a notebook or a folder that exists")
    root = ["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    return _hand_over("-m", "jupyter", "lab", *root, *map(str, filter(None, [notebook])), *given[len(named) :])


def _bench(given: list[str]) -> int:
    suites = sorted(path.stem for path in (HOME / "benchmarks").glob("[a-z]*.py"))
    if not suites:
        raise GenartError("There are no benchmarks beside this installation.", "clone the repository and run it there")
    if _wants_help(given):
        lines = textwrap.wrap(f"Benchmarks: {', '.join(suites)}", 96, initial_indent="  ", subsequent_indent="    ")
        print("\n".join(["genart bench NAME [--option value ...]", f"  {COMMANDS['bench'][1]}", *lines]))
        return DONE
    if not given or given[0] not in suites:
        what = f"There is no benchmark {given[0]!r}." if given else "Which benchmark?"
        raise UsageError(what, f"use one of: {', '.join(suites)}")
    return _hand_over(str(HOME / "benchmarks" / f"{given[0]}.py"), *given[1:])


def _check(given: list[str]) -> int:
    from genart_nb.publishing.check import run

    return run(given)


def _accept(given: list[str]) -> int:
    from genart_nb.publishing.accept import run

    return run(given)


def _train(given: list[str]) -> int:
    from genart_nb.training.commands import run

    return run(given)


def _publish(given: list[str]) -> int:
    from genart_nb.publishing.site.commands import run

    return run(given)


def _serve(given: list[str]) -> int:
    from genart_nb.publishing.site.commands import serve

    return serve(given)


def _inspect(given: list[str]) -> int:
    from genart_nb.publishing.inspect_command import run

    return run(given)


def _hand_over(*arguments: str) -> int:
    """Let another Python program take our place, signals and all."""
    sys.stdout.flush()
    if os.name != "posix":
        return subprocess.call([sys.executable, *arguments])
    os.execv(sys.executable, [sys.executable, *arguments])


def _complain(error: GenartError, status: int) -> int:
    print(f"{type(error).__name__}: {error}", file=sys.stderr)
    return status


COMMANDS: dict[str, tuple[str, str, Callable[[list[str]], int]]] = {
    "lab": ("[NOTEBOOK]", "open JupyterLab, on the tour unless a notebook is named", _lab),
    "models": ("", "which models there are, and whether they are ready", _ask("models")),
    "gallery": ("[WORDS] [--art NAME]", "works made before, newest first", _ask("gallery")),
    "doctor": ("", "what is installed, what is missing, and what fixes it", _ask("doctor")),
    "inspect": ("FILE...", "what a picture, song or clip says of itself, and the cell that makes it again", _inspect),
    "publish": ("NOTEBOOK...", "make a folder of pages with live sliders; --help tells how", _publish),
    "serve": ("SITE", "show a published folder with your own models behind its sliders", _serve),
    "check": ("NOTEBOOK...", "run notebooks again: do they still give what they show?", _check),
    "accept": ("NOTEBOOK...", "run notebooks again and store what they give now", _accept),
    "bench": ("NAME", "run a benchmark", _bench),
    "train": ("NAME", "train a small starter model; --help lists them", _train),
}


if __name__ == "__main__":
    raise SystemExit(main())
