-- Invoices, what is owed and by whom, and balances of accounts. Amounts in the company's currency.

INSERT INTO bi_wanted (name, needs, mcp, says, query, columns) VALUES
('invoices', '{public.account_move,public.account_journal}', true,
 'Posted invoices, bills and credit notes, one a row.',
 $q$
 SELECT m.name AS number, m.move_type AS kind, m.move_type IN ('out_invoice', 'out_refund', 'out_receipt') AS sale,
        m.invoice_date, date_trunc('month', m.invoice_date)::date AS month, m.invoice_date_due AS due_date,
        c.name AS company, p.name AS partner, k.code AS country_code, {{j.name}} AS journal, m.payment_state,
        cur.name AS invoice_currency, m.amount_untaxed_signed AS untaxed, m.amount_tax_signed AS tax,
        m.amount_total_signed AS total, m.amount_residual_signed AS open
   FROM public.account_move m
   JOIN public.res_company c ON c.id = m.company_id
   JOIN public.account_journal j ON j.id = m.journal_id
   LEFT JOIN public.res_partner p ON p.id = m.commercial_partner_id
   LEFT JOIN public.res_country k ON k.id = p.country_id
   LEFT JOIN public.res_currency cur ON cur.id = m.currency_id
  WHERE m.state = 'posted' AND m.move_type IN ('out_invoice', 'out_refund', 'out_receipt', 'in_invoice', 'in_refund', 'in_receipt')
 $q$,
 '{"number": "Number of the document", "kind": "out_invoice, out_refund, out_receipt, in_invoice, in_refund or in_receipt",
   "sale": "Whether it is to a customer, not from a vendor", "invoice_date": "Date of the document",
   "month": "First day of the month of invoice_date", "due_date": "Day on which it is due", "company": "Company",
   "partner": "Customer or vendor", "country_code": "ISO code of the partner''s country", "journal": "Journal",
   "payment_state": "not_paid, in_payment, paid, partial, reversed or blocked", "invoice_currency": "Currency of the document itself",
   "untaxed": "Amount without taxes; money that comes in is positive, that goes out negative", "tax": "Taxes, same sign",
   "total": "Amount with taxes, same sign", "open": "What is not paid yet, same sign"}'),

('receivables_ageing', '{public.account_move_line,public.account_account}', true,
 'Open receivables, one journal item a row, by how late they are today.',
 $q$
 SELECT p.name AS customer, c.name AS company, m.name AS document, m.invoice_date,
        coalesce(l.date_maturity, l.date) AS due_date, greatest(current_date - coalesce(l.date_maturity, l.date), 0) AS days_overdue,
        CASE WHEN coalesce(l.date_maturity, l.date) >= current_date THEN '0 not due'
             WHEN current_date - coalesce(l.date_maturity, l.date) <= 30 THEN '1 to 30 days'
             WHEN current_date - coalesce(l.date_maturity, l.date) <= 60 THEN '31 to 60 days'
             WHEN current_date - coalesce(l.date_maturity, l.date) <= 90 THEN '61 to 90 days'
             ELSE 'over 90 days' END AS bucket,
        l.amount_residual AS open
   FROM public.account_move_line l
   JOIN public.account_account a ON a.id = l.account_id
   JOIN public.account_move m ON m.id = l.move_id
   JOIN public.res_company c ON c.id = l.company_id
   LEFT JOIN public.res_partner p ON p.id = l.partner_id
  WHERE a.account_type = 'asset_receivable' AND l.parent_state = 'posted' AND NOT l.reconciled AND l.amount_residual <> 0
 $q$,
 '{"customer": "Customer", "company": "Company that is owed", "document": "Number of the document", "invoice_date": "Date of the invoice",
   "due_date": "Day on which it is due", "days_overdue": "Days past due_date today; 0 when not due",
   "bucket": "Class of days_overdue", "open": "What is owed; credits are negative"}'),

('payables_ageing', '{public.account_move_line,public.account_account}', true,
 'Open payables, one journal item a row, by how late they are today.',
 $q$
 SELECT p.name AS vendor, c.name AS company, m.name AS document, m.ref AS vendor_reference, m.invoice_date,
        coalesce(l.date_maturity, l.date) AS due_date, greatest(current_date - coalesce(l.date_maturity, l.date), 0) AS days_overdue,
        CASE WHEN coalesce(l.date_maturity, l.date) >= current_date THEN '0 not due'
             WHEN current_date - coalesce(l.date_maturity, l.date) <= 30 THEN '1 to 30 days'
             WHEN current_date - coalesce(l.date_maturity, l.date) <= 60 THEN '31 to 60 days'
             WHEN current_date - coalesce(l.date_maturity, l.date) <= 90 THEN '61 to 90 days'
             ELSE 'over 90 days' END AS bucket,
        -l.amount_residual AS open
   FROM public.account_move_line l
   JOIN public.account_account a ON a.id = l.account_id
   JOIN public.account_move m ON m.id = l.move_id
   JOIN public.res_company c ON c.id = l.company_id
   LEFT JOIN public.res_partner p ON p.id = l.partner_id
  WHERE a.account_type = 'liability_payable' AND l.parent_state = 'posted' AND NOT l.reconciled AND l.amount_residual <> 0
 $q$,
 '{"vendor": "Vendor", "company": "Company that owes", "document": "Number of the document", "vendor_reference": "The vendor''s own number",
   "invoice_date": "Date of the bill", "due_date": "Day on which it is due", "days_overdue": "Days past due_date today; 0 when not due",
   "bucket": "Class of days_overdue", "open": "What is owed; credits are negative"}'),

('account_balances', '{public.account_move_line,public.account_account,public.account_journal}', false,
 'Posted amounts by month, account and journal.',
 $q$
 SELECT date_trunc('month', l.date)::date AS month, c.name AS company,
        coalesce(a.code_store->>(split_part(c.parent_path, '/', 1)), (SELECT min(value) FROM jsonb_each_text(a.code_store))) AS account_code,
        {{a.name}} AS account, a.account_type, split_part(a.account_type, '_', 1) AS account_group, {{j.name}} AS journal, count(*) AS items,
        sum(l.debit)::numeric(16, 2) AS debit, sum(l.credit)::numeric(16, 2) AS credit, sum(l.balance)::numeric(16, 2) AS balance
   FROM public.account_move_line l
   JOIN public.account_account a ON a.id = l.account_id
   JOIN public.account_journal j ON j.id = l.journal_id
   JOIN public.res_company c ON c.id = l.company_id
  WHERE l.parent_state = 'posted'
  GROUP BY date_trunc('month', l.date), c.id, a.id, j.id
 $q$,
 '{"month": "First day of the month", "company": "Company", "account_code": "Code of the account", "account": "Account",
   "account_type": "Type of the account, such as asset_receivable", "account_group": "asset, liability, equity, income, expense or off; the first word of account_type",
   "journal": "Journal", "items": "Number of journal items", "debit": "Debit", "credit": "Credit",
   "balance": "Debit less credit"}');
