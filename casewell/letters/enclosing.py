"""Letters as files that go with e-mail."""

from __future__ import annotations

from casewell.audit.enclosures import CannotEnclose, Enclosure, encloses
from casewell.lib.typeset import CannotDraw

LETTER_VERSION = "letter_version"


def enclosed(version_id: int) -> Enclosure:
    """The PDF of a version, inside its account's scope. Raises CannotEnclose."""
    from casewell.letters.models import LetterVersion
    from casewell.letters.paper import drawn

    version = LetterVersion.objects.select_related("letter__business").get(pk=version_id)
    try:
        return Enclosure(version.letter.filename, drawn(version))
    except CannotDraw as error:
        raise CannotEnclose("The PDF of the letter could not be made.") from error


def register() -> None:
    """Let messages enclose letters."""
    encloses(LETTER_VERSION, enclosed)
