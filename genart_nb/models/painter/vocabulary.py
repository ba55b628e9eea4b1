"""The words that a prompt is read by: relations, counts, colours, settings, sizes, and what is worn where."""


def words(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())


RELATIONS = {
    "on top of": "on", "on the back of": "ride", "on": "on", "upon": "on", "onto": "on", "atop": "on",
    "in front of": "front", "in the middle of": "in", "inside of": "in", "inside": "in", "in": "in", "into": "in",
    "within": "in", "out of": "in", "riding on": "ride", "riding": "ride", "rides": "ride", "driving": "in",
    "drives": "in", "steering": "in", "piloting": "in", "sailing": "in",
    "flying over": "above", "hovering over": "above",
    "jumping over": "above", "floating above": "above", "flying above": "above", "over": "above", "above": "above",
    "underneath": "under", "under": "under", "below": "under", "beneath": "under", "beside": "beside",
    "next to": "beside", "near": "beside", "by": "beside", "alongside": "beside", "close to": "beside",
    "chasing": "beside", "and": "and", "plus": "and", "between": "between", "behind": "behind", "with": "with",
    "wearing": "wear", "wears": "wear", "dressed in": "wear", "holding": "hold", "holds": "hold", "carrying": "hold",
    "eating": "hold", "eats": "hold", "drinking": "hold", "playing": "hold", "reading": "hold", "using": "hold",
    "against": "against", "at": "against", "during": "against", "through": "in", "across": "on", "along": "on",
    "from": "beside", "around": "beside", "to": "beside", "toward": "beside", "towards": "beside", "versus": "beside",
    "looking at": "beside", "watching": "beside", "kissing": "beside", "hugging": "beside", "but": "and", "or": "and",
}  # fmt: skip
COUNTS = {
    "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 6, "eight": 6, "nine": 6, "ten": 6, "dozen": 6,
    "several": 4, "many": 6, "few": 3, "couple": 2, "pair": 2, "some": 3, "both": 2,
}  # fmt: skip
SCALES = {
    "tiny": 0.5, "little": 0.7, "small": 0.7, "mini": 0.6, "miniature": 0.6, "big": 1.35, "large": 1.35, "tall": 1.25,
    "giant": 1.7, "huge": 1.6, "enormous": 1.7, "gigantic": 1.7, "massive": 1.6,
}  # fmt: skip
COLOURS = {
    "red": (214, 48, 49), "crimson": (180, 30, 50), "orange": (243, 128, 30), "yellow": (250, 205, 45),
    "golden": (232, 180, 50), "gold": (232, 180, 50), "green": (60, 165, 75), "lime": (150, 205, 60),
    "teal": (25, 150, 150), "turquoise": (50, 190, 190), "cyan": (60, 190, 220), "blue": (52, 110, 220),
    "navy": (30, 50, 120), "indigo": (75, 60, 170), "violet": (130, 80, 200), "purple": (130, 65, 185),
    "magenta": (205, 50, 150), "pink": (245, 130, 175), "brown": (130, 82, 50), "beige": (225, 205, 170),
    "black": (45, 45, 50), "white": (246, 246, 246), "grey": (140, 145, 150), "gray": (140, 145, 150),
    "silver": (185, 190, 198), "mist": (188, 208, 224),
}  # fmt: skip
PLACES = {
    "forest": "forest", "woods": "forest", "jungle": "forest", "rainforest": "forest", "beach": "beach",
    "seaside": "beach", "shore": "beach", "sand": "beach", "sea": "sea", "ocean": "sea", "water": "sea",
    "lake": "sea",
    "river": "sea", "pond": "sea", "pool": "sea", "waves": "sea", "underwater": "underwater", "space": "space",
    "galaxy": "space", "universe": "space", "cosmos": "space", "desert": "desert", "dunes": "desert",
    "city": "city", "street": "city", "town": "city", "skyline": "city", "downtown": "city", "road": "city",
    "mountains": "mountains", "alps": "mountains", "hills": "grass", "hill": "grass", "meadow": "grass",
    "field": "grass", "park": "grass", "garden": "grass", "grass": "grass", "lawn": "grass", "farm": "grass",
    "countryside": "grass", "yard": "grass", "room": "room", "kitchen": "room", "bedroom": "room",
    "indoors": "room", "library": "room", "classroom": "room", "museum": "room", "cafe": "room",
    "restaurant": "room", "shop": "room", "office": "room", "bathroom": "room", "attic": "room", "floor": "room",
    "sky": "sky", "air": "sky", "clouds": "sky", "snow": "snow",
    "ice": "snow", "arctic": "snow", "winter": "snow", "table": "table", "desk": "table", "counter": "table",
    "shelf": "table", "tabletop": "table", "moonscape": "moonscape",
}  # fmt: skip
TIMES = {
    "night": "night", "midnight": "night", "moonlight": "night", "dark": "night", "starry": "night",
    "sunset": "sunset", "sunrise": "sunset", "dawn": "sunset", "dusk": "sunset", "evening": "sunset",
    "twilight": "sunset", "day": "day", "noon": "day", "sunshine": "day", "sunny": "day", "daytime": "day",
}  # fmt: skip
WEATHERS = {
    "rain": "rain", "rainy": "rain", "storm": "rain", "raining": "rain", "snowfall": "snow", "snowy": "snow",
    "snowing": "snow", "snow": "snow", "blizzard": "snow", "snowstorm": "snow",
}  # fmt: skip
BACKGROUND = words("background backdrop wall")
BREAKS = words(
    "a an the that which who whose is are was were has have its his her their my your our this these there it he she"
    " they while as one ."
)
IDLE = words(
    "cute happy sad old young beautiful pretty lovely cartoon flat style art digital picture photo photograph painting"
    " drawing illustration image portrait icon sticker highly detailed realistic quality best masterpiece very really"
    " so sitting standing sleeping lying running walking jumping dancing swimming smiling wooden fluffy shiny friendly"
    " angry funny simple minimal colorful colourful bright sleepy brave lonely fat thin please draw paint make me"
    " show create generate full fast slow lots lot bunch group herd flock slice piece bit pile set kind middle top"
    " no not without light pale deep hot cold wild fresh vintage modern retro magic magical mighty majestic hungry"
    " sits stands sleeps runs walks jumps flies going scene view close up closeup render 4k 8k hd style"
)
OF = words("slice piece bunch pair group herd pile picture photo drawing painting portrait image bit lots")
ADVERBS = words("underwater indoors")
"""Settings that need no preposition: "a turtle underwater"."""
ALOFT = words("flying floating hovering")

