"""Passwords are hashed with all of Django's rounds, but in a demo."""

import os
import subprocess
import sys
from pathlib import Path

from django.contrib.auth.hashers import (
    PBKDF2PasswordHasher,
    check_password,
    get_hasher,
    make_password,
)

SAY = """
import django
django.setup()
from django.contrib.auth.hashers import get_hasher
hasher = get_hasher()
print(type(hasher).__module__, type(hasher).__name__, hasher.iterations)
"""


def test_real_operation_hashes_as_django_does(tmp_path: Path) -> None:
    kept = {name: value for name, value in os.environ.items() if name != "DIENSTWEG_DEMO"}
    kept |= {"DIENSTWEG_VAR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "dienstweg.config.settings"}
    done = subprocess.run(
        [sys.executable, "-c", SAY], env=kept, capture_output=True, text=True, check=True
    )
    module, name, rounds = done.stdout.split()
    assert (module, name) == ("django.contrib.auth.hashers", "PBKDF2PasswordHasher")
    assert int(rounds) >= 600_000, "OWASP's least for PBKDF2 with SHA-256"


def test_a_demos_password_fits_there_too_and_is_hashed_anew() -> None:
    assert get_hasher().iterations == 1_000, "of a demo, as all tests are"
    kept = make_password("ein-langes-Kennwort")
    assert check_password("ein-langes-Kennwort", kept)
    assert not check_password("ein-anderes-Kennwort", kept)
    real = PBKDF2PasswordHasher()
    assert real.verify("ein-langes-Kennwort", kept)
    assert real.must_update(kept)
