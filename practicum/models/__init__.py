from practicum.models.application import (
    MOST_WISHES,
    Application,
    DirectRequest,
    HostMark,
    OpenWish,
    OpenWishAnswer,
    RequestMessage,
    Wish,
)
from practicum.models.approval import LeaderApproval
from practicum.models.matching import MatchLine, MatchPin, MatchRun, RoundFigures
from practicum.models.offer import MOST_DAYS, MOST_SEATS, Offer, OfferEntry, Seat
from practicum.models.round import Round
from practicum.models.stay import Agreement, Evaluation, FollowUp, Stay

__all__ = [
    "MOST_DAYS", "MOST_SEATS", "MOST_WISHES", "Agreement", "Application", "DirectRequest", "Evaluation", "FollowUp",
    "HostMark", "LeaderApproval", "MatchLine", "MatchPin", "MatchRun", "Offer", "OfferEntry", "OpenWish",
    "OpenWishAnswer", "RequestMessage", "Round", "RoundFigures", "Seat", "Stay", "Wish",
]  # fmt: skip
