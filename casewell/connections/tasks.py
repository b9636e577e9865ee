"""What the job worker does for launches: tend the keys that sign them."""

from __future__ import annotations

from procrastinate.contrib.django import app

from casewell.connections.models import LaunchKey


@app.periodic(cron="27 2 * * *")
@app.task(name="tend_launch_keys", queueing_lock="tend_launch_keys")
def tend_launch_keys(timestamp: int) -> None:
    """Nightly: have the next key published ahead, and retire what was replaced."""
    LaunchKey.tend()
