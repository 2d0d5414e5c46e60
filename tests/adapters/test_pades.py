"""The seal as PAdES: what it is, that the archive stays one, and what keeps it from sealing."""

import base64
import io
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pikepdf
import pytest
from asn1crypto import tsp
from cryptography.hazmat.primitives.serialization import pkcs12
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import signers
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from dienstweg.adapters.pades import make, origins
from dienstweg.adapters.pades import test_identity as identity
from dienstweg.blueprint import documents
from dienstweg.blueprint.typesetter import Typesetter
from dienstweg.documents.port import Unavailable
from dienstweg.kernel import clock, http, plugins

GROUP = "dienstweg.seals"


@pytest.fixture(scope="module")
def pdf() -> Iterator[bytes]:
    """A receipt as our typesetter makes it."""
    release: Any = SimpleNamespace(
        id="x", files={}, manifest={}, lists={}, documents=documents.parse({}),
        text=lambda _lang, _key, default=None: default, texts=lambda _lang: {},
    )  # fmt: skip
    context = {"date": "2026-03-02T10:00:00+01:00", "application": {"name": "Ayşe"}}
    with Typesetter(deadline=20) as own:
        yield own.pdf(documents.source(release, "receipt", context))


@pytest.fixture(scope="module")
def secrets() -> dict[str, str]:
    return identity("Landkreis Kranichsee")


def sealer(secrets: Mapping[str, str], client: Any = None, **options: Any) -> Any:
    return make(options, secrets, client)


def validated(sealed: bytes, maker: Any) -> Any:
    (signature,) = PdfFileReader(io.BytesIO(sealed)).embedded_signatures
    trusted = ValidationContext(trust_roots=[maker._identity.signing_cert])
    return validate_pdf_signature(signature, trusted)


def test_the_seal_is_valid_covers_the_file_and_leaves_every_byte(
    pdf: bytes, secrets: dict[str, str]
) -> None:
    maker = sealer(secrets, location="Kranichsee")
    sealed = maker.seal(pdf)
    assert sealed.startswith(pdf)
    status = validated(sealed, maker)
    assert status.bottom_line
    assert status.coverage.name == "ENTIRE_FILE"
    assert "Landkreis Kranichsee" in str(status.signing_cert.subject.human_friendly)
    assert maker.check() == []


def test_a_changed_byte_breaks_the_seal(pdf: bytes, secrets: dict[str, str]) -> None:
    maker = sealer(secrets)
    sealed = bytearray(maker.seal(pdf))
    at = sealed.index(b"/Title")
    sealed[at + 8] ^= 1
    assert not validated(bytes(sealed), maker).intact


def test_it_stays_an_accessible_archive_as_far_as_one_can_read(
    pdf: bytes, secrets: dict[str, str]
) -> None:
    """What the standards ask of a file with a signature; a validator such as veraPDF asks more."""
    with pikepdf.open(io.BytesIO(sealer(secrets).seal(pdf))) as read:
        (field,) = read.Root.AcroForm.Fields
        assert str(field.FT) == "/Sig"
        assert str(field.V.SubFilter) == "/ETSI.CAdES.detached"
        # ISO 19005-3, 6.3.2 and 6.3.3: printed, not hidden; no size, so no appearance is needed.
        assert int(field.F) & 0b100111 == 0b100
        left, bottom, right, top = (float(one) for one in field.Rect)
        assert (right - left, top - bottom) == (0, 0)
        # ISO 14289-1, 7.18.1 and 7.18.3: outside the page, named, tabbed in the order of the text.
        assert right < 0
        assert "Siegel" in str(field.TU)
        assert str(read.pages[0].Tabs) == "/S"
        assert "/NeedAppearances" not in read.Root.AcroForm
        assert read.Root.MarkInfo.Marked
        assert "/StructTreeRoot" in read.Root
        assert "/OutputIntents" in read.Root
        assert "/Filter" not in read.Root.Metadata
        assert "application.json" in read.attachments
        changed = str(read.trailer.Info.ModDate)[2:16]
        producer = str(read.trailer.Info.Producer)
        with read.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
            assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("3", "A")
            assert metadata["pdfuaid:part"] == "1"
            # ISO 19005-3, 6.6.3: what the old dictionary says, the metadata say too.
            assert metadata["xmp:ModifyDate"].translate({45: "", 58: "", 84: ""})[:14] == changed
            assert metadata["pdf:Producer"] == producer


