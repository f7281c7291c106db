from . import controllers, models


def close_other_ways(env):
    """What this module brings along opens ways in that nobody asked for: accounts for everybody, and Odoo.com's."""
    env["ir.config_parameter"].set_param("auth_signup.invitation_scope", "b2b")
    env["auth.oauth.provider"].search([("enabled", "=", True)]).enabled = False
