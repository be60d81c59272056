"""Forms about roles at workplaces."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from guards.cpr import refuse_cpr
from places.models import Role

HELP = {
    Role.EMPLOYEE: _("Medarbejder: du arbejder her og kan fortælle om det, I har prøvet."),
    Role.LEADER: _("Leder: du kan også stå inde for dine medarbejdere."),
    Role.CONTACT: _("Kontaktperson: du taler for arbejdspladsen, retter dens sider og svarer på spørgsmål."),
}


class AskRoleForm(forms.Form):
    """What somebody is at a workplace."""

    role = forms.ChoiceField(
        label=_("Hvad er du her?"),
        choices=[(role.value, text) for role, text in HELP.items()],
        widget=forms.RadioSelect,
        initial=Role.EMPLOYEE,
    )
    title = forms.CharField(
        label=_("Din titel"),
        required=False,
        max_length=120,
        help_text=_("For eksempel »pædagog« eller »afdelingsleder«."),
    )
    note = forms.CharField(
        label=_("Hvordan kan vi se, at det passer?"),
        required=False,
        max_length=1000,
        validators=[refuse_cpr],
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "For eksempel et link til jeres hjemmeside, hvor du er nævnt. Kun den, der svarer dig, ser det."
        ),
    )


class VouchForm(forms.Form):
    """Whom a colleague vouches for."""

    role = forms.ChoiceField(
        label=_("Som hvad?"),
        choices=[(Role.EMPLOYEE.value, Role.EMPLOYEE.label), (Role.CONTACT.value, Role.CONTACT.label)],
        widget=forms.RadioSelect,
        initial=Role.EMPLOYEE,
    )
    email = forms.EmailField(
        label=_("Din kollegas e-mail"),
        required=False,
        help_text=_("Skriver du den, kan kun den adresse bruge linket. Vi skriver ikke til den."),
    )


class ReasonForm(forms.Form):
    """Why somebody is turned down or removed; they get to read it."""

    reason = forms.CharField(
        label=_("Begrundelse"),
        max_length=500,
        validators=[refuse_cpr],
        help_text=_("Personen får den at se."),
        error_messages={"required": _("Skriv en begrundelse. Din kollega får den at se.")},
    )
