"""Form fields and widgets that several records share."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.forms.models import ModelChoiceIterator

from casewell.lib.days import validate_day
from casewell.lib.formats import formats
from casewell.lib.phones import PHONE_TYPES, validate_phone_numbers

if TYPE_CHECKING:
    from collections.abc import Iterator

PHONE_ROWS = 3
LONGEST_KEY = 18  # digits; more than any id has
NOTHING_CHOSEN = "Choose…"
DJANGOS_NOTHING = ("", "---------")


def say_nothing_chosen(field: forms.Field, words: str = NOTHING_CHOSEN) -> None:
    """Where a choice may be left open, call that `words`, not a row of dashes."""
    if isinstance(field, forms.ModelChoiceField):
        if field.empty_label == DJANGOS_NOTHING[1]:
            field.empty_label = words
    elif isinstance(field, forms.ChoiceField):
        choices: list[Any] = list(cast("Any", field.choices))
        if DJANGOS_NOTHING in choices[:1]:
            field.choices = [("", words), *choices[1:]]


class RecordSearch(forms.TextInput):
    """Choose a record by searching as one types; the page says where, by the route's name."""

    template_name = "widgets/record_search.html"
    url = ""
    _chosen: Any = None

    def __init__(self, route: str, attrs: dict[str, Any] | None = None) -> None:
        self.route = route
        super().__init__(attrs)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        chosen = self.chosen(value)
        label = chosen.search_label() if chosen else ""
        context["widget"] |= {"url": self.url, "label": label}
        return context

    def know(self, record: Any) -> None:
        """Spare the question for a record that is at hand; it is still checked when it is sent."""
        self._chosen = record

    def chosen(self, key: Any) -> Any:
        """The record with that key, as text or number; None where it cannot be chosen."""
        text = str(key or "")
        if not text.isdecimal() or len(text) > LONGEST_KEY:
            return None
        if self._chosen is None or self._chosen.pk != int(key):
            queryset = self.choices.queryset  # type: ignore[attr-defined]
            self._chosen = queryset.filter(pk=int(key)).first()
        return self._chosen


class _ReadOnce(ModelChoiceIterator):
    """Choices from one query, however often a template walks through them."""

    def __iter__(self) -> Iterator[Any]:
        if self.field.empty_label is not None:
            yield ("", self.field.empty_label)
        for record in self.queryset:
            yield self.choice(record)


class ChoiceOfFew(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A choice from a list that is read once: for the drawing, the value and its check."""

    iterator = _ReadOnce

    def to_python(self, value: Any) -> Any:
        if value in self.empty_values:
            return None
        for record in self.queryset or ():
            if str(record.pk) == str(value) or record == value:
                return record
        raise forms.ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")


class ChoicesOfFew(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Any of a list that is read once, as boxes to tick."""

    iterator = _ReadOnce
    widget = forms.CheckboxSelectMultiple

    def __init__(self, queryset: Any, **kwargs: Any) -> None:
        super().__init__(queryset, **kwargs)
        self.error_messages["required"] = "Choose at least one."

    def clean(self, value: Any) -> Any:
        wanted = {str(key) for key in value or ()}
        if self.required and not wanted:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        found = [record for record in self.queryset or () if str(record.pk) in wanted]
        if len(found) != len(wanted):
            raise forms.ValidationError("Choose from the list.", code="invalid_choice")
        return found


class LinesField(forms.CharField):
    """A list of texts, one in each line."""

    widget = forms.Textarea({"rows": 3})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        lines = (super().to_python(value) or "").splitlines()
        return [line.strip() for line in lines if line.strip()]


class DateInput(forms.DateInput):
    """The browser's own date picker, which sends ISO dates and shows them in the browser's order.

    So the page writes the date beside it in the practice's words (`static/js/date-words.js`).
    """

    input_type = "date"
    template_name = "widgets/date.html"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["words"] = _words_of(context["widget"]["value"])
        return context


def _words_of(iso: str | None) -> str:
    """The date in the practice's words; empty for what is none."""
    try:
        return formats().weekday(date.fromisoformat(iso or ""))
    except ValueError:
        return ""


class DayField(forms.DateField):
    """A date that a practice can mean."""

    widget = DateInput
    default_validators = [validate_day]


class TimeInput(forms.TimeInput):
    """The browser's own time picker, in minutes."""

    input_type = "time"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%H:%M")


class PhonesWidget(forms.MultiWidget):
    """Rows of type and number; those without a number are folded, but for the first."""

    template_name = "widgets/phones.html"
    use_fieldset = True

    def __init__(self) -> None:
        types = [(name, name) for name in PHONE_TYPES]
        rows: list[forms.Widget] = []
        for row in range(1, PHONE_ROWS + 1):
            rows.append(forms.Select({"aria-label": f"Type of phone {row}"}, choices=types))
            rows.append(
                forms.TextInput({"aria-label": f"Phone {row}", "inputmode": "tel", "maxlength": 30})
            )
        super().__init__(rows)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        # Django takes any list for one that is in parts already, and these are kept as a list.
        kept = isinstance(value, list) and any(isinstance(entry, dict) for entry in value)
        context = super().get_context(name, self.decompress(value) if kept else value, attrs)
        parts = context["widget"]["subwidgets"]
        context["rows"] = list(zip(parts[::2], parts[1::2], strict=True))
        return context

    def decompress(self, value: Any) -> list[str]:
        rows = [[entry["phone_type"], entry["number"]] for entry in value or []]
        rows += [[PHONE_TYPES[0], ""]] * (PHONE_ROWS - len(rows))
        return [part for row in rows[:PHONE_ROWS] for part in row]


class PhonesField(forms.MultiValueField):
    """Phone numbers as they are kept: `[{"number": …, "phone_type": …}, …]`."""

    widget = PhonesWidget

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        kwargs.setdefault("label", "Phones")
        kwargs.setdefault("validators", [validate_phone_numbers])
        super().__init__([forms.CharField() for _ in range(2 * PHONE_ROWS)], **kwargs)

    def compress(self, data_list: list[str]) -> list[dict[str, str]]:
        pairs = zip(data_list[::2], data_list[1::2], strict=True)
        return [{"number": n.strip(), "phone_type": t} for t, n in pairs if n and n.strip()]


class KeepsFurtherPhones:
    """A record's form that shows so many phone numbers as there are rows, and loses none."""

    instance: Any
    cleaned_data: dict[str, Any]

    def clean_phone_numbers(self) -> list[dict[str, str]]:
        typed: list[dict[str, str]] = self.cleaned_data["phone_numbers"] or []
        return typed + list(self.instance.phone_numbers or [])[PHONE_ROWS:]
