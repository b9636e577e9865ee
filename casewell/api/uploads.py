"""Files that programs send to us as they would to S3: a form that we signed, at the root."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any
from urllib.parse import quote
from xml.sax.saxutils import escape

from django.conf import settings
from django.core.exceptions import BadRequest as BadForm
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.core.files.uploadhandler import FileUploadHandler, load_handler
from django.http import HttpResponse
from django.http.multipartparser import MultiPartParser, MultiPartParserError

from casewell.api.calls import PREFIX, base_address
from casewell.api.errors import BadRequest
from casewell.lib.uploads import plain_name
from casewell.patients.incoming import FormRefused, Place
from casewell.patients.incoming.folder import place_in, take_in
from casewell.patients.incoming.place import NAME, fields_of

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile
    from django.http import HttpRequest

XML = "application/xml"
ROOM = 1024**2  # what a form may have beside its file
BUCKET = "casewell"
NOT_A_FORM = (MultiPartParserError, BadForm, SuspiciousOperation, RequestDataTooBig)


class Refused(Exception):  # noqa: N818 - named for what happened, as all refusals are
    """The file is not taken: status, S3's word for why, and ours."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(status, code, message)
        self.status, self.code, self.message = status, code, message


class Gate(FileUploadHandler):
    """Lets no byte of a file pass before the form's other fields are known to be ours."""

    parser: Any = None
    place: Place | None = None

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        try:
            self.place = place_in(fields_of(self.parser._post))
        except FormRefused as why:
            raise Refused(403, "AccessDenied", str(why)) from why

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None


def brings_file(request: HttpRequest) -> bool:
    """Whether this is a form with a file for us and no page's: pages have no form at the root."""
    return request.method == "POST" and request.path_info == "/" and not settings.FILES_ARE_IN_S3


def taken_in(request: HttpRequest) -> HttpResponse:
    """Keep the file until it is claimed; the answer is what S3 answers."""
    try:
        root = root_of(request)
        place, key, file = _form_of(request)
        take_in(place, file)
    except Refused as why:
        body = _xml("Error", {"Code": why.code, "Message": why.message})
        return HttpResponse(body, XML, why.status)
    except BadRequest as why:
        body = _xml("Error", {"Code": "InvalidRequest", "Message": why.body["message"]})
        return HttpResponse(body, XML, why.status)
    location, tag = root + quote(key, safe=""), f'"{_digest(file)}"'
    told = {"Location": location, "Bucket": BUCKET, "Key": key, "ETag": tag}
    headers = {"Location": location, "ETag": tag}
    return HttpResponse(_xml("PostResponse", told), XML, 201, headers=headers)


def root_of(request: HttpRequest) -> str:
    """The address of this host as the client wrote it, a slash at its end."""
    headers = {name.lower(): text for name, text in request.headers.items()}
    host = request.META.get("HTTP_HOST") or request.META.get("SERVER_NAME", "")
    base = base_address(request.scheme or "http", host, headers, settings.ALLOWED_HOSTS)
    return base.removesuffix(PREFIX) + "/"


def _form_of(request: HttpRequest) -> tuple[Place, str, UploadedFile]:
    """What is sent where: the place, the file's key and the file. Raises Refused."""
    length = int(request.META.get("CONTENT_LENGTH") or 0)
    if not length:
        raise Refused(411, "MissingContentLength", "Say how long the form is.")
    if length > settings.LARGEST_FILE + ROOM:
        raise _too_large()
    gate = Gate(request)
    handlers = [gate, *(load_handler(one, request) for one in settings.FILE_UPLOAD_HANDLERS)]
    body: Any = request
    try:
        gate.parser = MultiPartParser(request.META, body, handlers, request.encoding)
        fields, files = gate.parser.parse()
    except NOT_A_FORM as error:
        raise Refused(400, "MalformedPOSTRequest", "This is no form with a file.") from error
    file: Any = files.get("file")
    if gate.place is None or file is None:
        raise Refused(400, "InvalidArgument", "The form brings no file.")
    if file.size > settings.LARGEST_FILE:
        raise _too_large()
    return gate.place, fields_of(fields)["key"].replace(NAME, plain_name(file.name or "")), file


def _too_large() -> Refused:
    most = settings.LARGEST_FILE // 1024**2
    return Refused(400, "EntityTooLarge", f"A file may have at most {most} MB.")


def _digest(file: UploadedFile) -> str:
    """The MD5 of the file, by which S3 names a content."""
    digest = hashlib.md5(usedforsecurity=False)
    for part in file.chunks():
        digest.update(part)
    return digest.hexdigest()


def _xml(name: str, parts: dict[str, str]) -> str:
    inside = "".join(f"<{part}>{escape(text)}</{part}>" for part, text in parts.items())
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<{name}>{inside}</{name}>'
