"""An S3 bucket on a server of our own, where files are kept for a test."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.storage import storages

if TYPE_CHECKING:
    from collections.abc import Iterator

REGION = "ap-southeast-2"


@pytest.fixture
def bucket(settings: Any) -> Iterator[str]:
    """The address of an empty bucket."""
    from moto.server import ThreadedMotoServer  # large, and few tests need it

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    name = f"papers-{uuid.uuid4().hex}"  # servers of one process know each other's buckets
    options = {
        "bucket_name": name,
        "endpoint_url": f"http://{host}:{port}",
        "region_name": REGION,
        "access_key": "key",
        "secret_key": "secret",
        "signature_version": "s3v4",
        "default_acl": "private",
        "querystring_auth": True,
        "file_overwrite": False,
    }
    storage = {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}
    settings.STORAGES = settings.STORAGES | {"default": storage}
    settings.FILES_ARE_IN_S3 = True
    connection = storages["default"].connection  # type: ignore[attr-defined]
    connection.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
    yield f"http://{host}:{port}/{name}"
    connection.meta.client.close()
    server.stop()
