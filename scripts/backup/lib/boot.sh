# Boots Odoo on a restored database, neutralised, where nothing of it can get out, and uses it as people do. Sourced.
# shellcheck shell=bash
# shellcheck disable=SC2154

# The copy that Odoo works on: the restored database itself stays as it was restored.
copy=restored
host=odoo.localhost

boot_odoo() { # database, moment the restore began
  local options=(--network "$scratch" --label "odoo-platform.restore=$scratch" "${hardened[@]}")
  docker run --detach --name "$scratch-postgres" --network-alias postgres "${options[@]}" --memory 1g --memory-swap 1g --shm-size 256m \
    -e ODOO_DB_NAME=$copy -v "$scratch-postgres:/var/lib/postgresql" -v "$scratch-ca:/run/postgres-ca" \
    --tmpfs '/run/postgresql:rw,nosuid,nodev,size=1m,mode=0755,uid=999,gid=999' -v "$scratch-secrets:/run/secrets:ro" \
    "$postgres" serve -c archive_mode=on -c archive_command=false -c max_connections=50 -c shared_buffers=128MB >/dev/null
  wait_for 60 docker exec "$scratch-postgres" pg_isready --quiet --host=/run/postgresql
  docker exec --interactive "$scratch-postgres" psql -Xq -v ON_ERROR_STOP=1 -h /run/postgresql -U postgres -d postgres >/dev/null <<SQL
SET log_statement = 'none';
\\set password \`cat /run/secrets/odoo-db-password\`
-- One that an earlier restore left in what it brought back.
DROP DATABASE IF EXISTS $copy WITH (FORCE);
CREATE DATABASE $copy TEMPLATE "$1" OWNER odoo_app STRATEGY file_copy;
ALTER ROLE odoo_app LOGIN CONNECTION LIMIT 20 PASSWORD :'password';
SQL

  local odoo_options=(
    --user 100:101 -e ODOO_DB_NAME=$copy -e ODOO_WORKERS=0 -e ODOO_CRON_WORKERS=0 --memory 2g --memory-swap 2g
    -v "$scratch-odoo:/var/lib/odoo" -v "$scratch-ca:/run/postgres-ca:ro" -v "$scratch-secrets:/run/secrets:ro"
    --tmpfs '/mnt/extra-addons:ro,size=1m' --tmpfs '/run/odoo:rw,noexec,nosuid,nodev,size=1m,mode=0700,uid=100,gid=101'
  )
  # Hard links: the copy costs no space, and Odoo never writes into a file that is there.
  docker run --rm "${options[@]}" "${odoo_options[@]}" --entrypoint sh "$odoo" -c \
    "cd /var/lib/odoo/filestore 2>/dev/null && rm -rf $copy && cp -al '$1' $copy"
  docker run --rm --interactive "${options[@]}" "${odoo_options[@]}" "$odoo" shell <"$here/lib/odoo_prepare.py" >/dev/null 2>&1
  say "Odoo starts, neutralised"
  docker run --detach --name "$scratch-odoo" --network-alias odoo "${options[@]}" "${odoo_options[@]}" "$odoo" serve >/dev/null
  docker run --detach --name "$scratch-edge" --network-alias $host "${options[@]}" --user 1000:1000 --memory 256m --memory-swap 256m \
    -e ODOO_HOST=$host -e EDGE_TLS=internal --tmpfs '/data:rw,nosuid,nodev,size=16m,mode=0700,uid=1000,gid=1000' \
    --tmpfs '/config:rw,nosuid,nodev,size=16m,mode=0700,uid=1000,gid=1000' "$edge" >/dev/null

  wait_for 120 docker exec "$scratch-odoo" platform-health
  wait_for 30 docker exec "$scratch-edge" test -s /data/caddy/pki/authorities/local/root.crt
  docker exec "$scratch-edge" cat /data/caddy/pki/authorities/local/root.crt |
    docker exec --interactive --env BEGAN="$2" --env URL="https://$host:8443" "$scratch-odoo" \
      python3 -c "$(cat "$here/lib/login_over_tls.py")"
  # What a user waits for ends here; the rest is proof.
  docker exec --interactive "$scratch-odoo" platform-odoo shell --no-http <"$here/lib/odoo_checks.py" 2>/dev/null |
    sed -n 's/^REPORT //p'
}

# What is kept is as it was restored, without the copy, and shut down: the next start has nothing to recover.
drop_copy() {
  docker rm --force "$scratch-odoo" "$scratch-edge" >/dev/null
  docker exec "$scratch-postgres" psql -Xq -v ON_ERROR_STOP=1 -h /run/postgresql -U postgres -d postgres -c "DROP DATABASE IF EXISTS $copy WITH (FORCE)" >/dev/null
  docker stop --time 60 "$scratch-postgres" >/dev/null
}

wait_for() { # seconds, command …
  local tries=$(($1 * 5))
  shift
  until "$@" >/dev/null 2>&1; do
    tries=$((tries - 1))
    [ $tries -gt 0 ] || {
      say "no success in time: $*"
      return 1
    }
    sleep 0.2
  done
}
