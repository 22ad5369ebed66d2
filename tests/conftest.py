"""What all tests have in common."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings
from playwright.sync_api import Playwright, sync_playwright

# How long an example takes says how busy the machine is, not whether it is right.
settings.register_profile("veil", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("veil")


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """What drives browsers: a process has one, whichever tests it runs."""
    with sync_playwright() as running:
        yield running
