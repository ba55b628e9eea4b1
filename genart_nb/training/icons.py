"""Things that no set of coloured drawings shows, from a set of icons in black: what the redrawer colours for the bank.

Chosen one by one: what is plain to see, can be named in a word or two, and is nothing that the drawings show already.
No blood, no firearms, no maps, flags or signs.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from genart_nb.training import data

SET = data.Set(
    "@iconify-json/game-icons", "1.2.4", "ink", "CC-BY-3.0", "Lorc, Delapouite and contributors",
    "https://game-icons.net",
)  # fmt: skip
KEY, TITLE = "game-icons", "Game Icons"

CHOSEN: dict[str, str] = {
    "animal": (
        "ammonite angler-fish anteater armadillo axolotl barn-owl capybara centipede cobra dimetrodon diplodocus "
        "dragonfly earth-worm=earthworm eel finch flatfish=flounder gecko giant-squid griffin-symbol=griffin heron "
        "hummingbird ibis kiwi-bird manta-ray mussel nautilus-shell=nautilus ostrich pegasus piranha "
        "plesiosaurus=plesiosaur porcupine porcupinefish praying-mantis pterodactylus=pterodactyl rattlesnake raven "
        "salmon sea-serpent=sea_monster sea-star=starfish sea-turtle sea-urchin seagull seahorse sparrow tadpole "
        "tapir tortoise toucan trilobite velociraptor vulture wyvern"
    ),
    "plant": (
        "acorn agave bamboo baobab berry-bush=bush bonsai-tree=bonsai carnivorous-plant cotton-flower=cotton daisy "
        "dandelion-flower=dandelion fern fruit-tree ginkgo-leaf grass lotus-flower=water_lily monstera-leaf oak-leaf "
        "poppy reed=reeds tree-branch=branch tumbleweed vine-leaf"
    ),
    "food": (
        "almond artichoke asparagus beet bok-choy butter-toast=buttered_toast cabbage carambola coffee-beans "
        "dough-roller=rolling_pin easter-egg elderberry gingerbread-man jelly ketchup leek pickle raspberry sausage "
        "soda-bottle soda-can steak water-bottle wine-bottle"
    ),
    "place": (
        "aqueduct barn bird-house=birdhouse bridge capitol castle-ruins=castle_ruin cave-entrance=cave clock-tower "
        "coliseum=colosseum control-tower dog-house=doghouse dolmen drawbridge dungeon-gate=dungeon elven-castle gate "
        "granary great-pyramid=pyramid greek-temple=temple greenhouse iceberg igloo island lighthouse mayan-pyramid "
        "mushroom-house obelisk observatory pagoda pisa-tower=leaning_tower_of_pisa radio-tower saloon "
        "sand-castle=sandcastle shop spooky-house=haunted_house stone-tower stone-wall suspension-bridge "
        "sydney-opera-house=opera_house tipi=teepee tower-bridge tv-tower=television_tower viking-longhouse=longhouse "
        "watchtower water-mill water-tower waterfall wind-turbine windmill wood-cabin=log_cabin wooden-fence=fence"
    ),
    "vehicle": (
        "air-balloon=hot_air_balloon biplane bulldozer cargo-ship chariot drakkar=viking_ship fishing-boat forklift "
        "galleon galley glider hang-glider jeep lunar-module=moon_lander mine-wagon=mine_cart old-wagon=wagon "
        "paddle-steamer paper-boat raft ship-wreck=shipwreck space-shuttle steamroller submarine tank tow-truck "
        "trireme unicycle velocipede=penny_farthing zeppelin"
    ),
    "clothing": (
        "baseball-glove breastplate cape cowboy-boot necklace polo-shirt poncho robe skirt tank-top trousers"
    ),
    "hat": (
        "fedora fez jester-hat pirate-hat samurai-helmet sombrero tiara viking-helmet visored-helm=knights_helmet"
    ),
    "object": (
        "anvil aquarium astrolabe bagpipes ballista barrel baseball-bat bassoon battle-axe beach-ball beehive bellows "
        "belt bird-cage=birdcage blender bookshelf bowling-pin brain broadsword calculator candle-holder=candlestick "
        "cannon carousel cauldron chainsaw chess-bishop chess-king chess-knight chess-queen chess-rook chest chisel "
        "circular-saw clarinet coffee-pot comb corkscrew cricket-bat crossbow crowbar cuckoo-clock desk desk-lamp "
        "dice-twenty-faces-twenty=twenty_sided_die drum-kit easel elevator eyeball feather fireball fireplace "
        "fishing-net flail french-horn fridge furnace gavel globe gong grand-piano gyroscope handcuffs hanger hatchet "
        "honeycomb horseshoe hunting-horn jug katana kid-slide=slide kitchen-scale knight-banner=banner ladle lantern "
        "lever lyre magic-lamp manual-meat-grinder=meat_grinder mason-jar maze metronome mirror-mirror=hand_mirror "
        "mustache ocarina open-treasure-chest=treasure_chest paint-roller painted-pottery=pottery pan-flute "
        "paper-plane park-bench periscope piggy-bank pillow pipe-organ pirate-flag pitchfork plow pocket-radio "
        "pocket-watch porcelain-vase=porcelain_vase punching-bag puppet quill rocking-chair rope-coil=rope "
        "round-potion=potion saddle salt-shaker sarcophagus saucepan scarecrow screw scythe sewing-machine "
        "sewing-needle=needle shears ship-wheel=ships_wheel shuttlecock sickle sink siren skeleton-key slingshot "
        "smoking-pipe=pipe snorkel snowboard spade spell-book=spellbook spinning-top spinning-wheel spyglass stairs "
        "stapler steering-wheel stone-spear=spear strongbox sundial swiss-army-knife=pocket_knife tambourine "
        "tennis-racket test-tube-rack theater-curtains=curtains throne-king=throne toaster tooth torch totem "
        "treasure-map tree-swing=swing trident trombone trowel trumpet-flag=fanfare tuba vacuum-cleaner "
        "vending-machine vial wallet washing-machine watering-can weight wheelbarrow whisk whistle wok wool xylophone "
        "zipper"
    ),
    "person": (
        "archer bandit blacksmith caveman centaur clown contortionist dwarf-face=dwarf fencer "
        "frankenstein-creature=frankensteins_monster gargoyle goblin grim-reaper juggler medusa-head=medusa miner "
        "minotaur monk-face=monk mounted-knight=knight mummy-head=mummy ogre orc-head=orc pianist "
        "pirate-captain=pirate ringmaster robber rock-golem=golem sasquatch=bigfoot sherlock-holmes skier spartan spy "
        "viking-head=viking werewolf witch-face=witch"
    ),
}
"""Category -> icons, with what they are called where that is not the icon's own name."""


def collect() -> Iterator[tuple[data.Entry, bytes]]:
    """Every chosen icon as an entry of the bank in `ink`, with its SVG."""
    icons = json.loads((data.fetch(SET.package, SET.version) / "icons.json").read_text())["icons"]
    for category, texts in CHOSEN.items():
        for icon, name in map(_named, texts.split()):
            head = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 512 512" color="black">'
            row = data.Entry(f"{KEY}/{icon}", icon, name, (name,), (), category, SET.style, KEY, SET.licence)
            yield row, f"{head}{icons[icon]['body']}</svg>".encode()


def chosen() -> list[tuple[str, str]]:
    """Icons and what they are called."""
    return [_named(text) for texts in CHOSEN.values() for text in texts.split()]


def _named(text: str) -> tuple[str, str]:
    icon, _, name = text.partition("=")
    return icon, (name or icon.replace("-", " ")).replace("_", " ")
