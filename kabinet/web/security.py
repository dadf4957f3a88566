"""Headers that keep a page to itself. Pure data: config/settings.py takes POLICY as django-csp's setting."""

from typing import Final

# Bootstrap draws its 23 marks by data: addresses. Nothing may be inline: no script, no style.
POLICY: Final = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}

PERMISSIONS: Final = ", ".join(
    f"{name}=()"
    for name in (
        "accelerometer", "camera", "display-capture", "geolocation", "gyroscope", "magnetometer",
        "microphone", "midi", "payment", "usb",
    )
)  # fmt: skip

SIGNED_IN_CACHING: Final = "private, no-store"
# Not no-store: browsers forget what was typed in a form of such a page when one goes back to it.
PUBLIC_CACHING: Final = "private, no-cache"
IMMUTABLE_CACHING: Final = "public, max-age=31536000, immutable"

# Of a session at a provider's own host, over https: no other host can set it, and it has no path.
OWN_HOST_COOKIE: Final = "__Host-kabinet"
