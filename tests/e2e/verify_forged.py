#!/usr/bin/env python3
"""A dishonest exporter: changes what is inside a genuine bundle, seals it again with the exporter's
own key, and expects the checker to name the lie. Shows that each check holds without the outer seal.

Usage: verify_forged.py PROGRAM DIRECTORY_OF_A_RUN
"""
import base64
import copy
import hashlib
import json
import os
import random
import subprocess
import sys
import tempfile

program, run = sys.argv[1:]


def encode(data):
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def decode(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def sign(message, node):
    """ES256 as JOSE writes it: r and s in 32 bytes each, from the DER that openssl gives."""
    key = f"{run}/{node}/keys/seal.key.pem"
    der = subprocess.run(["openssl", "dgst", "-sha256", "-sign", key], input=message, capture_output=True, check=True).stdout
    at, out = 2, b""
    for _ in range(2):
        size = der[at + 1]
        out += der[at + 2 : at + 2 + size].lstrip(b"\0").rjust(32, b"\0")
        at += 2 + size
    return out


def seal_again(jws, payload, node):
    """The same JWS over another payload; the protected header with its times stays."""
    jws["payload"] = encode(payload)
    first = jws["signatures"][0]
    first["signature"] = encode(sign(f"{first['protected']}.{jws['payload']}".encode(), node))
    return jws


with open(f"{run}/case.bundle", "rb") as file:
    first_line, second_line = file.read().split(b"\n")[:2]
genuine = json.loads(first_line)
outer = json.loads(second_line)
exporter = genuine["exporter"]


def compact(value):
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


def check(bundle, *options):
    body = bundle if isinstance(bundle, bytes) else compact(bundle)
    payload = {"comity": "bundle/1", "sha256": encode(hashlib.sha256(body).digest())}
    seal = seal_again(copy.deepcopy(outer), compact(payload), exporter)
    with tempfile.NamedTemporaryFile(suffix=".bundle") as file:
        file.write(body + b"\n" + compact(seal) + b"\n")
        file.flush()
        out = subprocess.run([program, "verify", "bundle", file.name, *options], capture_output=True, text=True)
    return out.returncode, out.stdout + out.stderr


def header_of(act):
    return json.loads(decode(json.loads(act["seal"])["payload"]))


def other_character(text, at):
    return text[:at] + ("A" if text[at] != "A" else "B") + text[at + 1 :]


def in_seal(act, change):
    jws = json.loads(act["seal"])
    change(jws)
    act["seal"] = compact(jws).decode()


def header_rewritten(bundle, place, change):
    act = bundle["acts"][place]
    header = header_of(act)
    assert header["performer"] == exporter, "only its own acts can be sealed again by the exporter"
    change(header)
    in_seal(act, lambda jws: seal_again(jws, compact(header), exporter))


def signatures_cut(bundle, count):
    jws = json.loads(bundle["directory"])
    jws["signatures"] = jws["signatures"][:count]
    bundle["directory"] = compact(jws).decode()


def proof_without_witnesses(act):
    body, separator, signatures = act["proof"].rpartition("\n\n")
    assert separator
    act["proof"] = body + separator + signatures.splitlines()[0] + "\n"


def with_opened(bundle):
    for act in bundle["acts"]:
        for part in act["parts"]:
            if "opened" in part:
                return part
    raise AssertionError("no part is open")


def opened_forged(bundle):
    part = with_opened(bundle)
    value = json.loads(decode(part["opened"]))
    value["fields"]["added"] = "by the exporter"
    part["opened"] = encode(compact(value))


def moved(bundle, member, source, target):
    bundle["acts"][target][member] = copy.deepcopy(bundle["acts"][source][member])


def approval_of(bundle, source, target):
    other = json.loads(bundle["acts"][source]["seal"])["signatures"][0]["header"]
    in_seal(bundle["acts"][target], lambda jws: jws["signatures"][0].update(header=other))


def swap(bundle, one, other):
    acts = bundle["acts"]
    acts[one], acts[other] = acts[other], acts[one]


# What is done to the bundle, and what has to stand in a line of the answer.
forgeries = [
    ("an act left out", lambda b: b["acts"].pop(3), "act 4 ("),
    ("the first act left out", lambda b: b["acts"].pop(0), "has the number 2 where 1 comes next"),
    ("two acts in another order", lambda b: swap(b, 4, 5), "has the number 6 where 5 comes next"),
    ("an act twice", lambda b: b["acts"].insert(2, b["acts"][1]), "has the number 2 where 3 comes next"),
    ("another nonce", lambda b: b["acts"][1].update(nonce=other_character(b["acts"][1]["nonce"], 5)), "act 2 (authorise), record: proof_wrong"),
    ("a nonce too short", lambda b: b["acts"][1].update(nonce="AAAA"), "the nonce is not 32 bytes"),
    ("the proof of another act", lambda b: moved(b, "proof", 2, 3), ", record: proof_wrong"),
    ("no cosignatures", lambda b: [proof_without_witnesses(act) for act in b["acts"]], "policy_unmet"),
    ("extra data in a proof", lambda b: b["acts"][0].update(proof=b["acts"][0]["proof"].replace("\nindex", "\nextra QUJD\nindex", 1)), "the proof carries extra data"),
    ("the receipt of another act", lambda b: moved(b, "receipt", 2, 3), "receipt: is for another act"),
    ("a receipt with another signature", lambda b: b["acts"][0].update(receipt=compact(seal_again(json.loads(b["acts"][0]["receipt"]), b"{}", exporter)).decode()), "act 1 (request), receipt: "),
    ("an opened part with an invented field", opened_forged, ": part_hash"),
    ("a sealed part changed", lambda b: with_opened(b).update(sealed=other_character(with_opened(b)["sealed"], 40)), ": part_sealed_hash"),
    ("a part moved to another place", lambda b: with_opened(b).update(part=9), "has no part 9"),
    ("another text of law", lambda b: b["law"][0].update(sha256=encode(bytes(32))), "the list in the bundle gives"),
    ("a file of law left out", lambda b: b["law"].pop(), "the list in the bundle gives"),
    ("another procedure", lambda b: b.update(procedure=b["procedure"] + " "), "is not the one in the law pack"),
    ("another exporter", lambda b: b.update(exporter="borealis-authority"), "the exporter's seal: performer_not_signer"),
    ("another case", lambda b: b.update(case="a" * 26), "is of another case"),
    ("another time of export", lambda b: b.update(exported="2020-01-01T00:00:00.000Z"), "was made at another time"),
    ("an approval removed", lambda b: in_seal(b["acts"][0], lambda jws: jws["signatures"][0].pop("header")), "lacks the approval"),
    ("the approval of another act", lambda b: approval_of(b, 1, 0), "act 1 (request): approval_"),
    ("another seal on an act", lambda b: in_seal(b["acts"][1], lambda jws: jws["signatures"][0].update(signature=encode(bytes(range(64))))), "act 2 (authorise): seal_signature"),
    ("an act dated back and sealed again", lambda b: header_rewritten(b, 0, lambda h: h.update(time="2026-01-01T00:00:00.000Z")), "act 1 (request): approval_"),
    ("an act of another role", lambda b: header_rewritten(b, 1, lambda h: h.update(role="administrator")), "act 2 (authorise): "),
    ("an act of another federation", lambda b: header_rewritten(b, 0, lambda h: h.update(federation="elsewhere")), "is of another federation"),
    ("a directory without the threshold", lambda b: signatures_cut(b, 1), "the directory: directory_threshold"),
]

status, output = check(genuine)
if status != 0:
    sys.exit(f"the genuine bundle, sealed again, is refused:\n{output}")
for name, change, expected in forgeries:
    bundle = copy.deepcopy(genuine)
    change(bundle)
    if compact(bundle) == compact(genuine):
        sys.exit(f"{name}: nothing was changed")
    status, output = check(bundle)
    if status != 1 or not any(expected in line for line in output.splitlines()):
        sys.exit(f"{name}: exit {status}, expected a line with {expected!r}, got\n{output}")

directory_hash = encode(hashlib.sha256(decode(json.loads(genuine["directory"])["payload"])).digest())
if check(genuine, "--directory", directory_hash)[0] != 0:
    sys.exit("the hash of the directory is not SHA-256 of its payload")
status, output = check(genuine, "--directory", encode(bytes(32)))
if status != 1 or "not the one that is trusted" not in output:
    sys.exit(f"a directory that is not the trusted one passed:\n{output}")

with tempfile.TemporaryDirectory() as empty:
    with open(f"{empty}/" + "0" * 64, "wb") as file:
        file.write(b"x")
    status, output = check(genuine, "--evidence", empty)
    if status != 1 or "no readable manifest of the case names this file" not in output:
        sys.exit(f"a stray file of evidence passed:\n{output}")
# Any byte inside, sealed again: never a crash, and nothing passes but another time of export.
seed = int(os.environ.get("SEED", "20260301"))
rng = random.Random(seed)
body = compact(genuine)
for _ in range(120):
    changed = bytearray(body)
    at = rng.randrange(len(changed))
    changed[at] ^= rng.randrange(1, 256)
    status, output = check(bytes(changed))
    if status == 0 and {**json.loads(changed), "exported": genuine["exported"]} == genuine:
        continue
    if status != 1 or not output.strip():
        sys.exit(f"seed {seed}, byte {at} is {changed[at]}: exit {status}\n{output}")
print(f"  {len(forgeries) + 2} forgeries named")
