#!/usr/bin/env bash
# Restores a stack's database and filestore from one region into a scratch system without a way out, with nothing but
# the escrow file, and checks everything: a backup is worth what this says. Needs Docker alone, touches nothing that runs.
#
#   scripts/backup/restore_test.sh --region REGION --escrow FILE [option …]
#
#   --stack NAME       whose backups (default: dev)
#   --at TIME          bring back this moment, such as 2026-01-31T13:00:00Z (default: the newest that the region holds)
#   --backup ID        bring back the end of this backup
#   --as-of TIME       read the region as it was then, whatever was deleted or overwritten since
#   --lost-at TIME     the moment of the loss, from which what is lost is measured (default: now)
#   --rpo SECONDS      most seconds that may be lost (default: 300)
#   --network NAME     network that reaches the region (default: the stack's `backup`, where it is there)
#   --kind KIND        restore_test or drill: where the result is recorded (default: restore_test)
#   --json FILE        write the report there too
#   --keep             leave the scratch volumes, with the data as restored; their names are in the report
#
# Images: POSTGRES_IMAGE, ODOO_IMAGE, EDGE_IMAGE and BACKUP_IMAGE, else those of the stack's containers, else those that
# docker-compose.yml names. Exit code 0 when every check holds, 1 when one doesn't, 2 for wrong use.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=scripts/backup/lib/scratch.sh
. "$here/lib/scratch.sh"

usage() {
  sed -n 's/^# \{0,1\}//; 2,20p' "$0" | sed 1d >&2
  echo "restore_test.sh: $1" >&2
  exit 2
}

stack=dev region='' escrow='' network='' json='' keep='' kind=restore_test
moment=()
while [ $# -gt 0 ]; do
  case $1 in
    --keep) keep=yes && shift && continue ;;
    --help | -h) sed -n 's/^# \{0,1\}//; 2,20p' "$0" && exit 0 ;;
    --stack | --region | --escrow | --network | --json | --kind | --at | --backup | --as-of | --lost-at | --rpo)
      [ $# -ge 2 ] || usage "$1 needs a value"
      ;;
    *) usage "no option $1" ;;
  esac
  case $1 in
    --stack) stack=$2 ;;
    --region) region=$2 ;;
    --escrow) escrow=$2 ;;
    --network) network=$2 ;;
    --json) json=$2 ;;
    --kind) kind=$2 ;;
    *) moment+=("$1" "$2") ;;
  esac
  shift 2
done
[ -n "$region" ] || usage "--region says which region to restore from"
[ -n "$escrow" ] || usage "--escrow names the file that the operator keeps"
[ -r "$escrow" ] || usage "$escrow can't be read"
[ "$kind" = restore_test ] || [ "$kind" = drill ] || usage "--kind is restore_test or drill"

prefix=odoo-platform-$stack
began=$(date -u +%Y-%m-%dT%H:%M:%SZ)
start=$(now)
scratch_open "$prefix"
trap 'scratch_close "$keep"' EXIT
trap 'exit 1' HUP INT TERM

backup=$(image_of backup BACKUP_IMAGE)
postgres=$(image_of postgres POSTGRES_IMAGE)
odoo=$(image_of odoo ODOO_IMAGE)
edge=$(image_of edge EDGE_IMAGE)
[ -n "$network" ] || network=$(vault_network "$prefix")

say "a scratch system $scratch, from $region over network $network"
scratch_volumes "$postgres"

# The only two containers that reach the region; neither runs anything of Odoo's.
reports=()
reports+=("$(
  from_region "$backup" "$network" --user 999:999 \
    -v "$scratch-postgres:/restore" -v "$scratch-exchange:/exchange" -- \
    restore-database --region "$region" "${moment[@]}" <"$escrow"
)")
if [ "$(fact attachment_rows "${reports[0]}")" != '' ]; then
  reports+=("$(
    from_region "$backup" "$network" --user 100:101 \
      -v "$scratch-odoo:/var/lib/odoo" -v "$scratch-exchange:/exchange:ro" -- \
      restore-files --region "$region" "${moment[@]}" <"$escrow"
  )")
  # shellcheck source=scripts/backup/lib/boot.sh
  . "$here/lib/boot.sh"
  reports+=("$(boot_odoo "$(fact database "${reports[0]}")" "$start" || true)")
  [ -z "$keep" ] || drop_copy || say "the copy that Odoo was tried on is still in what is kept"
fi

result=$(
  printf '%s\n' "${reports[@]}" | quietly "$backup" verify-report \
    --region "$region" --stack "$stack" --kind "$kind" --began "$began" --scratch "$scratch"
) || true
printf '%s\n' "$result" | quietly "$backup" verify-report --show >&2 || true
[ -z "$json" ] || printf '%s\n' "$result" >"$json"
record "$prefix" "$kind" "$result"
printf '%s\n' "$result"
[ "$(fact holds "$result")" = true ]
