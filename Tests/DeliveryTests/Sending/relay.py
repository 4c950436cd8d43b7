#!/usr/bin/env python3
"""Relays of mail on loopback: good ones of aiosmtpd, and scripted ones that misbehave as their name asks for.

relay.py FOLDER writes FOLDER/ports, one `name port` a line, and appends what it sees to FOLDER/events, one event a
line, before it answers. Mails are in FOLDER/mail-N: sender and recipients in the first line, then the bytes. The
certificates are FOLDER/receiver.crt.pem and FOLDER/other.crt.pem with their keys. It ends when its standard input does.
"""

import asyncio
import pathlib
import ssl
import sys
import threading

from aiosmtpd.smtp import SMTP, AuthResult

folder = pathlib.Path(sys.argv[1])
log = open(folder / "events", "a", buffering=1)
mails = 0


def event(*words):
    log.write(" ".join(str(word) for word in words) + "\n")


def context(name):
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(folder / f"{name}.crt.pem", folder / f"{name}.pem")
    return made


def keep(sender, recipients, content):
    global mails
    mails += 1
    (folder / f"mail-{mails}").write_bytes(
        f"{sender} {' '.join(recipients)}\r\n".encode() + content)
    event("mail", mails)


class Handler:
    def __init__(self, name):
        self.name = name

    async def handle_DATA(self, server, session, envelope):
        keep(envelope.mail_from, envelope.rcpt_tos, envelope.original_content)
        return "250 taken"


def authenticator(server, session, envelope, mechanism, data):
    event("login", mechanism, data.login.decode())
    return AuthResult(
        success=(data.login, data.password) == (b"bot", b"canary-password"), handled=False)


def good(name, **options):
    return lambda: SMTP(Handler(name), authenticator=authenticator, **options)


OFFERS = ["relay", "SIZE 100000", "AUTH PLAIN LOGIN"]
# Another reply than the usual one: by the name of the listener, the command and the reply.
SCRIPTS = {
    "greeting-later": ("greeting", "421 later"),
    "greeting-refused": ("greeting", "554 no"),
    "greeting-http": ("greeting", "HTTP/1.1 400 Bad Request"),
    "greeting-stalls": ("greeting", None),
    "greeting-endless": ("greeting", "220-x\r\n" * 1000 + "220 x"),
    "greeting-long": ("greeting", "220 " + "x" * 100000),
    "starttls-refused": ("STARTTLS", "454 not now"),
    "starttls-forged": ("STARTTLS", "220 go\r\n250-relay\r\n250 AUTH PLAIN"),
    "login-refused": ("AUTH", "535 wrong"),
    "login-later": ("AUTH", "454 later"),
    "login-missing": ("EHLO", "250-relay\r\n250 AUTH CRAM-MD5"),
    "sender-later": ("MAIL", "451 later"),
    "recipient-later": ("RCPT", "450 busy"),
    "recipient-refused": ("RCPT", "550 nobody"),
    "data-refused": ("DATA", "554 no"),
    "end-later": ("end", "452 full"),
    "end-refused": ("end", "554 no"),
    "end-stalls": ("end", None),
    "end-garbage": ("end", "what"),
    "end-cut": ("end", "cut"),
    "data-cut": ("lines", "cut"),
    "size-small": ("EHLO", "250-relay\r\n250-SIZE 20\r\n250 AUTH PLAIN"),
    "goodbye-stalls": ("QUIT", None),
    "two-codes": ("MAIL", "250-yes\r\n550 no"),
}


async def scripted(name, reader, writer):
    where, words = SCRIPTS[name]
    is_secure = False

    async def say(at, usual):
        text = words if at == where and (is_secure or at in ("greeting", "STARTTLS")) else usual
        if text is None:
            await reader.read()
        if text is None or text == "cut":
            writer.transport.abort()
            raise ConnectionError
        writer.write(f"{text}\r\n".encode())
        await writer.drain()

    try:
        await say("greeting", "220 relay")
        while line := await reader.readline():
            command = line.split()[0].decode().upper()
            event(name, "tls" if is_secure else "clear", command)
            if command == "EHLO":
                offers = OFFERS if is_secure else ["relay", "STARTTLS"]
                marks = "-" * (len(offers) - 1) + " "
                await say("EHLO", "\r\n".join(f"250{m}{o}" for m, o in zip(marks, offers)))
            elif command == "STARTTLS":
                await say("STARTTLS", "220 go")
                if where == "STARTTLS":
                    continue
                await writer.start_tls(context("receiver"))
                is_secure = True
            elif command == "AUTH":
                await say("AUTH", "235 welcome")
            elif command == "DATA":
                await say("DATA", "354 go on")
                if where == "DATA":
                    continue
                content = b""
                while (line := await reader.readline()) != b".\r\n":
                    content += line
                    if where == "lines":
                        writer.transport.abort()
                        raise ConnectionError
                await say("end", "250 taken")
                keep(name, [], content)
            elif command == "QUIT":
                await say("QUIT", "221 bye")
                break
            else:
                await say(command, "250 yes")
    except (ConnectionError, ssl.SSLError):
        pass
    finally:
        writer.close()


async def main():
    loop = asyncio.get_running_loop()
    secure = context("receiver")
    listeners = {
        "starttls": (good("starttls", tls_context=secure, require_starttls=True,
                          auth_required=True), None),
        "tls": (good("tls", auth_required=True, auth_require_tls=False,
                     auth_exclude_mechanism=["PLAIN"]), secure),
        "clear": (good("clear", auth_require_tls=False), None),
        "other-name": (good("other-name", auth_require_tls=False), context("other")),
        "other-name-starttls": (good("other-name-starttls", tls_context=context("other"),
                                     require_starttls=True), None),
    }
    servers = {}
    for name, (factory, encryption) in listeners.items():
        servers[name] = await loop.create_server(factory, "127.0.0.1", 0, ssl=encryption)
    for name in SCRIPTS:
        servers[name] = await asyncio.start_server(
            lambda r, w, name=name: scripted(name, r, w), "127.0.0.1", 0)
    text = "".join(f"{n} {s.sockets[0].getsockname()[1]}\n" for n, s in servers.items())
    (folder / "ports.new").write_text(text)
    (folder / "ports.new").rename(folder / "ports")
    ended = asyncio.Event()

    def wait():
        sys.stdin.buffer.read()
        loop.call_soon_threadsafe(ended.set)

    threading.Thread(target=wait, daemon=True).start()
    await ended.wait()


asyncio.run(main())
