"""E-mail of a practice: written down with the change it tells of, sent by the job worker later."""

from __future__ import annotations

from email.utils import formataddr, parseaddr
from smtplib import SMTPDataError, SMTPException, SMTPRecipientsRefused
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import models
from django.utils import timezone

from casewell.audit.enclosures import CannotEnclose, Enclosed, enclosure_of
from casewell.tenancy.fields import AccountField
from casewell.tenancy.models import TenantManager, TenantModel, TenantQuerySet

if TYPE_CHECKING:
    from casewell.accounts.models import Account

REFUSED_FOR_GOOD = 500  # SMTP: 4xx asks to try again, 5xx does not


class NotSentYet(Exception):  # noqa: N818
    """The mail server did not take a message; its words may name people, so they are not here."""


class OutgoingMailQuerySet(TenantQuerySet["OutgoingMail"]):
    def waiting(self) -> OutgoingMailQuerySet:
        return self.filter(sent_at=None, failed_at=None)


OutgoingMailManager = TenantManager.from_queryset(OutgoingMailQuerySet)


class OutgoingMail(TenantModel):
    """One message: waiting, sent or failed. Its text is forgotten once it is either.

    `enclosed_kind` and `enclosed_id` name the record that goes with it as a file.
    """

    account = AccountField(related_name="outgoing_mail")
    to = models.EmailField(max_length=254)
    reply_to = models.EmailField(max_length=254, blank=True)
    subject = models.CharField(max_length=255)
    body = models.TextField(blank=True)
    enclosed_kind = models.CharField(max_length=30, blank=True)
    enclosed_id = models.BigIntegerField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=500, blank=True)

    objects: ClassVar[OutgoingMailManager] = OutgoingMailManager()  # type: ignore[type-arg]

    def __str__(self) -> str:
        return f"{self.subject} to {self.to}"

    def deliver(self, *, last_try: bool = False) -> None:
        """Give the message to the mail server, and keep what became of it."""
        try:
            self._message().send()
        except CannotEnclose as refusal:
            self.failed_at, self.body, self.reason = timezone.now(), "", str(refusal)[:500]
        except (SMTPException, OSError) as error:
            self.reason = str(error)[:500]
            if last_try or is_for_good(error):
                self.failed_at, self.body = timezone.now(), ""
        else:
            self.sent_at, self.body, self.reason = timezone.now(), "", ""
        self.save()

    def _message(self) -> EmailMessage:
        _, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
        message = EmailMessage(
            subject=self.subject,
            body=self.body,
            from_email=formataddr((one_line(self.account.name), address)),
            to=[self.to],
            reply_to=[self.reply_to] if self.reply_to else None,
            # The same whenever it is tried: who is given it twice, because a worker was killed
            # before it had noted the first time, knows it again.
            headers={"Message-ID": f"<{self.pk}@{address.rpartition('@')[2]}>"},
        )
        if self.enclosed_kind and self.enclosed_id:
            file = enclosure_of(Enclosed(self.enclosed_kind, self.enclosed_id))
            message.attach(file.filename, file.content, file.media_type)
        return message


def send_later(
    account: Account,
    *,
    to: str,
    subject: str,
    body: str,
    reply_to: str = "",
    enclosed: Enclosed | None = None,
) -> OutgoingMail:
    """Have the worker send a message once the caller's transaction is committed; not otherwise.

    The worker makes the file of what is `enclosed`.
    """
    from casewell.audit.tasks import deliver_mail

    mail = OutgoingMail.objects.create(
        account=account,
        to=to,
        subject=one_line(subject)[:255],
        body=body,
        reply_to=reply_to,
        enclosed_kind=enclosed.kind if enclosed else "",
        enclosed_id=enclosed.record_id if enclosed else None,
    )
    # The job names the row alone: the queue's tables are no practice's.
    deliver_mail.defer(account_id=account.pk, mail_id=mail.pk)
    return mail


def is_for_good(error: Exception) -> bool:
    """Whether trying again is of no use: the recipient or the text was refused.

    A refused sign-in or sender is the operator's to mend, and the message can wait for that.

    >>> is_for_good(SMTPDataError(554, b"looks like spam")), is_for_good(OSError("unreachable"))
    (True, False)
    """
    if isinstance(error, SMTPRecipientsRefused):
        answers: list[Any] = list(error.recipients.values())
        return all(code >= REFUSED_FOR_GOOD for code, _ in answers)
    return isinstance(error, SMTPDataError) and error.smtp_code >= REFUSED_FOR_GOOD


def one_line(text: str) -> str:
    """The text without line breaks, which would begin another header.

    >>> one_line("Hello\\r\\nBcc: all")
    'Hello Bcc: all'
    """
    return " ".join(text.split())
