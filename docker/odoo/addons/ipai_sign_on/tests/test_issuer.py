import time
from unittest.mock import Mock, patch

from odoo.exceptions import AccessDenied
from odoo.tests import TransactionCase, tagged

from ..models import auth_oauth_provider as provider_module
from ..models.auth_oauth_provider import IssuerAway
from .common import ISSUER, Issuer, with_issuer


@tagged("post_install", "-at_install")
class TestIssuer(TransactionCase):
    def setUp(self):
        super().setUp()
        self.issuer = with_issuer(self)
        self.provider = self.env["auth.oauth.provider"]._sign_on_provider()
        self.provider._sign_on_discover()

    def claims_of(self, token, nonce="n", access_token="opaque"):
        return self.provider._sign_on_claims(token, access_token, nonce)

    def test_is_asked_what_it_is(self):
        self.assertEqual(self.provider.client_id, "odoo")
        self.assertEqual(self.provider.token_endpoint, self.issuer.metadata["token_endpoint"])
        self.issuer.metadata = {**self.issuer.metadata, "issuer": "https://evil.example.com"}
        with self.assertRaises(IssuerAway):
            self.provider._sign_on_discover()

    def test_its_token_counts(self):
        token = self.issuer.sign(self.issuer.person(nonce="n"), "opaque")
        self.assertEqual(self.claims_of(token)["sub"], "sub-of-ann")

    def test_other_tokens_count_nothing(self):
        person = self.issuer.person
        bad = {
            "another nonce": person(nonce="m"),
            "no nonce": person(),
            "another issuer": person(nonce="n", iss="https://evil.example.com"),
            "another audience": person(nonce="n", aud="shell", azp="shell"),
            "made for another client": person(nonce="n", aud=["odoo", "shell"], azp="shell"),
            "several audiences, made for nobody": {**person(nonce="n", aud=["odoo", "shell"]), "azp": None},
            "over": person(nonce="n", exp=int(time.time()) - 60),
        }
        for what, claims in bad.items():
            with self.subTest(what), self.assertRaises(AccessDenied):
                self.claims_of(self.issuer.sign(claims, "opaque"))
        endless = person(nonce="n")
        del endless["exp"]
        with self.assertRaises(AccessDenied):
            self.claims_of(self.issuer.sign(endless, "opaque"))

    def test_signatures_are_its_own(self):
        person = self.issuer.person(nonce="n")
        good = self.issuer.sign(person, "opaque")
        other = Issuer().sign(person, "opaque")
        symmetric = self.issuer.sign(person, "opaque", "HS256", "secret")
        unsigned = f"{good.rsplit('.', 1)[0]}."
        for what, token in {"another key": other, "symmetric": symmetric, "unsigned": unsigned, "no token": "x"}.items():
            with self.subTest(what), self.assertRaises(AccessDenied):
                self.claims_of(token)

    def test_an_access_token_of_another_sign_on_counts_nothing(self):
        token = self.issuer.sign(self.issuer.person(nonce="n"), "opaque")
        with self.assertRaises(AccessDenied):
            self.claims_of(token, access_token="another")

    def test_a_key_that_comes_later_is_found(self):
        token = self.issuer.sign(self.issuer.person(nonce="n"), "opaque")
        kid, self.issuer.kid = self.issuer.kid, "not yet"
        with self.assertRaises(AccessDenied):
            self.claims_of(token)
        self.issuer.kid = kid
        self.assertEqual(self.claims_of(token)["iss"], ISSUER)

    def test_logout_tokens(self):
        subject_of = self.provider._sign_on_logout_subject
        logout = self.issuer.logout
        self.assertEqual(subject_of(self.issuer.sign(logout())), "sub-of-ann")
        bad = {
            "old": logout(iat=int(time.time()) - 3600),
            "a nonce": logout(nonce="n"),
            "no event": logout(events={}),
            "nobody": logout(sub=""),
            "another issuer": logout(iss="https://evil.example.com"),
            "another client": logout(aud="shell"),
        }
        for what, claims in bad.items():
            with self.subTest(what), self.assertRaises(AccessDenied):
                subject_of(self.issuer.sign(claims))

    def test_refusals_are_told_from_absence(self):
        for status, fault in ((400, AccessDenied), (401, AccessDenied), (302, AccessDenied), (503, IssuerAway)):
            self.issuer.status = status
            with self.subTest(status), self.assertRaises(fault):
                self.provider._sign_on_exchange("code", "verifier", "https://odoo.example.com/auth_oauth/signin")
        page = Mock(status_code=200, json=Mock(side_effect=ValueError))
        with patch.object(provider_module.requests, "request", lambda *_, **__: page), self.assertRaises(IssuerAway):
            self.provider._sign_on_discover()
