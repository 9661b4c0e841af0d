#!/usr/bin/env bash
# telling.sh PROGRAM: a system of the house and its people are told by real nodes. T50: what the settings may not say is refused; the
# message waits while the system is away and over a restart of the node, comes, and verifies with OpenSSL as docs/operations.md says.
# A judge who wishes it is told by e-mail, in her language, that something waits after an act of somebody else, and nothing of the case.
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
    { sed "s|^webhook_networks = .*|webhook_networks = [${networks-}]|; s|^webhook_proxy = .*|webhook_proxy = \"${proxy-}\"|" as-made.toml; printf '%b' "$2"; } > node/node.toml
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
proxy="http://u:p@proxy.example:3128" refused "is not http://host:port" ""
proxy="https://proxy.example:3128" refused "is not http://host:port" ""
proxy="http://proxy.example:3128" refused "leads to the proxy itself" "$(hook a https://localhost/)"
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

# ---- e-mail: a federation of three, of which one node runs; its people come by links and work at its pages' interface.
python3 "$root/tests/e2e/support/example_acts.py" "$root" acts request
mail_plan() { # id, kind, country, founders
    cat > "$1.plan" <<JSON
{"participant": "$1", "federation": "test", "kind": "$2", "country": "$3", "name_en": "$1", "host": "$1.localhost", "port": $(free_port),
 "law": "$root/law", "pages": "", "languages": ["en", "fr"], "founders": $4,
 "offices": [{"id": "arcadia-cyber-unit", "name": "Unit", "roles": ["issuing-officer", "administrator"]}, {"id": "court", "name": "Court", "roles": ["judge"]}]}
JSON
    "$program" init --dir "$1" --plan "$1.plan" > /dev/null
}
mail_plan arcadia authority XA '[{"person": "ada", "office": "arcadia-cyber-unit", "roles": ["administrator"]}, {"person": "bo", "office": "arcadia-cyber-unit", "roles": ["administrator"]}]'
for other in "borealis authority" "vault provider"; do
    set -- $other
    for n in 1 2; do "$program" passkey --out "$1-$n.passkey" --host "$1.localhost" > "$1-$n.json"; done
    mail_plan "$1" "$2" XB "[{\"person\": \"one\", \"office\": \"court\", \"roles\": [\"judge\"], \"passkey\": $(cat "$1-1.json")}, {\"person\": \"two\", \"office\": \"court\", \"roles\": [\"judge\"], \"passkey\": $(cat "$1-2.json")}]"
done
mkfifo hold-mail
exec 8<> hold-mail
python3 "$root/tests/support/post_server.py" smtp cert.pem key.pem "" < hold-mail > mailed & pids+=($!)
for _ in $(seq 1 100); do [ -s mailed ] && break; sleep 0.05; done
printf 's3cret\n' > arcadia/keys/mail.password
chmod 600 arcadia/keys/mail.password
cat >> arcadia/node.toml <<TOML
[mail]
host = "localhost"
port = $(head -1 mailed)
user = "comity"
password_file = "keys/mail.password"
from = "comity@ministry.example"
domains = ["ministry.example"]
pause_minutes = 1
ca = "$dir/cert.pem"
TOML
"$program" serve --dir arcadia 2> log3 & pids+=($!)
for _ in $(seq 1 200); do [ -S arcadia/control.sock ] && break; sleep 0.05; done
origin="https://sign.arcadia.localhost:$(python3 -c 'import json; print(json.load(open("arcadia.plan"))["port"])')"
people() { python3 "$root/tests/e2e/support/people.py" "$@"; }
"$program" founders invite --dir arcadia --json > links.json
link() { python3 -c 'import json, sys; print({i["person"]: i["link"] for i in json.load(open("links.json"))["invited"]}[sys.argv[1]])' "$1"; }
ada=$(people register "$origin" "$(link ada)" ada)
bo=$(people register "$origin" "$(link bo)" bo)
"$program" founders confirm --dir arcadia --code "ada=$ada" --code "bo=$bo" > /dev/null
"$program" directory draft --federation test --threshold 1 --out draft --law "$root/law" --participant arcadia/participant.json borealis/participant.json vault/participant.json
"$program" directory sign --dir arcadia --in draft --out signed.jws
"$program" directory install --dir arcadia signed.jws
UNTIL=$(date -u -d '+200 days' +%Y-%m-%dT%H:%M:%SZ); export UNTIL
for one in "kari arcadia-cyber-unit issuing-officer" "joan court judge"; do
    set -- $one
    people register "$origin" "$(people invite "$origin" ada "$@")" "$1" > /dev/null
    people approve "$origin" ada "$1" > /dev/null
    [ "$(people approve "$origin" bo "$1")" = enrolled ] || fail "$1 is not on the roll"
done
if people mail "$origin" joan joan@elsewhere.example fr > /dev/null 2>&1; then fail "an address of another house was taken"; fi
people mail "$origin" joan joan@ministry.example fr
python3 - <<'PY'
import json
json.dump({"procedure": "mla", "act": "request", "office": "arcadia-cyber-unit", "role": "issuing-officer", "fields": json.load(open("acts/request.json")),
           "opening": {"requesting": "arcadia", "requested": "borealis", "provider": "vault", "third": [], "category": "access", "recipient": "arcadia-cyber-unit"}}, open("intent.json", "w"))
PY
[ "$(grep -c '"message"' mailed || true)" = 0 ] || fail "a mail went before there was anything to say"
people act "$origin" kari intent.json > performed.json
for _ in $(seq 1 300); do grep -q '"message"' mailed && break; sleep 0.5; done # a minute after the wish at the earliest
grep -q '"message"' mailed || { cat log3; fail "no mail came"; }
sleep 3 # another would come with the next beat
python3 - "$origin" <<'PY' || fail "the mail is not as it should be"
import email, email.policy, json, sys
heard = [json.loads(line) for line in open("mailed").read().split("\n")[1:] if line]
mails = [one for one in heard if "message" in one]
assert len(mails) == 1, mails
mail = mails[0]
assert mail["encrypted"] and mail["recipients"] == ["RCPT TO:<joan@ministry.example>"], mail
assert mail["sender"].startswith("MAIL FROM:<comity@ministry.example>"), mail
assert [one for one in heard if "password" in one][0]["password"] == "s3cret"
read = email.message_from_string(mail["message"], policy=email.policy.default)
assert read["To"] == "joan@ministry.example" and read["From"] == "comity@ministry.example"
assert read["Subject"] == "Du nouveau vous attend", read["Subject"]
assert read["Content-Language"] == "fr" and read["Auto-Submitted"] == "auto-generated"
text = read.get_content()
assert "Connectez-vous pour le voir" in text and sys.argv[1] + "/work" in text, text
# The reference is the log's; nothing is the case's.
sent = [json.loads(line) for line in open("log3") if '"mail sent"' in line]
assert len(sent) == 1 and sent[0]["person"] == "joan" and sent[0]["reference"] in text, sent
whole = mail["message"] + text + read["Subject"]
performed = json.load(open("performed.json"))


def texts(value):
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        return [one for item in value for one in texts(item)]
    return [value] if isinstance(value, str) and len(value) >= 8 else []


canaries = texts(json.load(open("intent.json"))["fields"]) + [performed["case"], performed["receipt"], "borealis", "vault", "kari", "mla", "authorise"]
assert len(canaries) > 50
for canary in canaries:
    assert canary.lower() not in whole.lower(), canary
PY
echo "telling: all as promised"
