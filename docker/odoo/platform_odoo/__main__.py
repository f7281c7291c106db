"""What a container of this image does.

serve [odoo option …]   runs Odoo: web workers, cron workers and the websocket process (the default)
init                    makes the database hold the wanted modules, the administrator and the base URL; then ends
keep-key                keeps a key of the user that assistants read as, and a new one before it ends; never ends
neutralize              makes a copy of production harmless, all of it or nothing; --anonymise takes personal data away too
neutral                 ends with 0 where it is harmless
smoke                   ends with 0 where the server of this container serves its pages; asked from inside of it
connect LOGIN           prints a link that logs in without a password, in development alone: good once, and for five minutes
key-lasts               ends with 0 where that key is good for a day
shell [odoo option …]   a Python prompt inside Odoo, on the database
exec <command …>        any command, with the rendered configuration in $ODOO_RC
"""

import os
import sys

from . import conf, database
from .fault import Fault
from .settings import read_settings


def main(arguments: list[str]) -> int:
    verb, rest = (arguments[0], arguments[1:]) if arguments else ("serve", [])
    try:
        if verb not in {"serve", "init", "smoke", "connect", "neutralize", "neutral", "keep-key", "key-lasts", "mint-key", "shell", "exec"}:
            print(f"platform-odoo: no verb {verb!r}\n\n{__doc__}", file=sys.stderr)
            return 2
        settings = read_settings(os.environ)
        os.environ["ODOO_RC"] = conf.write(settings)

        if verb == "init":
            # Imported here: serving needs none of it.
            from . import init

            return init.run(settings)
        if verb in {"neutralize", "neutral"}:
            from . import neutralize

            return (neutralize.neutralize if verb == "neutralize" else neutralize.neutral)(settings, rest)
        if verb == "smoke":
            from . import smoke

            return smoke.run(settings)
        if verb == "connect":
            from . import connect

            return connect.connect(settings, rest)
        if verb in {"keep-key", "key-lasts", "mint-key"}:
            from . import assistants

            work = {"keep-key": assistants.keep_key, "key-lasts": assistants.healthy, "mint-key": assistants.mint_key}
            return work[verb](settings)
        if verb == "serve":
            with database.connect(settings) as connection:
                if not database.initialised(connection):
                    raise Fault(f"database {settings.db_name} holds no Odoo yet; run the init job first")
            command = ["odoo", *rest]
        elif verb == "shell":
            command = ["odoo", "shell", "--no-http", "--database", settings.db_name, *rest]
        elif rest:
            command = rest
        else:
            raise Fault("exec needs a command")
        sys.stdout.flush()
        os.execvp(command[0], command)
    except Fault as fault:
        print(f"platform-odoo {verb}: {fault}", file=sys.stderr)
        return 1
    except FileNotFoundError as error:
        print(f"platform-odoo {verb}: {error}", file=sys.stderr)
        return 127
