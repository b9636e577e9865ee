"""The run-time role may be no more than a user of the tables: else row-level security is no net."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ImproperlyConfigured

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

POWERS = """
SELECT rolsuper, rolbypassrls,
       EXISTS (SELECT FROM pg_class c WHERE c.relowner = r.oid
                AND c.relnamespace = 'public'::regnamespace),
       EXISTS (SELECT FROM pg_database d WHERE d.datdba = r.oid AND d.datname = current_database()),
       EXISTS (SELECT FROM pg_roles o WHERE o.oid <> r.oid AND pg_has_role(r.oid, o.oid, 'MEMBER')
                AND (o.rolsuper OR o.rolbypassrls OR o.oid IN
                     (SELECT relowner FROM pg_class WHERE relnamespace = 'public'::regnamespace)))
FROM pg_roles r WHERE r.rolname = current_user
"""
SENTENCES = (
    "it is a superuser",
    "it bypasses row-level security",
    "it owns tables",
    "it owns the database",
    "it is a member of a role that is or does one of these",
)


def refuse_powerful_role(connection: BaseDatabaseWrapper) -> None:
    """Raise ImproperlyConfigured where the role of `DATABASE_URL` could see past the accounts."""
    with connection.cursor() as cursor:
        cursor.execute(POWERS)
        powers = cursor.fetchone()
    reasons = [sentence for held, sentence in zip(powers, SENTENCES, strict=True) if held]
    if reasons:
        raise ImproperlyConfigured(
            f"DATABASE_URL names a role that must not serve practices: {', '.join(reasons)}. "
            "Give the owner in DATABASE_OWNER_URL and a plain role in DATABASE_URL "
            "(docs/operating.md, Roles)."
        )
