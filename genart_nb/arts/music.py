"""`%%compose`: music from a style, a key and a mood, or after a poem or a picture, by whatever music model there is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated, Any, Literal

from pydantic import AfterValidator

from genart_nb import inputs
from genart_nb.arts import music_from, music_measures, music_memory, music_words
from genart_nb.arts.form import ArtForm, weakness
from genart_nb.arts.music_from import Taken
from genart_nb.arts.music_words import MOODS, Mood
from genart_nb.artwork import Artwork
from genart_nb.errors import OptionError
from genart_nb.events import Event, Preview, Step
from genart_nb.media.song import INSTRUMENTS, NAMES, TICKS, Note, Song, bar_ticks
from genart_nb.models.card import ModelCard
from genart_nb.models.composer.form import phrases
from genart_nb.models.music import MusicBrief, MusicModel
from genart_nb.options import Options, option
from genart_nb.recipe import Recipe

_LETTERS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
_TEMPO = {"chorale": 84.0, "madrigal": 96.0, "reel": 192.0, "jig": 174.0, "hornpipe": 160.0, "song": 104.0}
_PLAYED = {"chorale": "organ", "madrigal": "choir", "reel": "violin", "jig": "flute", "hornpipe": "whistle",
           "song": "recorder"}  # fmt: skip
_KEYS = {"chorale": (7, 2, 9, 5, 10, 0), "madrigal": (5, 7, 2, 0)}
_DANCES = (2, 7, 9, 0)
"""Tonics that players of each style like; one of them is taken, by the seed, where none is asked for."""
_MINOR_OF_8 = 3
"""In eight pieces, those in minor where no mode is asked for."""
LONGEST = 64
"""Bars that are written at most."""
BARS, PHRASE = 8, 4
"""Bars that are written where nobody says how many, and bars of each phrase where a form is given."""


def tonic(name: str) -> int:
    """The pitch class of a key's name such as `F#` or `Bb`; raises OptionError that names some."""
    letter, signs = name[:1].upper(), name[1:].replace("♯", "#").replace("♭", "b")
    if letter not in _LETTERS or signs not in ("", "#", "b"):
        raise OptionError(f"There is no key {name[:20]!r}.", f"use one of {', '.join(NAMES)}; --mode is apart")
    return (_LETTERS[letter] + signs.count("#") - signs.count("b")) % 12


def _key(text: str) -> str:
    if text:
        tonic(text)
    return text


def _form(text: str) -> str:
    """The form as its letters, small ones made large; raises OptionError for what is none."""
    try:
        return "".join(phrases(text)) if text.strip() else ""
    except ValueError:
        raise OptionError(
            f"There is no form {text[:20]!r}.", "write a letter for each phrase: AABA; A' is A with another ending"
        ) from None


class ComposeOptions(Options):
    """`%%compose`."""

    from_: str = option(
        "", "the text, picture or clip that it is made after: a work, a file, or a variable", takes="subject"
    )
    style: Literal["auto", "chorale", "madrigal", "reel", "jig", "hornpipe", "song"] = option(
        "auto", "what it is; auto goes by the words, else a chorale"
    )
    key: Annotated[str, AfterValidator(_key)] = option("", "its tonic: C, F#, Bb ...", max_length=20)
    mode: Literal["auto", "major", "minor"] = option("auto", "major or minor")
    metre: Literal["auto", "2/4", "3/4", "4/4", "3/2", "4/2", "6/8", "9/8", "3/8", "12/8"] = option(
        "auto", "beats of a bar"
    )
    tempo: float | None = option(None, "crotchets a minute", ge=20, le=320, step=2, unit="bpm", stage=1.0)
    bars: int | None = option(
        None, f"how many bars are written; by the work of --from, else {BARS}", ge=2, le=LONGEST, step=1, unit="bars"
    )
    form: Annotated[str, AfterValidator(_form)] = option(
        "", "which phrases come back, a letter for each: AABA, AA'BA'; as pieces of the style go if not given",
        max_length=40,
    )  # fmt: skip
    mood: Literal["auto", "none", "calm", "lively", "bright", "sad", "solemn", "playful"] = option(
        "auto", "how it feels; auto goes by the words"
    )
    temperature: float = option(1.0, "how freely notes are drawn; 0 always takes the likeliest", ge=0, le=2, step=0.05)
    continue_: str = option("", "go on from this song: a file, or a variable", takes="song")
    harmonise: str = option("", "write voices below this melody: a file, or a variable", takes="song")
    instrument: Literal["auto", *INSTRUMENTS] = option("auto", "what plays it", stage=1.0)  # type: ignore[valid-type]


