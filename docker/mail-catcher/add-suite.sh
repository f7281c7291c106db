#!/bin/sh
# Adds another Debian suite next to the one that the image is made of, without letting a single package move to it:
# what is wanted from there is asked for by name (`apt-get install -t sid …`, `apt-get download …/sid`).
#
#   add-suite.sh <suite>
#
# The mirror is read from the base's own sources, so that a company mirror baked into the base is used here as well.
set -eu

suite=${1:?usage: add-suite.sh <suite>}

# One-line form (debootstrap), then deb822 form (the official Debian image). Lines for security name another archive.
mirror=$(
  cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2>/dev/null |
    sed 's/\[[^]]*\]//' | awk '$1 == "deb" && $2 !~ /security/ { print $2; exit }'
)
if [ -z "$mirror" ]; then
  mirror=$(
    cat /etc/apt/sources.list.d/*.sources 2>/dev/null |
      awk '$1 == "URIs:" && $2 !~ /security/ { print $2; exit }'
  )
fi
if [ -z "$mirror" ]; then
  echo "add-suite.sh: no Debian mirror found under /etc/apt" >&2
  exit 1
fi

# A frozen or lagging mirror of a rolling suite carries an expired Release file. Its signature is still checked, and
# what is taken from here is named explicitly; the base's own suites keep their expiry check.
echo "deb [check-valid-until=no] $mirror $suite main" >"/etc/apt/sources.list.d/$suite.list"

# 100: available on request, never chosen over the base's suite.
cat >"/etc/apt/preferences.d/$suite" <<CONF
Package: *
Pin: release n=$suite
Pin-Priority: 100
CONF
