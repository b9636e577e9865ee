"""The public keys of signed launches, for the apps that verify them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import JsonResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from casewell.connections.models import key_set

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_safe
@cache_control(public=True, max_age=300)
def launch_keys(request: HttpRequest) -> HttpResponse:
    return JsonResponse(key_set(), content_type="application/jwk-set+json")
