from typing import Any

from django.http import HttpRequest
from django.utils import translation

from kabinet.web.brand import Brand
from kabinet.web.look import COOKIE, Look


def page(request: HttpRequest) -> dict[str, Any]:
    """Give every page its brand, look and languages. Asks no database."""
    return {
        "brand": getattr(request, "brand", None) or Brand(),
        "look": Look.parse(request.COOKIES.get(COOKIE, "")),
        "language": translation.get_language(),
        "here": request.get_full_path() if request.method == "GET" else request.path,
    }
