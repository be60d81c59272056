"""Writing, reporting, hiding and raising comments. Each locks what it decides about first."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from accounts.models import User
from editorial.choices import Kind, QueueKind
from editorial.models import Content, Letter, QueueItem, Receipt
from editorial.models.querysets import TransitionError
from editorial.submitting import enqueue, submit_content
from editorial.text import plain, summary_of
from ideastorm.models import Comment, Idea, Storm
from ideastorm.permissions import Visitor, can_comment
from notices.events import Event
from notices.models import Notice
from notices.sending import tell

REPLIES = 100
"""Replies to one comment at most; a longer conversation starts anew."""
COMMENTS = 2000
"""Comments to one idea at most, replies too."""
TOLD_OF = (Event.ANSWER, Event.FOLLOWS)
"""What somebody is told of a comment that another has written."""


@transaction.atomic
def write_comment(
    *, idea: Idea, visitor: Visitor, fields: dict[str, Any], parent: Comment | None = None
) -> Comment:
    """Write a comment or a reply, and tell whom it answers. Raises TransitionError when it is too late."""
    Content.objects.select_for_update(of=("self",)).get(pk=idea.pk)
    idea = Idea.objects.select_related("author").get(pk=idea.pk)
    idea.storm = Storm.objects.with_phase().get(pk=idea.storm_id)
    closed = _("Der er ikke åbent for kommentarer til ideen mere. Det, du skrev, står her stadig.")
    if not can_comment(visitor, idea):
        raise TransitionError(closed)
    if parent is not None:
        # Of the idea itself or of one that was merged into it; its reply stays with it.
        parent = Comment.objects.of_group(idea).visible().first_level().filter(pk=parent.pk).first()
        if parent is None:
            raise TransitionError(_("Kommentaren, du svarer på, vises ikke mere."))
        if parent.replies.count() >= REPLIES:
            raise TransitionError(
                _("Der er svaret mange gange på kommentaren. Skriv en ny kommentar i stedet.")
            )
    if Comment.objects.filter(idea=idea).count() >= COMMENTS:
        raise TransitionError(_("Der er ikke plads til flere kommentarer til ideen."))
    comment = Comment(
        idea_id=parent.idea_id if parent else idea.pk, parent=parent, author=visitor.account, **fields
    )
    comment.full_clean()
    try:
        with transaction.atomic():
            comment.save()
    except IntegrityError as error:  # it closed between our question and the row
        raise TransitionError(closed) from error
    _tell(idea, comment, by=visitor.account)
    return comment


def _tell(idea: Idea, comment: Comment, *, by: User | None) -> None:
    """Tell whom a reply answers, and the idea's author; nobody of their own, and nobody twice."""
    told = {by.pk if by else 0}
    address = f"{idea.get_absolute_url()}#kommentar-{comment.uuid}"
    text = Truncator(comment.text).chars(500)
    parent = comment.parent
    if parent is not None and parent.author and parent.author.pk not in told:
        told.add(parent.author.pk)
        subject = _("Svar på din kommentar til »%s«") % idea.title
        tell(to=parent.author, event="svar", subject=subject, text=text, url=address)
    if idea.author and idea.author.pk not in told:
        subject = _("Ny kommentar til din idé »%s«") % idea.title
        tell(to=idea.author, event="foelger", subject=subject, text=text, url=address)


@transaction.atomic
def report_comment(*, comment: Comment, text: str, by: User | None) -> QueueItem:
    """Put a comment into the queue; what others write of it meanwhile is kept with the same matter."""
    comment = _locked(comment)
    item = QueueItem.objects.filter(idea_comments=comment, decided_at=None).first()
    if item is None:
        title = _("Kommentar til »%s«") % comment.idea.title
        item = enqueue(
            kind=QueueKind.COMMENT, title=title, sender=by, content=comment.idea, text=comment.text
        )
        Comment.objects.filter(pk=comment.pk).update(item=item)
    Letter.objects.create(
        item=item, from_editors=False, from_others=True, author=by, text=text.strip()[:4000]
    )
    return item


@transaction.atomic
def hide_comment(*, comment: Comment, by: User, reason: str) -> bool:
    """Hide a comment and tell its author why. False when it was hidden already. A reason is needed."""
    if not reason.strip():
        raise TransitionError(
            _("Skriv, hvorfor kommentaren bliver skjult. Den, der skrev den, får begrundelsen.")
        )
    comment = _locked(comment)
    if comment.is_hidden:
        return False
    comment.hidden_at, comment.hidden_by_key, comment.hidden_reason = Now(), by.key, reason.strip()[:300]
    comment.save(update_fields=["hidden_at", "hidden_by_key", "hidden_reason"])
    # What others were told of it says what it says, and may wait for a digest.
    Notice.objects.filter(event__in=TOLD_OF, url__endswith=f"#kommentar-{comment.uuid}").delete()
    if comment.author:
        text = _("Redaktionen har skjult din kommentar til »%(title)s«: %(reason)s") % {
            "title": comment.idea.title, "reason": reason.strip(),
        }  # fmt: skip
        subject = _("Din kommentar til »%s« er skjult") % comment.idea.title
        tell(
            to=comment.author,
            event="behandling",
            subject=subject,
            text=text,
            url=comment.idea.get_absolute_url(),
        )
    return True


@transaction.atomic
def show_comment(*, comment: Comment) -> None:
    """Show a comment again."""
    comment = _locked(comment)
    comment.hidden_at, comment.hidden_by_key, comment.hidden_reason = None, None, ""
    comment.save(update_fields=["hidden_at", "hidden_by_key", "hidden_reason"])


@transaction.atomic
def raise_comment(*, comment: Comment, title: str, text: str) -> Idea:
    """Make an idea of a comment: its author's, in the queue as what they send themselves, and they are told.

    Raises TransitionError when it is hidden, was raised before, or support has closed.
    """
    comment = _locked(comment)
    if comment.is_hidden:
        raise TransitionError(_("Kommentaren er skjult."))
    if Idea.objects.filter(raised_from=comment).exists():
        raise TransitionError(_("Kommentaren er allerede løftet til en idé."))
    idea = Idea(
        kind=Kind.IDEA, storm=comment.idea.storm, author=comment.author, title=title, text=text,
        summary=summary_of(plain(text)) or title, workplace=comment.workplace, shown_as=comment.shown_as,
        shown_name=comment.shown_name, raised_from=comment, is_demo=comment.idea.is_demo,
        sectors=[comment.workplace.sector] if comment.workplace else [],
    )  # fmt: skip
    idea.full_clean(exclude=["slug"])
    try:
        with transaction.atomic():
            idea.save()
    except IntegrityError as error:
        raise TransitionError(_("Idéstormen er lukket, så der kan ikke komme flere ideer.")) from error
    if comment.author:
        Receipt.on_account(idea, comment.author)
    submit_content(content=idea, by=comment.author)
    if comment.author:
        told = _("Redaktionen vil vise din kommentar til »%(old)s« som en idé for sig: »%(new)s«. Den er din, og du "
                 "kan rette den eller trække den tilbage på Min side.")  # fmt: skip
        names = {"old": comment.idea.title, "new": title}
        subject = _("Din kommentar bliver til en idé")
        tell(to=comment.author, event="behandling", subject=subject, text=told % names, url="/min-side/")
    return idea


def _locked(comment: Comment) -> Comment:
    """The comment as it is now, locked."""
    rows = Comment.objects.select_for_update(of=("self",)).select_related(
        "idea__storm", "author", "workplace"
    )
    return rows.get(pk=comment.pk)
