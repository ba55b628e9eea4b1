"""The prompts of abilities.py, what a right answer holds, and what a reader found."""

# ruff: noqa: E501 (the samples read better whole)

from __future__ import annotations

READ: dict[str, tuple[str, ...]] = {
    "smollm2-135m": ("story", "screenplay", "character", "plot", "dialogue", "rewrite", "chat", "code", "lyrics")
}
"""Tasks whose works, read by a person, were found weak whatever the checks say: grammatical, but apt to lose the thread."""

SUBJECTS = (
    "a lighthouse keeper", "two sisters who share a boat", "a dog that is lost in the snow", "a baker who cannot sleep",
    "a robot in a garden", "an old clock in a museum",
)  # fmt: skip
FACTS = (
    ("What is the capital of France?", "paris"), ("What is the capital of Japan?", "tokyo"),
    ("Who wrote Romeo and Juliet?", "shakespeare"), ("How many legs does a spider have?", "8|eight"),
    ("What do bees make?", "honey"), ("What is the opposite of hot?", "cold"), ("What is 2 plus 3?", "5|five"),
    ("Which planet is closest to the sun?", "mercury"), ("What colour is grass?", "green"),
    ("How many days are in a week?", "7|seven"), ("What is frozen water called?", "ice"),
    ("On which continent is Egypt?", "africa"), ("Who was the first man on the moon?", "armstrong"),
    ("What gas do plants take in?", "carbon dioxide|co2"), ("What is the largest ocean?", "pacific"),
    ("What is the square root of 81?", "9|nine"), ("In which year did the Second World War end?", "1945"),
    ("What is the chemical symbol of gold?", r"\bau\b"), ("Which animal is known for its long trunk?", "elephant"),
    ("What language is spoken in Brazil?", "portuguese"),
)  # fmt: skip
ERRORS = (
    ("She dont know wich way to go.", ("don't|doesn't|does not", "which")), ("He goed to the shop yesterday.", ("went",)),
    ("I recieved you're letter.", ("received", "your ")), ("Their are to many cars here.", ("there are", "too many")),
    ("We was going to the beach.", ("were|we are",)), ("The dog wagged it's tail.", ("its ",)),
    ("I definately like this suprise.", ("definitely", "surprise")), ("He has to childs.", ("two|children",)),
    ("The the cat sat on the mat.", (r"^the cat sat",)), ("I have never saw such a beautiful plase.", ("seen", "place")),
)  # fmt: skip
CLEAN = (
    "The old harbour was quiet, and the boats moved gently in the evening light.",
    "We walked along the river until the sun went down.",
    "My sister has three cats and a very small dog.",
)
TEXTS = (
    ("The Great Auk was a flightless bird of the North Atlantic. It was hunted for its meat, feathers and oil. The last "
     "pair was killed on the island of Eldey, near Iceland, on 3 June 1844. Museums had paid collectors high prices for "
     "skins and eggs. Today about 78 skins and 75 eggs remain.", ("auk", "hunted|killed", "1844|eldey|iceland")),
    ("The town council met on Tuesday to discuss the old bridge. Engineers reported that two of its pillars are cracked "
     "and that repairs would cost 1.2 million euros. Several shop owners asked that the work be done in winter, when "
     "fewer visitors come. The council will vote on 14 March.", ("bridge", "council|vote", "1.2 million|crack|repair")),
    ("Lena Ortiz, a nurse from Bilbao, has won the national baking prize with a bread made of chestnut flour. She began "
     "to bake after night shifts, to calm down. The jury praised its smell of smoke. She will give the 5,000 euros to "
     "her hospital.", ("ortiz|lena|nurse", "prize|won", "bread|chestnut|5,000")),
    ("Scientists have found that crows can remember a human face for years. In the study, people with masks caught and "
     "freed wild crows. Years later the birds still scolded anyone who wore the same mask, and their young, who had "
     "never been caught, did so too.", ("crow", "face|mask", "years|remember")),
    ("The night ferry to Harwick was cancelled on Friday because of strong wind. About 200 passengers slept in the "
     "school gym, where neighbours brought soup and blankets. The ferry sailed at noon on Saturday.",
     ("ferry", "cancel|wind", "200|gym|passengers")),
    ("Bread made with sourdough keeps longer than bread made with yeast from a shop. The acids that the bacteria make "
     "slow down mould. They also help the body to take up iron from the grain.",
     ("sourdough|bread", "longer|mould", "acid|iron")),
    ("A library in the village of Norrby lends out tools as well as books. Members may take a drill or a ladder home "
     "for a week. Last year the tools were borrowed 1,400 times, more often than the novels.",
     ("library", "tools", "1,400|novels|borrow")),
    ("Tomas Reyes walked across the desert alone in 31 days with a cart that he built from two bicycles. He drank six "
     "litres of water a day. On the last night someone stole the cart, and he came home with only his hat.",
     ("reyes|tomas", "desert|walked", "31|cart")),
)  # fmt: skip
TRANSLATIONS = (
    ("The cat sleeps on the chair.", "French", "chat dort chaise"), ("Good morning, my friend.", "French", "bonjour ami"),
    ("I like bread and cheese.", "French", "pain fromage"), ("The house is red.", "Spanish", "casa roja"),
    ("Where is the train station?", "Spanish", "dónde estación"), ("I have two brothers.", "Spanish", "dos hermanos"),
    ("The dog is hungry.", "German", "hund hunger|hungrig"), ("Thank you for the book.", "German", "danke buch"),
)  # fmt: skip
PICTURES = (
    ("a yellow sun over a blue sea", (("sun", "yellow"), ("sea", "blue"))), ("a red house with a green tree", (("house", "red"), ("tree", "green"))),
    ("a snowman under the moon", (("snowman", "white"), ("moon", "white|silver|yellow|gold"))),
)  # fmt: skip
PROGRAMS = (
    ("print the numbers from 1 to 10", r"range\(1, ?11\)|range\(10\)"),
    ("add two numbers", r"\+"),
    ("reverse a string", r"\[::-1\]|reversed"),
)
