"""Run in `odoo shell` on a restored, neutralised database: prints one report as JSON, after the word REPORT."""

# ruff: noqa: F821  env is the shell's
import json
import shutil
import time

seconds = {}
findings = []


def check(name, limit, work):
    started = time.monotonic()
    try:
        holds, measured, detail = work()
    except Exception as error:
        env.cr.rollback()
        holds, measured, detail = False, None, f"could not be checked: {' '.join(str(error).split())[:400]}"
    seconds[name] = round(time.monotonic() - started, 2)
    findings.append({"check": name, "holds": holds, "measured": measured, "limit": limit, "detail": detail})


def neutralised():
    flag = env["ir.config_parameter"].sudo().get_param("database.is_neutralized")
    servers = env["ir.mail_server"].sudo().search_count([("active", "=", True)])
    return (
        flag == "true" and servers <= 1,
        {"neutralised": flag, "active mail servers": servers},
        "the copy is neutralised: it sends no mail and calls nobody"
        if flag == "true"
        else "the copy is not neutralised",
    )


def modules():
    states = env["ir.module.module"].sudo().search([("state", "in", ("to install", "to upgrade", "to remove"))])
    installed = env["ir.module.module"].sudo().search_count([("state", "=", "installed")])
    return (
        installed > 0 and not states,
        {"installed": installed, "half done": states.mapped("name")},
        f"{installed} modules are installed, {len(states)} are half done",
    )


def report():
    """The first of these that has a record: what people print, down to what every database has."""
    wanted = [
        ("account.account_invoices", "account.move", [("state", "=", "posted"), ("move_type", "=", "out_invoice")]),
        ("sale.action_report_saleorder", "sale.order", []),
        ("base.ir_module_reference_print", "ir.module.module", [("name", "=", "base")]),
    ]
    for name, model, domain in wanted:
        action = env.ref(name, raise_if_not_found=False)
        record = env[model].sudo().search(domain, limit=1) if action and model in env else None
        if not record:
            continue
        if shutil.which("wkhtmltopdf"):
            content, kind = env["ir.actions.report"].sudo()._render_qweb_pdf(name, record.ids)
            good = kind == "pdf" and content.startswith(b"%PDF-") and len(content) > 1000
            what = "PDF"
        else:
            # Debian has no wkhtmltopdf: the report's own page is rendered, and called what it is.
            content, kind = env["ir.actions.report"].sudo()._render_qweb_html(name, record.ids)
            good = kind == "html" and b"</html>" in content.lower() and len(content) > 1000
            what = "HTML, since this image has no wkhtmltopdf"
        return good, {"report": name, "as": what, "bytes": len(content)}, f"{name} renders as {what} ({len(content)} bytes)"
    return False, None, "no report could be found to render"


def business():
    if "account.move.line" in env:
        env.cr.execute(
            "SELECT count(*), coalesce(sum(l.debit), 0), coalesce(sum(l.credit), 0) FROM account_move_line l"
            " JOIN account_move m ON m.id = l.move_id WHERE m.state = 'posted'"
        )
        lines, debit, credit = env.cr.fetchone()
        return (
            abs(debit - credit) < 0.005,
            {"posted lines": lines, "debit": float(debit), "credit": float(credit)},
            f"the books balance: {lines} posted lines, debit {debit}, credit {credit}",
        )
    partners = env["res.partner"].sudo().with_context(active_test=False).search_count([])
    companies = env["res.company"].sudo().search([]).mapped("name")
    return (
        partners > 0 and len(companies) > 0,
        {"partners": partners, "companies": companies},
        f"{partners} partners and {len(companies)} companies are found through Odoo",
    )


check("neutralised", {"neutralised": "true"}, neutralised)
check("modules", {"half done": []}, modules)
check("report", {"bytes": "> 1000"}, report)
check("business-query", {"debit": "= credit"}, business)
print("REPORT " + json.dumps({"holds": all(one["holds"] for one in findings), "findings": findings, "seconds": seconds, "facts": {}}))
