"""A real SMTP server whose behaviour is chosen by name, for the tests of delivery.

    smtp_server.py JOURNAL [--tls starttls|implicit] [--certificate PEM --key PEM]
                   [--user NAME --password TEXT] [--behaviour NAME]

It listens on a free port of 127.0.0.1, prints the port, and ends when its standard input does.
JOURNAL gets one JSON line for each connection and one for each mail, both written before the
client hears of it.
"""

import argparse
import asyncio
import email
import email.policy
import json
import logging
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult


class Journal:
    def __init__(self, path):
        self.file = open(path, "a", encoding="utf-8")

    def write(self, **line):
        self.file.write(json.dumps(line) + "\n")
        self.file.flush()


class Handler:
    """What the server says to recipients and to content."""

    def __init__(self, journal, behaviour):
        self.journal = journal
        self.behaviour = behaviour
        self.recipients_seen = 0

    async def handle_RCPT(self, server, session, envelope, address, options):
        self.recipients_seen += 1
        if self.behaviour == "rcpt-4xx" or (self.behaviour == "rcpt-4xx-once" and self.recipients_seen == 1):
            return "450 4.2.1 greylisted"
        if self.behaviour == "rcpt-5xx":
            return "550 5.1.1 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
        self.journal.write(
            event="mail",
            mail_from=envelope.mail_from,
            recipients=envelope.rcpt_tos,
            headers=dict(mail.items()),
            text=mail.get_body(["plain"]).get_content(),
            encrypted=session.ssl is not None or server.transport.get_extra_info("ssl_object") is not None,
            signed_in=bool(session.authenticated),
        )
        if self.behaviour == "data-4xx":
            return "451 4.3.0 try again"
        if self.behaviour == "data-5xx":
            return "554 5.7.1 refused as spam"
        if self.behaviour == "drop-after-data":
            server.transport.abort()
        if self.behaviour == "silent-after-data":
            await asyncio.Event().wait()
        return "250 OK"


class Silent(asyncio.Protocol):
    """Takes connections and never says a word."""


def journaled(protocol, journal):
    journal.write(event="connection")
    return protocol


def context(options):
    if options.certificate is None:
        return None
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(options.certificate, options.key)
    return tls


def authenticator(options):
    def check(server, session, envelope, mechanism, data):
        expected = (options.user.encode(), options.password.encode())
        return AuthResult(success=(data.login, data.password) == expected, handled=False)

    return check


def protocol_factory(options, journal):
    handler = Handler(journal, options.behaviour)

    def smtp():
        return SMTP(
            handler,
            hostname="mx.test",
            tls_context=context(options) if options.tls == "starttls" else None,
            require_starttls=options.tls == "starttls",
            auth_required=options.user is not None,
            auth_require_tls=options.tls == "starttls",
            authenticator=authenticator(options) if options.user is not None else None,
            loop=asyncio.get_running_loop(),
        )

    make = Silent if options.behaviour == "silent" else smtp
    return lambda: journaled(make(), journal)


async def serve(options):
    journal = Journal(options.journal)
    implicit = context(options) if options.tls == "implicit" else None
    loop = asyncio.get_running_loop()
    server = await loop.create_server(protocol_factory(options, journal), "127.0.0.1", 0, ssl=implicit)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("journal")
    parser.add_argument("--tls", choices=["starttls", "implicit"])
    parser.add_argument("--certificate")
    parser.add_argument("--key")
    parser.add_argument("--user")
    parser.add_argument("--password")
    parser.add_argument("--behaviour", default="accept")
    # A failed handshake is what some tests want, and no news.
    logging.disable()
    asyncio.run(serve(parser.parse_args()))


main()