@dataclass(frozen=True)
class Asked:
    """What is asked for in all: `tempo` in crotchets a minute; `origin`, what was taken from the work of --from."""

    brief: MusicBrief
    tempo: float
    instrument: str
    title: str
    origin: Mapping[str, Any] = field(default_factory=dict)


def compose(recipe: Recipe, model: MusicModel) -> Iterator[Event]:
    """Write a song note by note; a preview at every bar."""
    asked = asked_of(recipe, ComposeOptions.read(recipe.options), model)
    bar = 0
    for draft in music_memory.written(model, asked.brief, recipe.digest):
        if draft.final:
            yield Preview(_finished(draft.song(), asked, dict(draft.facts)))
            continue
        written = draft.song()
        if draft.done // written.bar > bar:
            bar = draft.done // written.bar
            yield Preview(replace(written, tempo=asked.tempo, instrument=asked.instrument))
        yield Step(draft.done, draft.total, "tick")


def asked_of(recipe: Recipe, options: ComposeOptions, model: MusicModel) -> Asked:
    """What the options ask for, else the prompt, else the song that is given, else the work of --from."""
    before = _held(options.continue_, "--continue")
    melody = _held(options.harmonise, "--harmonise")
    if before and melody:
        raise OptionError("--continue and --harmonise are given together.", "keep one of them")
    if melody and options.form:
        raise OptionError("--harmonise: the melody has a form of its own.", "leave --form out")
    given = before or melody
    origin = music_from.taken(options.from_) if options.from_ else Taken("")
    style = _style(recipe.prompt, options, before, melody, origin)
    mood = music_words.mood(recipe.prompt) if options.mood == "auto" else options.mood
    feeling = MOODS.get(mood or origin.mood, Mood())
    key, mode = _key_of(recipe, options, style, feeling, given, origin)
    usual = model.styles.get(style, ("4/4",))[0]
    metre = given.metre if given else usual if options.metre == "auto" else options.metre
    tempo = options.tempo or (given.tempo if given else round(_TEMPO.get(style, 96.0) * feeling.pace * origin.pace))
    bars = melody.bars if melody else options.bars or _length(options, origin.bars_at(tempo * TICKS / bar_ticks(metre)))
    playing = given.instrument if before and given else _PLAYED.get(style, "piano")
    brief = MusicBrief(
        style, key, mode, metre, bars, recipe.seed, feeling.density, feeling.leaps,
        feeling.register, options.temperature, before, _singable(melody) if melody else None,
        options.form or ("" if given else _rhymed(origin, bars)),
    )  # fmt: skip
    used = {} if mood else {"mood": origin.mood}
    if not melody and not options.bars:
        used["bars"] = str(bars)
    if not given:
        used |= _used(recipe.prompt, options, origin, brief, bool(mood and feeling.mode))
    played = playing if options.instrument == "auto" else options.instrument
    title = _title(recipe, origin)
    return Asked(brief, tempo, played, title, origin.told(used) if options.from_ else {})


def _length(options: ComposeOptions, origin: int) -> int:
    """Bars where nobody says how many: about as many as the work of --from asks for, whole phrases of a form."""
    count = len(phrases(options.form)) if options.form else 0
    if not count:
        return origin or BARS
    return min(LONGEST, count * (max(1, round(origin / count)) if origin else PHRASE))


def _rhymed(origin: Taken, bars: int) -> str:
    """The form of the work of --from, where so many bars are as many to each of its phrases."""
    return origin.form if origin.form and bars % len(origin.form) == 0 else ""


def _used(prompt: str, options: ComposeOptions, origin: Taken, brief: MusicBrief, mooded: bool) -> dict[str, str]:
    """What of style, form, key, mode and tempo is the work's, where no song is given.

    `mooded`: a mood asked for the mode.
    """
    named, said = music_words.key(prompt)
    used = {}
    if options.style == "auto" and not music_words.style(prompt):
        used["style"] = origin.style
    if not options.form and brief.form:
        used["form"] = brief.form
    if not options.key and not named:
        used["key"] = origin.key
    if options.mode == "auto" and not said and not mooded and brief.mode == origin.mode:
        used["mode"] = origin.mode
    if not options.tempo and origin.pace != 1:
        used["tempo"] = f"{origin.pace:g} of the usual"
    return used


def _held(name: str, flag: str) -> Song | None:
    if not name:
        return None
    song: Song = inputs.content(name)
    if song.bars > LONGEST:
        raise OptionError(f"{flag}: that song is {song.bars} bars long.", f"give one of at most {LONGEST}")
    return replace(song, metre="4/4") if song.metre == "2/2" else song  # the bars are as long


