"""The pages' addresses, each with who may go there."""

from __future__ import annotations

urlpatterns: list = []
