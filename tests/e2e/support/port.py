"""A free port of loopback, outside those that the system hands out by itself: so nothing takes it by
chance before its node does, or while that is down."""

import random
import socket

while True:
    port = random.randrange(20_000, 30_000)
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            continue
    print(port)
    break
