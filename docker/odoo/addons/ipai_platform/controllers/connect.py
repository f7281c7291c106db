from werkzeug.exceptions import Forbidden

from odoo import SUPERUSER_ID, api, http
from odoo.exceptions import AccessDenied
from odoo.http import request

from ..models.res_users import CREDENTIAL

#: The link must not travel on: neither into a cache, nor to the next page.
HEADERS = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}


class PlatformConnect(http.Controller):
    @http.route("/platform/connect", type="http", auth="none", methods=["GET"], readonly=False)
    def connect(self, token=""):
        """Logs in whoever brings a ticket of the platform (`platform preview connect`)."""
        login = api.Environment(request.env.cr, SUPERUSER_ID, {})["res.users"]._platform_ticket_login(token)
        try:
            if not login:
                raise AccessDenied()
            request.session.authenticate(request.env, {"type": CREDENTIAL, "login": login, "token": token})
        except AccessDenied:
            raise Forbidden("This link is not good any more: each is good once, and for five minutes.") from None
        answer = request.redirect("/odoo", 303)
        answer.headers.update(HEADERS)
        return answer
