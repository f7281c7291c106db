import json
import os
import time
from pathlib import Path

import requests
from jose import jwt
from jose.exceptions import JOSEError

from odoo import api, models
from odoo.exceptions import AccessDenied

SECRET = Path("/run/secrets/oidc-odoo-secret")
#: Seconds that the issuer may take to answer, while a worker waits.
PATIENCE = 5
#: Seconds that a logout token is good for.
LOGOUT_AGE = 300
LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"


class IssuerAway(Exception):
    """The issuer can't be asked now: who is signed on stays, who is not has to wait."""


class AuthOauthProvider(models.Model):
    _inherit = "auth.oauth.provider"

    @api.model
    def _sign_on_told(self):
        """What this process is told of the issuer: its name, where it describes itself, our id. Empty without one.

        Of the process and not in the database, so that a copy of production doesn't ask production's issuer.
        """
        return json.loads(os.environ.get("ODOO_SIGN_ON") or "{}")

    @api.model
    def _sign_on_provider(self):
        return self.sudo().env.ref("ipai_sign_on.provider")

    def _sign_on_discover(self):
        """What the issuer says of itself (OpenID Connect Discovery 1.0), remembered for whoever verifies its tokens."""
        told = self._sign_on_told()
        metadata = self._sign_on_ask("GET", told["metadata"])
        if metadata.get("issuer") != told["issuer"]:
            raise IssuerAway(f"the issuer must be {told['issuer']}; its metadata say {metadata.get('issuer')}")
        known = {
            "client_id": told["client"],
            "auth_endpoint": metadata["authorization_endpoint"],
            "token_endpoint": metadata["token_endpoint"],
            "jwks_uri": metadata["jwks_uri"],
        }
        changed = {field: value for field, value in known.items() if self[field] != value}
        if changed:
            self.write(changed)
        return metadata

    def _sign_on_exchange(self, code, verifier, redirect_uri):
        """The id token for a code, with the access token that it goes with."""
        answer = self._sign_on_ask(
            "POST",
            self.token_endpoint,
            data={
                "grant_type": "authorization_code",
                "code": code,
                "code_verifier": verifier,
                "redirect_uri": redirect_uri,
                "client_id": self.client_id,
            },
            # Never in the database: a backup of it would let its reader speak for Odoo.
            auth=(self.client_id, SECRET.read_text(encoding="utf-8").rstrip()),
        )
        if not answer.get("id_token") or not answer.get("access_token"):
            raise AccessDenied()
        return answer["id_token"], answer["access_token"]

    def _sign_on_claims(self, id_token, access_token, nonce):
        """What an id token says, if this issuer signed it, for us and for this very sign-on."""
        claims = self._sign_on_verified(id_token, access_token)
        if not nonce or claims.get("nonce") != nonce or "exp" not in claims:
            raise AccessDenied()
        return claims

    def _sign_on_logout_subject(self, logout_token):
        """Whose sessions a logout token ends (OpenID Connect Back-Channel Logout 1.0, section 2.6)."""
        claims = self._sign_on_verified(logout_token, None)
        fresh = abs(time.time() - claims.get("iat", 0)) <= LOGOUT_AGE
        if not fresh or "nonce" in claims or LOGOUT_EVENT not in claims.get("events", {}) or not claims.get("sub"):
            raise AccessDenied()
        return claims["sub"]

    def _sign_on_verified(self, token, access_token):
        try:
            kid = jwt.get_unverified_header(token).get("kid")
            claims = self._decode_id_token(access_token, token, kid)
        except (JOSEError, requests.RequestException) as error:
            raise AccessDenied() from error
        if not claims:
            # No such key is remembered, and would be for ever: next time the issuer is asked for it.
            self.env.registry.clear_cache()
            raise AccessDenied()
        # To several audiences, it must say that it was made for us.
        audience = claims.get("aud")
        party = claims.get("azp", self.client_id if audience in (self.client_id, [self.client_id]) else None)
        if claims.get("iss") != self._sign_on_told()["issuer"] or party != self.client_id:
            raise AccessDenied()
        return claims

    @api.model
    def _sign_on_ask(self, method, url, **rest):
        try:
            answer = requests.request(method, url, timeout=PATIENCE, allow_redirects=False, **rest)
        except requests.RequestException as error:
            raise IssuerAway(str(error)) from error
        if answer.status_code >= 500:
            raise IssuerAway(f"{url} answers {answer.status_code}")
        # 400: the code was used, or is another client's (RFC 6749, section 5.2); 401: our secret is not good any more.
        if answer.status_code != 200:
            raise AccessDenied()
        try:
            return answer.json()
        except ValueError as error:
            raise IssuerAway(f"{url} answers with something else") from error
