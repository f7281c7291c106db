#!/usr/bin/env bash
# What a newcomer waits for: `npm ci && npm run up` on a machine that has Node and nothing else: no Docker Engine, no
# image registry, nobody at the terminal. The machine is a Debian of its own (root file system, processes, network) on
# this one, and is removed at the end. Root on Debian with debootstrap and iptables; 10 GiB of disk; ten minutes.
#
#   bench/fresh-machine.sh [MIRROR]    a Debian mirror; default: Debian's own
set -euo pipefail

mirror=${1:-http://deb.debian.org/debian}
project=$(git -C "$(dirname "$0")" rev-parse --show-toplevel)
root=$(mktemp -d /var/tmp/fresh-machine.XXXXXX)
net=fresh-machine
cas=/etc/ssl/certs/ca-certificates.crt
# Carrier-grade NAT's range: neither Docker's default pools nor a company's own are in it.
here=100.127.255.1 there=100.127.255.2 range=100.127.255.0/30

clean() {
  [ -z "${machine:-}" ] || kill "$machine" 2>/dev/null || true
  wait 2>/dev/null || true
  ip netns del $net 2>/dev/null || true
  iptables -t nat -D POSTROUTING -s $range ! -d $range -j MASQUERADE 2>/dev/null || true
  iptables -D FORWARD -i $net -j ACCEPT 2>/dev/null || true
  iptables -D FORWARD -o $net -j ACCEPT 2>/dev/null || true
  rm -rf --one-file-system "$root"
}
trap clean EXIT

echo "making a machine in $root"
debootstrap --variant=minbase trixie "$root" "$mirror" >/dev/null
cp /etc/resolv.conf "$root/etc/resolv.conf"
cp -r /etc/apt/apt.conf.d/. "$root/etc/apt/apt.conf.d/"
chroot "$root" sh -c 'apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
  apt-get install -y -qq --no-install-recommends ca-certificates curl git nodejs npm' >/dev/null 2>&1
# A company's CA, where this machine trusts one.
cp $cas "$root$cas"
git clone -q "$project" "$root/srv/platform"

ip netns add $net
ip link add $net type veth peer name eth0 netns $net
ip addr add $here/30 dev $net
ip link set $net up
ip -n $net addr add $there/30 dev eth0
ip -n $net link set lo up
ip -n $net link set eth0 up
ip -n $net route add default via $here
sysctl -q net.ipv4.ip_forward=1
iptables -t nat -A POSTROUTING -s $range ! -d $range -j MASQUERADE
iptables -I FORWARD -i $net -j ACCEPT
iptables -I FORWARD -o $net -j ACCEPT

# The first process of the machine: when it ends, all of its containers do.
nsenter --net=/run/netns/$net unshare --mount --pid --fork --kill-child bash -c '
  mount --make-rprivate / && mount --bind "$0" "$0"
  for from in /sys /dev; do mount --rbind $from "$0$from"; done
  for on in /run /tmp; do mount -t tmpfs tmpfs "$0$on"; done
  mount -t proc proc "$0/proc"
  # Not chroot: a container made below one would run its health checks in the root of this machine.
  cd "$0" && mkdir -p .outside && pivot_root . .outside && umount -l .outside
  exec env -i PATH="$PATH" HOME=/root LANG=C.UTF-8 SSL_CERT_FILE='$cas' NODE_EXTRA_CA_CERTS='$cas' \
    bash -euc "$1"' "$root" '
  cd /srv/platform
  started=$SECONDS
  npm ci >/dev/null
  installed=$SECONDS
  npm run --silent up </dev/null
  up=$SECONDS
  status=$(curl -sk -o /dev/null -w "%{http_code}" https://odoo.localhost:8443/web/login)
  echo
  echo "npm ci       $((installed - started)) s"
  echo "npm run up   $((up - installed)) s"
  echo "both         $((up - started)) s   (goal: 600 s)"
  echo "login page   HTTP $status"
  [ "$status" = 200 ]' &
machine=$!
wait $machine
machine=
