#!/bin/sh
# Fails the build, with a sentence, where the base image is not what this one relies on. Two bases are in use (the
# official image and Debian's package) and either may change.
set -eu

fail() {
  echo "check-base: $*" >&2
  exit 1
}

is() { # what, expected, found
  [ "$2" = "$3" ] || fail "$1 must be $2; the base image has ${3:-none}"
}

is "uid of user odoo" 100 "$(id -u odoo 2>/dev/null)"
is "gid of group odoo" 101 "$(id -g odoo 2>/dev/null)"
is "owner of /var/lib/odoo" 100:101 "$(stat -c %u:%g /var/lib/odoo 2>/dev/null)"
is "home of user odoo" /var/lib/odoo "$(getent passwd odoo | cut -d: -f6)"
for command in odoo curl pg_dump psql; do
  command -v "$command" >/dev/null || fail "the base image lacks $command"
done
python3 -c 'import psycopg2' || fail "the base image's python3 lacks psycopg2"
case "$(odoo --version)" in
  "Odoo Server 19.0"*) ;;
  *) fail "Odoo must be 19.0; the base image has $(odoo --version)" ;;
esac
