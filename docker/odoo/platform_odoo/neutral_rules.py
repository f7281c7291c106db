"""What a copy of production must not have: each rule says how it is taken away, and how to see that it is gone."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Rule:
    """Where a table or a column is missing, its module isn't installed, and there is nothing to take away."""

    what: str
    table: str
    columns: tuple[str, ...]
    #: Rows that must not be there.
    bad: str
    #: How they go: a list of assignments, or None where the rows themselves go.
    change: str | None = None


#: Scheduled actions that only clean up.
HARMLESS = "(SELECT res_id FROM ir_model_data WHERE model = 'ir.cron' AND name = 'autovacuum_job')"

#: Parameters by which Odoo and its addons reach others. Odoo's own secret is made anew instead.
REACHING = r"key ~* '(secret|password|token|api[._]?key|private_key|vapid|webhook)' AND key <> 'database.secret'"

RULES = (
    Rule("outgoing mail servers", "ir_mail_server", ("active", "smtp_pass"), "active OR smtp_pass IS NOT NULL", "active = false, smtp_pass = NULL"),
    Rule("mail that waits", "mail_mail", ("state",), "state = 'outgoing'", "state = 'cancel'"),
    Rule("incoming mail servers", "fetchmail_server", ("active", "password"), "active OR password IS NOT NULL", "active = false, password = NULL"),
    Rule("scheduled actions", "ir_cron", ("active",), f"active AND id NOT IN {HARMLESS}", "active = false"),
    Rule("payment providers", "payment_provider", ("state",), "state <> 'disabled'", "state = 'disabled'"),
    Rule("saved means of payment", "payment_token", ("active",), "active", "active = false"),
    Rule("couriers", "delivery_carrier", ("active", "delivery_type"), "active AND delivery_type NOT IN ('fixed', 'base_on_rule')", "active = false"),
    Rule("couriers in production", "delivery_carrier", ("prod_environment",), "prod_environment", "prod_environment = false"),
    Rule("automations that others start", "base_automation", ("active", "trigger"), "active AND trigger = 'on_webhook'", "active = false"),
    Rule("actions that call others", "ir_act_server", ("webhook_url",), "webhook_url IS NOT NULL", "webhook_url = NULL"),
    Rule("API keys", "res_users_apikeys", (), "true"),
    Rule("devices trusted at sign-in", "auth_totp_device", (), "true"),
    Rule("identity providers", "auth_oauth_provider", ("enabled",), "enabled", "enabled = false"),
    Rule("tokens of identity providers", "res_users", ("oauth_access_token",), "oauth_access_token IS NOT NULL", "oauth_access_token = NULL"),
    Rule("credit with Odoo's services", "iap_account", (), "true"),
    Rule("text messages that wait", "sms_sms", ("state",), "state = 'outgoing'", "state = 'canceled'"),
    Rule("letters that wait", "snailmail_letter", ("state",), "state IN ('pending', 'error')", "state = 'canceled'"),
    Rule("mailings that wait", "mailing_mailing", ("state",), "state IN ('in_queue', 'sending')", "state = 'draft'"),
    Rule("digests by mail", "digest_digest", ("state",), "state = 'activated'", "state = 'deactivated'"),
    Rule("browsers that are notified", "mail_push_device", (), "true"),
    Rule("jobs that wait", "queue_job", ("state",), "state IN ('pending', 'enqueued', 'wait_dependencies')", "state = 'cancelled'"),
    Rule("Google's calendar", "res_users_settings", ("google_calendar_rtoken", "google_calendar_token"), "google_calendar_rtoken IS NOT NULL OR google_calendar_token IS NOT NULL", "google_calendar_rtoken = NULL, google_calendar_token = NULL"),
    Rule("Microsoft's calendar", "res_users", ("microsoft_calendar_token", "microsoft_calendar_rtoken"), "microsoft_calendar_token IS NOT NULL OR microsoft_calendar_rtoken IS NOT NULL", "microsoft_calendar_token = NULL, microsoft_calendar_rtoken = NULL"),
    Rule("secrets among the parameters", "ir_config_parameter", ("key", "value"), f"{REACHING} AND value <> ''", "value = ''"),
)

#: Of people who are neither users nor the company itself.
PEOPLE = "id NOT IN (SELECT partner_id FROM res_users) AND id NOT IN (SELECT partner_id FROM res_company)"

#: What says who somebody is. The change makes it useless and keeps its shape; what is free text goes.
PERSONAL = (
    Rule("names", "res_partner", ("name", "complete_name", "is_company"), f"{PEOPLE} AND name NOT LIKE 'Person %' AND name NOT LIKE 'Company %'", "name = CASE WHEN is_company THEN 'Company ' ELSE 'Person ' END || id, complete_name = CASE WHEN is_company THEN 'Company ' ELSE 'Person ' END || id"),
    Rule("addresses of mail", "res_partner", ("email", "email_normalized"), f"{PEOPLE} AND email NOT LIKE '%@example.invalid'", "email = 'partner' || id || '@example.invalid', email_normalized = 'partner' || id || '@example.invalid'"),
    Rule("streets", "res_partner", ("street", "street2"), f"{PEOPLE} AND (street IS NOT NULL OR street2 IS NOT NULL)", "street = NULL, street2 = NULL"),
    Rule("telephones", "res_partner", ("phone",), f"{PEOPLE} AND phone IS NOT NULL", "phone = NULL"),
    Rule("tax numbers", "res_partner", ("vat",), f"{PEOPLE} AND vat IS NOT NULL", "vat = NULL"),
    Rule("notes", "res_partner", ("comment",), f"{PEOPLE} AND comment IS NOT NULL", "comment = NULL"),
    Rule("bank accounts", "res_partner_bank", ("acc_number", "sanitized_acc_number", "partner_id"), "partner_id NOT IN (SELECT partner_id FROM res_company) AND acc_number NOT LIKE 'ACCOUNT%'", "acc_number = 'ACCOUNT' || id, sanitized_acc_number = 'ACCOUNT' || id"),
    Rule("contacts of leads", "crm_lead", ("contact_name", "email_from", "phone"), "contact_name IS NOT NULL OR email_from IS NOT NULL OR phone IS NOT NULL", "contact_name = NULL, email_from = NULL, phone = NULL"),
    Rule("employees' own", "hr_employee", ("private_phone", "private_email", "private_street"), "private_phone IS NOT NULL OR private_email IS NOT NULL OR private_street IS NOT NULL", "private_phone = NULL, private_email = NULL, private_street = NULL"),
    Rule("what was written", "mail_message", ("body", "email_from"), "body <> '' OR email_from NOT LIKE '%@example.invalid'", "body = '', email_from = 'message@example.invalid'"),
)
