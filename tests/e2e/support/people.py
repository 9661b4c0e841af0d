"""People at their browsers, without a browser: passkeys whose keys openssl makes and signs with, and what a page posts.

people.py register ORIGIN LINK KEYS               follows a link of enrolment; prints the code to be read
people.py sign-in ORIGIN KEYS                     signs in; prints the session
people.py invite ORIGIN KEYS PERSON OFFICE ROLE   an administrator invites, until $UNTIL; prints the link
people.py approve ORIGIN KEYS PERSON              approves the invitation of that person; prints its state
people.py mail ORIGIN KEYS ADDRESS LANGUAGE       wishes to be told by e-mail
people.py act ORIGIN KEYS INTENT                  performs the act of that file; prints what it became

ORIGIN is https://sign.HOST:PORT; the certificate is not looked at: it is the test's own node on this machine.
KEYS is a directory of this person's two keys.
"""
import base64, hashlib, http.client, json, os, pathlib, ssl, subprocess, sys, urllib.parse


def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unb64(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def run(*command, data=None):
    return subprocess.run(command, input=data, capture_output=True, check=True).stdout


class Page:
    """One window: its origin, and the cookie of its session."""

    def __init__(self, origin):
        self.origin = origin
        self.where = urllib.parse.urlsplit(origin)
        self.cookie = None

    def call(self, method, path, body=None):
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        connection = http.client.HTTPSConnection("127.0.0.1", self.where.port, context=context)
        headers = {"Host": self.where.netloc, "Origin": self.origin}
        if self.cookie:
            headers["Cookie"] = self.cookie
        if body is not None:
            headers["Content-Type"] = "application/json"
        connection.request(method, "/api/v1" + path, None if body is None else json.dumps(body), headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        if answer.status >= 300:
            sys.exit(f"{method} {path}: {answer.status} {text}")
        if given := answer.getheader("Set-Cookie"):
            self.cookie = given.split(";")[0]
        return json.loads(text) if text else None


class Key:
    """A passkey of one relying party: WebAuthn level 2, attestation none, ES256."""

    def __init__(self, folder, rp_id, origin):
        self.rp_id, self.origin = rp_id, origin
        self.file = pathlib.Path(folder) / (rp_id + ".pem")
        if not self.file.exists():
            self.file.parent.mkdir(exist_ok=True)
            run("openssl", "ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", str(self.file))
        self.point = run("openssl", "ec", "-in", str(self.file), "-pubout", "-outform", "DER")[-64:]
        self.id = hashlib.sha256(self.point).digest()

    def client_data(self, kind, challenge):
        return json.dumps(
            {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False},
            separators=(",", ":")).encode()

    def authenticator_data(self, flags):
        return hashlib.sha256(self.rp_id.encode()).digest() + bytes([flags]) + bytes(4)

    def registration(self, challenge):
        cose = b"\xa5\x01\x02\x03\x26\x20\x01\x21\x58\x20" + self.point[:32] + b"\x22\x58\x20" + self.point[32:]
        data = self.authenticator_data(0x45) + bytes(16) + len(self.id).to_bytes(2, "big") + self.id + cose
        made = b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x58" + bytes([len(data)]) + data
        return {"client_data": b64(self.client_data("webauthn.create", challenge)), "attestation_object": b64(made)}

    def assertion(self, challenge):
        client = self.client_data("webauthn.get", challenge)
        data = self.authenticator_data(0x05)
        signature = run("openssl", "dgst", "-sha256", "-sign", str(self.file), data=data + hashlib.sha256(client).digest())
        return {"credential": b64(self.id), "authenticator_data": b64(data), "client_data": b64(client), "signature": b64(signature)}


def register(page, folder, link):
    token = urllib.parse.urlsplit(link).fragment
    options = page.call("POST", "/enrolment/options", {"token": token})
    made = [Key(folder, key["rp_id"], page.origin).registration(key["challenge"]) for key in options["keys"]]
    return page.call("POST", "/enrolment", {"token": token, "label": "A device", "attestations": made})["key_code"]


def sign_in(page, folder):
    asked = page.call("POST", "/session/challenge")
    return page.call("POST", "/session", Key(folder, asked["rp_id"], page.origin).assertion(asked["challenge"]))


def invite(page, person, office, role):
    return page.call("POST", "/invitations", {
        "person": person, "name": person, "office": office, "roles": [role],
        "valid_until": os.environ["UNTIL"], "trained_until": os.environ["UNTIL"]})["link"]


def approve(page, folder, person):
    wanted = next(i for i in page.call("GET", "/invitations")["items"] if i["person"] == person and i["state"] != "enrolled")
    path = f"/invitations/{wanted['id']}/approval"
    prepared = page.call("GET", path)
    signed = [Key(folder, e["passkey"]["rp_id"], page.origin).assertion(e["passkey"]["challenge"]) for e in prepared["entries"]]
    return page.call("POST", path, {"with": prepared["with"]["person"], "assertions": signed})["state"]


def act(page, folder, intent):
    prepared = page.call("POST", "/acts/prepare", json.loads(pathlib.Path(intent).read_text()))
    signed = Key(folder, prepared["passkey"]["rp_id"], page.origin).assertion(prepared["challenge"])
    return page.call("POST", "/acts/perform", {"act": prepared["act"], "assertion": signed})


what, origin, *rest = sys.argv[1:]
page = Page(origin)
if what == "register":
    link, folder = rest
    print(register(page, folder, link))
else:
    folder, *more = rest
    session = sign_in(page, folder)
    if what == "sign-in":
        print(json.dumps(session))
    elif what == "invite":
        print(invite(page, *more))
    elif what == "mail":
        page.call("PUT", "/session/mail", dict(zip(("address", "language"), more)))
    elif what == "act":
        print(json.dumps(act(page, folder, *more)))
    elif what == "approve":
        print(approve(page, folder, *more))
