import logging
import secrets

from odoo import Command, api, fields, models
from odoo.exceptions import AccessDenied

_logger = logging.getLogger(__name__)

CREDENTIAL = "platform_sign_on"
#: What only code of this process can give: a credential from outside is made of JSON.
PROOF = object()

#: Groups at the issuer, as Odoo.sh names its roles, and what each may in Odoo. Whoever is in none of them signs on to an
#: account that was made for them here.
ROLES = {
    "admin": ("base.group_system",),
    "developer": ("base.group_user", "ipai_platform.group_operator"),
    "tester": ("base.group_user", "ipai_platform.group_viewer"),
}


class RoleGone(AccessDenied):
    """Whoever is refused by it lost what they had: that is to be kept."""


class ResUsers(models.Model):
    _inherit = "res.users"

    sign_on_group_ids = fields.Many2many(
        "res.groups",
        "ipai_sign_on_groups",
        string="Groups by Sign-on",
        copy=False,
        readonly=True,
        groups="base.group_system",
        help="What the last sign-on gave, and the next one takes away if the role is gone",
    )
    sign_on_made = fields.Boolean(
        string="Made by Sign-on", copy=False, readonly=True, groups="base.group_system", help="It is good while a role is"
    )
    sign_on_generation = fields.Char(copy=False, groups=fields.NO_ACCESS)

    def _get_session_token_fields(self):
        # Another one ends every session of the user.
        return super()._get_session_token_fields() | {"sign_on_generation"}

    def _check_credentials(self, credential, env):
        if credential.get("type") != CREDENTIAL:
            return super()._check_credentials(credential, env)
        if credential.get("proof") is not PROOF:
            raise AccessDenied()
        # The issuer decides about second factors.
        return {"uid": self.env.user.id, "auth_method": CREDENTIAL, "mfa": "skip"}

    @api.model
    def auth_oauth(self, provider, params):
        """The way in of modules that this one stands on is closed: it binds nothing to the browser that began."""
        raise AccessDenied()

    @api.model
    def _sign_on(self, provider, claims):
        """The user that these claims are of, with the roles that they have now; made where a role is reason enough."""
        groups = set(claims.get("groups") or []) & ROLES.keys()
        user = self._sign_on_known(provider, claims, groups)
        if not user:
            if not groups:
                raise self._sign_on_refused(claims, "has no account here and none of the groups that are given one")
            user = self._sign_on_make(provider, claims)
        user._sign_on_give(groups)
        if user.sign_on_made and not groups:
            user._sign_on_end()
            self.env["res.users.apikeys"].search([("user_id", "=", user.id)]).unlink()
            _logger.info("sign-on: %s of the issuer has no role any more", claims["sub"])
            raise RoleGone()
        return user

    def _sign_on_known(self, provider, claims, groups):
        """Who signed on as this person before; else whose login is their address, if the issuer vouches for it."""
        everybody = self.with_context(active_test=False)
        known = everybody._sign_on_people(provider, claims["iss"], claims["sub"])
        if not known and claims.get("email") and claims.get("email_verified") is True:
            known = everybody.search([("login", "=ilike", claims["email"])])
            if any((user.oauth_uid or "").startswith(f"{claims['iss']} ") for user in known):
                raise self._sign_on_refused(claims, "has the address of somebody else there")
            # The account that is left when the issuer is away belongs to nobody there.
            if known == self.env.ref("base.user_admin"):
                raise self._sign_on_refused(claims, "has the address of the administrator")
            # An account that may everything is no reason to be given it.
            if known and known.has_group("base.group_system") and "admin" not in groups:
                raise self._sign_on_refused(claims, "has the address of an administrator, and is none at the issuer")
            if len(known) == 1 and known.active:
                known.write({"oauth_provider_id": provider.id, "oauth_uid": self._sign_on_uid(claims["iss"], claims["sub"])})
        if len(known) > 1 or not all(known.mapped("active")):
            raise self._sign_on_refused(claims, "has an account here that is archived, or several")
        return known

    @api.model
    def _sign_on_people(self, provider, issuer, subject):
        uid = self._sign_on_uid(issuer, subject)
        return self.search([("oauth_provider_id", "=", provider.id), ("oauth_uid", "=", uid)])

    @api.model
    def _sign_on_uid(self, issuer, subject):
        """A subject is somebody at their issuer alone: in a copy of production that has another one, it is nobody."""
        return f"{issuer} {subject}"

    def _sign_on_make(self, provider, claims):
        email = claims.get("email") if claims.get("email_verified") is True else None
        login = email or claims.get("preferred_username") or claims["sub"]
        if self.with_context(active_test=False).search_count([("login", "=ilike", login)]):
            raise self._sign_on_refused(claims, f"has no account here, and {login} is taken")
        return self.with_context(no_reset_password=True).create(
            {
                "name": claims.get("name") or login,
                "login": login,
                "email": email,
                "oauth_provider_id": provider.id,
                "oauth_uid": self._sign_on_uid(claims["iss"], claims["sub"]),
                "sign_on_made": True,
            }
        )

    def _sign_on_give(self, roles):
        """Roles come and go with the issuer's groups; what was given by hand stays."""
        wanted = self.env["res.groups"]
        for name in {name for role in roles for name in ROLES[role]}:
            wanted |= self.env.ref(name)
        given = wanted - self.group_ids
        lost = self.sign_on_group_ids - wanted
        if given or lost:
            self.group_ids = [
                *(Command.unlink(group.id) for group in lost),
                *(Command.link(group.id) for group in given),
            ]
        kept = (self.sign_on_group_ids - lost) | given
        if kept != self.sign_on_group_ids:
            self.sign_on_group_ids = kept

    def _sign_on_end(self):
        """Ends every session of these users."""
        for user in self:
            user.sign_on_generation = secrets.token_urlsafe(16)

    @api.model
    def _sign_on_refused(self, claims, why):
        _logger.info("sign-on: %s of the issuer %s", claims["sub"], why)
        return AccessDenied()
