#!/bin/bash
# The official image's documented behaviour: HOST, PORT, USER and PASSWORD (or PASSWORD_FILE) name the database server
# unless the configuration file does; `odoo`, `--` and options start the server once the database answers; anything
# else is run as it is.
set -euo pipefail

if [ -n "${PASSWORD_FILE:-}" ]; then
  PASSWORD=$(<"$PASSWORD_FILE")
fi
: "${HOST:=${DB_PORT_5432_TCP_ADDR:-db}}"
: "${PORT:=${DB_PORT_5432_TCP_PORT:-5432}}"
: "${USER:=${DB_ENV_POSTGRES_USER:-${POSTGRES_USER:-odoo}}}"
: "${PASSWORD:=${DB_ENV_POSTGRES_PASSWORD:-${POSTGRES_PASSWORD:-odoo}}}"

# The configuration file wins over the environment, as in the official image.
setting() {
  local in_file
  in_file=$(sed -n -E "s/^[[:space:]]*$1[[:space:]]*=[[:space:]]*//p" "$ODOO_RC" 2>/dev/null | tail -n 1)
  printf '%s' "${in_file:-$2}"
}

database=()
connect() {
  local host port tries
  host=$(setting db_host "$HOST")
  port=$(setting db_port "$PORT")
  database=(--db_host "$host" --db_port "$port"
    --db_user "$(setting db_user "$USER")" --db_password "$(setting db_password "$PASSWORD")")
  for tries in $(seq 30); do
    if pg_isready --quiet --host "$host" --port "$port"; then
      return
    fi
    sleep 1
  done
  echo "entrypoint: no database at $host:$port after $tries s" >&2
  exit 1
}

case "${1:-}" in
  -- | odoo)
    shift
    if [ "${1:-}" = scaffold ]; then
      exec odoo "$@"
    fi
    connect
    exec odoo "$@" "${database[@]}"
    ;;
  -*)
    connect
    exec odoo "$@" "${database[@]}"
    ;;
  *)
    exec "$@"
    ;;
esac
