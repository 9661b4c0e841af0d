"""A server for tests that speaks HTTPS or SMTP as others do, or is a proxy for HTTPS, and misbehaves on request.

post_server.py https|smtp|proxy CERT KEY BEHAVIOUR: prints its port, then a line of JSON for each thing it heard;
ends when its standard input does. On a line `behave X` it behaves like X from the next connection on; on `mark N` it
says {"mark": N} when it has taken every connection that was made before.
"""
import base64, json, os, select, socket, ssl, sys, threading

kind, certificate, key, behaviour = sys.argv[1:5]
marks = {}  # by the port from which the mark's own connection comes
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(certificate, key)
writing = threading.Lock()


def heard(**what):
    with writing:
        print(json.dumps(what), flush=True)


def read_line(stream):
    line = stream.readline(4096)
    if not line:
        raise ConnectionError("gone")
    return line.decode("latin-1").rstrip("\r\n")


def https(connection):
    connection = context.wrap_socket(connection, server_side=True)
    stream = connection.makefile("rb")
    method, target, _ = read_line(stream).split(" ", 2)
    headers = {}
    while line := read_line(stream):
        name, value = line.split(":", 1)
        headers[name.lower()] = value.strip()
    body = stream.read(int(headers.get("content-length", 0)))
    heard(method=method, target=target, headers=headers, body=body.decode())
    answers = {
        "/ok": b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
        "/none": b"HTTP/1.1 204 No Content\r\n\r\n",
        "/fails": b"HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n",
        "/elsewhere": b"HTTP/1.1 307 Go\r\nLocation: /ok\r\nContent-Length: 0\r\n\r\n",
        "/most": b"HTTP/1.1 200 OK\r\nContent-Length: 16384\r\n\r\n" + b"x" * 16384,
        "/large": b"HTTP/1.1 200 OK\r\nContent-Length: 16385\r\n\r\n" + b"x" * 16385,
        "/endless": b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 1000000,
        "/headers": b"HTTP/1.1 200 OK\r\n" + b"X: " + b"y" * 20000 + b"\r\nContent-Length: 0\r\n\r\n",
        "/drops": b"",
        "/half": b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf",
    }
    connection.sendall(answers.get(target, b"HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n"))
    connection.close()


def proxy(connection):
    """Any name is this machine, so that a test sees whose name was asked of it."""
    stream = connection.makefile("rb", buffering=0)
    method, target, _ = read_line(stream).split(" ", 2)
    headers = {}
    while line := read_line(stream):
        name, value = line.split(":", 1)
        headers[name.lower()] = value.strip()
    heard(asked=target, method=method, headers=headers)
    if method != "CONNECT" or behaviour == "refuses":
        return connection.sendall(b"HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n")
    there = socket.create_connection(("127.0.0.1", int(target.rsplit(":", 1)[1])))
    connection.sendall(b"HTTP/1.1 200 Connected\r\n\r\n")
    while True:
        for one in select.select([connection, there], [], [])[0]:
            data = one.recv(65536)
            if not data:
                return there.close()
            (there if one is connection else connection).sendall(data)


def smtp(connection):
    encrypted = behaviour == "tls"
    if encrypted:
        connection = context.wrap_socket(connection, server_side=True)
    stream = connection.makefile("rb")

    def say(text):
        connection.sendall((text + "\r\n").encode())

    if behaviour == "busy":
        say("421 4.3.2 come again")
        return connection.close()
    say("220 mail.example ESMTP")
    sender, recipients = None, []
    while True:
        line = read_line(stream)
        verb = line.split(" ", 1)[0].upper()
        heard(command=line if verb != "AUTH" else "AUTH", encrypted=encrypted)
        if verb in ("EHLO", "HELO"):
            say("250-mail.example")
            if not encrypted and behaviour != "no-starttls":
                say("250-STARTTLS")
            if encrypted:
                say("250-AUTH PLAIN LOGIN")
            say("250 8BITMIME")
        elif verb == "STARTTLS":
            say("220 go on")
            connection = context.wrap_socket(connection, server_side=True)
            stream, encrypted = connection.makefile("rb"), True
        elif verb == "AUTH":
            given = line.split(" ")
            if len(given) < 3:
                say("334 ")
                given.append(read_line(stream))
            _, user, password = base64.b64decode(given[2]).decode().split("\0")
            heard(user=user, password=password)
            say("535 5.7.8 wrong" if behaviour == "wrong-password" else "235 2.7.0 welcome")
        elif verb == "MAIL":
            if behaviour == "drops":
                return connection.close()
            sender = line
            say("250 ok")
        elif verb == "RCPT":
            if behaviour == "refuses":
                say("550 5.1.1 no such mailbox " + line[8:])
            elif behaviour == "full":
                say("452 4.2.2 later")
            else:
                recipients.append(line)
                say("250 ok")
        elif verb == "DATA":
            say("354 go on")
            text = []
            while (part := read_line(stream)) != ".":
                text.append(part[1:] if part.startswith(".") else part)
            if behaviour == "drops-late":
                return connection.close()
            if behaviour == "refuses-text":
                say("554 5.6.0 not this")
                continue
            heard(message="\r\n".join(text), sender=sender, recipients=recipients, encrypted=encrypted)
            say("250 2.0.0 taken")
        elif verb == "QUIT":
            say("221 bye")
            return connection.close()
        else:
            say("502 what?")


def serve(connection):
    try:
        {"https": https, "smtp": smtp, "proxy": proxy}[kind](connection)
    except Exception as problem:  # a caller that turns away is what some tests are about
        heard(problem=type(problem).__name__)
    finally:
        connection.close()


def commands():
    global behaviour
    for line in sys.stdin:
        word, what = line.rstrip("\n").split(" ", 1)
        if word == "behave":
            behaviour = what
        elif word == "mark":
            with socket.socket() as own:  # connections are accepted in the order in which they were made
                own.bind(("127.0.0.1", 0))
                marks[own.getsockname()[1]] = int(what)
                own.connect(listener.getsockname())
    os._exit(0)


listener = socket.create_server(("127.0.0.1", 0))
print(listener.getsockname()[1], flush=True)
threading.Thread(target=commands, daemon=True).start()
while True:
    accepted, (_, port) = listener.accept()
    mark = marks.pop(port, None)
    if mark is not None:
        accepted.close()
        heard(mark=mark)
        continue
    heard(connected=True)
    threading.Thread(target=serve, args=(accepted,), daemon=True).start()
