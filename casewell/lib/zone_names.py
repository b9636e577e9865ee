"""Time zones by the short names that programs on Rails give them, such as Melbourne.

Facts of ActiveSupport::TimeZone, which the API's contract calls zones by. Most names are the
place in the IANA name; the table has those that are not, and the places that go by themselves.
"""

from __future__ import annotations

from functools import cache

from casewell.lib.zones import zone_names

# Zones whose name is their place: Australia/Melbourne is Melbourne.
BY_PLACE = """
Africa: Algiers=West Central Africa, Cairo, Casablanca, Harare, Johannesburg=Pretoria, Monrovia,
  Nairobi
America: Argentina/Buenos_Aires=Buenos Aires, Bogota, Caracas, Chicago=Central Time (US & Canada),
  Chihuahua, Denver=Mountain Time (US & Canada), Godthab=Greenland, Guatemala=Central America,
  Guyana=Georgetown, Halifax=Atlantic Time (Canada), Indiana/Indianapolis=Indiana (East),
  Juneau=Alaska, La_Paz, Lima, Lima=Quito, Los_Angeles=Pacific Time (US & Canada), Mazatlan,
  Mexico_City, Mexico_City=Guadalajara, Monterrey, Montevideo,
  New_York=Eastern Time (US & Canada), Phoenix=Arizona, Puerto_Rico, Regina=Saskatchewan,
  Santiago, Sao_Paulo=Brasilia, St_Johns=Newfoundland, Tijuana
Asia: Almaty, Baghdad, Baku, Bangkok, Bangkok=Hanoi, Chongqing, Colombo=Sri Jayawardenepura,
  Dhaka, Dhaka=Astana, Hong_Kong, Irkutsk, Jakarta, Jerusalem, Kabul, Kamchatka, Karachi,
  Karachi=Islamabad, Kathmandu, Kolkata, Kolkata=Chennai, Kolkata=Mumbai, Kolkata=New Delhi,
  Krasnoyarsk, Kuala_Lumpur, Kuwait, Magadan, Muscat, Muscat=Abu Dhabi, Novosibirsk, Rangoon,
  Riyadh, Seoul, Shanghai=Beijing, Singapore, Srednekolymsk, Taipei, Tashkent, Tbilisi, Tehran,
  Tokyo, Tokyo=Osaka, Tokyo=Sapporo, Ulaanbaatar, Urumqi, Vladivostok, Yakutsk,
  Yekaterinburg=Ekaterinburg, Yerevan
Atlantic: Azores, Cape_Verde=Cape Verde Is., South_Georgia=Mid-Atlantic
Australia: Adelaide, Brisbane, Darwin, Hobart, Melbourne, Melbourne=Canberra, Perth, Sydney
Etc: UTC
Europe: Amsterdam, Athens, Belgrade, Berlin, Bratislava, Brussels, Bucharest, Budapest,
  Copenhagen, Dublin, Helsinki, Istanbul, Kaliningrad, Kiev=Kyiv, Lisbon, Ljubljana, London,
  London=Edinburgh, Madrid, Minsk, Moscow, Moscow=St. Petersburg, Paris, Prague, Riga, Rome,
  Samara, Sarajevo, Skopje, Sofia, Stockholm, Tallinn, Vienna, Vilnius, Volgograd, Warsaw, Zagreb,
  Zurich, Zurich=Bern
Pacific: Apia=Samoa, Auckland, Auckland=Wellington, Chatham=Chatham Is., Fakaofo=Tokelau Is.,
  Fiji, Guadalcanal=Solomon Is., Guam, Honolulu=Hawaii, Majuro=Marshall Is.,
  Midway=Midway Island, Midway=International Date Line West, Noumea=New Caledonia,
  Pago_Pago=American Samoa, Port_Moresby, Tongatapu=Nuku'alofa
"""


@cache
def _pairs() -> tuple[tuple[str, str], ...]:
    """Names with their zones; of a zone's names the first is what it is called."""
    found = []
    for line in BY_PLACE.replace("\n  ", " ").split("\n"):
        region, _, places = line.partition(": ")
        for one in filter(None, places.split(", ")):
            place, _, name = one.partition("=")
            found.append((name or place.replace("_", " "), f"{region}/{place}"))
    return tuple(found)


@cache
def _zones() -> dict[str, str]:
    return dict(_pairs())


@cache
def _names() -> dict[str, str]:
    return {zone: name for name, zone in reversed(_pairs())} | {"UTC": "UTC"}


def short_name(zone: str) -> str:
    """What a zone is called; its own name where it has no shorter one.

    >>> short_name("Australia/Melbourne"), short_name("Australia/Lord_Howe")
    ('Melbourne', 'Australia/Lord_Howe')
    """
    return _names().get(zone, zone)


def zone_called(name: str) -> str | None:
    """The IANA name of a zone, by either name; None where there is none.

    >>> zone_called("Canberra"), zone_called("Europe/Paris"), zone_called("Atlantis")
    ('Australia/Melbourne', 'Europe/Paris', None)
    """
    if name in zone_names():
        return name
    return _zones().get(name)
