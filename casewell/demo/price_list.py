"""What the demo's practices charge, and how they are paid. The amounts are made up."""

from __future__ import annotations

# Name, code, kind, price, price of a pensioner or None, whether it has tax in it.
ITEMS = (
    ("Initial consultation", "INIT", "Service", "118.00", "98.00", False),
    ("Standard consultation", "STD", "Service", "96.00", "80.00", False),
    ("Short consultation", "SHORT", "Service", "72.00", "60.00", False),
    ("Long consultation", "LONG", "Service", "138.00", "115.00", False),
    ("Hydrotherapy", "HYDRO", "Service", "84.00", "70.00", False),
    ("Telehealth", "TELE", "Service", "78.00", None, False),
    ("Home visit", "HOME", "Service", "145.00", "125.00", False),
    ("Review", "REV", "Service", "68.00", None, False),
    ("Travel", "TRAVEL", "Other", "27.50", None, True),
    ("Fee for a missed visit", "MISSED", "Other", "44.00", None, True),
    ("Physiotherapy (GP plan)", "10960", "Service", "95.00", None, False),
    ("Podiatry (GP plan)", "10962", "Service", "92.00", None, False),
    ("Psychology (GP plan)", "10968", "Service", "110.00", None, False),
    ("Exercise physiology (GP plan)", "10953", "Service", "90.00", None, False),
    ("Physiotherapy (DVA)", "PH20", "Service", "76.40", None, False),
    ("Resistance band", "BAND", "Product", "16.50", None, True),
    ("Knee brace", "BRACE", "Product", "64.90", None, True),
    ("Orthotic insoles", "INSOLE", "Product", "89.00", None, True),
)
PRODUCTS = ("BAND", "BRACE", "INSOLE")
BESIDE = {"Home visit": ("TRAVEL",)}  # what a type of visit costs beside the item of its name
CONCESSIONS = ("Pensioner", "Student")
STUDENT = 10  # per cent less
# The item of a case under a GP plan, by discipline.
GP_PLAN = {
    "Physiotherapy": "10960",
    "Podiatry": "10962",
    "Psychology": "10968",
    "Exercise physiology": "10953",
}
DVA = {"Physiotherapy": "PH20"}
BENEFIT = "61.80"  # what Medicare gives towards a visit under a plan
HOW_TO_PAY = """By card or cash at the desk, or to:
Account name: {name}
BSB 000-000, account 1234 5678
Please write the number of the invoice with your payment."""
FOOTER = "Thank you. Please ask us about anything that is not clear."
