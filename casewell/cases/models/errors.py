"""What a case refuses, as facts."""

from __future__ import annotations

from casewell.lib.errors import RuleViolation


class CaseClosed(RuleViolation):
    """Nothing more can join a case that is closed or archived."""

    code = "case_closed"


class CaseFull(RuleViolation):
    """All sessions of the case are allocated, and it blocks at its limit."""

    code = "case_full"


class CapReached(CaseFull):
    """The funder's sessions of the period are allocated over all the patient's cases."""

    code = "cap_reached"


class WrongPatient(RuleViolation):
    """An attendee can only be in a case of the same patient."""

    code = "wrong_patient"


class NotRaised(RuleViolation):
    """A limit is raised to more than it was."""

    code = "not_raised"


class NotReleased(RuleViolation):
    """The visit that was to give up its place cannot, or no longer."""

    code = "not_released"


class CaseExpired(CaseFull):
    """The visit is after the case's last day, and the practice blocks there."""

    code = "case_expired"


class AmountPassed(RuleViolation):
    """The invoice brings its case past the amount that may be invoiced."""

    code = "amount_passed"
