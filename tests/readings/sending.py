"""Pressing the buttons of a page of sending, as a browser does."""

import re

SEND = "/w/readings/cold-water/"
VOLUMES = "/w/readings/sewage-volumes/"


def text_of(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def hidden_of(response):
    """Return the hidden fields of a page's contracts: their keys and names."""
    fields = re.findall(r'name="((?:key|name)-[^"]+)" value="([^"]*)"', response.content.decode())
    return {name: value.replace("&quot;", '"') for name, value in fields}
