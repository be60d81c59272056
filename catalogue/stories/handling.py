"""What the editors do with stories: guided ways for what is hard, and the thanks of workplaces."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts.models import User
from catalogue.models import StoryThanks
from catalogue.stories.naming import DONE, SETTLED, WAITING, hold_on
from editorial.choices import Kind, Outcome, QueueKind
from editorial.handlers import HANDLERS, AlreadyDecidedError, Handler, Panel, Told, filled
from editorial.models import Decision, Letter, QueueItem
from editorial.models.querysets import TransitionError
from editorial.moderation import for_editors
from guards import once
from guards.cpr import refuse_cpr
from guards.once import OnceMixin
from notices.sending import tell


@dataclass(frozen=True)
class Way:
    """A way for something hard: when it is taken, what to do, what is noted, and what the sender may be told."""

    key: str
    heading: Any
    help: Any
    note_label: Any
    letter: Any = ""
    """A proposal for the letter to the sender; empty: the sender is told nothing."""
    may_edit: bool = False
    """Whether the editor shortens the text first."""
    outcomes: tuple[tuple[str, Any], ...] = ()
    """How it stands, where the way has to be walked to its end before the story may be shown."""


ASKED, TAKEN_OUT, NOBODY = "spurgt", "ude", "ingen"

WAYS = {
    w.key: w
    for w in (
        Way(
            "akut",
            gettext_lazy("Det haster"),
            gettext_lazy(
                "Er nogen i fare nu, så ring 112. Haster det uden fare for liv, så ring til den myndighed, der kan "
                "hjælpe. Vent ikke på svar fra afsenderen."
            ),
            gettext_lazy("Hvem ringede du til, og hvornår?"),
            gettext_lazy(
                "Tak for din historie. Vi læste noget i den, der lød, som om det haster. Er nogen i fare, så ring 112. "
                "Portalen er ikke stedet for det, der haster, så skriv ikke mere om det her."
            ),
        ),
        Way(
            "barn",
            gettext_lazy("Et barn kan have brug for hjælp"),
            gettext_lazy(
                "Har du grund til at tro, at et barn har brug for hjælp, skal du underrette barnets kommune. Enhver "
                "har pligt til det, og du skal gøre det selv og med det samme. Er du i tvivl, så ring til kommunen."
            ),
            gettext_lazy("Hvilken kommune har du underrettet, og hvornår? Skriv ikke noget om barnet her."),
        ),
        Way(
            "videre",
            gettext_lazy("Sendt videre til den rette myndighed"),
            gettext_lazy(
                "Er det en klage, en fejl eller noget, en myndighed skal tage stilling til, så hjælp det derhen. Spørg "
                "afsenderen først, medmindre loven siger, at du skal sende det videre."
            ),
            gettext_lazy("Hvilken myndighed, og hvordan?"),
            gettext_lazy(
                "Tak for din historie. Noget af det, du skriver, hører til hos en myndighed, som kan tage stilling til "
                "det. Derfor har vi hjulpet det videre derhen. Vi behandler ikke klager her på portalen."
            ),
        ),
        Way(
            "helbred",
            gettext_lazy("Andres helbred"),
            gettext_lazy(
                "Oplysninger om andres helbred vises ikke. Tag dem ud af teksten, eller sig nej til historien, hvis "
                "der ikke er noget tilbage uden dem. Om sit eget helbred bestemmer afsenderen selv."
            ),
            gettext_lazy("Hvad er taget ud? Gentag det ikke her."),
            gettext_lazy(
                "Tak for din historie. Vi har taget det ud, der handler om andres helbred, for det må vi ikke vise. Du "
                "kan se teksten med din kvittering og trække den tilbage, hvis den ikke siger det, du ville."
            ),
            may_edit=True,
        ),
        Way(
            "navne",
            gettext_lazy("Ansatte med navn"),
            gettext_lazy(
                "Højst fornavn. Fortæl den ansatte om historien, før den bliver vist. Siger den ansatte nej, så tag "
                "navnet ud. Historien kan ikke vises, før det er gjort."
            ),
            gettext_lazy("Hvem er spurgt hvornår, og hvad var svaret? Skriv højst fornavn."),
            gettext_lazy(
                "Tak for din historie. Vi har forkortet den, så den, der hjalp dig, højst står med fornavn. Sådan gør "
                "vi med alle, der nævnes."
            ),
            may_edit=True,
            outcomes=(
                (ASKED, gettext_lazy("Den ansatte er spurgt, og vi venter på svar")),
                ("ja", gettext_lazy("Den ansatte har fået besked og har ikke sagt nej")),
                (TAKEN_OUT, gettext_lazy("Navnet er taget ud eller gjort til et fornavn")),
                (NOBODY, gettext_lazy("Den, der er nævnt, er ikke ansat")),
            ),
        ),
    )
}
"""Key (as in addresses, and after »way-« in the log) → the way."""


class WayForm(OnceMixin, forms.Form):
    """What was done, and what the sender is told of it."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("Hvor langt er sagen?"), choices=(), widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Vælg, hvor langt sagen er.")},
    )  # fmt: skip
    note = forms.CharField(
        max_length=500, validators=[refuse_cpr], widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Kort. Gemmes for altid i loggen og ses kun af redaktionen."),
        error_messages={"required": gettext_lazy("Skriv kort, hvad der er gjort.")},
    )  # fmt: skip
    letter = forms.CharField(
        label=gettext_lazy("Besked til afsenderen"),
        required=False,
        max_length=2000,
        validators=[refuse_cpr],
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Tøm feltet, hvis afsenderen ikke skal have besked."),
    )

    def __init__(self, *args: Any, way: Way, **kwargs: Any) -> None:
        own = {"auto_id": f"id_{way.key}_%s", "initial": {"letter": str(way.letter)}}
        super().__init__(*args, **own | kwargs)
        self.fields["note"].label = way.note_label
        if way.outcomes:
            self.fields["outcome"].choices = way.outcomes  # type: ignore[attr-defined]
            self.fields["note"].required = False
            self.fields["letter"].help_text = gettext_lazy(
                "Sendes kun, når du har taget et navn ud. Tøm feltet, hvis afsenderen ikke skal have besked."
            )
        else:
            del self.fields["outcome"]
        if not way.letter:
            del self.fields["letter"]

    def clean(self) -> dict[str, Any] | None:
        """Who has been asked is written down, unless there was nobody to ask; the letter goes with what it says."""
        cleaned: dict[str, Any] | None = super().clean()
        data = self.cleaned_data
        if outcome := data.get("outcome"):
            if outcome != NOBODY and "note" not in self.errors and not data.get("note", "").strip():
                self.add_error("note", ValidationError(_("Skriv kort, hvad der er gjort.")))
            if outcome != TAKEN_OUT:
                data["letter"] = ""
        return cleaned


