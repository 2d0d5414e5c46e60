"""The ground is built once for all hostile tests; each test's doings are taken back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pytest_django import DjangoDbBlocker

    from hostile.ground import Ground


@pytest.fixture(scope="package")
def built(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Ground]:
    """Give the ground; other tests of this process see nothing of it."""
    from hostile import ground

    with django_db_blocker.unblock(), ground.standing(tmp_path_factory.mktemp("hostile")) as made:
        yield made


@pytest.fixture
def ground(built: Ground) -> Iterator[Ground]:
    """Give the ground for one test; the browsers' cookies and all rows come back after it."""
    from copy import deepcopy

    from hostile import ground as grounds

    browsers = [*(one.browser for one in built.people), *built.staff.values()]
    kept = [deepcopy(one.client.cookies) for one in browsers]
    drafts = [(one.draft_id, one.secret) for one in built.people]
    with grounds.undone():
        yield built
    logged = built.log.taken()
    for who, (draft_id, secret) in zip(built.people, drafts, strict=True):
        who.draft_id, who.secret = draft_id, secret
    for one, cookies in zip(browsers, kept, strict=True):
        one.client.cookies = cookies
    for who in built.people:
        for word in (*who.canaries, who.code, who.secret):
            assert word not in logged, "the log tells what somebody has typed"
