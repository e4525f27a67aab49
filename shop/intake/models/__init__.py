"""What clients tell of their health and own at home, unreadable without the key; who read it is written down."""

from shop.intake.models.consents import InformedConsent, PatchTest
from shop.intake.models.cupboard import CupboardItem
from shop.intake.models.diary import DiaryConsent, DiaryEntry
from shop.intake.models.facts import ClientFacts
from shop.intake.models.notes import ClientNote
from shop.intake.models.papers import SealedFile
from shop.intake.models.screening import ChangeCheck, HealthReading, Screening, ScreeningDraft
from shop.intake.models.unlock import Unlock

__all__ = [
    "ChangeCheck",
    "ClientFacts",
    "ClientNote",
    "CupboardItem",
    "DiaryConsent",
    "DiaryEntry",
    "HealthReading",
    "InformedConsent",
    "PatchTest",
    "Screening",
    "ScreeningDraft",
    "SealedFile",
    "Unlock",
]