SIZES = {
    "animal": 0.56, "food": 0.4, "vehicle": 0.8, "place": 1.0, "scene": 1.0, "hat": 0.34, "clothing": 0.42,
    "weather": 0.5, "plant": 0.5, "object": 0.42, "person": 0.62,
}  # fmt: skip
TELLING = {
    0.3: "ant bee honeybee beetle ladybug cricket butterfly snail worm fly mosquito spider cherries strawberry egg key"
         " ring acorn chestnut coin pill caterpillar bug",
    0.38: "mouse rat hamster chick frog bird apple pencil candle cup teacup mug blossom rose tulip hibiscus fish"
          " shrimp mushroom ball scorpion hedgehog chipmunk flower leaf gem parrot duck",
    0.7: "horse cow ox buffalo lion tiger bear bison deer zebra camel llama gorilla kangaroo crocodile shark bicycle"
         " motorcycle scooter bed couch chair canoe table umbrella door unicorn",
    0.9: "elephant giraffe whale rhinoceros hippopotamus mammoth dinosaur sauropod rex dragon bus truck lorry tree"
         " train tractor engine",
    1.1: "castle mountain ship volcano stadium factory office building tower skyscraper house church rocket",
}  # fmt: skip
SIZE_OF = {word: size for size, words in TELLING.items() for word in words.split()}
SKY = words("sun moon star stars cloud clouds rainbow lightning comet snowflake tornado voltage meteor")
NECK = words("scarf necktie tie necklace ribbon medal bow prayer beads")
FEET = words("shoe shoes boot boots socks sandal sandals slippers sneakers skate")
EYES = words("glasses sunglasses goggles")
TALL = words("tree trees plant mountain palm")
SEATS = words("chair couch seat throne")
FURNITURE = words("table bed chair couch bridge")

