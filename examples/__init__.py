"""Programs of others, as models: nothing here uses Casewell's own code."""
