"""The parameters that a launch adds, and the spellings that servers fold into them."""

from __future__ import annotations

import re

PATIENT_ID = "patient_id"
LAUNCH_TOKEN = "launch_token"  # noqa: S105 - the parameter's name
SEPARATORS = re.compile(r"[&;]")
NO_LETTER = re.compile(r"[^a-z0-9]")
# PHP and Rails: patient_id[], patient_id[0]; Zope: patient_id:int; others: patient_id.0
SUBSCRIPT = re.compile(r"[^\w.+-].*|(\.\d+)+$", re.ASCII)
MARK = re.compile(r"^[^a-zA-Z]+")
RESERVED = frozenset(NO_LETTER.sub("", name) for name in (PATIENT_ID, LAUNCH_TOKEN))


def names_a_reserved(query: str) -> bool:
    """Whether a server could read one of our parameters out of this query.

    Servers ignore case (ASP.NET), make `_` of dots, dashes and spaces (PHP, headers), drop
    brackets (PHP, Rails), type marks (Zope) or marks before the name (Spring), write words
    together with a capital (patientId), and split at `;` as well.

    >>> spellings = "Patient_Id=9", "patient-id", "x=1;patient.id=2", "a&patient_id[0]=3"
    >>> [names_a_reserved(query) for query in spellings]
    [True, True, True, True]
    >>> [names_a_reserved(query) for query in ("src=pm", "patient=1", "patient_id_type=mrn", "")]
    [False, False, False, False]
    """
    names = (part.partition("=")[0] for part in SEPARATORS.split(query))
    return any(_folded(name) in RESERVED or _folded(_base(name)) in RESERVED for name in names)


def _base(name: str) -> str:
    return SUBSCRIPT.sub("", MARK.sub("", name))


def _folded(name: str) -> str:
    return NO_LETTER.sub("", name.lower())
