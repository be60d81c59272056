"""Storing, naming and deleting pictures, and the form field they come in by."""

import io
from datetime import timedelta
from typing import Any

import pytest
from django import forms
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.datastructures import MultiValueDict

from guards.pictures import (
    CleanPicture,
    SafePictureField,
    clean_picture,
    delete_picture,
    orphans,
    picture_name,
    srcset,
    store_picture,
    variant_name,
)

from .samples import encoded, opened, photo


@pytest.fixture(autouse=True)
def memory_storage(settings: Any) -> None:
    settings.MEDIA_URL = "/media/"
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    }


@pytest.fixture
def clean() -> CleanPicture:
    return clean_picture(io.BytesIO(encoded(photo(1000, 500))))


def stored_files() -> list[str]:
    return [
        f"billeder/{folder}/{file}"
        for folder in default_storage.listdir("billeder")[0]
        for file in default_storage.listdir(f"billeder/{folder}")[1]
    ]


def test_store_writes_picture_and_versions(clean: CleanPicture) -> None:
    stored = store_picture(clean)
    assert (stored.width, stored.height, stored.variants) == (1000, 500, [400, 800])
    assert stored.name == f"billeder/{clean.sha256[:2]}/{clean.sha256[:40]}.jpg"
    assert len(variant_name(stored.name, 1600)) <= 100
    with default_storage.open(variant_name(stored.name, 800)) as file:
        assert opened(file.read()).size == (800, 400)
    assert len(stored_files()) == 3


def test_storing_twice_gives_one_file(clean: CleanPicture) -> None:
    assert store_picture(clean) == store_picture(clean)
    assert len(stored_files()) == 3


def test_half_written_file_is_replaced(clean: CleanPicture) -> None:
    default_storage.save(picture_name(clean), ContentFile(clean.data[:100]))
    store_picture(clean)
    with default_storage.open(picture_name(clean)) as file:
        assert file.read() == clean.data


def test_lost_race_leaves_one_file(clean: CleanPicture, monkeypatch: pytest.MonkeyPatch) -> None:
    store_picture(clean)
    monkeypatch.setattr("django.core.files.storage.memory.InMemoryStorage.size", lambda *_args: -1)
    deleted: list[str] = []
    monkeypatch.setattr(
        "django.core.files.storage.memory.InMemoryStorage.delete", lambda _self, name: deleted.append(name)
    )
    assert store_picture(clean).name == picture_name(clean)
    assert any(name not in (picture_name(clean),) and name.endswith(".jpg") for name in deleted)


def test_srcset(clean: CleanPicture) -> None:
    name = "billeder/ab/abc.jpg"
    assert srcset(name, [800, 400]) == (
        "/media/billeder/ab/abc-400.webp 400w, /media/billeder/ab/abc-800.webp 800w"
    )
    assert srcset(name, [], full_width=300) == "/media/billeder/ab/abc.jpg 300w"
    assert srcset(name, [400], full_width=400) == "/media/billeder/ab/abc-400.webp 400w"


def test_delete_removes_everything_and_may_be_repeated(clean: CleanPicture) -> None:
    stored = store_picture(clean)
    delete_picture(stored.name)
    delete_picture(stored.name)
    assert stored_files() == []


def test_orphans_are_old_and_unused(clean: CleanPicture) -> None:
    assert list(orphans([])) == []
    stored = store_picture(clean)
    other = store_picture(clean_picture(io.BytesIO(encoded(photo(300, 200)))))
    assert list(orphans([])) == []
    at_once = timedelta(seconds=-1)
    assert list(orphans([stored.name], older_than=at_once)) == [other.name]
    assert len(list(orphans([], older_than=at_once))) == 4


class PictureForm(forms.Form):
    upload = SafePictureField(required=False)


def filled(**files: SimpleUploadedFile) -> PictureForm:
    return PictureForm(data={}, files=MultiValueDict({name: [file] for name, file in files.items()}))


def test_field_gives_a_clean_picture() -> None:
    form = filled(upload=SimpleUploadedFile("x.jpg", encoded(photo()), "text/html"))
    assert form.is_valid()
    assert isinstance(form.cleaned_data["upload"], CleanPicture)
    assert form.cleaned_data["upload"].display_name == "x.jpg"


@pytest.mark.parametrize(
    ("name", "data", "part"),
    [("x.svg", b"<svg/>", "SVG"), ("x.jpg", b"", "tom"), ("x.png", encoded(photo()), "».jpg«")],
)
def test_field_explains(name: str, data: bytes, part: str) -> None:
    form = filled(upload=SimpleUploadedFile(name, data))
    assert not form.is_valid()
    assert part in form.errors["upload"][0]


def test_field_may_be_empty_and_tells_what_it_accepts() -> None:
    form = filled()
    assert form.is_valid()
    assert form.cleaned_data["upload"] is None
    assert 'accept="image/jpeg,image/png,image/webp"' in str(form["upload"])


def test_field_can_be_required() -> None:
    with pytest.raises(forms.ValidationError):
        SafePictureField().clean(None)
