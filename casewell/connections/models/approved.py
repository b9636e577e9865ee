"""Approved apps: what may be opened at which addresses; an operator decides for all practices."""

from __future__ import annotations

from contextlib import contextmanager
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

from casewell.accounts.models import Shared, User
from casewell.connections.addresses import LONGEST, Pattern
from casewell.connections.models.decision import AppDecision, Decider
from casewell.connections.reasons import Refusal
from casewell.lib.errors import RuleViolation
from casewell.lib.turns import take_turns

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MOST_PATTERNS = 20
ADDRESS_LOCK = 4_202_535_414  # any number; the same for every Casewell


class NotDecided(RuleViolation):
    """An approved app is in a state in which that decision means nothing."""

    code = "not_decided"


class ApprovedAppQuerySet(models.QuerySet["ApprovedApp"]):
    def in_order(self) -> ApprovedAppQuerySet:
        return self.order_by(Lower("name"), "id")

    def proposed(self) -> ApprovedAppQuerySet:
        return self.filter(state=ApprovedApp.State.PROPOSED)

    def in_force(self) -> ApprovedAppQuerySet:
        return self.filter(state=ApprovedApp.State.APPROVED)

    def proposed_first(self) -> ApprovedAppQuerySet:
        """What waits for a decision, then what is in force, then the rest; each by name."""
        order = [models.When(state=state, then=n) for n, state in enumerate(ApprovedApp.State)]
        return self.order_by(models.Case(*order), Lower("name"), "id")

    def found(self, words: str) -> ApprovedAppQuerySet:
        """Those whose name, vendor, contact or address holds the words."""
        addresses = AppPattern.objects.filter(text__icontains=words).values("app")
        named = (Q(**{f"{name}__icontains": words}) for name in ("name", "vendor", "contact"))
        return self.filter(Q(pk__in=addresses) | reduce(or_, named))


