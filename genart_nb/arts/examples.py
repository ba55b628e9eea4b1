"""Examples of our own that show a small model the shape of what is wanted: one for each form."""

from __future__ import annotations

STORY = (
    "a girl who finds a key",
    """The Brass Key

Pia found a brass key under a loose board in her grandmother's attic. It was cold and heavy, and it fitted no door in the house. She carried it in her pocket all summer.

Then, one morning, she saw a tiny lock on the side of the old piano. The key turned with a click. Inside lay a letter from her grandfather, who had never come home from the sea.

In the end, Pia read the letter aloud at supper. Her grandmother laughed and cried at once, and that night somebody played the piano again.""",  # noqa: E501
)

STORY_FIRST = (
    "a girl who finds a key",
    """The Brass Key

I found a brass key under a loose board in my grandmother's attic. It was cold and heavy, and it fitted no door in the house. I carried it in my pocket all summer.

Then, one morning, I saw a tiny lock on the side of the old piano. The key turned with a click. Inside lay a letter from my grandfather, who had never come home from the sea.

In the end, I read the letter aloud at supper. My grandmother laughed and cried at once, and that night I played the piano for the first time.""",  # noqa: E501
)

DIALOGUE = (
    "a dialogue between Kim and Lee about this: a clock that stopped",
    """Kim: Why do you keep that old clock? It stopped years ago.
Lee: It was my father's. It stopped on the day I was born.
Kim: So he never had it mended?
Lee: He said one of us had to stay young.
Kim: Well, it was not you. Shall I wind it?
Lee: Go on, then. Let's find out what happens.""",
)

SCREENPLAY = (
    "Dora and Paul: a late train",
    """Scene: inside the railway station, at night
Rain drums on the glass roof. Dora sits on a bench beside a suitcase tied with string.
Paul: The last train left an hour ago. Are you waiting for somebody?
Dora: For the next one. I always take the next one.
Paul: That one leaves at six. Would you like my coat until then?

Scene: outside the platform, in the morning
Mist hangs over the rails. Paul wakes on the bench and finds his coat folded beside him.
Paul: Dora? You forgot your suitcase!
Dora: Keep it. I never knew what was in it.""",
)

PLOT = (
    "a baker who inherits a ship",
    """The Bread Ship

Act I: An Unwanted Gift
Rosa bakes bread in a small harbour town and is afraid of water. A lawyer brings her the keys of her uncle's ship. She means to sell it, but then she finds a stranger hiding on board.

Act II: Out to Sea
The stranger says that her uncle is alive and held on an island. Rosa sets sail with a crew of bakers. A storm breaks the mast, and the crew wants to turn back.

Act III: Home with the Tide
Rosa steers the ship through the reef at night. She finds her uncle and pays his debt with bread and courage. She sails home and opens a bakery on the ship.""",  # noqa: E501
)

CHARACTER = (
    "a gardener who talks to birds",
    """{
  "name": "Wilma Hart",
  "age": 52,
  "occupation": "gardener in a city park",
  "appearance": "She is tall and thin, with muddy boots and feathers in her grey hair.",
  "traits": ["patient", "stubborn", "kind"],
  "background": "She grew up on a windy island where birds were her only friends.",
  "goal": "She wants to bring the swallows back to the city.",
  "fear": "She is afraid of cats and of quiet mornings.",
  "secret": "She once set free every bird in the zoo."
}""",
)

PICTURE = (
    "a snowman at night",
    """Background: navy
Snow: white rectangle, huge, bottom
Moon: yellow circle, small, top right
Body: white circle, large, middle
Head: white circle, medium, top
Hat: black rectangle, small, top
Nose: orange triangle, tiny, middle
Tree: green triangle, large, left""",
)

HELD = (
    ("a snowman at night", "snow, moon, body, hat, nose, tree"),
    ("a fishing village", "sky, sea, boat, house, roof, gull"),
)

PYTHON = (
    "count the vowels in a sentence",
    '''def count_vowels(sentence):
    """Return how many vowels there are."""
    return sum(letter in "aeiou" for letter in sentence.lower())


print(count_vowels("The sea is calm tonight"))
''',
)

VOICES = (
    ("a robot", "The soup is cold and I am hungry.", "Alert: the soup is cold. My hunger level is high."),
    (
        "a cowboy", "The train is late again, so we have to wait.",
        "Well, partner, that old train is late again, so I reckon we just have to wait.",
    ),
    (
        "a grandmother", "Close the window before you go to bed.",
        "Now, dear, do close the window before you go to bed, or you will catch a cold.",
    ),
)  # fmt: skip

CHAT = (
    (
        "I can't sleep.",
        "I'm sorry to hear that. Try a warm cup of tea and a quiet book, and put your phone away. Is something on your "
        "mind?",
    ),
    (
        "What can I do on a rainy day?",
        "You could bake bread, draw what you see from the window, or call an old friend. Which do you like best?",
    ),
)
