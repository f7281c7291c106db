"""Run in `odoo shell` on the copy of a restored database, before any server starts on it: neutralises it, and gives its
administrator a password of the scratch system, so that the login can be tried without knowing anybody's."""

# ruff: noqa: F821  env is the shell's
from pathlib import Path

from odoo.modules.neutralize import neutralize_database

neutralize_database(env.cr)
password = Path("/run/secrets/odoo-admin-password").read_text().strip()
hashed = env["res.users"]._crypt_context().hash(password)
user = env.ref("base.user_admin")
# Past the ORM: no mail about a new password, no session to end. A second factor is a person's, and nobody is there.
second_factor = ", totp_secret = NULL" if "totp_secret" in user._fields else ""
env.cr.execute(
    f"UPDATE res_users SET login = 'restore-check', active = true, password = %s{second_factor} WHERE id = %s",
    [hashed, user.id],
)
env.cr.commit()
