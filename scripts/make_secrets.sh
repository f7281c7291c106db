#!/usr/bin/env bash
# Makes the secrets that a Compose file of this project asks for, where they aren't there yet: for those who run
# `docker compose` by hand. `npm run up` makes its own. Those below `given` are made by others, such as access keys of a
# cloud; what of them is missing is named.
#
#   scripts/make_secrets.sh [compose file …]    by default docker-compose.yml and docker-compose.shell.yml
set -euo pipefail

[ $# -gt 0 ] || set -- docker-compose.yml docker-compose.shell.yml
file=$1
names=
for one in "$@"; do
  if [ ! -f "$one" ]; then
    echo "make_secrets.sh: there is no $one; run it in the project's folder, or name the Compose file" >&2
    exit 2
  fi
  found=$(sed -n 's|^ *file: ${SECRETS_DIR:-[^}]*}/\(.*\)|\1|p' "$one")
  if [ -z "$found" ]; then
    echo "make_secrets.sh: $one names no secrets; is it a Compose file of this project?" >&2
    exit 2
  fi
  names="$names $found"
done

# The folder as Compose finds it: the variable, else the one in .env, else the default in the file; a relative one starts
# at the first Compose file.
project=$(dirname "$file")
folder=${SECRETS_DIR:-}
if [ -z "$folder" ] && [ -f "$project/.env" ]; then
  folder=$(sed -n 's|^SECRETS_DIR=||p' "$project/.env" | tail -n 1)
fi
if [ -z "$folder" ]; then
  folder=$(sed -n 's|^ *file: ${SECRETS_DIR:-\([^}]*\)}/.*|\1|p' "$file" | head -n 1)
fi
case $folder in
  /*) ;;
  *) folder=$project/${folder#./} ;;
esac

# Compose can't change the owner of a file secret, so the files are readable and the folder keeps others out.
mkdir -p "$folder"
chmod 700 "$folder"
missing=
for name in $names; do
  [ -s "$folder/$name" ] && continue
  case $name in
    given/*)
      missing="$missing $folder/$name"
      continue
      ;;
  esac
  # 32 letters and digits, 190 bits. `head` closes the pipe early, which is no failure.
  (set +o pipefail; LC_ALL=C tr -dc 'A-Za-z0-9' </dev/urandom | head -c 32 >"$folder/.$name.new")
  chmod 444 "$folder/.$name.new"
  mv "$folder/.$name.new" "$folder/$name"
  echo "made $folder/$name"
done
if [ -n "$missing" ]; then
  echo "make_secrets.sh: whoever made them puts these there, each readable (mode 444):$missing" >&2
  exit 1
fi
