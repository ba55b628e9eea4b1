"""One work of our own for each layout, used by the tests and by whoever wants to look at all of them."""

from genart_nb.media.base import Sheet

COLOPHON = "starter · seed 7 · 2.1 s"

POEM = """The harbour keeps its lamps in rows,
    each one a tethered star;
and every ship that comes and goes
    asks only where they are.

I asked them too, and heard the rope
creak slowly in the block, and then a very long line that will not fit on any narrow page without being turned.
Some answers have the weight of hope;
some answers are the dock."""

STORY = """The clockmaker's daughter wound the town each morning before anyone was awake. There were *forty-one* keys, \
and she knew them by their cold.

"You're late," said the clock in the square, in 1893, in its usual voice.

"You're fast," she said.

***

By noon three things had gone wrong:

1. the bakery struck thirteen;
2. the river ran a little **backward**;
3. nobody minded.

So she sat on the steps and let it be noon for a while longer than it ought to be."""

SCENE = """FADE IN:

INT. LIGHTHOUSE - NIGHT

Rain against the glass. A single lamp turns. MARA (60s, wool coat, no hurry) winds the mechanism by hand.

MARA
(without looking up)
You took the long way.

TOM (O.S.)
There was only the one.

He steps into the light, dripping, holding a crate of oranges as though it were asleep.

MARA
Put them where they can see.
(beat)
Not there. They hate the sea.

EXT. CLIFF PATH - LATER

The lamp sweeps over the grass, and over two people eating oranges.

CUT TO:"""

TALK = """Ines: Did you count the stairs?
Bao: Twice. (pauses) There was one more going down.
(The lamp flickers.)
The Old Porter: There always is. You only notice when you carry something, and you, my dears, have been carrying \
that piano since Tuesday.
Ines: Then we put it down here.
Kofi (laughing): On the thirteenth step?
Wren: On the *only* step.
Sol: Play something."""

PERSON = """{"name": "Odile Marchetti", "role": "keeper of lost umbrellas", "age": 58,
 "appearance": "Tall, slightly bent, as if always under a low door.",
 "traits": ["patient", "exact", "secretly vain", "good with dogs"],
 "want": "To return the green one to whoever left it in 1987.", "fear": "That they will not want it back.",
 "secret": "She has never carried an umbrella herself.", "voice": "Short sentences. A dry pause before the last word.",
 "habits": ["hums in lifts", "keeps receipts"]}"""

PLOT = """Act I: The Well
A village lowers its last bucket and it comes up full of letters, all of them answers.

Act II: The Questions
Each family begins to ask what its letter replies to. Old friends stop speaking. A boy writes one back.

Act III: The Reply
The bucket comes up with water. The boy says nothing, and drinks first."""

BEFORE = """The meeting was very productive and we had a lot of good talks about the things.

Their is still some open points which we will adress next week in an other meeting."""

AFTER = """The meeting was productive, and we had good talks about the budget.

There are still some open points, which we will address next week in another meeting."""

SKETCH = """// slow rings over a grid
function setup() {
  createCanvas(420, 300);
  colorMode(HSB, 360, 100, 100, 1);
  noFill();
}

function draw() {
  background(225, 40, 12);
  translate(width / 2, height / 2);
  for (let i = 0; i < 40; i++) {
    push();
    rotate(i * 0.12 + frameCount * 0.004);
    stroke((200 + i * 4) % 360, 60, 95, 0.8);
    strokeWeight(1.5);
    ellipse(0, 0, 30 + i * 8, 20 + i * 4 * noise(i * 0.1));
    pop();
  }
}"""

DRAWING = """<?xml version="1.0"?>
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 120">
  <rect width="200" height="120" fill="#f6e7cf"/>
  <circle cx="140" cy="45" r="22" fill="#d9572b"/>
  <path d="M0 90 Q50 60 100 88 T200 80 V120 H0Z" fill="#2d4a53"/>
</svg>"""

PYTHON = '''def spiral(turns: int, step: float = 0.1) -> list[complex]:
    """Points of an Archimedean spiral."""
    # one point for each degree
    return [step * k * 1j ** (k / 90) for k in range(360 * turns)]'''

TURNS = [
    {"role": "system", "content": "Be brief."},
    *({"role": "user", "content": f"Question number {n}?"} for n in range(3)),
    {"role": "user", "content": "Name three blues."},
    {"role": "assistant", "content": "Cerulean, Prussian, and the one before rain."},
]

WEAK = "The starter model is weak at this; a larger one does better: %genart model text ID_OR_PATH"

SAMPLES = {
    "verse": Sheet(POEM, "verse", title="Harbour", colophon=COLOPHON, facts={"form": "quatrain", "language": "en"}),
    "haiku": Sheet(
        "Snow on the mailbox\nnobody has written for\nlonger than the road", "verse", facts={"form": "haiku"}
    ),
    "acrostic": Sheet("First the light\nOpens a window\nX marks the rest", "verse", facts={"form": "acrostic"}),
    "prose": Sheet(STORY, title="The Forty-One Keys", colophon=COLOPHON, note=WEAK, facts={"language": "en"}),
    "screenplay": Sheet(SCENE, "screenplay", title="Oranges", colophon=COLOPHON),
    "dialogue": Sheet(TALK, "dialogue", colophon=COLOPHON),
    "profile": Sheet(PERSON, "profile", colophon=COLOPHON),
    "profile growing": Sheet(PERSON[:150], "profile", live=True),
    "acts": Sheet(PLOT, "acts", title="What the Well Said", colophon=COLOPHON),
    "diff": Sheet(AFTER, "diff", prompt=BEFORE, colophon=COLOPHON),
    "chat": Sheet(
        "Because short waves scatter most, and your eye prefers blue to violet.\n\n- `1/λ⁴` says how much",
        "chat",
        prompt="And why is the sky the last of them?",
        facts={"turns": TURNS},
        colophon=COLOPHON,
    ),
    "p5js": Sheet(SKETCH, "code", title="Rings", colophon=COLOPHON, facts={"lang": "p5js"}),
    "svg": Sheet(DRAWING, "code", colophon=COLOPHON, facts={"lang": "svg"}),
    "python": Sheet(PYTHON, "code", colophon=COLOPHON, facts={"lang": "python"}),
    "stopped": Sheet("It was going to be a long story, and then", colophon=COLOPHON, partial=True),
    "growing": Sheet("It is going to be a long story, and", live=True),
    "hebrew": Sheet("הים שומר על האורות\nשורה אחר שורה", "verse", title="נמל"),
    "chinese": Sheet("港口守着它的灯火，\n一排又一排。", "verse", title="港"),
}
