import base64
import hashlib
import logging
import re
import secrets
import time
from urllib.parse import urlencode

from werkzeug.exceptions import BadRequest

from odoo import SUPERUSER_ID, api, http
from odoo.exceptions import AccessDenied
from odoo.http import request

from odoo.addons.auth_oauth.controllers.main import OAuthController, OAuthLogin
from odoo.addons.web.controllers.session import Session
from odoo.addons.web.controllers.utils import ensure_db

from ..models.auth_oauth_provider import IssuerAway
from ..models.ir_http import SESSION
from ..models.res_users import CREDENTIAL, PROOF, RoleGone

_logger = logging.getLogger(__name__)

#: In an anonymous session: what the browser must bring back.
PENDING = "platform_sign_on_pending"
#: A browser may have several windows open at the issuer, for so many seconds.
MOST_PENDING, PENDING_SECONDS = 5, 600
#: As the relying party of other sites has it.
SIGN_ON_SECONDS = 8 * 3600
CALLBACK = "/auth_oauth/signin"
#: Browsers read a backslash as a slash, and leave out what can't be seen.
LOCAL = re.compile(r"/(?![/\\])[^\x00-\x20\\]*")
NO_STORE = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}


class SignOnLogin(OAuthLogin):
    def list_providers(self):
        """One way in besides the password, begun by this process; others are listed nowhere."""
        if not request.env["auth.oauth.provider"]._sign_on_told():
            return []
        provider = request.env["auth.oauth.provider"]._sign_on_provider()
        link = "/platform/sign-on?" + urlencode({"redirect": request.params.get("redirect") or "/odoo"})
        return [{**provider.read(["body"])[0], "css_class": "fa fa-fw fa-sign-in text-primary", "auth_link": link}]

    @http.route()
    def web_login(self, *args, **kw):
        response = super().web_login(*args, **kw)
        said = {
            "away": request.env._("Sign-on can't be reached. Try again in a minute; who is signed on stays."),
            "refused": request.env._("You signed on, but have no account here. Ask an administrator for one."),
            "expired": request.env._("This sign-on was not begun here, or is over. Begin again."),
        }.get(request.params.get("sign_on"))
        if response.is_qweb and said:
            response.qcontext["error"] = said
        return response


class SignOn(OAuthController):
    @http.route("/platform/sign-on", type="http", auth="none", methods=["GET"], readonly=False, sitemap=False)
    def begin(self, redirect="/odoo"):
        """Sends the browser to the issuer, and remembers in its session what it must bring back."""
        ensure_db()
        provider = _as_superuser()["auth.oauth.provider"]._sign_on_provider()
        if not provider._sign_on_told():
            return request.redirect("/web/login", 303)
        try:
            metadata = provider._sign_on_discover()
        except (IssuerAway, AccessDenied) as error:
            return _back("away", error)
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        now = time.time()
        pending = {key: one for key, one in request.session.get(PENDING, {}).items() if one["until"] > now}
        for key in list(pending)[: max(0, len(pending) - MOST_PENDING + 1)]:
            del pending[key]
        began = {"nonce": nonce, "verifier": verifier, "redirect": _local(redirect), "until": now + PENDING_SECONDS}
        request.session[PENDING] = {**pending, state: began}
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        asked = {
            "response_type": "code",
            "client_id": provider.client_id,
            "redirect_uri": _callback(),
            "scope": provider.scope,
            "state": state,
            "nonce": nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        return _go(f"{metadata['authorization_endpoint']}?{urlencode(asked)}")

    @http.route(CALLBACK, type="http", auth="none", readonly=False, sitemap=False)
    def signin(self, state="", code="", iss=None, **_rest):
        """Takes the issuer's answer from the browser that began, once."""
        ensure_db()
        pending = dict(request.session.get(PENDING, {}))
        began = pending.pop(state, None)
        if began is None or began["until"] < time.time():
            return _back("expired")
        request.session[PENDING] = pending
        env = _as_superuser()
        provider = env["auth.oauth.provider"]._sign_on_provider()
        try:
            # Another issuer's answer (RFC 9207), or a refusal of this one.
            if not code or iss not in (None, provider._sign_on_told().get("issuer")):
                raise AccessDenied()
            id_token, access_token = provider._sign_on_exchange(code, began["verifier"], _callback())
            claims = provider._sign_on_claims(id_token, access_token, began["nonce"])
            user = env["res.users"]._sign_on(provider, claims)
            # The session is made in a transaction of its own.
            env.cr.commit()  # pylint: disable=invalid-commit
            request.session.authenticate(request.env, {"type": CREDENTIAL, "login": user.login, "proof": PROOF})
        except IssuerAway as error:
            return _back("away", error)
        except RoleGone:
            return _back("refused")
        except AccessDenied:
            env.cr.rollback()
            return _back("refused")
        request.session.pop(PENDING, None)
        request.session[SESSION] = {"until": time.time() + SIGN_ON_SECONDS, "id_token": id_token}
        return _go(began["redirect"], local=True)

    @http.route()
    def oea(self, **kw):
        raise BadRequest()

    @http.route(
        "/platform/sign-on/backchannel",
        type="http",
        auth="none",
        methods=["POST"],
        csrf=False,
        readonly=False,
        save_session=False,
        sitemap=False,
    )
    def backchannel(self, logout_token="", **_rest):
        """The issuer tells that somebody signed out: all their sessions here end."""
        ensure_db()
        env = _as_superuser()
        provider = env["auth.oauth.provider"]._sign_on_provider()
        try:
            subject = provider._sign_on_logout_subject(logout_token) if provider._sign_on_told() else None
        except AccessDenied:
            subject = None
        if subject is None:
            return request.make_json_response({"error": "invalid_request"}, headers=NO_STORE, status=400)
        issuer = provider._sign_on_told()["issuer"]
        env["res.users"]._sign_on_people(provider, issuer, subject)._sign_on_end()
        return request.make_response("", headers=list(NO_STORE.items()))


class SignOnSession(Session):
    @http.route()
    def logout(self, redirect="/odoo"):
        """Whoever signed on signs out at the issuer too, which tells all that they signed on to."""
        signed_on = request.session.get(SESSION)
        response = super().logout(redirect)
        env = _as_superuser() if request.db else None
        if not signed_on or env is None or not env["auth.oauth.provider"]._sign_on_told():
            return response
        provider = env["auth.oauth.provider"]._sign_on_provider()
        try:
            end = provider._sign_on_ask("GET", provider._sign_on_told()["metadata"]).get("end_session_endpoint")
        except (IssuerAway, AccessDenied) as error:
            _logger.warning("sign-on: signed out here alone: %s", error)
            return response
        if not end:
            return response
        back = {"id_token_hint": signed_on["id_token"], "post_logout_redirect_uri": f"{_root()}/web/login"}
        return _go(f"{end}?{urlencode(back)}")


def _as_superuser():
    return api.Environment(request.env.cr, SUPERUSER_ID, {})


def _root():
    return request.httprequest.url_root.rstrip("/")


def _callback():
    return _root() + CALLBACK


def _local(url):
    """A page of this server, and of no other."""
    return url if LOCAL.fullmatch(url) else "/odoo"


def _go(url, local=False):
    answer = request.redirect(url, 303, local=local)
    answer.headers.update(NO_STORE)
    return answer


def _back(why, error=None):
    _logger.info("sign-on: %s%s", why, f": {error}" if error else "")
    return _go(f"/web/login?sign_on={why}", local=True)
