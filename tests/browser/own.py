"""The pages that only their owner sees, for the browser and for the validator."""

from __future__ import annotations

import re

from tests.browser.portal import signed_in

PROPOSAL = "/katalog/foreslaa/<>/"
CHANGE = "/katalog/ret/<>/"
CONTRIBUTION = "/min-side/bidrag/<>/"
OVER = "/idestorme/kortere-vej-til-svar/"
"""The demonstration's storm that is over."""
ANSWERED_IDEA = "ring-mig-op-i-stedet-for-at-saette-mig-i-koe"
IDEA = "/idestorme/breve-man-forstaar/ideer/brevet-om-aendret-boligstoette/"
COMMENT = "/idestorme/kommentarer/<>/"
ANSWERS = f"{OVER}svar/"
ASSESSING = f"{OVER}vurdering/"
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
    "an idea one may comment": ("borger", IDEA),
    "comment an idea": ("borger", f"{IDEA}kommentarer/"),
    "support an idea": ("borger", f"{IDEA}stoette/"),
    "report a comment": ("borger", f"{COMMENT}anmeld/"),
    "hide a comment": ("moderator", f"{COMMENT}skjul/"),
    "raise a comment to an idea": ("moderator", f"{COMMENT}loeft/"),
    "ask in a storm": ("vaert", "/idestorme/spoerg/"),
    "join ideas": ("moderator", f"{IDEA}saml/"),
    "answers of a storm": ("leder", ANSWERS),
    "answer an idea": ("leder", f"{ANSWERS}<>/"),
    "news of an idea": ("leder", f"{ANSWERS}<>/nyt/"),
    "ideas to assess": ("medarbejder", ASSESSING),
    "assess an idea": ("medarbejder", f"{ASSESSING}<>/"),
    "distribute ideas": ("leder", f"{OVER}vurdering/fordeling/"),
    "distribute ideas while it is open": ("leder", "/idestorme/breve-man-forstaar/vurdering/fordeling/"),
    "points of all ideas": ("leder", f"{OVER}vurdering/point/"),
    "points of an idea": ("leder", f"{OVER}vurdering/point/{ANSWERED_IDEA}/"),
    "points of what one has assessed": ("medarbejder", f"{OVER}vurdering/point/"),
}
"""Who, and the page; <> stands for a key that their own page, or the one in FOUND_ON, links to in an address with the
same beginning."""
FOUND_ON = {
    COMMENT.partition("<>")[0]: f"{OVER}ideer/{ANSWERED_IDEA}/",
    ANSWERS: f"{ANSWERS}?vis=alle",
    ASSESSING: ASSESSING,
}


def address_of(portal: str, who: str, path: str) -> str:
    """Return a path as it stands, or with the key that their own page has in such an address."""
    beginning, key, rest = path.partition("<>")
    if not key:
        return path
    found = re.search(
        f'href="({beginning}[0-9a-f-]{{36}})/',
        signed_in(portal, who).get(FOUND_ON.get(beginning, "/min-side/")).decode(),
    )
    assert found, path
    return found[1] + rest
