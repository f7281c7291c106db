import time

from odoo import api, models
from odoo.http import request

SESSION = "platform_sign_on"


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @classmethod
    def _authenticate_explicit(cls, auth):
        """A sign-on is good for a working day; then the issuer is asked again who somebody is."""
        until = request.session.get(SESSION, {}).get("until")
        if until is not None and until < time.time():
            request.session.logout(keep_db=True)
            request.env = api.Environment(request.env.cr, None, request.session.context)
        return super()._authenticate_explicit(auth)