def action_labels() -> dict[str, Any]:
    """What the ways are called in the log of decisions."""
    return {f"way-{key}": way.heading for key, way in WAYS.items()} | {DONE: WAYS["navne"].heading}


def story_held_back(item: QueueItem) -> str:
    """Why a story, or a change of one, can't be shown yet. See catalogue.stories.naming."""
    assert item.content is not None
    return hold_on(item.content, item)


def story_panels(item: QueueItem) -> list[Panel]:
    """The guided ways of a story, with what has been done."""
    return [_ways_panel(item)]


def _ways_panel(item: QueueItem, bound: WayForm | None = None, taken: str = "") -> Panel:
    assert item.content is not None
    done = Decision.objects.filter(content_uuid=item.content.uuid, action__startswith="way-").order_by(
        "at", "id"
    )
    ways = [
        (way, bound if bound is not None and key == taken else WayForm(way=way)) for key, way in WAYS.items()
    ]
    context = {
        "item": item,
        "ways": ways,
        "open": taken,
        "held": story_held_back(item) if item.is_waiting else "",
        "edit_url": reverse("admin:catalogue_story_change", args=[item.content_id]),
        "done": [
            (d.at, way.heading, d.reason)
            for d in done[:50]
            if (way := WAYS.get(d.action.removeprefix("way-").removesuffix("-klar")))
        ],
    }
    return Panel("catalogue/stories/ways.html", context)


@require_POST
@for_editors
def take_way(request: HttpRequest, uuid: UUID, way: str) -> HttpResponse:
    """Log that a way was taken, and write to the sender where they should know."""
    item = get_object_or_404(QueueItem.objects.with_row(), uuid=uuid, content__kind=Kind.STORY)
    chosen = WAYS.get(way)
    if chosen is None or item.kind not in (QueueKind.CONTENT, QueueKind.CHANGE):
        raise Http404
    form = WayForm(request.POST, way=chosen)
    user = request.user
    assert isinstance(user, User)
    if not form.is_valid():
        panel = _ways_panel(item, form, way)
        context = {"item": item, "panel": panel.context, "form": form}
        return render(request, "catalogue/stories/way_errors.html", context, status=422)
    data = form.cleaned_data
    token, scope = data["once"], f"way:{item.uuid}:{way}"
    try:
        with transaction.atomic():
            if once.first(token, scope) is None:
                log_way(
                    item=item, way=chosen, by=user, note=data["note"], letter=data.get("letter", ""),
                    outcome=data.get("outcome", ""),
                )  # fmt: skip
                once.done(token, scope, reverse("editorial:item", args=[uuid]))
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
    else:
        messages.success(request, _("Det er skrevet i loggen: %s.") % str(chosen.heading).lower())
    return redirect("editorial:item", uuid=uuid)


