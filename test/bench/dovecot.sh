#!/bin/sh
# A Dovecot to compare with: `up` prepares and starts it, `down` stops it and keeps its mail, `cold` restarts it without the caches of its
# mailboxes, `wipe` stops it and removes everything. Needs root, and dovecot-imapd, dovecot-pop3d and dovecot-lmtpd.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
dir=${DOVECOT_DIR:-/tmp/isomail-bench-dovecot}
conf=$dir/dovecot.conf
password=${DOVECOT_PASSWORD:-bench}
accounts=${DOVECOT_ACCOUNTS:-100}

prepare() {
  command -v dovecot >/dev/null || { echo 'dovecot.sh: apt-get install dovecot-imapd dovecot-pop3d dovecot-lmtpd' >&2; exit 2; }
  mkdir -p "$dir"
  # Whose folder it is decides what a root of ours would run.
  [ -O "$dir" ] && [ ! -L "$dir" ] || { echo "dovecot.sh: $dir is not ours" >&2; exit 2; }
  mkdir -p "$dir/run" "$dir/state" "$dir/mail"
  chown mail:mail "$dir/mail"
  sed "s|@DIR@|$dir|g" "$here/dovecot.conf" >"$conf"
  # bench1, bench2 … cost nothing to verify; argon1, argon2 … are for the login row. One hash does for all: making them is not measured.
  hash=$(cd "$here" && PASSWORD=$password node -e "
    const { hashSync } = require('@node-rs/argon2');
    process.stdout.write(hashSync(process.env.PASSWORD, { memoryCost: 19 * 1024, timeCost: 2, parallelism: 1 }));")
  n=0
  : >"$dir/users"
  while [ "$n" -lt "$accounts" ]; do
    n=$((n + 1))
    printf 'bench%d:{PLAIN}%s::::::\nargon%d:{ARGON2ID}%s::::::\n' "$n" "$password" "$n" "$hash" >>"$dir/users"
  done
  chmod 600 "$dir/users"
  chown dovecot "$dir/users"
}

start() {
  dovecot -c "$conf" </dev/null >/dev/null 2>&1 || { tail -3 "$dir/dovecot.log" >&2; exit 1; }
}

stop() {
  [ -s "$dir/run/master.pid" ] || return 0
  pid=$(cat "$dir/run/master.pid")
  doveadm -c "$conf" stop 2>/dev/null || true
  tries=0
  while kill -0 "$pid" 2>/dev/null; do
    tries=$((tries + 1))
    [ "$tries" -lt 600 ] || { echo "dovecot.sh: process $pid does not end" >&2; exit 1; }
    sleep 0.05
  done
}

case "${1:-}" in
  up)
    stop
    prepare
    start
    cat <<END
Dovecot $(dovecot --version) runs in $dir. Compare with it:

  npm run bench -- --against 127.0.0.1:10143 --against-pop3 10110 --against-lmtp 10024 --against-name Dovecot \\
    --against-password $password --against-pid $dir/run/master.pid --against-cold '$here/dovecot.sh cold'
END
    ;;
  down) stop ;;
  cold)
    stop
    find "$dir/mail" -name 'dovecot.index.cache*' -delete
    start
    ;;
  wipe)
    stop
    [ ! -f "$conf" ] || rm -rf "$dir"
    ;;
  *)
    sed -n '2,3s/^# //p' "$0" >&2
    exit 2
    ;;
esac
