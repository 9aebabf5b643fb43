#!/usr/bin/env bash
# Proves the README's two commands as a stranger would try them: a fresh clone, an empty npm cache, no user configuration, no
# compiler on the PATH, no install scripts. `bash test/fresh-clone.sh [--quick]`; --quick starts the server but runs no tests.
set -euo pipefail

repository=$(git -C "$(dirname "$0")" rev-parse --show-toplevel)
work=$(mktemp -d)
server=
trap '[ -n "$server" ] && kill "$server" 2>/dev/null; wait 2>/dev/null || true; rm -rf "$work"' EXIT

mkdir "$work/path"
for program in /usr/local/sbin/* /usr/local/bin/* /usr/sbin/* /usr/bin/* /sbin/* /bin/* "$(command -v node)" "$(command -v npm)" "$(command -v npx)"; do
  case $(basename "$program") in
    *gcc* | *g++* | *clang* | cc | c++ | c89* | c99* | cpp* | make | gmake | cmake | ninja | python* | node-gyp | as | ld | ld.*) ;;
    *) ln -sf "$program" "$work/path/" ;;
  esac
done
export PATH="$work/path"
export npm_config_cache="$work/npm-cache" npm_config_userconfig=/dev/null npm_config_ignore_scripts=true
export HOME="$work/home" && mkdir "$HOME"

git clone --quiet "$repository" "$work/isomail"
cd "$work/isomail"
npm ci

if [ "${1:-}" != --quick ]; then npm test; fi

npm start -- --imap 11143 --imaps 11993 --pop3 11110 --pop3s 11995 --lmtp 11024 --http 11080 >"$work/said" 2>&1 &
server=$!
until curl --silent --fail --output /dev/null http://127.0.0.1:11080/ready; do
  kill -0 "$server" || { cat "$work/said"; exit 1; }
  sleep 0.2
done
password=$(cat data/demo-password.txt)
curl --silent --show-error --fail --user "demo@localhost:$password" 'imap://127.0.0.1:11143/INBOX;UID=1' | head -n 3
curl --silent --show-error --fail --insecure --user "demo@localhost:$password" 'imaps://127.0.0.1:11993/' | head -n 3
curl --silent --show-error --fail --user "demo@localhost:$password" 'pop3://127.0.0.1:11110/1' | head -n 3
echo 'a fresh clone installs, tests, starts and serves mail'
