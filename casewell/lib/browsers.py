"""What a browser calls itself, in words."""

from __future__ import annotations

# In this order: a later name stands beside an earlier one in many browsers' strings.
BROWSERS = {
    "Edg": "Edge",
    "OPR": "Opera",
    "SamsungBrowser": "Samsung Internet",
    "Firefox": "Firefox",
    "FxiOS": "Firefox",
    "CriOS": "Chrome",
    "Chrome": "Chrome",
    "Safari": "Safari",
}
SYSTEMS = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "CrOS": "ChromeOS",
    "Windows": "Windows",
    "Mac OS": "Mac",
    "Linux": "Linux",
}


def in_words(user_agent: str) -> str:
    """The browser and what it runs on.

    >>> in_words("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
    'Firefox on Linux'
    >>> in_words("curl/8.14")
    'A browser'
    """
    browser = next((word for name, word in BROWSERS.items() if f"{name}/" in user_agent), "")
    system = next((word for name, word in SYSTEMS.items() if name in user_agent), "")
    return " on ".join(filter(None, (browser or "A browser", system)))