class ApprovedApp(Shared):
    """An app of a vendor, with the addresses at which it may be opened.

    Its decisions are in `decisions`, the latest one in `state`, `decided_by` and `decided_at`.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", "Proposed"
        APPROVED = "approved", "Approved"
        SUSPENDED = "suspended", "Suspended"
        DECLINED = "declined", "Declined"

    # In these states an app's name and addresses are its own; what anybody proposes takes none.
    DECIDED: ClassVar = (State.APPROVED, State.SUSPENDED)

    name = models.CharField(max_length=100)
    vendor = models.CharField(max_length=200)
    contact = models.EmailField("contact email", max_length=254)
    is_signed = models.BooleanField("signed launch", default=False)
    state = models.CharField(max_length=10, choices=State, default=State.PROPOSED, editable=False)
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    decided_at = models.DateTimeField(null=True, blank=True, editable=False)
    note = models.TextField(blank=True, max_length=2000)

    objects: ClassVar[Any] = ApprovedAppQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                Lower("name"),
                condition=Q(state__in=["approved", "suspended"]),
                name="approved_app_named_once",
                violation_error_message="There is an app of this name already.",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def propose(cls, patterns: Iterable[str], *, by: Decider, **fields: Any) -> ApprovedApp:
        """Add one that waits for an operator. Raises ValidationError."""
        with transaction.atomic():
            app: ApprovedApp = cls(**fields)
            app.full_clean()
            app.save(force_insert=True)
            app._set_patterns(patterns)
            app._write_down("proposed", by, app.note)
        return app

    @property
    def is_in_force(self) -> bool:
        return self.state == self.State.APPROVED

    @property
    def written_patterns(self) -> list[str]:
        """As they are stored, in order."""
        return [pattern.text for pattern in self.patterns.all()]

    def approve(self, *, by: Decider, why: str = "") -> None:
        """Let practices open it. Raises NotDecided, or ValidationError for a taken name or address.

        The addresses are looked at again: what the installation admits may have changed.
        """
        with self._held_for_addresses():
            if self.is_in_force:
                raise NotDecided(f"“{self.name}” is approved already.")
            check_patterns(self.written_patterns)
            self._refuse_taken_addresses()
            self._decide(self.State.APPROVED, by, why)

    def suspend(self, *, by: Decider, why: str = "") -> None:
        """Take it away from every practice at once, or decline a proposal. Raises NotDecided."""
        with self._held():
            if self.state in {self.State.SUSPENDED, self.State.DECLINED}:
                raise NotDecided(f"“{self.name}” is {self.state} already.")
            is_proposal = self.state == self.State.PROPOSED
            self._decide(self.State.DECLINED if is_proposal else self.State.SUSPENDED, by, why)

    def revise(self, patterns: Iterable[str], *, by: Decider, **fields: Any) -> None:
        """Change what it says and where it may be opened. Raises ValidationError."""
        with self._held_for_addresses():
            before = self._told()
            for name, value in fields.items():
                setattr(self, name, value)
            self.full_clean()
            self.save()
            self._set_patterns(patterns)
            if self.state in self.DECIDED:
                self._refuse_taken_addresses()
            if self._told() != before:
                self._write_down("changed", by, before=before)

    def tried_at(self, address: str, *, by: Decider) -> None:
        """Write down that it was opened there for a try, with a test patient."""
        self._write_down("tried", by, address)

    @contextmanager
    def _held(self) -> Iterator[None]:
        """A transaction with this app read anew; decisions on it come one after another."""
        with transaction.atomic():
            ApprovedApp.objects.select_for_update(of=("self",)).get(pk=self.pk)
            self.refresh_from_db()
            yield

    @contextmanager
    def _held_for_addresses(self) -> Iterator[None]:
        """Also one after another with decisions on other apps, which may be about its addresses."""
        with self._held():
            take_turns(ADDRESS_LOCK)
            yield

    def _decide(self, state: State, by: Decider, why: str) -> None:
        self.state, self.decided_by, self.decided_at = state, by.user, timezone.now()
        self.validate_constraints()
        self.save()
        self._write_down(state.value, by, why)

    def _write_down(
        self, verb: str, by: Decider, why: str = "", before: dict[str, Any] | None = None
    ) -> None:
        told = {"before": before} if before else {}
        AppDecision.objects.create(
            app=self, verb=verb, user=by.user, by_name=by.name, why=why, told=told | self._told()
        )

    def _told(self) -> dict[str, Any]:
        """What the decision was about, as it was then."""
        told = {name: getattr(self, name) for name in ("name", "vendor", "contact", "is_signed")}
        return told | {"patterns": list(self.patterns.values_list("text", flat=True))}

    def _set_patterns(self, written: Iterable[str]) -> None:
        wanted = check_patterns(written)
        self.patterns.exclude(text__in=wanted).delete()
        there = set(self.patterns.values_list("text", flat=True))
        AppPattern.objects.bulk_create(
            AppPattern(app=self, text=text) for text in wanted if text not in there
        )

    def _refuse_taken_addresses(self) -> None:
        """Else suspending one app would leave its address open through another.

        Rows of other apps are looked at, so who asks has the turn.
        """
        others = AppPattern.objects.exclude(app=self).filter(app__state__in=self.DECIDED)
        taken = others.filter(text__in=self.written_patterns).select_related("app").first()
        if taken:
            raise ValidationError(f"{taken.text} is an address of “{taken.app}” already.")


class AppPattern(Shared):
    """One address of an app, normalised, with `*` where it is a wildcard."""

    app = models.ForeignKey(ApprovedApp, models.CASCADE, related_name="patterns")
    text = models.CharField(max_length=LONGEST + 10)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["app", "text"], name="pattern_once_an_app")
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def pattern(self) -> Pattern:
        """Raises Refusal where the installation does not admit it any more."""
        return Pattern.parse(self.text, settings.APP_ALLOWANCES)

    @property
    def is_admitted(self) -> bool:
        try:
            return bool(self.pattern)
        except Refusal:
            return False


def check_patterns(written: Iterable[str]) -> list[str]:
    """The patterns in their stored form, each once. Raises ValidationError, which names them."""
    wanted = list(dict.fromkeys(text.strip() for text in written if text.strip()))
    if not wanted:
        raise ValidationError("Give at least one address.")
    if len(wanted) > MOST_PATTERNS:
        raise ValidationError(f"An app has at most {MOST_PATTERNS} addresses.")
    read, wrong = [], []
    for text in wanted:
        try:
            read.append(str(Pattern.parse(text, settings.APP_ALLOWANCES)))
        except Refusal as refusal:
            wrong.append(f"{text[:100]}: {refusal}")
    if wrong:
        raise ValidationError(wrong)
    return list(dict.fromkeys(read))
