"""Which concepts the starter painter learns, what they are called, and what they look like in captions."""

from __future__ import annotations

STYLES = ("flat", "3d", "shaded", "bold", "ink", "outline")
"""Named by how they look; the order is that of the style weights in the conditioning vector (8 slots, 2 spare)."""

SLOTS = 8


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


CATEGORIES: dict[str, str] = {
    "animal-mammal": "animal", "animal-bird": "animal", "animal-amphibian": "animal", "animal-reptile": "animal",
    "animal-marine": "animal", "animal-bug": "animal", "monkey-face": "animal",
    "plant-flower": "plant", "plant-other": "plant",
    "food-fruit": "food", "food-vegetable": "food", "food-prepared": "food", "food-asian": "food",
    "food-sweet": "food", "drink": "food", "dishware": "object",
    "place-geographic": "scene", "place-building": "place", "place-religious": "place", "place-other": "place",
    "transport-ground": "vehicle", "transport-water": "vehicle", "transport-air": "vehicle",
    "hotel": "object", "time": "object", "sky & weather": "weather",
    "event": "object", "award-medal": "object", "sport": "object", "game": "object", "arts & crafts": "object",
    "clothing": "clothing", "musical-instrument": "object", "sound": "object", "music": "object", "phone": "object",
    "computer": "object", "light & video": "object", "book-paper": "object", "money": "object", "mail": "object",
    "writing": "object", "office": "object", "lock": "object", "tool": "object", "science": "object",
    "medical": "object", "household": "object", "other-object": "object", "place-map": "place",
    "heart": "object", "face-costume": "person", "person-fantasy": "person",
}  # fmt: skip
"""Subcategory of `emoji-datasource` -> category of the bank. What is not here is left out: hands, flags, signs."""

SCENES = _words(
    "foggy night_with_stars cityscape sunrise_over_mountains sunrise city_sunset city_sunrise bridge_at_night ocean "
    "milky_way desert desert_island national_park beach_with_umbrella camping fireworks rainbow stars "
    "sparkler mountain snow_capped_mountain mount_fuji volcano rice_scene"
)
"""Concepts that serve as the place behind another thing."""

HATS = _words("crown womans_hat tophat mortar_board billed_cap military_helmet helmet_with_white_cross")

PEOPLE = _words(
    "ghost alien space_invader robot_face clown_face skull santa mage fairy vampire merperson elf genie zombie "
    "superhero troll astronaut firefighter cook farmer artist scientist pilot ninja prince princess detective "
    "grinning smiley sunglasses heart_eyes face_with_cowboy_hat partying_face sob rage sleeping thinking_face wink "
    "nerd_face baby snowman"
)
"""The few people, faces and beings that are kept, each without variants of skin, hair or sex."""

DROPPED = _words(
    "see_no_evil hear_no_evil speak_no_evil guide_dog service_dog pig_nose feet microbe wing feather "
    "japan globe_with_meridians busstop octagonal_sign construction barber hotsprings kaaba love_hotel "
    "post_office new_moon waxing_crescent_moon waning_gibbous_moon waning_crescent_moon last_quarter_moon "
    "new_moon_with_face last_quarter_moon_with_face mostly_sunny barely_sunny partly_sunny_rain wind_blowing_face "
    "dash rice_scene flags tanabata_tree hearts spades diamonds clubs black_joker mahjong flower_playing_cards "
    "gun mute speaker sound loud_sound no_bell level_slider control_knobs calling vhs low_battery "
    "minidisc cd page_with_curl page_facing_up bookmark_tabs newspaper ledger rolled_up_newspaper chart yen euro "
    "pound receipt e-mail incoming_envelope envelope_with_arrow outbox_tray inbox_tray mailbox_closed "
    "mailbox_with_mail mailbox_with_no_mail date calendar spiral_note_pad card_index chart_with_upwards_trend "
    "chart_with_downwards_trend bar_chart card_file_box file_folder open_file_folder card_index_dividers "
    "linked_paperclips lock_with_ink_pen closed_lock_with_key compression probing_cane link broken_chain "
    "smoking coffin headstone funeral_urn nazar_amulet hamsa placard identification_card hankey "
    "japanese_ogre japanese_goblin broken_heart mending_heart heart_decoration heavy_heart_exclamation_mark_ornament "
    "revolving_hearts two_hearts heartbeat heartpulse love_letter hammer_and_pick hammer_and_wrench notebook_with_"
    "decorative_cover elevator x-ray drop_of_blood syringe phone pager fax trackball hocho bikini briefs "
    "umbrella_with_rain_drops closed_umbrella man_with_veil person_with_headscarf airplane_departure "
    "airplane_arriving oncoming_bus oncoming_police_car oncoming_taxi oncoming_automobile seat vertical_traffic_light "
    "railway_car bullettrain_front light_rail mountain_railway earth_africa earth_asia ticket reminder_ribbon "
    "mag_right camera_with_flash old_key round_pushpin third_place_medal second_place_medal knot fish_cake oden "
    "closed_book green_book orange_book notebook ice_cube water_buffalo hatched_chick"
)

