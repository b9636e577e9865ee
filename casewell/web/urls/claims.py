"""Addresses of claims and of what is keyed into a terminal."""

from __future__ import annotations

from casewell.accounts.roles import Permission as May
from casewell.web.routes import page
from casewell.web.views import case_claims, claims, terminal

CLAIMS = [
    page("claims", claims.claims, may=May.CLAIM, name="claims"),
    page("claims/<int:pk>", claims.claim, may=May.CLAIM, name="claim"),
    page("claims/<int:pk>/filling", claims.refill, may=May.CLAIM, name="claim-refill"),
    page("claims/<int:pk>/benefit", claims.pay, may=May.CLAIM, name="claim-pay"),
    page("claims/<int:pk>/rejection", claims.reject, may=May.CLAIM, name="claim-reject"),
    page("claims/<int:pk>/discarding", claims.discard, may=May.CLAIM, name="claim-discard"),
    page("lodgements/<int:pk>", claims.lodged_file, may=May.CLAIM, name="lodgement"),
    page("visits/<int:pk>/claim", claims.of_visit, may=May.CLAIM, name="visit-claim"),
    page("visits/<int:pk>/terminal", terminal.of_visit, may=May.CLAIM, name="visit-terminal"),
    page("cases/<int:pk>/claims", case_claims.claims, may=May.CLAIM, name="case-claims"),
    page("cases/<int:pk>/terminal", terminal.of_case, may=May.CLAIM, name="case-terminal"),
]