BOATS = words("ship boat sailboat speedboat canoe ferry")

PLURALS = {
    "mice": "mouse", "geese": "goose", "feet": "foot", "teeth": "tooth", "men": "man", "women": "woman",
    "children": "child", "people": "person", "wolves": "wolf", "leaves": "leaf", "knives": "knife",
    "loaves": "loaf", "scarves": "scarf", "oxen": "ox", "cacti": "cactus", "octopi": "octopus", "shelves": "shelf",
}  # fmt: skip
ALIASES = {
    "car": "automobile", "automobile": "car", "plane": "airplane", "aeroplane": "airplane", "jet": "airplane",
    "bike": "bicycle", "motorbike": "motorcycle", "ball": "soccer ball", "football": "soccer ball",
    "boat": "sailboat", "pirate ship": "sailboat|ship", "steamboat": "ship", "spaceship": "rocket|ufo",
    "spacecraft": "rocket", "rocket ship": "rocket", "flying saucer": "ufo|flying saucer", "phone": "mobile phone",
    "coffee": "cup of coffee|hot beverage", "tea": "cup of coffee|hot beverage", "cup of tea": "cup of coffee",
    "cup": "teacup without handle", "teacup": "teacup without handle", "mug": "cup of coffee|beer mug",
    "bowl": "bowl with spoon", "box": "package", "pot": "stew pot|potted plant", "apple": "red apple",
    "book": "open book", "tree": "deciduous tree", "oak": "tree|deciduous tree", "flower": "blossom",
    "sofa": "couch and lamp", "couch": "couch and lamp", "armchair": "couch and lamp", "tv": "television",
    "computer": "laptop", "lamp": "light bulb", "beer": "beer mug", "wine": "wine glass", "gift": "wrapped gift",
    "present": "gift|wrapped gift", "cake": "birthday cake", "jumper": "coat", "jacket": "coat", "shirt": "t-shirt",
    "tie": "necktie", "shoe": "running shoe", "cap": "baseball cap|billed cap", "knight": "guard", "wizard": "mage",
    "witch": "wizard|mage", "santa": "santa claus", "king": "prince", "queen": "princess", "chef": "cook",
    "squirrel": "chipmunk", "kitty": "cat", "bunny": "rabbit", "dinosaur": "t-rex|sauropod",
    "pumpkin": "jack-o-lantern|jack-o'-lantern", "moon": "crescent moon", "lightning": "lightning bolt|high voltage",
    "heart": "red heart", "heavy black heart": "red heart", "burger": "hamburger",
    "donut": "doughnut", "corn": "ear of corn", "fries": "french fries", "rice": "cooked rice", "sword": "dagger",
    "truck": "delivery truck", "firetruck": "fire engine", "fire truck": "fire engine", "trolley": "shopping cart",
    "planet": "ringed planet", "earth": "planet earth|globe showing europe africa",
    "bow tie": "ribbon|necktie", "cowboy hat": "cowboy hat|straw hat",
    "witch hat": "top hat", "wizard hat": "top hat",
}  # fmt: skip
LOOSE = words(
    "face red green blue yellow orange purple pink black white brown grey gray with a the of front facing right left s"
    " oncoming open"
)
"""Words without which a name is still the same thing."""
