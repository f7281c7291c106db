"""
Run inside `odoo shell`, as ACTION says:

fill     adds FILES attachments of KIB random KiB each, and about MIB MiB of partners: what a company has after a while
write    makes attachments of 4 KiB, PER_SECOND a second for SECONDS, each in a transaction of its own, as users do
"""

import os
import time

action = os.environ["ACTION"]

if action == "fill":
    for number in range(int(os.environ["FILES"])):
        env["ir.attachment"].create({"name": f"bulk {number}", "raw": os.urandom(int(os.environ["KIB"]) * 1024)})  # noqa: F821
        if number % 100 == 0:
            env.cr.commit()  # noqa: F821
    # A row of about 4 KiB that compresses as text does.
    env.cr.execute(  # noqa: F821
        """
        INSERT INTO res_partner (name, active, type, comment)
        SELECT 'bulk ' || n, true, 'contact', (SELECT string_agg(md5((n * 100 + i)::text) || ' Lorem ipsum dolor sit amet, ', '') FROM generate_series(1, 64) AS i)
        FROM generate_series(1, %s * 256) AS n
        """,
        [int(os.environ["MIB"])],
    )
    env.cr.commit()  # noqa: F821
    print("DONE")
else:
    began, made = time.monotonic(), 0
    while time.monotonic() - began < float(os.environ["SECONDS"]):
        env["ir.attachment"].create({"name": f"written {made}", "raw": os.urandom(4096)})  # noqa: F821
        env.cr.commit()  # noqa: F821
        made += 1
        time.sleep(max(0, began + made / float(os.environ["PER_SECOND"]) - time.monotonic()))
    print(f"DONE {made / (time.monotonic() - began):.1f}")