@transaction.atomic
def log_way(*, item: QueueItem, way: Way, by: User, note: str, letter: str = "", outcome: str = "") -> None:
    """Keep what was done for good, and tell the sender. Raises TransitionError when the item is decided.

    With an `outcome` other than ASKED the way is walked to its end, and holds the story back no more.
    """
    locked = QueueItem.objects.select_for_update(of=("self",)).select_related("content").get(pk=item.pk)
    if not locked.is_waiting:
        raise AlreadyDecidedError(locked)
    content = locked.content
    assert content is not None
    action, reason = f"way-{way.key}", note.strip()
    if outcome:
        action = WAITING if outcome == ASKED else DONE
        reason = " – ".join(filter(None, [str(dict(way.outcomes)[outcome]), reason]))
        _settle(locked, outcome != ASKED)
    Decision.objects.create(
        content_uuid=content.uuid, title=content.title, actor_key=by.key, action=action, before=content.state,
        reason=reason,
    )  # fmt: skip
    if not letter.strip():
        return
    Letter.objects.create(item=locked, from_editors=True, author=by, text=letter.strip())
    if to := HANDLERS[locked.kind].recipient(locked):
        where = "/min-side/" if locked.sender_id else reverse("editorial:receipt")
        tell(
            to=to,
            event="behandling",
            subject=_("Om din historie »%s«") % content.title,
            text=letter.strip(),
            url=where,
        )


def _settle(item: QueueItem, is_settled: bool) -> None:
    """Mark the item, so that its names hold it back no more until its sender changes the text."""
    signals = [signal for signal in item.signals if signal.get("key") != SETTLED]
    if is_settled:
        label = str(_("Navnene på ansatte er afklaret"))
        signals.append({"key": SETTLED, "label": label, "detail": "", "severe": False})
    QueueItem.objects.filter(pk=item.pk).update(signals=signals)


class ThanksHandler(Handler):
    """A workplace's thank-you for a story. It is short and follows a rule, so many may be approved in one go."""

    outcomes = (Outcome.APPROVED, Outcome.REJECTED)
    approve_label = gettext_lazy("Vis takken")
    bulk = True

    def _thanks(self, item: QueueItem) -> StoryThanks:
        found = StoryThanks.objects.select_related("story", "workplace").filter(item=item).first()
        if found is None:
            raise TransitionError(_("Takken findes ikke mere."))
        return found

    def approve(self, item: QueueItem, *, by: User, reason: str, force: bool) -> None:
        """Show it, and tell whoever told the story."""
        thanks = self._thanks(item)
        if not thanks.story.is_public:
            raise TransitionError(_("Historien vises ikke mere, så takken kan ikke vises."))
        StoryThanks.objects.filter(pk=thanks.pk).update(visible=True)
        story = thanks.story
        contact = getattr(getattr(story, "receipt", None), "contact", None)
        if to := story.author or (contact.email if contact else None):
            tell(
                to=to,
                event="behandling",
                subject=_("%s siger tak for din historie") % thanks.workplace,
                text=_("%(workplace)s har takket for »%(title)s«. Takken står under historien på portalen.")
                % {"workplace": thanks.workplace, "title": story.title},
                url=story.get_absolute_url(),
            )

    def reject(self, item: QueueItem, *, by: User, reason: str) -> None:
        """Leave it out, so that the workplace may write another. Raises TransitionError without a reason."""
        if not reason.strip():
            raise TransitionError(_("Skriv, hvorfor takken ikke vises."))
        StoryThanks.objects.filter(
            item=item
        ).delete()  # gone already when two workplaces that thanked became one

    def told(self, item: QueueItem, outcome: str, reason: str) -> Told:
        """Whether it stands there."""
        assert item.content is not None
        story = item.content
        if outcome == Outcome.APPROVED:
            text = _("Jeres tak for »%(title)s« står nu under historien.") % {"title": story.title}
            return Told(_("Jeres tak er vist"), f"{text}\n\n{reason}".strip(), story.get_absolute_url())
        text = _("Vi viser ikke jeres tak for »%(title)s«. I kan skrive en ny.") % {"title": story.title}
        return Told(_("Svar om jeres tak"), f"{text}\n\n{reason}".strip(), story.get_absolute_url())

    def said(self, item: QueueItem) -> list[tuple[str, str]]:
        """The thank-you as it was sent; it is in the matter also when it was not shown."""
        return filled((_("Tak"), item.snapshot.get("text", "")))

    def panels(self, item: QueueItem) -> list[Panel]:
        """The text, with the rule."""
        return [
            Panel(
                "catalogue/stories/thanks_panel.html", {"text": item.snapshot.get("text", ""), "item": item}
            )
        ]
