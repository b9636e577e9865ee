"""Files as a browser sends and asks for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse

if TYPE_CHECKING:
    from django.test import Client

    from tests.world import Practice


def url(name: str, pk: int) -> str:
    return reverse(name, args=["northside", pk])


def send(desk: Client, northside: Practice, *files: Any, **fields: Any) -> Any:
    address = url("patient-files", northside.ada.pk)
    headers = {"accept": "application/json"} if fields.pop("script", False) else {}
    return desk.post(address, {"files": list(files), **fields}, headers=headers)


def served(answer: Any) -> bytes:
    content = b"".join(answer.streaming_content)
    for close in answer._resource_closers:  # `close()` itself would close the test's database
        close()
    return content
