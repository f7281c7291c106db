# The scratch system of a restore: volumes and networks of its own, which are gone when it ends. Sourced.
# shellcheck shell=bash
# shellcheck disable=SC2154 # set by whoever sources it

say() { echo "restore: $*" >&2; }

now() { date +%s.%N; }

# One restore of a stack at a time. What a killed one left is removed by the next.
scratch_open() { # prefix
  scratch=$1-restore
  exec 8>"${TMPDIR:-/tmp}/$scratch.lock"
  flock --nonblock 8 || {
    say "another restore of $1 is at work; wait for it"
    exit 1
  }
  scratch_remove
}

scratch_close() { # keep
  local code=$?
  if [ -z "$1" ]; then
    scratch_remove
  else
    scratch_containers
  fi
  exit "$code"
}

scratch_containers() {
  local ids
  ids=$(docker ps --all --quiet --filter "label=odoo-platform.restore=$scratch")
  # shellcheck disable=SC2086 # one argument each
  [ -z "$ids" ] || docker rm --force --volumes $ids >/dev/null
  ids=$(docker network ls --quiet --filter "label=odoo-platform.restore=$scratch")
  # shellcheck disable=SC2086
  [ -z "$ids" ] || docker network rm $ids >/dev/null
}

scratch_remove() {
  local ids
  scratch_containers
  ids=$(docker volume ls --quiet --filter "label=odoo-platform.restore=$scratch")
  # shellcheck disable=SC2086
  [ -z "$ids" ] || docker volume rm --force $ids >/dev/null
}

# Volumes owned by whom they are for. Root without any other right, no network, for the time of one chown.
scratch_volumes() { # image
  local role mounts=()
  for role in postgres odoo exchange ca secrets; do
    docker volume create --label "odoo-platform.restore=$scratch" "$scratch-$role" >/dev/null
    mounts+=(-v "$scratch-$role:/scratch/$role")
  done
  docker network create --internal --label "odoo-platform.restore=$scratch" "$scratch" >/dev/null
  # Passwords that live as long as the scratch system.
  docker run --rm --network none --user 0:0 --read-only --cap-drop ALL --cap-add CHOWN --cap-add FOWNER --cap-add DAC_OVERRIDE \
    --security-opt no-new-privileges --label "odoo-platform.restore=$scratch" "${mounts[@]}" --entrypoint sh "$1" -ec '
      cd /scratch
      for name in odoo-db-password odoo-admin-password; do
        LC_ALL=C tr -dc A-Za-z0-9 </dev/urandom | head -c 32 >"secrets/$name"
        chmod 0444 "secrets/$name"
      done
      install -d -o 999 -g 999 -m 0700 postgres/17 postgres/17/main
      chown 999:999 postgres ca && chmod 0755 ca
      chown 100:101 odoo && chmod 0777 exchange && chmod 0755 secrets'
}

# The image of a service: from the environment, else as the stack runs it, else as the project's Compose file names it.
image_of() { # service, variable
  local ref=${!2:-}
  [ -n "$ref" ] || ref=$(docker container inspect --format '{{.Config.Image}}' "$prefix-$1" 2>/dev/null) || ref=''
  [ -n "$ref" ] || ref=$(sed -n "s/^ *image: \${$2:-\(.*\)}$/\1/p" docker-compose.yml 2>/dev/null | head -n 1)
  if ! docker image inspect "$ref" >/dev/null 2>&1; then
    say "no image for $1 (${ref:-none named}); set $2, or build it with \`npm run platform -- images\`"
    exit 1
  fi
  printf '%s\n' "$ref"
}

# A vault on this machine is reached through the stack's own network; one elsewhere through the way out.
vault_network() { # prefix
  if docker network inspect "$1-backup" >/dev/null 2>&1; then echo "$1-backup"; else echo bridge; fi
}

# Every container of the scratch system is hardened as those of a stack are.
hardened=(
  --read-only --init --cap-drop ALL --security-opt 'no-new-privileges' --cpus 2
  --tmpfs '/tmp:rw,noexec,nosuid,nodev,size=512m,mode=1777'
)

# Runs a verb of the backup image on the network that reaches the region; standard input is the escrow file.
from_region() { # image, network, docker option …, --, verb …
  local image=$1 network=$2 options=()
  shift 2
  while [ "$1" != -- ]; do
    options+=("$1")
    shift
  done
  shift
  # A report that doesn't hold comes with exit code 1, and is a report all the same.
  docker run --rm --interactive --network "$network" --label "odoo-platform.restore=$scratch" "${hardened[@]}" \
    --memory 1g --memory-swap 1g --shm-size 256m "${options[@]}" "$image" "$@" || [ $? -eq 1 ]
}

# Runs a verb of the backup image that needs nothing but its standard input.
quietly() { # image, verb …
  docker run --rm --interactive --network none --label "odoo-platform.restore=$scratch" "${hardened[@]}" --memory 256m --memory-swap 256m "$@"
}

# A plain value out of a report. Reports are written by our own code: one line, no spaces after colons.
fact() { # name, report
  sed -n "s/.*\"$1\": \"\{0,1\}\([^\",}]*\)\"\{0,1\}[,}].*/\1/p" <<<"$2" | head -n 1
}

# Keeps the result where the stack's status is read from, if its database is up.
record() { # prefix, table, report
  local table=restore_tests
  [ "$2" = drill ] && table=drills
  docker container inspect --format '{{.State.Running}}' "$1-postgres" 2>/dev/null | grep -q true || return 0
  docker exec --interactive "$1-postgres" sh -c 'exec psql -XAtq -v ON_ERROR_STOP=1 -h /run/postgresql -U postgres -d "${ODOO_DB_NAME:-odoo}"' >/dev/null <<SQL || say "the result could not be recorded in monitoring.$table"
\\set report '$(sed "s/\\\\/\\\\\\\\/g; s/'/''/g" <<<"$3")'
INSERT INTO monitoring.$table (id, region, backup_id, started_at, ended_at, holds, rpo_seconds, rto_seconds, detail)
SELECT id, region, backup_id, started_at, ended_at, holds, rpo_seconds, rto_seconds, detail
FROM json_to_record(:'report'::json) AS r(id text, region text, backup_id text, started_at timestamptz, ended_at timestamptz,
  holds boolean, rpo_seconds double precision, rto_seconds double precision, detail text);
SQL
}
