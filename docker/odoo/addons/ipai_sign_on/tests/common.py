import json
import os
import time
from pathlib import Path
from unittest.mock import Mock, patch

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from jose import jwk, jwt

from ..models import auth_oauth_provider as provider_module
from ..models.auth_oauth_provider import LOGOUT_EVENT

ISSUER = "https://id.example.com/realms/platform"
CLIENT = "odoo"
INSIDE = "http://keycloak:8080/realms/platform"


class Issuer:
    """An issuer of identities that answers as OpenID Connect wants it, but for what a test changes."""

    def __init__(self):
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.private = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ).decode()
        self.public = (
            key.public_key()
            .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
            .decode()
        )
        self.kid = os.urandom(8).hex()
        self.metadata = {
            "issuer": ISSUER,
            "authorization_endpoint": f"{ISSUER}/auth",
            "token_endpoint": f"{INSIDE}/token",
            "jwks_uri": f"{INSIDE}/certs",
            "end_session_endpoint": f"{ISSUER}/logout",
        }
        #: What the next id token says.
        self.claims = {}
        self.exchanged = []
        self.status = 200

    def sign(self, claims, access_token=None, algorithm="RS256", key=None):
        return jwt.encode(claims, key or self.private, algorithm, {"kid": self.kid}, access_token=access_token)

    def person(self, **claims):
        now = int(time.time())
        return {
            "iss": ISSUER,
            "aud": CLIENT,
            "azp": CLIENT,
            "iat": now,
            "exp": now + 60,
            "sub": "sub-of-ann",
            "name": "Ann Example",
            "email": "ann@sign-on.example.com",
            "email_verified": True,
            "groups": ["tester"],
            **claims,
        }

    def logout(self, **claims):
        now = int(time.time())
        return {"iss": ISSUER, "aud": CLIENT, "iat": now, "sub": "sub-of-ann", "events": {LOGOUT_EVENT: {}}, **claims}

    def request(self, _method, url, data=None, **_rest):
        answer = self.metadata
        if url == self.metadata["token_endpoint"]:
            self.exchanged.append(data)
            answer = {"access_token": "opaque", "id_token": self.sign(self.claims, "opaque")}
        return Mock(status_code=self.status, json=lambda: answer)

    def keys(self, _url, **_rest):
        key = {**jwk.construct(self.public, "RS256").to_dict(), "kid": self.kid, "use": "sig"}
        return Mock(json=lambda: {"keys": [key]})


def with_issuer(case, told=True):
    """Makes the process one that is told of an issuer, for as long as a test lasts."""
    issuer = Issuer()
    settings = {"issuer": ISSUER, "metadata": f"{INSIDE}/.well-known/openid-configuration", "client": CLIENT}
    case.startPatcher(patch.dict(os.environ, {"ODOO_SIGN_ON": json.dumps(settings) if told else ""}))
    case.startPatcher(patch.object(provider_module.requests, "request", issuer.request))
    case.startPatcher(patch("odoo.addons.auth_oidc.models.auth_oauth_provider.requests.get", issuer.keys))
    secret = Mock(spec=Path, read_text=lambda **_: "secret\n")
    case.startPatcher(patch.object(provider_module, "SECRET", secret))
    return issuer
