"""How much may be sent to us: a body that is too large is refused before it is read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.shortcuts import render

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse


class LargestBody:
    """Refuse a body of more than `LARGEST_BODY` bytes; nobody but members may send large ones."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        sent = int(request.META.get("CONTENT_LENGTH") or 0)
        if sent > settings.DATA_UPLOAD_MAX_MEMORY_SIZE and not request.user.is_authenticated:
            return redirect_to_login(request.path)
        if sent > settings.LARGEST_BODY:
            most, each = (
                size // 1024**2 for size in (settings.LARGEST_BODY, settings.LARGEST_FILE)
            )
            why = f"That is too much at once: send at most {most} MB, {each} MB a file."
            return render(request, "errors/refusal.html", {"reason": why}, status=413)
        return self.get_response(request)


class BoundedFileUploadHandler(TemporaryFileUploadHandler):
    """Writes no more of a file than may be kept; its size is told whole, so it is refused."""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if start <= settings.LARGEST_FILE:
            super().receive_data_chunk(raw_data, start)
