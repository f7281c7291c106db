import hashlib
import json
import time

from odoo.exceptions import AccessDenied
from odoo.tests import HttpCase, tagged

from ..models.res_users import CREDENTIAL, PREFIX
from .common import in_stage, make_user


@tagged("post_install", "-at_install")
class TestConnect(HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = make_user(cls.env, "platform-guest")

    def ticket(self, token, login="platform-guest", seconds=300):
        key = PREFIX + hashlib.sha256(token.encode()).hexdigest()
        value = json.dumps({"login": login, "until": int(time.time()) + seconds})
        self.env.cr.execute("INSERT INTO ir_config_parameter (key, value) VALUES (%s, %s)", [key, value])

    def connect(self, token, stage="development"):
        self.opener.cookies.clear()
        with in_stage(stage):
            return self.url_open(f"/platform/connect?token={token}", allow_redirects=False)

    def whoami(self):
        return self.make_jsonrpc_request("/web/session/get_session_info", {}).get("username")

    def test_lets_in_once(self):
        self.ticket("good")
        answer = self.connect("good")
        self.assertEqual((answer.status_code, answer.headers["Location"]), (303, "/odoo"))
        self.assertEqual(answer.headers["Referrer-Policy"], "no-referrer")
        self.assertEqual(self.whoami(), "platform-guest")
        self.assertEqual(self.connect("good").status_code, 403)

    def test_refuses(self):
        self.ticket("late", seconds=-1)
        self.ticket("of nobody", login="platform-nobody")
        for token in ("", "late", "of nobody", "unknown"):
            with self.subTest(token):
                self.assertEqual(self.connect(token).status_code, 403)

    def test_only_in_development(self):
        for stage in ("staging", "production", ""):
            self.ticket(f"in {stage}")
            with self.subTest(stage):
                self.assertEqual(self.connect(f"in {stage}", stage).status_code, 403)

    def test_is_no_password(self):
        self.ticket("token")
        user = self.user.with_user(self.user)
        with in_stage("development"):
            for credential in ({"password": "token"}, {"token": "other"}, {"token": None}):
                with self.subTest(credential), self.assertRaises(AccessDenied):
                    user._check_credentials({"type": CREDENTIAL, **credential}, {"interactive": True})
            with self.assertRaises(AccessDenied):
                user._check_credentials({"type": "password", "password": "token"}, {"interactive": True})
