#!/usr/bin/env bash
# telling.sh PROGRAM: a system of the house is told by a real node. T50: what the settings may not say is refused; the message waits
# while the system is away and over a restart of the node, comes, and verifies with OpenSSL as docs/operations.md says.
set -eu
. "$(dirname "$0")/support/solo.sh"
plan administrator
"$program" init --dir node --plan plan.json > /dev/null
openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 1 -subj /CN=localhost -addext subjectAltName=DNS:localhost 2> /dev/null
cp node/node.toml as-made.toml
serve() { "$program" serve --dir node 2> "$1" & node=$!; pids+=("$node"); }
up() { for _ in $(seq 1 200); do [ -S node/control.sock ] && "$program" webhooks show --dir node > /dev/null 2>&1 && return; sleep 0.05; done; fail "the node does not answer"; }
down() { kill "$node"; wait "$node" 2>/dev/null || true; }

# What the settings may not say.
refused() { # why, lines
    { sed "s|^webhook_networks = .*|webhook_networks = [${networks-}]|" as-made.toml; printf '%b' "$2"; } > node/node.toml
    if "$program" serve --dir node > out 2>&1; then fail "a node started with $2"; fi
    grep -q "$1" out || { cat out; fail "it did not say \"$1\""; }
}
hook() { printf '[[webhook]]\\nname = "%s"\\nurl = "%s"\\n' "$1" "$2"; }
refused "is not https" "$(hook a http://registry.example/)"
refused "neither public nor in webhook_networks" "$(hook a https://127.1:1/)"
refused "neither public nor in webhook_networks" "$(hook a 'https://[::ffff:169.254.169.254]/')"
refused "two webhooks are called" "$(hook a https://x.example/)\n$(hook a https://x.example/)"
refused "is no event" "$(hook a https://x.example/)\nevents = [\"case.everything\"]"
refused "is not a setting of" "$(hook a https://x.example/)\nsecret = \"x\""
networks='"10.0.0.1/8"' refused "more than the first 8 bits" ""
refused "from is an address" '[mail]\nhost = "mail.example"\nfrom = "a@b.example\\r\\nBcc: c@d.example"\ndomains = ["b.example"]\n'
refused "names at least one" '[mail]\nhost = "mail.example"\nfrom = "a@b.example"\n'
refused "is out of range" '[mail]\nhost = "mail.example"\nsecurity = "none"\nfrom = "a@b.example"\ndomains = ["b.example"]\n'

# The system is away: a message waits, and the node says so.
mkfifo hold
exec 9<> hold # the server ends with its standard input
python3 "$root/tests/support/post_server.py" https cert.pem key.pem "" < hold > heard & pids+=($!)
for _ in $(seq 1 100); do [ -s heard ] && break; sleep 0.05; done
there=$(head -1 heard)
away=$(free_port)
configure() {
    { sed "s|^webhook_networks = .*|webhook_networks = [\"127.0.0.0/8\"]|; s|^webhook_ca = .*|webhook_ca = \"$dir/cert.pem\"|" as-made.toml
      printf "%b\n" "$(hook registry "https://localhost:$1/ok")"; } > node/node.toml
}
configure "$away"
serve log1; up
"$program" webhooks test --dir node registry > /dev/null
if "$program" webhooks test --dir node nobody > /dev/null 2>&1; then fail "a test was sent to nobody"; fi
waits() { "$program" webhooks show --dir node --json | python3 -c 'import json, sys; w = json.load(sys.stdin)["webhooks"][0]; print(w["waiting"], min(w["attempts"], 1))'; }
for _ in $(seq 1 100); do [ "$(waits)" = "1 1" ] && break; sleep 0.1; done
[ "$(waits)" = "1 1" ] || fail "the message does not wait: $(waits)"
grep -q '"event":"webhook not heard"' log1 || fail "the log does not say that nobody heard"
down
configure "$there"
serve log2; up
for _ in $(seq 1 300); do [ "$(waits)" = "0 0" ] && break; sleep 0.1; done
[ "$(waits)" = "0 0" ] || fail "the message did not come"
[ "$(grep -c webhook.test heard)" = 1 ] || fail "it came more than once, or not"

# As docs/operations.md says.
KEY=$("$program" webhooks show --dir node --json | python3 -c 'import json, sys; print(json.load(sys.stdin)["key"])')
python3 - <<'PY'
import json
message = [json.loads(line) for line in open("heard").read().split("\n")[1:] if "webhook.test" in line][0]
open("body.json", "w").write(message["body"])
with open("headers.sh", "w") as out:
    for name, header in (("ID", "webhook-id"), ("AT", "webhook-timestamp"), ("SIGNATURE", "webhook-signature")):
        out.write(f"{name}={message['headers'][header]}\n")
assert json.loads(message["body"]).keys() == {"type", "timestamp", "data"}
PY
. ./headers.sh
{ printf '\060\052\060\005\006\003\053\145\160\003\041\000'; printf %s "${KEY#whpk_}" | base64 -d; } > key.der
printf %s "${SIGNATURE#v1a,}" | base64 -d > signature
{ printf '%s.%s.' "$ID" "$AT"; cat body.json; } > signed
openssl pkeyutl -verify -pubin -keyform DER -inkey key.der -rawin -in signed -sigfile signature > /dev/null || fail "the signature does not verify"
printf x >> signed
if openssl pkeyutl -verify -pubin -keyform DER -inkey key.der -rawin -in signed -sigfile signature > /dev/null 2>&1; then fail "anything verifies"; fi
"$program" webhooks show --dir node | grep -q "0 waiting, 0 given up, heard" || fail "show does not say that it was heard"
curl -s --unix-socket node/control.sock http://localhost/metrics | grep -q 'comity_webhook_waiting{name="registry"} 0' || fail "no metrics"
down
echo "telling: all as promised"
