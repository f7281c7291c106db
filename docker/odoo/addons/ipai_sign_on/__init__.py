from . import controllers, models


def close_other_ways(env):
    """What this module brings along opens ways in that nobody asked for: accounts for everybody, passwords by mail, and
    Odoo.com's. Where it was there before, somebody did.
    """
    parameters = env["ir.config_parameter"]
    if _came_along(env, "auth_signup"):
        parameters.set_param("auth_signup.invitation_scope", "b2b")
        parameters.set_param("auth_signup.reset_password", False)
    if _came_along(env, "auth_oauth"):
        env["auth.oauth.provider"].search([("enabled", "=", True)]).enabled = False


def _came_along(env, module):
    env.cr.execute(
        "SELECT min(create_date) > (now() AT TIME ZONE 'UTC') - interval '1 hour' FROM ir_model_data WHERE module = %s",
        [module],
    )
    return env.cr.fetchone()[0]
