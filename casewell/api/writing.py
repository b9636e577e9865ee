"""Resources that are written: by the forms that the pages use, and by the models' verbs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms

from casewell.api.bodies import BLANK, shown
from casewell.api.calls import Answer
from casewell.api.errors import Invalid, NotThere, Refusal
from casewell.api.etags import etag_of, matches
from casewell.api.resource import Resource

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from casewell.accounts.models import Account
    from casewell.accounts.roles import Permission
    from casewell.api.bodies import Body
    from casewell.api.calls import Call


class AsSent(forms.Widget):
    """Gives a field the value as it was sent: no part of a page's form."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return data.get(name)


def laid_over(
    form_class: Any,
    record: Any,
    values: dict[str, Any],
    *,
    leaving: tuple[str, ...] = (),
    **options: Any,
) -> Any:
    """The form of `record`, bound to `values` over what the record has already.

    What is kept may be what nobody could choose any more. Fields of `leaving` are not sent.
    """
    blank = form_class(instance=record, **options)
    data = {
        name: field.prepare_value(blank.get_initial_for_field(field, name))
        for name, field in blank.fields.items()
        if name != "seen" and name not in leaving
    }
    form = form_class(data | values, instance=record, **options)
    for name, field in form.fields.items():
        field.widget = AsSent()
        if name not in values and isinstance(field, forms.ModelChoiceField):
            kept: Any = field.queryset
            field.queryset = kept.model.objects.all()
    return form


def errors_of(form: Any, body: type[Body]) -> dict[str, str]:
    """What the form refuses, by the names of properties, one sentence each."""
    names = {body.field_of(name): body.told_as(name) for name in body.types()}
    found = {}
    for field, errors in form.errors.as_data().items():
        first = errors[0]
        said = BLANK if first.code == "required" else " ".join(map(str, first.messages))
        found[names.get(field, "base" if field == "__all__" else field)] = said
    return found


class Writable(Resource):
    """A resource that can be created, changed and taken away, as far as permissions are given.

    `form` is what checks and stores; `body` the properties, each of which fills a field.
    """

    body: ClassVar[type[Body]]
    form: ClassVar[Any] = None
    creates: ClassVar[Permission | None] = None
    changes: ClassVar[Permission | None] = None
    removes: ClassVar[Permission | None] = None
    restores: ClassVar[Permission | None] = None
    # Where there is something to take away: by DELETE, by `/archive`, or by both alike.
    deletes = True
    archives = True

    def records(self, account: Account) -> QuerySet[Any, Any]:
        """The records themselves, to be changed."""
        raise NotImplementedError

    # What the routes call

    def create(self, call: Call) -> Answer:
        """A new record: 201, and its address."""
        assert self.creates  # noqa: S101 - else there is no route
        call.require(self.creates)
        values = self.body.read(call.body, creating=True)
        record = self.create_record(call, values)
        made: Any = self.one(call, record.pk, hidden=True)
        return Answer(201, made, {"Location": made.links["self"]})

    def update(self, call: Call) -> Answer:
        """Some properties of a record, whichever verb is used."""
        assert self.changes  # noqa: S101 - else there is no route
        call.require(self.changes)
        record = self.held(call)
        self.update_record(call, record, self.body.read(call.body, creating=False))
        return Answer(200, self.one(call, record.pk, hidden=True))

    def archive(self, call: Call) -> Answer:
        """Take a record out of lists."""
        assert self.removes  # noqa: S101 - else there is no route
        call.require(self.removes)
        self.archive_record(call, self.held(call))
        return Answer(204)

    def unarchive(self, call: Call) -> Answer:
        """Put an archived record back."""
        assert self.restores  # noqa: S101 - else there is no route
        call.require(self.restores)
        record = self.held(call, hidden=True)
        if record.archived_at:
            self.restore_record(call, record)
        return Answer(200, self.one(call, record.pk, hidden=True))

    # What a resource may do otherwise

    def create_record(self, call: Call, values: dict[str, Any]) -> Any:
        return self.saved(call, self.new(call, values), values)

    def update_record(self, call: Call, record: Any, values: dict[str, Any]) -> Any:
        return self.saved(call, record, values)

    def archive_record(self, call: Call, record: Any) -> None:
        record.archive(by=call.actor)

    def restore_record(self, call: Call, record: Any) -> None:
        record.restore(by=call.actor)

    def new(self, call: Call, values: dict[str, Any]) -> Any:
        """A record that is not stored yet, with what no form sets."""
        return self.records(call.account).model(account=call.account)

    def saved(self, call: Call, record: Any, values: dict[str, Any], **options: Any) -> Any:
        """Store the record with those properties, by the form. Raises Invalid."""
        fields = {self.body.field_of(name): value for name, value in values.items()}
        form = laid_over(self.form, record, fields, **options)
        if not form.is_valid():
            raise Invalid(errors_of(form, self.body))
        return form.save(by=call.actor)

    def held(self, call: Call, *, hidden: bool = False) -> Any:
        """The record of the path, locked until the answer. Raises NotThere, or 412."""
        rows = self.records(call.account).select_for_update(of=("self",), no_key=True)
        if not hidden:
            rows = rows.filter(**{f"{column}__isnull": True for column in self.hides})
        record = rows.filter(pk=call.ids[-1]).first()
        if record is None:
            raise NotThere
        self.refuse_unless_seen(call)
        return record

    def refuse_unless_seen(self, call: Call) -> None:
        """Raise 412 where the client has said which state it knows, and it is another."""
        wanted = call.headers.get("if-match")
        if wanted and not matches(wanted, etag_of(self.one(call, call.ids[-1], hidden=True))):
            raise Refusal(412, {"message": "Somebody has changed it since: read it again."})


def one_of(rows: QuerySet[Any, Any], key: Any, name: str) -> Any:
    """The record that a property names. Raises Invalid where there is none to be chosen."""
    found = rows.filter(pk=int(key)).first() if key is not None else None
    if found is None:
        raise Invalid({shown(name): "must exist" if key is not None else BLANK})
    return found
