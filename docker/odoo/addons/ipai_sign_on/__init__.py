from . import controllers, models


def close_other_ways(env):
    """What this module brings along opens ways in that nobody asked for: accounts for everybody, passwords by mail, and
    Odoo.com's. Where customers log in already, the first two are somebody's wish.
    """
    env["auth.oauth.provider"].search([("enabled", "=", True)]).enabled = False
    if env["res.users"].search_count([("share", "=", True), ("log_ids", "!=", False)]):
        return
    parameters = env["ir.config_parameter"]
    parameters.set_param("auth_signup.invitation_scope", "b2b")
    parameters.set_param("auth_signup.reset_password", False)
