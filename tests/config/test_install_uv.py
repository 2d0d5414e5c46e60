"""The last way to uv, with the standard library alone: only what has the pinned hash is taken."""

import hashlib
import importlib.util
import io
import json
import os
import threading
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "install_uv.py"


@pytest.fixture
def script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    spec = importlib.util.spec_from_file_location("install_uv", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "TARGET", tmp_path / "uv")
    return module


def wheel() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as file:
        file.writestr("uv-1.2.3.data/scripts/uv", "#!/bin/sh\necho uv 1.2.3\n")
    return content.getvalue()


@pytest.fixture(params=["json", "html"])
def index(request: pytest.FixtureRequest, monkeypatch) -> Iterator[str]:
    """A package index that offers our wheel in the newer or in the older form."""
    name = f"uv-1.2.3-py3-none-manylinux_2_17_{os.uname().machine}.whl"

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = wheel()
            if self.path == "/simple/uv/" and request.param == "json":
                body = json.dumps({"files": [{"filename": name, "url": f"../../{name}"}]}).encode()
            elif self.path == "/simple/uv/":
                body = f'<a href="../../{name}#sha256=00">{name}</a>'.encode()
            self.send_response(200)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("PIP_INDEX_URL", f"http://127.0.0.1:{server.server_port}/simple")
    for other in ("UV_DEFAULT_INDEX", "UV_INDEX_URL"):
        monkeypatch.delenv(other, raising=False)
    yield "ready"
    server.shutdown()
    server.server_close()


def pin(script: ModuleType, folder: Path, digest: str, monkeypatch) -> None:
    pinned = folder / "uv-requirements.txt"
    pinned.write_text(f"uv==1.2.3 \\\n    --hash=sha256:{digest}\n")
    monkeypatch.setattr(script, "PINNED", pinned)


def test_takes_the_pinned_wheel(script, index, tmp_path, monkeypatch) -> None:
    pin(script, tmp_path, hashlib.sha256(wheel()).hexdigest(), monkeypatch)
    program = script.by_hand()
    assert script.version(program) == (1, 2, 3)


def test_takes_no_other(script, index, tmp_path, monkeypatch) -> None:
    pin(script, tmp_path, "0" * 64, monkeypatch)
    with pytest.raises(ValueError):
        script.by_hand()
    assert not (tmp_path / "uv").exists()


def test_a_uv_of_another_minor_version_does_not_fit(script, tmp_path, monkeypatch) -> None:
    pin(script, tmp_path, "0" * 64, monkeypatch)
    other = tmp_path / "other"
    other.write_text("#!/bin/sh\necho uv 1.3.0\n")
    other.chmod(0o755)
    assert script.version(other) < script.wanted()
