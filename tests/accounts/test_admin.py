"""Users in admin, and what the editors' group may do."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, Permission
from django.core import mail
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from accounts.addresses import is_confirmed, verified_addresses
from accounts.models import EDITORS_GROUP, User
from accounts.roles import EDITOR_RIGHTS, grant_editors
from tests.admin_forms import errors, save, told
from tests.factories import PASSWORD, UserFactory, editor

pytestmark = pytest.mark.django_db
USERS = "/admin/accounts/user/"
ROLES = Path(__file__).parents[2] / "docs" / "roles.md"


def test_the_index_greets_each_with_what_they_may_do(client: Client) -> None:
    assert client.get("/admin/").status_code == 302
    client.force_login(UserFactory.create())
    assert client.get("/admin/").status_code == 302
    client.force_login(editor())
    body = client.get("/admin/").content.decode()
    assert "redaktionen" in body
    assert "Opret et indlæg" in body
    assert USERS not in body
    client.force_login(UserFactory.create(admin=True))
    assert USERS in client.get("/admin/").content.decode()


def test_editors_have_exactly_the_rights_of_the_table() -> None:
    group = Group.objects.get(name=EDITORS_GROUP)
    group.permissions.add(Permission.objects.get(codename="change_user", content_type__app_label="accounts"))
    assert grant_editors() == []
    held = {
        f"{app}.{code}" for app, code in group.permissions.values_list("content_type__app_label", "codename")
    }
    assert held == {
        f"{m.split('.')[0]}.{right}_{m.split('.')[1]}"
        for m, rights in EDITOR_RIGHTS.items()
        for right in rights
    }
    assert not [code for code in held if code.startswith(("accounts.", "auth.", "admin.", "sessions."))]


def test_rights_are_set_anew_by_each_migrate() -> None:
    group = Group.objects.get(name=EDITORS_GROUP)
    group.permissions.clear()
    call_command("migrate", verbosity=0)
    assert editor().has_perm("catalogue.change_entry")


def test_every_model_that_editors_see_in_admin_is_in_the_table(client: Client) -> None:
    user = editor()
    for model, model_admin in admin.site._registry.items():
        label = model._meta.label_lower
        listed = label in EDITOR_RIGHTS
        assert user.has_perm(f"{model._meta.app_label}.view_{model._meta.model_name}") == listed, label
        for inline in model_admin.inlines:
            if listed:
                assert inline.model._meta.label_lower in EDITOR_RIGHTS, inline
    for label in EDITOR_RIGHTS:
        apps.get_model(label)


def test_editors_cannot_raise_their_own_rights(client: Client) -> None:
    me = editor()
    me.user_permissions.set(Permission.objects.filter(content_type__app_label="accounts"))
    client.force_login(me)
    mine = reverse("admin:accounts_user_change", args=[me.pk])
    for url in (USERS, f"{USERS}add/", mine, f"{USERS}{me.pk}/password/", f"{USERS}{me.pk}/delete/"):
        assert client.get(url).status_code == 403, url
        assert client.post(url, {"is_superuser": "on"}).status_code == 403, url
    assert client.get("/admin/auth/group/").status_code == 404
    me.refresh_from_db()
    assert not me.is_superuser


def test_administrators_manage_users_but_keep_their_own_key(client: Client) -> None:
    me, other = UserFactory.create(admin=True), UserFactory.create()
    client.force_login(me)
    group = Group.objects.get(name=EDITORS_GROUP)
    url = reverse("admin:accounts_user_change", args=[other.pk])
    response = save(client, url, is_staff="on", groups=[str(group.pk)])
    assert response.redirect_chain, errors(response)
    assert User.objects.get(pk=other.pk).has_perm("catalogue.change_entry")
    mine = reverse("admin:accounts_user_change", args=[me.pk])
    response = save(client, mine, is_superuser=None, is_active=None, is_staff=None)
    assert "ikke fratage dig selv rettigheder" in told(response)
    me.refresh_from_db()
    assert me.is_active
    assert me.is_superuser


def test_accounts_are_closed_and_not_deleted(client: Client) -> None:
    client.force_login(UserFactory.create(admin=True))
    other = UserFactory.create()
    assert client.post(f"{USERS}{other.pk}/delete/", {"post": "yes"}).status_code == 403
    client.post(USERS, {"action": "delete_selected", "_selected_action": [other.pk], "post": "yes"})
    assert User.objects.filter(pk=other.pk).exists()


def test_the_table_in_the_docs_is_the_one_in_the_code() -> None:
    words = {"view": "se", "add": "oprette", "change": "rette", "delete": "slette"}
    found = dict(
        re.findall(r"^\| `([a-z]+\.[a-z]+)` \| [^|]+ \| ([^|]+) \|", ROLES.read_text(encoding="utf-8"), re.M)
    )
    expected = {model: ", ".join(words[right] for right in rights) for model, rights in EDITOR_RIGHTS.items()}
    assert {model: text.split(";")[0].strip() for model, text in found.items()} == expected


def test_a_user_made_in_admin_confirms_by_mail(
    client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    client.force_login(UserFactory.create(admin=True))
    form = {"email": "Ny@example.dk", "name": "Ny", "usable_password": "true"}
    form |= {"password1": PASSWORD, "password2": PASSWORD}
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"{USERS}add/", form)
    user = User.objects.get(email="ny@example.dk")
    assert verified_addresses(user) == []
    assert [(m.subject, m.to) for m in mail.outbox] == [("Bekræft din mailadresse", ["ny@example.dk"])]


def test_a_changed_address_is_confirmed_anew(client: Client, django_capture_on_commit_callbacks: Any) -> None:
    client.force_login(UserFactory.create(admin=True))
    user = UserFactory.create()
    with django_capture_on_commit_callbacks(execute=True):
        save(client, reverse("admin:accounts_user_change", args=[user.pk]), email="ny@example.dk")
    assert EmailAddress.objects.get(user=user, primary=True).email == "ny@example.dk"
    assert not is_confirmed(user, "ny@example.dk")
    assert mail.outbox[0].to == ["ny@example.dk"]


def test_administrators_log_people_out_and_remove_lost_keys(
    client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    me, other, theirs = UserFactory.create(admin=True), UserFactory.create(), Client()
    client.force_login(me)
    login = {"login": other.email, "password": PASSWORD}
    theirs.post("/konto/login/", login)
    client.post(USERS, {"action": "log_out_everywhere", "_selected_action": [other.pk]})
    assert theirs.get("/konto/email/").status_code == 302
    theirs.post("/konto/login/", login)
    for kind in ("totp", "recovery_codes"):
        Authenticator.objects.create(user=other, type=kind, data={})
    with django_capture_on_commit_callbacks(execute=True):
        client.post(USERS, {"action": "remove_lost_keys", "_selected_action": [other.pk]})
    assert not Authenticator.objects.exists()
    assert theirs.get("/konto/email/").status_code == 302
    assert "fjernet totrinslogin" in mail.outbox[0].subject
    told_of = [e.get_change_message() for e in LogEntry.objects.filter(user=me, object_id=other.pk)]
    assert len(told_of) == 3
    client.force_login(editor())
    assert client.post(USERS, {"action": "remove_lost_keys", "_selected_action": [me.pk]}).status_code == 403
