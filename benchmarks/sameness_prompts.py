"""What the sameness benchmark asks for: prompts, and the same with one word changed."""

PICTURES = [
    ("a cat wearing a top hat", "the cat wearing a top hat", "a cat with a top hat"),
    ("a red car on a hill", "a blue car on a hill", "a red car beside a hill"),
    ("a fox in the forest at night", "a fox in the park at night", "a fox in the forest at dawn"),
    ("a house by the sea", "a house by the lake", "a house near the sea"),
    ("an owl on a branch", "an owl on a roof", "an owl under a branch"),
    ("a penguin in the snow", "a penguin in the rain", "a penguin in deep snow"),
    ("a rocket in space", "a rocket in the sky", "one rocket in space"),
    ("a bear with a balloon", "a bear with a kite", "a bear and a balloon"),
    ("a dog beside a tree", "a dog beside a bush", "a dog behind a tree"),
    ("a sailing boat on a lake", "a sailing boat on a river", "a small boat on a lake"),
    ("a yellow sun over a field", "a orange sun over a field", "a yellow sun above a field"),
    ("a rabbit in the grass", "a rabbit in the garden", "a rabbit on the grass"),
    ("a train in the mountains", "a train in the hills", "a train near the mountains"),
    ("a mushroom in the rain", "a mushroom in the snow", "a mushroom under the rain"),
    ("a frog on a leaf", "a frog on a stone", "a frog beside a leaf"),
    ("a blue bird in a cage", "a blue bird in a tree", "a small bird in a cage"),
    ("a pumpkin on a table", "a pumpkin on a chair", "a pumpkin under a table"),
    ("a lion under a rainbow", "a lion under a cloud", "a lion near a rainbow"),
    ("a slice of pizza", "a slice of cake", "a piece of pizza"),
    ("a castle on a cloud", "a castle on a hill", "a palace on a cloud"),
    ("a bicycle in the park", "a bicycle in the street", "a bicycle near the park"),
    ("a horse by a river", "a horse by a lake", "a horse in a river"),
    ("a green apple", "a red apple", "a green pear"),
    ("a whale in the ocean", "a whale in the sea", "a whale under the ocean"),
    ("a robot with a flower", "a robot with a heart", "a robot holding a flower"),
]
"""A prompt, and twice the same with another word in it."""

TEXTS = [
    ("winter harbour", "winter garden"),
    ("the old ferry", "the new ferry"),
    ("a moth at the lamp", "a moth at the door"),
    ("snow on a railway station", "snow on a mountain station"),
    ("an orchard in moonlight", "an orchard in sunlight"),
    ("the smell of bread", "the taste of bread"),
    ("a lighthouse keeper", "a castle keeper"),
    ("a cat who ran for mayor", "a dog who ran for mayor"),
    ("rain on the window", "rain on the roof"),
    ("a clockmaker", "a shoemaker"),
]
"""A prompt, and the same with another word in it."""
