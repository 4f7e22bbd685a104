"""Elasticsearch with its security on: TLS, and an API key that may do no more than the site needs.

The rights of that key are those of the operator's guide (`docs/exploitation/recherche.md`).
"""

from __future__ import annotations

import base64
import hashlib
import ipaddress
import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from elasticsearch import ApiError
from elasticsearch import Elasticsearch as Client

from search.core.asking import Request, read
from search.engines.base import EngineAway, Scope
from search.engines.elastic.engine import ElasticEngine
from tools.services.elasticsearch import Elasticsearch

pytestmark = pytest.mark.services
PUBLIC = Scope(frozenset({"public"}))
GUIDE = Path(__file__).resolve().parents[3] / "docs" / "exploitation" / "recherche.md"


def rights() -> dict[str, Any]:
    """The role that the guide gives to the key, read from it."""
    return json.loads(GUIDE.read_text(encoding="utf-8").split("```json\n")[1].split("```")[0])


class Secured(Elasticsearch):
    """A node that speaks TLS and asks who one is; one administrator, known to its file realm."""

    password = "mot-de-passe-d-essai"

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self.port}"

    def prepare(self) -> None:
        super().prepare()
        key, certificate = _certificate()
        self._write("site.key", key)
        self._write("site.crt", certificate)
        salt = os.urandom(32)
        digest = hashlib.pbkdf2_hmac("sha512", self.password.encode(), salt, 10_000, 32)
        coded = "$".join(base64.b64encode(part).decode() for part in (salt, digest))
        self._write("users", f"operator:{{PBKDF2}}10000${coded}\n")
        self._write("users_roles", "superuser:operator\n")

    def settings(self) -> dict[str, Any]:
        return {
            **super().settings(),
            "xpack.security.enabled": True,
            "xpack.security.authc.password_hashing.algorithm": "pbkdf2",
            "xpack.security.authc.api_key.enabled": True,
            "xpack.security.http.ssl.enabled": True,
            "xpack.security.http.ssl.key": "site.key",
            "xpack.security.http.ssl.certificate": "site.crt",
        }

    def ready(self) -> bool:
        try:
            self.client().info()
        except Exception:  # not yet
            return False
        return True

    def client(self, **options: Any) -> Client:
        given = options or {"basic_auth": ("operator", self.password)}
        return Client([self.url], ca_certs=str(self.config / "site.crt"), request_timeout=5, max_retries=0, **given)


def _certificate() -> tuple[str, str]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "recherche")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return private.decode(), certificate.public_bytes(serialization.Encoding.PEM).decode()


@pytest.fixture
def secured(folder: Path) -> Iterator[Secured]:
    node = Secured(folder / "node")
    node.start()
    yield node
    node.stop()


def test_the_key_of_the_guide_does_all_that_the_site_needs_and_no_more(secured, matter):
    made = secured.client().security.create_api_key(name="site", role_descriptors={"site": rights()})
    client = secured.client(api_key=made["encoded"])
    engine = ElasticEngine(client, "club")
    engine.bulk([matter(1), matter(2)], 1, refresh=True)
    assert engine.search(Request(read("noue")), PUBLIC).total == 2
    assert engine.suggest("noue", PUBLIC)
    assert list(engine.rebuild([([matter(1), matter(3)], 5)])) == [2]
    engine.swap()
    assert [key for key, _ in engine.listing()] == ["topic:1", "topic:3"]
    assert engine.delete(["topic:1"], 6, refresh=True).done == 1
    health = engine.health()
    assert (health.ok, health.documents, health.current) == (True, 1, True)
    for refused in (
        lambda: client.indices.create(index="autre"),
        lambda: client.search(index="autre"),
        lambda: client.cluster.get_settings(),
        lambda: client.security.get_user(),
    ):
        with pytest.raises(ApiError) as told:
            refused()
        assert told.value.status_code == 403


def test_without_the_right_key_the_engine_is_away_and_says_why(secured):
    engine = ElasticEngine(secured.client(api_key="ZmF1eDpmYXV4"), "club")
    with pytest.raises(EngineAway, match=r"401|security_exception"):
        engine.search(Request(read("noue")), PUBLIC)
    assert not engine.health().ok
