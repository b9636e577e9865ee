"""Files that other programs send: to a place by a signed form, and claimed by who may."""

from __future__ import annotations

from casewell.patients.incoming.claiming import claim, remove_unclaimed, store
from casewell.patients.incoming.place import FormRefused, Place, Store, UploadMissing

__all__ = [
    "FormRefused",
    "Place",
    "Store",
    "UploadMissing",
    "claim",
    "remove_unclaimed",
    "store",
]
