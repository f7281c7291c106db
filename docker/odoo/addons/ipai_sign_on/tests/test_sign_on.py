import base64
import hashlib
import time
from unittest.mock import patch
from urllib.parse import parse_qs, urlsplit

from odoo.tests import HttpCase, new_test_user, tagged

from ..controllers import sign_on as controller
from ..models import ir_http
from .common import ISSUER, with_issuer


@tagged("post_install", "-at_install")
class TestSignOn(HttpCase):
    def setUp(self):
        super().setUp()
        self.issuer = with_issuer(self)

    def get(self, path):
        return self.url_open(path, allow_redirects=False)

    def begin(self, redirect="/odoo/apps"):
        """What the issuer is asked by a browser that begins."""
        answer = self.get(f"/platform/sign-on?redirect={redirect}")
        self.assertEqual((answer.status_code, answer.headers["Cache-Control"]), (303, "no-store"))
        url = urlsplit(answer.headers["Location"])
        self.assertEqual(f"{url.scheme}://{url.netloc}{url.path}", f"{ISSUER}/auth")
        return {key: value for key, (value,) in parse_qs(url.query).items()}

    def finish(self, asked, **rest):
        self.issuer.claims = self.issuer.person(nonce=asked["nonce"], **rest)
        return self.get(f"/auth_oauth/signin?code=c&state={asked['state']}").headers["Location"]

    def whoami(self):
        return self.make_jsonrpc_request("/web/session/get_session_info", {}).get("username")

    def assertRefused(self, location, why):
        self.assertTrue(location.endswith(f"/web/login?sign_on={why}"), location)
        with self.assertRaises(Exception):
            self.whoami()

    def test_lets_in_who_began(self):
        asked = self.begin()
        self.assertEqual((asked["response_type"], asked["client_id"]), ("code", "odoo"))
        self.assertTrue(self.finish(asked).endswith("/odoo/apps"))
        self.assertEqual(self.whoami(), "ann@sign-on.example.com")
        (exchanged,) = self.issuer.exchanged
        digest = hashlib.sha256(exchanged["code_verifier"].encode()).digest()
        self.assertEqual(base64.urlsafe_b64encode(digest).decode().rstrip("="), asked["code_challenge"])

    def test_each_answer_counts_once(self):
        asked = self.begin()
        self.finish(asked)
        self.assertTrue(self.finish(asked).endswith("?sign_on=expired"))

    def test_an_answer_that_another_browser_asked_for_lets_nobody_in(self):
        asked = self.begin()
        self.opener.cookies.clear()
        self.assertRefused(self.finish(asked), "expired")
        self.assertEqual(self.issuer.exchanged, [])

    def test_the_state_of_stock_modules_counts_nothing(self):
        provider = self.env["auth.oauth.provider"]._sign_on_provider()
        for state in ("", "null", f'{{"d": "{self.env.cr.dbname}", "p": {provider.id}}}'):
            with self.subTest(state):
                answer = self.url_open(
                    f"/auth_oauth/signin?code=c&access_token=x&state={state}", allow_redirects=False
                )
                self.assertRefused(answer.headers["Location"], "expired")

    def test_an_answer_with_another_nonce_or_of_another_issuer(self):
        self.assertRefused(self.finish({**self.begin(), "nonce": "another"}), "refused")
        asked = self.begin()
        self.issuer.claims = self.issuer.person(nonce=asked["nonce"])
        answer = self.get(f"/auth_oauth/signin?code=c&state={asked['state']}&iss=https://evil.example.com")
        self.assertRefused(answer.headers["Location"], "refused")
        self.assertRefused(self.get(f"/auth_oauth/signin?error=access_denied&state={self.begin()['state']}").headers["Location"], "refused")

    def test_who_has_no_account_is_told(self):
        self.assertRefused(self.finish(self.begin(), groups=[]), "refused")
        self.assertIn("have no account here", self.url_open("/web/login?sign_on=refused").text)

    def test_leads_nowhere_else(self):
        for redirect in ("//evil.example.com", "https://evil.example.com", "/%5Cevil.example.com", "/%09/evil.example.com"):
            with self.subTest(redirect):
                self.assertTrue(self.finish(self.begin(redirect)).endswith("/odoo"))
                self.opener.cookies.clear()

    def test_several_windows_may_begin(self):
        first, *_rest, last = [self.begin() for _ in range(controller.MOST_PENDING + 1)]
        self.assertRefused(self.finish(first), "expired")
        self.assertTrue(self.finish(last).endswith("/odoo/apps"))

    def test_what_was_begun_is_over_after_a_while(self):
        asked = self.begin()
        with patch.object(controller.time, "time", lambda: time.monotonic() + 10**10):
            self.assertTrue(self.finish(asked).endswith("?sign_on=expired"))

    def test_an_issuer_that_is_away(self):
        self.issuer.status = 503
        answer = self.get("/platform/sign-on")
        self.assertTrue(answer.headers["Location"].endswith("?sign_on=away"))
        self.assertIn("be reached", self.url_open("/web/login?sign_on=away").text)

    def test_lasts_for_a_day_at_work(self):
        self.finish(self.begin())
        late = time.time() + controller.SIGN_ON_SECONDS + 60
        with patch.object(ir_http.time, "time", lambda: late), self.assertRaises(Exception):
            self.whoami()

    def test_ends_at_the_issuer_too(self):
        self.finish(self.begin())
        url = urlsplit(self.get("/web/session/logout").headers["Location"])
        self.assertEqual(f"{url.scheme}://{url.netloc}{url.path}", f"{ISSUER}/logout")
        self.assertIn("id_token_hint", parse_qs(url.query))

    def test_ends_when_the_issuer_says_so(self):
        self.finish(self.begin())
        self.assertEqual(self.url_open("/platform/sign-on/backchannel", {"logout_token": "x"}).status_code, 400)
        self.assertEqual(self.whoami(), "ann@sign-on.example.com")
        token = self.issuer.sign(self.issuer.logout())
        self.assertEqual(self.url_open("/platform/sign-on/backchannel", {"logout_token": token}).status_code, 200)
        with self.assertRaises(Exception):
            self.whoami()

    def test_a_password_still_lets_in(self):
        new_test_user(self.env, "sign-on-local", "base.group_user", password="sign-on-local")
        self.authenticate("sign-on-local", "sign-on-local")
        self.assertEqual(self.whoami(), "sign-on-local")
        self.assertTrue(self.get("/web/session/logout").headers["Location"].endswith("/odoo"))

    def test_is_on_the_login_page(self):
        self.assertIn("/platform/sign-on?redirect=", self.url_open("/web/login").text)


@tagged("post_install", "-at_install")
class TestWithoutIssuer(HttpCase):
    def setUp(self):
        super().setUp()
        with_issuer(self, told=False)

    def test_there_is_no_such_way_in(self):
        self.assertNotIn("/platform/sign-on", self.url_open("/web/login").text)
        answer = self.url_open("/platform/sign-on", allow_redirects=False)
        self.assertTrue(answer.headers["Location"].endswith("/web/login"))
        self.assertEqual(self.url_open("/platform/sign-on/backchannel", {"logout_token": "x"}).status_code, 400)
