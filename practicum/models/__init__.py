from practicum.models.application import (
    EDITABLE,
    MOST_WISHES,
    Application,
    DirectRequest,
    HostMark,
    NewYesError,
    OpenWish,
    OpenWishAnswer,
    RequestMessage,
    Wish,
)
from practicum.models.approval import LeaderApproval
from practicum.models.invitation import HostInvitation
from practicum.models.matching import MatchLine, MatchPin, MatchRun, RoundFigures
from practicum.models.offer import MOST_DAYS, MOST_SEATS, Offer, OfferEntry, Seat
from practicum.models.round import Round
from practicum.models.saved import SavedSearch
from practicum.models.stay import Agreement, Evaluation, FollowUp, Stay, StayReminder

__all__ = [
    "EDITABLE", "MOST_DAYS", "MOST_SEATS", "MOST_WISHES", "Agreement", "Application", "DirectRequest", "Evaluation",
    "FollowUp", "HostInvitation", "HostMark", "LeaderApproval", "MatchLine", "MatchPin", "MatchRun", "NewYesError",
    "Offer", "OfferEntry", "OpenWish", "OpenWishAnswer", "RequestMessage", "Round", "RoundFigures", "SavedSearch",
    "Seat", "Stay", "StayReminder", "Wish",
]  # fmt: skip
