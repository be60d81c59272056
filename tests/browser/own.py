"""The pages that only their owner sees, for the browser and for the validator."""

from __future__ import annotations

import re

from tests.browser.portal import signed_in

PROPOSAL = "/katalog/foreslaa/<>/"
CHANGE = "/katalog/ret/<>/"
CONTRIBUTION = "/min-side/bidrag/<>/"
OWN = {
    "the people of a workplace": (
        "vaert",
        "/min-side/arbejdspladser/borgerservice-i-fjordby-kommune/kolleger/",
    ),
    "correct one's own": ("vaert", "/katalog/huskeseddel-til-den-svaere-samtale/ret/"),
    "have one's own taken off": ("vaert", "/katalog/huskeseddel-til-den-svaere-samtale/traek-tilbage/"),
    "a change was sent": ("vaert", f"{CHANGE}sendt/"),
    "take a change back": ("vaert", f"{CHANGE}fortryd/"),
    "a change's course": ("vaert", CONTRIBUTION),
    "a proposal was sent": ("anden", f"{PROPOSAL}sendt/"),
    "take a proposal back": ("anden", f"{PROPOSAL}fortryd/"),
    "delete a draft": ("medarbejder", f"{PROPOSAL}fortryd/"),
    "a proposal to send": ("medarbejder", f"{PROPOSAL}send/"),
    "a proposal as it will look": ("medarbejder", f"{PROPOSAL}vis/"),
    "a proposal's course": ("medarbejder", CONTRIBUTION),
    "my data": ("borger", "/min-side/mine-data/"),
    "end my account": ("borger", "/min-side/slet-konto/"),
    "account ended": ("borger", "/konto/slettet/"),
}
"""Who, and the page; <> stands for a key that their own page links to in an address with the same beginning."""


def address_of(portal: str, who: str, path: str) -> str:
    """Return a path as it stands, or with the key that their own page has in such an address."""
    beginning, key, rest = path.partition("<>")
    if not key:
        return path
    found = re.search(
        f'href="({beginning}[0-9a-f-]{{36}})/', signed_in(portal, who).get("/min-side/").decode()
    )
    assert found, path
    return found[1] + rest
