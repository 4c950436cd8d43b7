#!/usr/bin/env python3
"""A receiver on loopback that misbehaves as the path asks for. It ends when its standard input does.

receiver.py FOLDER CERTIFICATE... writes FOLDER/ports, one `name port` a line, and appends what it sees to
FOLDER/events, one event a line, before it answers. Each CERTIFICATE is the stem of `NAME.crt.pem` and
`NAME.pem` in FOLDER, and gets a port of its own.
"""

import collections
import os
import pathlib
import socket
import sqlite3
import ssl
import struct
import sys
import threading
import time
import urllib.parse
import zlib

folder = pathlib.Path(sys.argv[1])
lock = threading.Lock()
log = open(folder / "events", "a", buffering=1)


def event(*words):
    with lock:
        log.write(" ".join(str(word) for word in words) + "\n")


def reset(connection):
    """Closes so that the other side gets a reset."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def answer(status, body=b"", *fields):
    lines = [f"HTTP/1.1 {status} X", f"Content-Length: {len(body)}", *fields]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def wait(connection):
    """Waits for the other side to go."""
    try:
        while connection.recv(65536):
            pass
    except OSError:
        pass


def stall(connection, _):
    wait(connection)


def trickle(connection, _):
    connection.sendall(b"HTTP/1.1 200 X\r\nContent-Length: 100000\r\n\r\n")
    while True:
        connection.sendall(b"x")
        time.sleep(0.02)


def trickle_head(connection, _):
    connection.sendall(b"HTTP/1.1 200 X\r\n")
    while True:
        connection.sendall(b"X: x\r\n")
        time.sleep(0.02)


def huge(connection, _):
    connection.sendall(b"HTTP/1.1 200 X\r\nContent-Length: 300000000\r\n\r\n")
    for _ in range(3000):
        connection.sendall(b"x" * 100000)


def cut(connection, _):
    connection.sendall(b"HTTP/1.1 200 X\r\nRetry-After: 7\r\nContent-Length: 100\r\n\r\n0123456789")
    connection.close()


def cut_chunks(connection, _):
    connection.sendall(b"HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n")
    connection.close()


def cut_unframed(connection, _):
    """The body ends with the connection, and TLS is not closed: nobody can say whether it is whole."""
    connection.sendall(b"HTTP/1.1 200 X\r\nConnection: close\r\n\r\nhello")
    connection.close()


def cut_head(connection, _):
    connection.sendall(b"HTTP/1.1 200 X\r\nDate: ")
    connection.close()


def reset_body(connection, _):
    connection.sendall(b"HTTP/1.1 200 X\r\nContent-Length: 100\r\n\r\n0123456789")
    reset(connection)


def large_head(connection, _):
    connection.sendall(b"HTTP/1.1 200 X\r\nX: " + b"x" * 200_000 + b"\r\n\r\n")
    wait(connection)


def garbage(connection, _):
    connection.sendall(b"220 mail.example.com ESMTP\r\n\r\n")
    wait(connection)


def early(connection, _):
    """Answers before it has read the body, and reads no more of it."""
    connection.sendall(answer(413))
    wait(connection)


ODD = {
    "/stall": stall, "/trickle": trickle, "/trickle-head": trickle_head, "/huge": huge, "/cut": cut,
    "/cut-chunks": cut_chunks, "/cut-unframed": cut_unframed, "/cut-head": cut_head,
    "/reset": lambda connection, _: reset(connection), "/reset-body": reset_body,
    "/close": lambda connection, _: connection.close(), "/large-head": large_head, "/garbage": garbage,
}


counts = collections.Counter()


def flaky(delivery):
    """Every second request of a delivery fails, of some the first, of others the second."""
    with lock:
        counts[delivery] += 1
        return 503 if (zlib.crc32(delivery.encode()) + counts[delivery]) % 2 else 200


def gate(path, body):
    """The answer to an answer to a deployment protection rule: `gone` refuses it, `later` does so once."""
    owner = path.split("/")[2]
    with lock:
        counts[path] += 1
        with open(folder / "answers", "ab") as answers:
            answers.write(body + b"\n")
        if owner == "later" and counts[path] == 1:
            return answer(503)
        return answer(422 if owner == "gone" else 204)


def fill():
    """Fills the file system of FOLDER/disk."""
    with open(folder / "disk" / "filler", "ab", buffering=0) as filler:
        for size in (65536, 1):
            try:
                while filler.write(b"x" * size):
                    pass
            except OSError:
                pass


def hold():
    """Keeps others from writing into FOLDER/disk/outbox.sqlite, for longer than they wait."""
    with lock:
        counts["hold"] += 1
        if counts["hold"] > 1:
            return
    outbox = sqlite3.connect(folder / "disk" / "outbox.sqlite", timeout=60, isolation_level=None,
                             check_same_thread=False)
    outbox.execute("BEGIN IMMEDIATE")

    def release():
        time.sleep(12)
        outbox.execute("ROLLBACK")
        outbox.close()

    threading.Thread(target=release, daemon=True).start()


def respond(method, target, head, body):
    """The answer of a path that behaves."""
    path = target.split("?")[0]
    kind, _, rest = path.strip("/").partition("/")
    if kind == "echo":
        return answer(200, head + b"\r\n\r\n" + body)
    if kind == "redirect":
        code, _, port = rest.partition("/")
        return answer(code, b"moved", f"Location: https://127.0.0.1:{port}/echo")
    if kind == "status":
        return answer(rest)
    if kind == "say":
        code, _, text = rest.partition("/")
        return answer(code, urllib.parse.unquote(text).encode())
    if path.endswith("/oauth2/v2.0/token"):
        return answer(200, b'{"access_token":"canary-access","expires_in":3600}')
    if kind == "fill":
        fill()
        return answer(200)
    if kind == "hold":
        hold()
        return answer(200)
    if kind == "repos":
        return gate(path, body)
    if kind == "dataCollectionRules":
        return answer(204)
    if kind == "retry":
        return answer(429, b"", "Retry-After: 120", "Retry-After: Sun, 06 Nov 2033 08:49:37 GMT",
                      "Date: Sun, 06 Nov 2033 08:49:07 GMT", "Set-Cookie: canary")
    if kind == "bytes":
        return answer(200, b"x" * int(rest))
    if kind == "hints":
        return b"HTTP/1.1 103 X\r\nLink: </x>\r\n\r\n" + answer(200, b"after")
    return answer(404)


def serve(connection, name):
    data = b""
    while True:
        while b"\r\n\r\n" not in data:
            part = connection.recv(65536)
            if not part:
                return
            data += part
        head, _, data = data.partition(b"\r\n\r\n")
        method, target, _ = head.split(b"\r\n")[0].decode().split(" ")
        fields = [line.partition(b":") for line in head.split(b"\r\n")[1:]]
        values = {key.lower(): value.strip().decode() for key, _, value in fields}
        delivery = values.get(b"webhook-id", "-")
        event("request", name, method, target, delivery)
        length = int(values.get(b"content-length", "0"))
        path = target.split("?")[0]
        if path == "/early":
            return early(connection, head)
        while len(data) < length:
            part = connection.recv(65536)
            if not part:
                return
            data += part
        body, data = data[:length], data[length:]
        if path in ODD:
            return ODD[path](connection, head)
        if path == "/flaky":
            status = flaky(delivery)
            event("answer", status, delivery)
            connection.sendall(answer(status))
            continue
        connection.sendall(respond(method, target, head, body))


def secure(context):
    """What is done with a connection: TLS, then requests."""
    def handle(connection, name):
        try:
            connection = context.wrap_socket(connection, server_side=True)
        except (ssl.SSLError, OSError):
            event("no-handshake", name)
            return
        event("handshake", name)
        if hasattr(context, "closes"):
            return
        try:
            serve(connection, name)
        except (ssl.SSLError, OSError, ValueError):
            pass
        finally:
            try:
                connection.close()
            except OSError:
                pass
    return handle


def listen(name, handle, ports):
    listener = socket.create_server(("127.0.0.1", 0), backlog=128)
    ports.append(f"{name} {listener.getsockname()[1]}\n")

    def run(connection):
        event("connection", name)
        handle(connection, name)

    def accept():
        while True:
            connection, _ = listener.accept()
            threading.Thread(target=run, args=(connection,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()


def context(stem):
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(folder / f"{stem}.crt.pem", folder / f"{stem}.pem")
    return made


ports = []
for stem in sys.argv[2:]:
    listen(stem, secure(context(stem)), ports)
first = sys.argv[2]
demanding = context(first)
demanding.verify_mode = ssl.CERT_REQUIRED
demanding.load_verify_locations(folder / "root.crt.pem")
listen("demanding", secure(demanding), ports)
old = context(first)
old.minimum_version = ssl.TLSVersion.TLSv1
old.maximum_version = ssl.TLSVersion.TLSv1_1
listen("old", secure(old), ports)
listen("silent", lambda connection, _: wait(connection), ports)
listen("resetting", lambda connection, _: reset(connection), ports)
listen("closing", lambda connection, _: connection.close(), ports)
listen("plain", lambda connection, _: (connection.sendall(answer(400)), wait(connection)), ports)
# Bound and not listening: connections are refused, and nobody else gets the port.
unheard = socket.socket()
unheard.bind(("127.0.0.1", 0))
ports.append(f"unheard {unheard.getsockname()[1]}\n")

(folder / "ports.new").write_text("".join(ports))
os.rename(folder / "ports.new", folder / "ports")
sys.stdin.read()