def test_the_key_may_lie_in_a_file(pdf: bytes, secrets: dict[str, str], tmp_path: Path) -> None:
    place = tmp_path / "siegel.p12"
    maker = sealer({"passphrase": secrets["passphrase"]}, file=str(place))
    assert "lässt sich nicht lesen" in maker.check()[0]
    with pytest.raises(Unavailable):
        maker.seal(pdf)
    place.write_bytes(base64.b64decode(secrets["pkcs12"]))
    assert maker.check() == []
    assert validated(maker.seal(pdf), maker).bottom_line


@pytest.mark.parametrize(
    ("change", "told"),
    [({"passphrase": "falsch"}, "Kennwort"), ({"pkcs12": "%%"}, "lesen"), ({"pkcs12": ""}, "Kenn")],
)
def test_a_key_that_does_not_open_makes_it_wait(
    pdf: bytes, secrets: dict[str, str], change: dict[str, str], told: str
) -> None:
    maker = sealer({**secrets, **change})
    with pytest.raises(Unavailable):
        maker.seal(pdf)
    assert told in maker.check()[0]


def test_an_expired_certificate_seals_nothing(pdf: bytes, secrets: dict[str, str]) -> None:
    maker = sealer(identity("X", valid=timedelta(days=-1)))
    with pytest.raises(Unavailable, match="abgelaufen"):
        maker.seal(pdf)
    with clock.shifted(timedelta(days=800)), pytest.raises(Unavailable, match="abgelaufen"):
        sealer(secrets).seal(pdf)


def test_what_is_no_pdf_waits_too(secrets: dict[str, str]) -> None:
    with pytest.raises(Unavailable):
        sealer(secrets).seal(b"no pdf")


class Service:
    """A service for time stamps behind our client."""

    def __init__(self, secrets: Mapping[str, str], status: int = 200) -> None:
        packed = base64.b64decode(secrets["pkcs12"])
        assert pkcs12.load_pkcs12(packed, secrets["passphrase"].encode()).cert is not None
        own = signers.SimpleSigner.load_pkcs12_data(packed, [], secrets["passphrase"].encode())
        self._stamper = DummyTimeStamper(
            own.signing_cert, own.signing_key, fixed_dt=datetime.now(UTC)
        )
        self.status, self.asked = status, 0

    def request(self, method: str, url: str, *, content: bytes, headers: Any) -> http.Response:
        assert (method, url) == ("POST", "https://stempel.example/tsa")
        self.asked += 1
        if not self.status:
            raise http.Unreachable("gone")
        answer = self._stamper.request_tsa_response(tsp.TimeStampReq.load(content))
        return http.Response(self.status, {}, answer.dump())


def _rsa() -> dict[str, str]:
    """The dummy of the library stamps with RSA only."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import rsa
    from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Stempel")])
    now = datetime.now(UTC)
    stamping = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name)
        .public_key(key.public_key()).serial_number(1)
        .not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=9))
        .add_extension(stamping, critical=True).sign(key, hashes.SHA256())
    )  # fmt: skip
    packed = pkcs12.serialize_key_and_certificates(
        b"x", key, made, None, serialization.BestAvailableEncryption(b"x")
    )
    return {"pkcs12": base64.b64encode(packed).decode(), "passphrase": "x"}


def test_a_time_stamp_comes_through_our_own_client(pdf: bytes, secrets: dict[str, str]) -> None:
    options = {"timestamp": "https://stempel.example/tsa"}
    assert origins(options) == ["https://stempel.example:443"]
    assert origins({}) == []
    service = Service(_rsa())
    maker = sealer(secrets, service, **options)
    sealed = maker.seal(pdf)
    (signature,) = PdfFileReader(io.BytesIO(sealed)).embedded_signatures
    kinds = [one["type"].native for one in signature.signer_info["unsigned_attrs"]]
    assert "signature_time_stamp_token" in kinds
    assert service.asked >= 1
    for status in (0, 503):
        away = sealer(secrets, Service(_rsa(), status), **options)
        with pytest.raises(Unavailable):
            away.seal(pdf)
        assert away.check() == ["Der Zeitstempeldienst antwortet nicht."]


def test_its_schemas_say_what_it_needs(secrets: dict[str, str]) -> None:
    assert plugins.fits(GROUP, "pades", {"location": "Ansee"}, secrets)
    assert not plugins.fits(GROUP, "pades", {"file": "siegel.p12"}, {})
    assert not plugins.fits(GROUP, "pades", {}, {"key": "x"})