def _style(prompt: str, options: ComposeOptions, before: Song | None, melody: Song | None, origin: Taken) -> str:
    """The style asked for, else that of the words, else what fits the song that is given, else the work's."""
    wished = options.style if options.style != "auto" else music_words.style(prompt)
    if melody:
        return wished or "chorale"
    if before is None:
        return wished or origin.style or "chorale"
    count = len(before.voices)
    fitting = {4: "chorale", 5: "madrigal"}.get(count, "")
    if count == 1:
        fitting = wished if wished in ("reel", "jig", "hornpipe", "song") else "jig" if "/8" in before.metre else "song"
    if not fitting:
        raise OptionError(f"--continue: no style has {count} voices.", "give a song of 1, 4 or 5 voices")
    if wished and wished != fitting:
        raise OptionError(f"--continue: that song has {count} voices, a {wished} has not.", f"use --style {fitting}")
    return fitting


def _key_of(
    recipe: Recipe, options: ComposeOptions, style: str, feeling: Mood, given: Song | None, origin: Taken
) -> tuple[int, str]:
    """Tonic and mode: those asked for, of the song given, of the words, of the mood, of the work, else by the seed."""
    named, said = music_words.key(recipe.prompt)
    usual = _KEYS.get(style, _DANCES)
    if given:
        return given.tonic, given.mode
    mode = options.mode if options.mode != "auto" else said or feeling.mode or origin.mode
    if not mode and named:
        mode = "major"  # so it is said: a jig in D
    if not mode:
        mode = "minor" if recipe.seed // 7 % 8 < _MINOR_OF_8 else "major"
    if options.key or named or origin.key:
        return tonic(options.key or named or origin.key), mode
    return (usual[recipe.seed % len(usual)] + (9 if mode == "minor" and style != "song" else 0)) % 12, mode


def _singable(melody: Song) -> Song:
    """The melody in the octave in which sopranos sing."""
    top = melody.voices[0]
    middle = (min(note.pitch for note in top) + max(note.pitch for note in top)) / 2
    shift = round((70 - middle) / 12) * 12
    moved = tuple(Note(note.start, note.length, note.pitch + shift) for note in top)
    return replace(melody, voices=(moved,))


def _title(recipe: Recipe, origin: Taken) -> str:
    """The prompt, and what the song was made after: a text's first line, or the prompt of a picture."""
    prompt = " ".join(recipe.prompt.split())[:80]
    if not origin.what:
        return prompt
    named = origin.title
    if not named and not prompt:  # then every source is an option's
        painted = (each.prompt for each in recipe.sources if each.art != COMPOSE.name)
        named = music_from.short(next(filter(str.strip, painted), ""))
    after = f"after “{named}”" if named else f"after a {origin.what}"
    return f"{prompt}, {after}" if prompt else f"A{after[1:]}"


def _finished(song: Song, asked: Asked, facts: dict[str, Any]) -> Song:
    found = {
        "style": asked.brief.style, "key": song.key, "metre": song.metre, "tempo": asked.tempo,
        "instrument": asked.instrument, **({"from": asked.origin} if asked.origin else {}),
        "in key": round(music_measures.in_key(song), 3), "bars filled": music_measures.bars_filled(song),
        "cadence": music_measures.cadence(song), "bars that return": round(music_measures.returning(song), 3), **facts,
    }  # fmt: skip
    if asked.brief.form:
        found["phrases"] = asked.brief.form
    if len(song.voices) > 1:
        found["parallels per 100 chords"] = round(music_measures.parallels(song), 2)
    return replace(song, tempo=asked.tempo, instrument=asked.instrument, title=asked.title, info={"facts": found})


def finish(recipe: Recipe, data: Any, card: ModelCard | None, partial: bool) -> Artwork:
    """The Artwork, with what was measured of it; its title and note say what it was made after, and what it took."""
    facts = {"form": "compose", **data.info.get("facts", {})}
    origin = facts.get("from")
    notes = [music_from.sentence(origin) if origin else "", weakness("compose", "music", card)]
    return Artwork(
        recipe, data, "song", layout="song", title=data.title if origin else "", facts=facts,
        note=" ".join(filter(None, notes)), partial=partial,
    )  # fmt: skip


COMPOSE = ArtForm(
    "compose", "Music: a chorale, a madrigal, a dance or a song.", ComposeOptions, compose, finish, kind="music",
    example="a solemn chorale in D minor", prompted=False, drafts=({},),
)  # fmt: skip
