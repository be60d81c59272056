"""Entries in admin: the form, its rules, the changes of state, and who may."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from catalogue.choices import KINDS
from catalogue.models import Entry
from editorial.choices import Kind, State
from editorial.models import Decision, Picture, Tag, TagSynonym
from search.models import Document
from tests.admin_forms import errors, row, save, told
from tests.factories import (
    EntryFactory,
    LinkFactory,
    MeasureFactory,
    PictureFactory,
    ReuseFactory,
    UserFactory,
    WorkplaceFactory,
    editor,
    hidden,
    published,
)

pytestmark = pytest.mark.django_db
LIST = "/admin/catalogue/entry/"
EVIL = "<script>alert(1)</script>"


@pytest.fixture
def staff(client: Client) -> Client:
    """A signed-in editor."""
    client.force_login(editor(name="Mette Redaktør"))
    return client


def change(entry: Any) -> str:
    return reverse("admin:catalogue_entry_change", args=[entry.pk])


def act(client: Client, key: str, *entries: Any, reason: str = "") -> Any:
    url = reverse("admin:catalogue_entry_transition", args=[key])
    return client.post(url, {"ids": ",".join(str(e.pk) for e in entries), "reason": reason}, follow=True)


# -- who may --------------------------------------------------------------------


def pages(entry: Any) -> list[str]:
    return [
        LIST,
        f"{LIST}add/",
        change(entry),
        f"{LIST}{entry.pk}/history/",
        f"{LIST}{entry.pk}/delete/",
        f"{LIST}tilstand/tag-ned/?ids={entry.pk}",
    ]


def test_strangers_are_sent_to_the_login(client: Client) -> None:
    entry = EntryFactory.create()
    for user in (None, UserFactory.create()):
        if user:
            client.force_login(user)
        for url in pages(entry):
            for response in (client.get(url), client.post(url, {"ids": entry.pk, "reason": "x"})):
                assert response.status_code == 302, url
                assert "/admin/login/" in response.headers["Location"]
    entry.refresh_from_db()
    assert entry.state == State.DRAFT


def test_staff_without_the_editors_group_are_refused(client: Client) -> None:
    client.force_login(UserFactory.create(is_staff=True))
    entry = published()
    for url in pages(entry):
        assert client.get(url).status_code == 403, url
    assert act(client, "tag-ned", entry, reason="x").status_code == 403
    entry.refresh_from_db()
    assert entry.state == State.PUBLISHED


@pytest.mark.parametrize("kind", KINDS)
def test_each_type_has_its_form(staff: Client, kind: str) -> None:
    chooser = staff.get(f"{LIST}add/")
    assert f'data-kind="{kind}"' in chooser.content.decode()
    page = staff.get(f"{LIST}add/?kind={kind}")
    assert page.status_code == 200
    assert page.context["adminform"].form["kind"].value() == kind


def test_the_sections_of_the_type_come_first_and_the_others_are_folded(staff: Client) -> None:
    page = staff.get(f"{LIST}add/?kind={Kind.RESEARCH}")
    shown_sets = {str(f.name): f for f in page.context["adminform"]}
    names = list(shown_sets)
    research = next(n for n in names if "Spørgsmål" in n)
    effect = next(n for n in names if n.startswith("Virkning"))
    assert names.index(research) < names.index(effect)
    assert not shown_sets[research].is_collapsible
    assert shown_sets[effect].is_collapsible
    entry = EntryFactory.create(kind=Kind.RESEARCH, effect="Der kom noget ud af det.")
    again = {str(f.name): f for f in staff.get(change(entry)).context["adminform"]}
    assert not again[effect].is_collapsible, "what holds text stands open"


def test_every_field_can_be_edited(staff: Client) -> None:
    page = staff.get(f"{LIST}add/?kind={Kind.EXAMPLE}")
    kept_by_the_portal = {
        "id",
        "content_ptr",
        "uuid",
        "version",
        "state",
        "author",
        "created_at",
        "updated_at",
    }
    kept_by_the_portal |= {"published_at", "sort_key", "confirmation_asked_on", "from_story"}
    for field in Entry._meta.concrete_fields:
        if field.name not in kept_by_the_portal:
            assert field.name in page.context["adminform"].form.fields, field.name


# -- saving -----------------------------------------------------------------------


def test_a_new_entry_is_a_draft_with_everything_that_hangs_on_it(staff: Client) -> None:
    owner = WorkplaceFactory.create()
    other = WorkplaceFactory.create()
    response = save(
        staff,
        f"{LIST}add/?kind=eksempel",
        title="Vi prøvede noget",
        summary="Og det gik.",
        owner=owner.pk,
        subject_areas=[str(pk) for pk in _areas("aeldre")],
        new_tags="ventetid, nye ord",
        problem="Det var svært.",
        **row("measures", label="Klager", unit="om ugen", before="12,5", after="3", better="lower"),
        **row("links", kind="source", title="Rapport", url="https://example.dk/"),
        **row("participations", workplace=other.pk, role="afprøver"),
    )
    assert response.status_code == 200, errors(response)
    entry = Entry.objects.get(title="Vi prøvede noget")
    assert (entry.state, entry.slug) == (State.DRAFT, None)
    assert entry.author is not None
    assert sorted(entry.tags.names()) == ["nye ord", "ventetid"]
    assert float(entry.measures.get().before or 0) == 12.5
    assert entry.links.get().position == 0
    assert entry.participations.get().role == "afprøver"
    assert not Document.objects.get(content=entry).visible
    assert staff.get(entry.get_absolute_url()).status_code == 200, "staff see the draft on the site"


def _areas(*slugs: str) -> list[int]:
    from editorial.models import SubjectArea

    return list(SubjectArea.objects.filter(slug__in=slugs).values_list("pk", flat=True))


def test_written_tags_become_the_tags_they_are_synonyms_of(staff: Client) -> None:
    tag = Tag.objects.create(name="velfærdsteknologi")
    TagSynonym.objects.create(tag=tag, name="hjælpemidler")
    entry = EntryFactory.create(tags=["ventetid"])
    response = save(staff, change(entry), new_tags="HJÆLPEMIDLER, Velfærdsteknologi")
    assert response.status_code == 200, errors(response)
    assert sorted(entry.tags.names()) == ["velfærdsteknologi", "ventetid"]
    assert Document.objects.get(content=entry).tags == ["velfaerdsteknologi", "ventetid"]


def test_saving_a_public_entry_changes_what_is_found(staff: Client) -> None:
    entry = published(title="Før")
    save(staff, change(entry), title="Efter", solution="Gulerødder hjalp.")
    document = Document.objects.get(content=entry)
    assert (document.title, document.visible) == ("Efter", True)
    assert "Gulerødder" in document.body
    entry.refresh_from_db()
    assert entry.slug, "the address stays"


def test_rows_without_a_number_come_last(staff: Client) -> None:
    entry = EntryFactory.create()
    LinkFactory.create(content=entry, position=4)
    new = {"kind": "more", "url": "https://example.dk/"}
    save(
        staff,
        change(entry),
        **{**row("links", 1, title="Først", **new), **row("links", 2, title="Sidst", **new)},
    )
    assert list(entry.links.values_list("title", "position")) == [("Rapport", 4), ("Først", 5), ("Sidst", 6)]


def test_a_mistake_keeps_what_was_typed(staff: Client) -> None:
    entry = EntryFactory.create()
    response = save(staff, change(entry), title="", problem="En lang tekst, der ikke må gå tabt")
    assert "title" in errors(response)
    assert "En lang tekst, der ikke må gå tabt" in response.content.decode()


# -- addresses ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("slug", "complaint"),
    [("eksport", "egne adresser"), ("brugt-foer", "i brug"), ("Æble", ""), ("", "skal have en adresse")],
)
def test_an_address_that_cannot_be_used_is_refused_at_the_field(
    staff: Client, slug: str, complaint: str
) -> None:
    used = published(title="Brugt før")
    used.slug = "noget-andet"
    used.save()
    entry = published()
    response = save(staff, change(entry), slug=slug)
    found = response.context["adminform"].form.errors
    assert complaint in str(found["slug"])
    assert Entry.objects.get(pk=entry.pk).slug == entry.slug


def test_a_new_address_leaves_the_old_one_leading_there(staff: Client) -> None:
    entry = published(title="Gammel titel")
    response = save(staff, change(entry), slug="ny-adresse")
    assert "viser videre" in told(response)
    assert staff.get("/katalog/gammel-titel/").headers["Location"] == "/katalog/ny-adresse/"


# -- changes of state --------------------------------------------------------------------


def test_publish_take_down_and_archive(staff: Client) -> None:
    entry = EntryFactory.create(title="Klar")
    steps = [
        ("offentliggoer", "", State.PUBLISHED),
        ("tag-ned", "Der stod et navn", State.SUSPENDED),
        ("offentliggoer", "Navnet er fjernet", State.PUBLISHED),
        ("arkiver", "", State.ARCHIVED),
    ]
    for key, reason, state in steps:
        page = staff.get(reverse("admin:catalogue_entry_transition", args=[key]), {"ids": entry.pk})
        assert "Klar" in page.content.decode()
        act(staff, key, entry, reason=reason)
        entry.refresh_from_db()
        assert entry.state == state
    actors = set(Decision.objects.filter(content_uuid=entry.uuid).values_list("actor_key", flat=True))
    assert actors == {staff.session and _user(staff).key}


def _user(client: Client) -> Any:
    from accounts.models import User

    return User.objects.get(pk=client.session["_auth_user_id"])


def test_looking_at_the_page_changes_nothing(staff: Client) -> None:
    entry = published()
    staff.get(reverse("admin:catalogue_entry_transition", args=["arkiver"]), {"ids": entry.pk})
    entry.refresh_from_db()
    assert entry.state == State.PUBLISHED


def test_taking_down_needs_a_reason(staff: Client) -> None:
    entry = published()
    response = act(staff, "tag-ned", entry, reason="  ")
    assert "Skriv, hvorfor" in response.content.decode()
    entry.refresh_from_db()
    assert entry.state == State.PUBLISHED


def test_many_at_once_are_judged_one_by_one(staff: Client) -> None:
    good, without_area = EntryFactory.create(title="God"), EntryFactory.create(title=EVIL, subject_areas=[])
    already = published(title="Er der")
    chosen = {"action": "publish_selected", "_selected_action": [good.pk, without_area.pk, already.pk]}
    asked = staff.post(LIST, chosen)
    assert "mindst ét fagområde" in asked.content.decode()
    response = act(staff, "offentliggoer", good, without_area, already)
    body = response.content.decode()
    assert "1 er offentliggjort" in body or "God" in told(response)
    assert "mindst ét fagområde" in told(response)
    assert "»Er der« er offentliggjort" in told(response)
    assert EVIL not in body
    states = {e.title: e.state for e in Entry.objects.all()}
    assert states == {"God": State.PUBLISHED, EVIL: State.DRAFT, "Er der": State.PUBLISHED}


def test_hostile_ids_and_unknown_transitions(staff: Client) -> None:
    url = reverse("admin:catalogue_entry_transition", args=["tag-ned"])
    for ids in ("", "x", "1;drop", "9" * 400, "²", "-1"):
        assert staff.post(url, {"ids": ids, "reason": "x"}).status_code in (200, 302)
    assert staff.get("/admin/catalogue/entry/tilstand/slet/?ids=1").status_code == 404


# -- deleting ------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["suspended", "archived", "rejected"])
def test_what_has_been_public_or_decided_is_not_deleted(staff: Client, state: str) -> None:
    entry = hidden(state)
    assert staff.post(f"{LIST}{entry.pk}/delete/", {"post": "yes"}).status_code == 403
    assert Entry.objects.filter(pk=entry.pk).exists()
    assert "slettes ikke" in staff.get(change(entry)).content.decode()


def test_a_draft_can_be_deleted(staff: Client) -> None:
    entry = EntryFactory.create()
    MeasureFactory.create(entry=entry)
    response = staff.post(f"{LIST}{entry.pk}/delete/", {"post": "yes"})
    assert response.status_code == 302
    assert not Entry.objects.filter(pk=entry.pk).exists()


def test_there_is_no_deletion_of_many_at_once(staff: Client) -> None:
    entry = published()
    staff.post(LIST, {"action": "delete_selected", "_selected_action": [entry.pk], "post": "yes"})
    assert Entry.objects.filter(pk=entry.pk).exists()


# -- pictures --------------------------------------------------------------------------------


def picture(colour: str = "red") -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (900, 600), colour).save(out, "JPEG")
    return SimpleUploadedFile("billede.jpg", out.getvalue(), "image/jpeg")


def test_a_picture_is_cleaned_stored_and_shown(staff: Client) -> None:
    entry = EntryFactory.create()
    response = save(staff, change(entry), **row("pictures", upload=picture(), alt="En rød flade"))
    assert response.redirect_chain, errors(response)
    stored = Picture.objects.get(content=entry)
    assert (stored.width, stored.height) == (900, 600)
    assert stored.name.startswith("billeder/")
    page = staff.get(change(entry)).content.decode()
    assert 'class="thumbnail"' in page
    # Saving again without a new file keeps it.
    save(staff, change(entry), title="Ny titel")
    assert Picture.objects.get(content=entry).name == stored.name


def test_alternative_text_is_asked_for(staff: Client) -> None:
    entry = EntryFactory.create()
    response = save(staff, change(entry), **row("pictures", upload=picture(), alt=""))
    assert "Ren pynt" in errors(response)
    assert not Picture.objects.exists()
    response = save(staff, change(entry), **row("pictures", upload=picture(), alt="", decorative="on"))
    assert response.redirect_chain, errors(response)


def test_what_is_no_picture_is_refused_at_the_field(staff: Client) -> None:
    entry = EntryFactory.create()
    svg = SimpleUploadedFile(
        "x.png", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "image/png"
    )
    response = save(staff, change(entry), problem="Bevares", **row("pictures", upload=svg, alt="x"))
    assert "upload" in errors(response)
    assert "Bevares" in response.content.decode()
    assert not Picture.objects.exists()


def test_the_same_picture_twice_is_refused(staff: Client) -> None:
    entry = EntryFactory.create()
    save(staff, change(entry), **row("pictures", upload=picture(), alt="Et"))
    response = save(staff, change(entry), **row("pictures", 1, upload=picture(), alt="To"))
    assert "allerede" in errors(response)
    assert Picture.objects.count() == 1


# -- reuse -------------------------------------------------------------------------------------


def test_reuse_builds_only_on_reuse_of_the_same_entry(staff: Client) -> None:
    entry = published()
    first = ReuseFactory.create(entry=entry)
    elsewhere = ReuseFactory.create(entry=published())
    new = {"workplace": WorkplaceFactory.create().pk, "kind": "kopieret", "phase": "i-drift", "visible": "on"}
    refused = save(staff, change(entry), **row("reuses", 1, parent=elsewhere.pk, **new))
    assert "parent" in errors(refused)
    saved = save(staff, change(entry), **row("reuses", 1, parent=first.pk, **new))
    assert saved.redirect_chain, errors(saved)
    assert Document.objects.get(content=entry).reuse_count == 2
    ring = save(staff, change(entry), **{"reuses-0-parent": entry.reuses.exclude(pk=first.pk).get().pk})
    assert "ring" in errors(ring)


# -- the list -----------------------------------------------------------------------------------


def test_the_list_is_bounded_in_queries(staff: Client, django_assert_max_num_queries: Any) -> None:
    for n in range(30):
        published(owner=WorkplaceFactory.create(), tags=[f"emne {n}"])
    with django_assert_max_num_queries(22):
        assert staff.get(LIST).status_code == 200


def test_the_change_page_is_bounded_in_queries(staff: Client, django_assert_max_num_queries: Any) -> None:
    entry = published(owner=WorkplaceFactory.create(), tags=["et", "to"])
    for _n in range(8):
        ReuseFactory.create(entry=entry)
        LinkFactory.create(content=entry)
        MeasureFactory.create(entry=entry)
    with django_assert_max_num_queries(90):
        assert staff.get(change(entry)).status_code == 200


@pytest.mark.parametrize(
    "query",
    [
        "q=Jordbær",
        "q=Hjemmeplejen",
        "q=HP",
        "q=frugt",
        "q=id-7",
        "kind__exact=eksempel",
        "state__exact=published",
        "sektor=kommune",
        "bekraeftet=nej",
        "kildeaar=2014",
        "mangler=billede",
        "is_demo__exact=0",
        "subject_areas__id__exact={area}",
        "tags__id__exact={tag}",
    ],
)
def test_the_list_is_searched_and_narrowed(staff: Client, query: str) -> None:
    from places.models import WorkplaceAlias

    workplace = WorkplaceFactory.create(name="Hjemmeplejen")
    WorkplaceAlias.objects.create(workplace=workplace, name="HP")
    entry = published(
        title="Jordbær",
        owner=workplace,
        tags=["frugt"],
        external_id="id-7",
        sectors=["kommune"],
        source_year=2014,
        subject_areas=["skole"],
    )
    other = EntryFactory.create(kind=Kind.TOOL, is_demo=True, confirmed_on="2026-01-01")
    PictureFactory.create(content=other)
    query = query.format(area=_areas("skole")[0], tag=Tag.objects.get(name="frugt").pk)
    found = staff.get(f"{LIST}?{query}")
    assert found.status_code == 200
    assert [e.pk for e in found.context["cl"].result_list] == [entry.pk]


@pytest.mark.parametrize(
    "query", ["q=%00", "q='\"--", "kildeaar=²", "mangler=x", "p=x", "sektor=<b>", "o=99.x"]
)
def test_hostile_queries_do_no_harm(staff: Client, query: str) -> None:
    published(title=EVIL)
    response = staff.get(f"{LIST}?{query}", follow=True)
    assert response.status_code in (200, 400)
    assert EVIL not in response.content.decode()
