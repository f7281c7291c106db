#!/usr/bin/env bash
# Makes the Debian base image that every other image is built from, for machines that reach a Debian mirror but no
# image registry. It plays the part of debian:trixie-slim: same suites, no documentation, no services at install time.
#
#   docker/base/debootstrap.sh odoo-platform/base:<tag> [suite]
#
# Needs root (debootstrap makes devices and chroots) and the Docker client.
set -euo pipefail

image=${1:?usage: debootstrap.sh <image:tag> [suite]}
suite=${2:-trixie}

if [ "$(id -u)" -ne 0 ]; then
  echo "debootstrap.sh: must run as root; try: sudo $0 $*" >&2
  exit 1
fi
if ! command -v debootstrap >/dev/null; then
  echo "debootstrap.sh: debootstrap is missing; try: apt-get install --no-install-recommends debootstrap" >&2
  exit 1
fi

work=$(mktemp -d "${TMPDIR:-/tmp}/odoo-platform-base.XXXXXX")
root=$work/root
trap 'rm -rf --one-file-system "$work"' EXIT

# No mirror argument: debootstrap's own default, or the one that its configuration names.
debootstrap --variant=minbase "$suite" "$root" >"$work/log" 2>&1 || {
  tail -n 20 "$work/log" >&2
  exit 1
}

# The security and update suites hang below the same host as the release itself.
sources=$root/etc/apt/sources.list
mirror=$(awk -v suite="$suite" '$1 == "deb" && $3 == suite { print $2; exit }' "$sources")
{
  echo "deb $mirror $suite main"
  echo "deb $mirror $suite-updates main"
  echo "deb ${mirror%/debian*}/debian-security $suite-security main"
} >"$sources"

# Packages must not start services while an image is built.
printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
chmod 755 "$root/usr/sbin/policy-rc.d"

# fsync per file buys nothing in a layer that is thrown away when the build fails, and costs minutes.
echo force-unsafe-io >"$root/etc/dpkg/dpkg.cfg.d/image"
for path in doc man info groff lintian locale; do
  echo "path-exclude /usr/share/$path/*"
done >>"$root/etc/dpkg/dpkg.cfg.d/image"
# Licences have to travel with the binaries.
echo 'path-include /usr/share/doc/*/copyright' >>"$root/etc/dpkg/dpkg.cfg.d/image"

cat >"$root/etc/apt/apt.conf.d/image" <<'CONF'
Acquire::Languages "none";
Acquire::GzipIndexes "true";
Acquire::Retries "3";
APT::AutoRemove::SuggestsImportant "false";
DPkg::Post-Invoke { "rm -f /var/cache/apt/archives/*.deb || true"; };
Dir::Cache::pkgcache "";
Dir::Cache::srcpkgcache "";
CONF

# debootstrap unpacks the release as it was published; fixes since then are in the two other suites.
export DEBIAN_FRONTEND=noninteractive LC_ALL=C
chroot "$root" apt-get -qq update
chroot "$root" apt-get -qq -y dist-upgrade >"$work/log" 2>&1 || {
  tail -n 20 "$work/log" >&2
  exit 1
}

# What a fresh container neither needs nor should share with others: documentation that came before the excludes,
# lists, logs, the build machine's name server and a machine id.
find "$root/usr/share/doc" -type f ! -name copyright -delete
find "$root/usr/share/doc" -mindepth 1 -type d -empty -delete
rm -rf "$root"/usr/share/{man,info,groff,lintian,locale}/* \
  "$root"/var/lib/apt/lists/* "$root"/var/cache/apt/*.bin "$root"/var/cache/apt/archives/*.deb "$root"/var/log/* \
  "$root"/var/cache/ldconfig/aux-cache "$root"/tmp/* "$root"/etc/resolv.conf "$root"/etc/hostname
: >"$root/etc/machine-id"

tar --numeric-owner --one-file-system -C "$root" -c . |
  docker import --change 'CMD ["bash"]' \
    --message "Debian $suite by debootstrap" - "$image" >/dev/null
echo "$image"