RENAMED = {
    "red apple": "apple", "tangerine": "orange", "jack-o-lantern": "jack-o'-lantern",
    "high voltage": "lightning bolt", "water wave": "ocean wave", "night with stars": "night sky with stars",
    "milky way": "starry galaxy", "hot beverage": "cup of coffee", "automobile": "car",
    "sport utility vehicle": "blue car", "evergreen tree": "pine tree", "deciduous tree": "tree",
    "lady beetle": "ladybug", "honeybee": "bee", "spouting whale": "whale spouting water", "woman's hat": "straw hat",
    "womans hat": "straw hat", "billed cap": "baseball cap", "man's shoe": "leather shoe",
    "mans shoe": "leather shoe", "woman's clothes": "blouse", "womans clothes": "blouse", "womans boot": "boot",
    "womans sandal": "sandal", "cooking": "frying pan with an egg", "front-facing baby chick": "baby chick",
    "t shirt": "t-shirt", "locomotive": "steam train", "high-speed train": "fast train", "pot of food": "stew pot",
    "mage": "wizard", "merpeople": "mermaid", "piata": "pinata", "phoenix bird": "phoenix", "ewe": "sheep",
    "poultry leg": "chicken leg", "clapper board": "film clapper", "flying saucer": "ufo",
    "studio microphone": "microphone on a stand", "globe showing americas": "planet earth", "wrapped gift": "gift",
    "house with garden": "house with a garden", "military helmet": "army helmet", "merperson": "mermaid",
    "houses": "row of houses", "racing car": "race car", "leaf fluttering in wind": "green leaves",
    "soft ice cream": "ice cream cone", "snow capped mountain": "snowy mountain", "beach with umbrella": "beach",
    "person in bed": "bed", "sheaf of rice": "wheat", "cityscape": "city", "cityscape at dusk": "city at dusk",
    "sun behind cloud": "sun behind a cloud", "cloud with rain": "rain cloud", "cloud with snow": "snow cloud",
    "cloud with lightning": "storm cloud", "cloud with lightning and rain": "thunderstorm cloud",
    "two hump camel": "two-humped camel", "two-hump camel": "two-humped camel", "twelve oclock": "clock",
}  # fmt: skip

PLURAL = ("s", "fries", "teeth", "rice", "spaghetti", "sushi", "broccoli", "garlic", "coral", "bacon", "butter", "salt")
NO_ARTICLE = _words("fog popcorn money fire spaghetti sushi garlic broccoli bacon butter salt bread coral")


def phrase(name: str) -> str:
    """A name with its article: `owl` -> `an owl`, `grapes` -> `grapes`."""
    if name in NO_ARTICLE or (name.endswith(PLURAL) and not name.endswith(("ss", "us", "bus"))):
        return name
    return f"{'an' if name[0] in 'aeiou' and not name.startswith(('unic', 'ufo', 'uke')) else 'a'} {name}"


def kept(subcategory: str, short: str, code: str) -> bool:
    """Whether a concept of `emoji-datasource` belongs to the vocabulary."""
    if short in PEOPLE:
        return True
    if short in DROPPED or subcategory not in CATEGORIES or subcategory in ("face-costume", "person-fantasy"):
        return False
    return not (short.startswith("clock") and short != "clock12" and short[5:6].isdigit())


def category(subcategory: str, short: str) -> str:
    """The bank's word for what kind of thing it is."""
    if short in PEOPLE:
        return "person"
    if short in HATS:
        return "hat"
    return "scene" if short in SCENES else CATEGORIES[subcategory]


def called(cldr: str) -> str:
    """The everyday name behind an icon's name."""
    name = cldr if cldr in ("t-rex", "jack-o-lantern", "yo-yo", "t-shirt") else cldr.replace("-", " ")
    name = name.removeprefix("person ")
    return RENAMED.get(name, name)
