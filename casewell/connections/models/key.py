"""The keys that sign launches. One signs, the next is published ahead, the last stays a while.

An app that kept our public keys for a day has the next one before it signs, and still has the
former one for tokens that are under way.
"""

from __future__ import annotations

from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models, transaction
from django.utils import timezone
from joserfc.jwk import ECKey

from casewell.accounts.models import Shared
from casewell.connections.sealing import seal, unseal
from casewell.connections.tokens import ALGORITHM
from casewell.lib.sealing import NotOpened
from casewell.lib.turns import take_turns

if TYPE_CHECKING:
    from collections.abc import Iterator

SIGNS_FOR = timedelta(days=30)
AHEAD = timedelta(days=7)  # a key is public for as long before it signs
OVERLAP = timedelta(days=2)  # and for as long after another one does
KEY_LOCK = 4_202_535_412  # any number; the same for every Casewell


class LaunchKeyQuerySet(models.QuerySet["LaunchKey"]):
    def in_turn(self) -> LaunchKeyQuerySet:
        """The one that signs first comes first."""
        return self.order_by("signs_from", "id")

    def signing(self, now: datetime) -> LaunchKey | None:
        """The one whose turn it is, where it can be opened."""
        key = self.filter(signs_from__lte=now).order_by("-signs_from", "-id").first()
        return key if key and key.opens else None


class LaunchKey(Shared):
    """A key pair of P-256. The private part is sealed with the installation's secret key."""

    kid = models.CharField(max_length=64, unique=True)
    public = models.JSONField()
    sealed = models.TextField()
    signs_from = models.DateTimeField()

    objects: ClassVar[Any] = LaunchKeyQuerySet.as_manager()

    def __str__(self) -> str:
        return self.kid

    @classmethod
    def make(cls, signs_from: datetime) -> LaunchKey:
        """A new pair, which is public at once."""
        pair = ECKey.generate_key("P-256", auto_kid=True)
        public = pair.as_dict(private=False) | {"use": "sig", "alg": ALGORITHM}
        made: LaunchKey = cls.objects.create(
            kid=str(public["kid"]),
            public=public,
            sealed=seal(dict(pair.as_dict(private=True))),
            signs_from=signs_from,
        )
        return made

    @classmethod
    def to_sign_with(cls) -> LaunchKey:
        """The one whose turn it is; made now where there is none yet."""
        return cls.objects.signing(timezone.now()) or cls.tend()

    @classmethod
    def tend(cls, now: datetime | None = None) -> LaunchKey:
        """Retire what was replaced long enough ago, have the next one ready; which one signs."""
        now = now or timezone.now()
        with _alone():
            signing = cls.objects.signing(now) or cls.make(now)
            retired = cls.objects.filter(signs_from__lt=signing.signs_from)
            if signing.signs_from <= now - OVERLAP:
                retired.delete()
            if not cls.objects.filter(signs_from__gt=now).exists():
                cls.make(max(signing.signs_from + SIGNS_FOR, now + AHEAD))
        return signing

    @classmethod
    def rotate(cls, now: datetime | None = None, *, drop: bool = False) -> LaunchKey:
        """Let the next one sign from now on; with `drop`, forget the former ones at once.

        Dropping is for a key that somebody else may have: what it signed is refused then.
        """
        now = now or timezone.now()
        with _alone():
            cls.tend(now)
            key: LaunchKey = cls.objects.filter(signs_from__gt=now).in_turn()[0]
            key.signs_from = now
            key.save(update_fields=["signs_from", "updated_at"])
            if drop:
                cls.objects.exclude(pk=key.pk).delete()
            cls.tend(now)
        return key

    @property
    def opens(self) -> bool:
        """Whether its private part is there: not after the secret key was changed."""
        try:
            return bool(self.pair)
        except NotOpened:
            return False

    @property
    def pair(self) -> ECKey:
        """Both parts. Raises NotOpened."""
        return ECKey.import_key(unseal(self.sealed))


def key_set() -> dict[str, Any]:
    """The JWKS document: the public parts of all keys, the next and the former ones as well."""
    return {"keys": [key.public for key in LaunchKey.objects.in_turn()]}


@contextmanager
def _alone() -> Iterator[None]:
    """A transaction in which no other server tends the keys."""
    with transaction.atomic():
        take_turns(KEY_LOCK)
        yield
