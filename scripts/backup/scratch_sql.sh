#!/usr/bin/env bash
# Asks the database that `platform restore --scratch` (or restore_test.sh --keep) left in a scratch volume. Nothing reaches it
# but this command, and it reaches nothing.
#
#   scripts/backup/scratch_sql.sh [--stack NAME] [--database NAME] <SQL on standard input>
set -euo pipefail

stack=dev database=odoo
while [ $# -gt 0 ]; do
  case $1 in
    --stack) stack=$2 ;;
    --database) database=$2 ;;
    *)
      echo "scratch_sql.sh: no option $1; there are --stack and --database" >&2
      exit 2
      ;;
  esac
  shift 2
done

prefix=odoo-platform-$stack
volume=$prefix-restore-postgres
docker volume inspect "$volume" >/dev/null 2>&1 || {
  echo "scratch_sql.sh: there is no volume $volume; restore with --scratch first" >&2
  exit 1
}
image=${POSTGRES_IMAGE:-$(docker container inspect --format '{{.Config.Image}}' "$prefix-postgres")}

exec docker run --rm --interactive --network none --user 999:999 --read-only --cap-drop ALL --security-opt no-new-privileges \
  --memory 1g --memory-swap 1g --shm-size 256m --tmpfs '/tmp:rw,noexec,nosuid,nodev,size=64m,mode=1777' \
  -v "$volume:/var/lib/postgresql" --label "odoo-platform.restore=$prefix-restore" --entrypoint bash "$image" -euc '
    echo "local all all trust" >/tmp/pg_hba.conf
    settings=(-c config_file=/etc/platform-postgres/postgresql.conf -c hba_file=/tmp/pg_hba.conf -c unix_socket_directories=/tmp
      -c listen_addresses= -c ssl=off -c archive_mode=on -c archive_command=false)
    pg_ctl --pgdata "$PGDATA" --options "${settings[*]}" --log /tmp/log --wait --timeout 120 start >/dev/null || { cat /tmp/log >&2; exit 1; }
    status=0
    psql -XAtq -v ON_ERROR_STOP=1 --host /tmp --username postgres --dbname "$1" || status=$?
    pg_ctl --pgdata "$PGDATA" --mode fast --wait stop >/dev/null
    exit "$status"' bash "$database"
