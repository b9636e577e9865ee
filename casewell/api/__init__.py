"""The API: the public Cliniko API's contract, and Casewell's additions beside it."""
