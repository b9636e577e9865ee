"""What spans every app: patients that are merged, and parted again."""

from casewell.records.models.errors import MergeMixed, MergeStands, NotMergeable
from casewell.records.models.merge import UNDONE_WITHIN, Merge

__all__ = ["UNDONE_WITHIN", "Merge", "MergeMixed", "MergeStands", "NotMergeable"]
