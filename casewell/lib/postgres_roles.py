"""The roles of the embedded server and the databases they share.

The owner owns a database and its tables, the run-time role owns nothing and is bound by row-level
security; neither is a superuser. Rights on tables come with the migrations.
"""

from __future__ import annotations

import psycopg
from psycopg import sql

ADMIN = "casewell_admin"
OWNER = "casewell_owner"
RUNTIME = "casewell"
DATABASE = "casewell"

POWERLESS = sql.SQL("LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS")


def set_role(admin_url: str, role: str, password: str) -> None:
    """Have the login role `role`, without any special right, with this password."""
    with psycopg.connect(admin_url, autocommit=True) as connection:
        found = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
        verb = sql.SQL("ALTER ROLE" if found else "CREATE ROLE")
        connection.execute(
            sql.SQL("{} {} {} PASSWORD {}").format(
                verb, sql.Identifier(role), POWERLESS, sql.Literal(password)
            )
        )


def create_database(admin_url: str, url: str, name: str) -> None:
    """Have the database `name`: the owner's, open to the run-time role and nobody else.

    `admin_url` and `url` are the superuser's addresses of any database and of this one.
    """
    with psycopg.connect(admin_url, autocommit=True) as connection:
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if found.fetchone() is None:
            connection.execute(_with_names("CREATE DATABASE {database} OWNER {owner}", name))
        connection.execute(_with_names("REVOKE ALL ON DATABASE {database} FROM PUBLIC", name))
        connection.execute(_with_names("GRANT CONNECT ON DATABASE {database} TO {runtime}", name))
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(_with_names("ALTER SCHEMA public OWNER TO {owner}", name))
        connection.execute(_with_names("REVOKE ALL ON SCHEMA public FROM PUBLIC", name))
        connection.execute(_with_names("GRANT USAGE ON SCHEMA public TO {runtime}", name))


def _with_names(statement: str, database: str) -> sql.Composed:
    return sql.SQL(statement).format(
        database=sql.Identifier(database),
        owner=sql.Identifier(OWNER),
        runtime=sql.Identifier(RUNTIME),
    )
