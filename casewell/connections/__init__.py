"""Connected patient apps: other software that is opened at the patient's page."""
