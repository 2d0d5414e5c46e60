"""Plain HTTP is for the demo only."""

import pytest
from django.core.checks import run_checks

OURS = ("dienstweg.E001", "dienstweg.E002")


def found() -> list[str]:
    messages = run_checks(tags=["security"], include_deployment_checks=True)
    return [str(one.id) for one in messages if one.id in OURS]


@pytest.mark.parametrize(
    ("scheme", "secure", "expected"),
    [
        ("https", True, []),
        ("http", True, ["dienstweg.E001"]),
        ("https", False, ["dienstweg.E002"]),
        ("http", False, ["dienstweg.E001", "dienstweg.E002"]),
    ],
)
def test_a_deployment_over_plain_http_is_refused(settings, scheme, secure, expected):
    settings.DIENSTWEG_PUBLIC_SCHEME = scheme
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = secure
    assert found() == expected
