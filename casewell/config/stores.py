"""Parts of the settings: the database, the cache, uploaded files, what pages are drawn with."""

from __future__ import annotations

from typing import Any

from psycopg.conninfo import conninfo_to_dict

from casewell.lib.env import env

ENGINE = "casewell.tenancy.postgresql"
# In the database, because sign-in limits must hold across all server processes.
CACHED_ROWS = {
    "BACKEND": "django.core.cache.backends.db.DatabaseCache",
    "LOCATION": "casewell_cache",
    # Beyond these the oldest go: more than strangers can soon fill by public forms.
    "OPTIONS": {"MAX_ENTRIES": 10_000},
}
# In each server process: what many browsers ask for at one moment. For as long as an open calendar
# waits before it asks again.
FOR_A_MOMENT = {
    "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
    "LOCATION": "moment",
    "TIMEOUT": 3,  # seconds
    "OPTIONS": {"MAX_ENTRIES": 100},  # of some 100 kB
}
DRAWN_WITH = {
    "BACKEND": "django.template.backends.django.DjangoTemplates",
    "DIRS": [],
    "OPTIONS": {
        "context_processors": [
            "django.template.context_processors.request",
            "django.contrib.messages.context_processors.messages",
            "casewell.web.context.frame",
        ],
        "loaders": [
            (
                "template_partials.loader.Loader",
                [
                    (
                        "django.template.loaders.cached.Loader",
                        ["django.template.loaders.app_directories.Loader"],
                    )
                ],
            )
        ],
        "builtins": [
            "template_partials.templatetags.partials",
            "casewell.web.templatetags.casewell",
        ],
    },
}


def database_at(url: str, **options: Any) -> dict[str, Any]:
    """Django's description of the database at a libpq address, which may name a socket folder."""
    parts = {key: str(value) for key, value in conninfo_to_dict(url).items()}
    named = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host"}
    return {
        "ENGINE": ENGINE,
        **{setting: parts.pop(name, "") for setting, name in named.items()},
        "PORT": parts.pop("port", ""),
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {**parts, **options},
    }


def uploaded_files() -> dict[str, Any]:
    """Where uploaded files are kept: an S3 bucket where one is named, else the data folder."""
    bucket = env("CASEWELL_S3_BUCKET", str, "")
    if not bucket:
        return {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    options = {
        "bucket_name": bucket,
        "endpoint_url": env("CASEWELL_S3_ENDPOINT", str, "") or None,
        "region_name": env("CASEWELL_S3_REGION", str, "") or None,
        "access_key": env("CASEWELL_S3_ACCESS_KEY", str, "") or None,
        "secret_key": env("CASEWELL_S3_SECRET_KEY", str, "") or None,
        "signature_version": "s3v4",  # forms by which programs send files need it
        "default_acl": "private",
        "querystring_auth": True,
        "file_overwrite": False,
    }
    return {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}
