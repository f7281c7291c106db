import hashlib
import json
import time

from odoo import models
from odoo.exceptions import AccessDenied

CREDENTIAL = "platform_connect"
#: As the platform writes them, each with the hash of its token, its user's login and its end.
PREFIX = "ipai_platform.connect."


class ResUsers(models.Model):
    _inherit = "res.users"

    def _check_credentials(self, credential, env):
        """A ticket of the platform is a credential too: in development, once, and until it ends."""
        if credential.get("type") != CREDENTIAL:
            return super()._check_credentials(credential, env)
        if self._take_platform_ticket(credential.get("token") or "") != self.env.user.login:
            raise AccessDenied()
        return {"uid": self.env.user.id, "auth_method": CREDENTIAL, "mfa": "skip"}

    def _platform_ticket_login(self, token):
        """Whom a ticket lets in, or an empty text. It stays good."""
        return self._read_platform_ticket("SELECT value FROM ir_config_parameter WHERE key = %s", token)

    def _take_platform_ticket(self, token):
        """The same, and it is good no more. By SQL: of two that come at once, one finds nothing."""
        return self._read_platform_ticket("DELETE FROM ir_config_parameter WHERE key = %s RETURNING value", token)

    def _read_platform_ticket(self, statement, token):
        if self.env["ipai.platform.stage"].current() != "development":
            return ""
        self.env.cr.execute(statement, [PREFIX + hashlib.sha256(token.encode()).hexdigest()])
        found = self.env.cr.fetchone()
        ticket = json.loads(found[0]) if found else {"until": 0}
        return ticket["login"] if ticket["until"] > time.time() else ""
