"""Cell and line magics: one grammar for all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell


def register(shell: InteractiveShell) -> None:
    """Bring `%%poem` and its sisters, `%genart`, `%easel`, their completions and the terminal's short result lines.

    Doing it again changes nothing but picks up art forms that were installed meanwhile. No art form is imported.
    """
    from IPython.core.completer import context_matcher

    from genart_nb import plugins
    from genart_nb.magics import bare, console, door, questions
    from genart_nb.magics.magic import ArtMagic, EaselMagic, GenartMagic

    unregister(shell)
    for name in plugins.offered("arts"):
        shell.register_magic_function(ArtMagic(name, shell), "line_cell", name)  # type: ignore[arg-type]
    shell.register_magic_function(GenartMagic("genart", shell), "line", "genart")  # type: ignore[arg-type]
    shell.register_magic_function(EaselMagic("easel", shell), "line_cell", "easel")  # type: ignore[arg-type]

    @context_matcher(identifier="genart")  # type: ignore[untyped-decorator]
    def match(context: Any) -> Any:
        if "%" not in context.full_text:
            return {"completions": []}
        from genart_nb.magics.completions import Completions

        return Completions(shell).match(context)

    if shell.Completer is not None:
        shell.Completer.custom_matchers.append(match)
    bare.register(shell)
    console.register(shell)
    questions.register(shell)
    door.open_door(shell)


def unregister(shell: InteractiveShell) -> None:
    """Take all of it away again; jobs run on."""
    from genart_nb.magics import bare, console, door, questions
    from genart_nb.magics.magic import Magic

    for magics in shell.magics_manager.magics.values():
        for name in [name for name, magic in magics.items() if isinstance(magic, Magic)]:
            del magics[name]
    if shell.Completer is not None:
        matchers = shell.Completer.custom_matchers
        matchers[:] = [each for each in matchers if getattr(each, "matcher_identifier", "") != "genart"]
    bare.unregister(shell)
    console.unregister(shell)
    questions.unregister(shell)
    door.close_door()
