#!/usr/bin/env bash
# A backup of database and filestore into every region, now: the database first, the files second. Needs Docker alone.
#
#   scripts/backup/full_backup.sh [--stack NAME] [--kind full|diff|incr] [--status]
#
# --stack   which stack (default: dev)
# --kind    everything, what changed since the last full one, or since the last of any kind (default: full)
# --status  takes none, and prints as JSON what each region holds
#
# Prints one line of JSON. Exit code 0: every region has it. 1: a region lacks it, or there is none; what is wrong is on
# standard error. 2: wrong usage.
set -euo pipefail

stack=dev
verb=full
usage() {
  sed -n '2,11s/^# \{0,1\}//p' "$0" >&2
  [ $# -eq 0 ] || echo "full_backup.sh: $*" >&2
  exit 2
}

while [ $# -gt 0 ]; do
  case "$1" in
    --stack) stack=${2:-} && shift 2 || usage "--stack needs a name" ;;
    --kind) verb=${2:-} && shift 2 || usage "--kind needs full, diff or incr" ;;
    --status) verb=status && shift ;;
    *) usage "unknown argument $1" ;;
  esac
done
[[ $stack =~ ^[a-z0-9][a-z0-9_-]*$ ]] || usage "--stack must be the name in Pulumi.<name>.yaml; got '$stack'"
[[ $verb =~ ^(full|diff|incr|status)$ ]] || usage "--kind must be full, diff or incr; got '$verb'"

container=odoo-platform-$stack-backup
if [ "$(docker inspect --format '{{.State.Running}}' "$container" 2>/dev/null)" != true ]; then
  echo "full_backup.sh: $container does not run; \`npm run platform -- up --stack $stack\` starts it (and Pulumi.$stack.yaml says whether backups are enabled)" >&2
  exit 1
fi
exec docker exec "$container" platform-backup "$verb"
