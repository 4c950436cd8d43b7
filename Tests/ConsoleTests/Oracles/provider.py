"""Runs Canaille, a provider of OpenID Connect, on a free port of 127.0.0.1 with TLS, until its input ends.

Arguments: certificate and key in PEM, the address of a console that it knows as the client `closeout`, and the
file that its issuer is written into.
People: ada in the group `auditors`, vera in `everyone`, otto in `visitors`, each with the password below.
"""
import logging
import os
import ssl
import sys
import threading
import warnings

warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)

from canaille import create_app  # noqa: E402
from canaille.backends import Backend  # noqa: E402
from canaille.app import models  # noqa: E402
from werkzeug.serving import WSGIRequestHandler, make_server  # noqa: E402

PASSWORD = "correct horse battery staple"
PEOPLE = {"ada": "auditors", "vera": "everyone", "otto": "visitors"}


class Quiet(WSGIRequestHandler):
    def log(self, *_):
        pass


def application(host, console):
    app = create_app({
        "SECRET_KEY": "a secret for a test", "SERVER_NAME": host, "TESTING": False, "CACHE_TYPE": "SimpleCache",
        "CANAILLE": {"DATABASE": "memory", "LOGGING": {"version": 1}},
        "CANAILLE_OIDC": {"REQUIRE_NONCE": True},
    })
    with app.app_context(), Backend.instance.session():
        people = {}
        for name in PEOPLE:
            people[name] = models.User(user_name=name, family_name=name.title(), formatted_name=name.title(),
                                       emails=[f"{name}@example.com"], password=PASSWORD)
            Backend.instance.save(people[name])
        for name, group in PEOPLE.items():
            Backend.instance.save(models.Group(display_name=group, members=[people[name]]))
        client = models.Client(
            client_id="closeout", client_name="Closeout", client_secret="s3cret-of-the-console",
            client_uri="https://127.0.0.1", redirect_uris=[console + "/callback"],
            grant_types=["authorization_code"], response_types=["code"], scope=["openid", "groups"],
            token_endpoint_auth_method="client_secret_basic", id_token_signed_response_alg="RS256")
        Backend.instance.save(client)
        client.audience = [client]
        Backend.instance.save(client)
    return app


def main(certificate, key, console, place):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server = make_server("127.0.0.1", 0, None, threaded=True, request_handler=Quiet, ssl_context=context)
    host = f"127.0.0.1:{server.server_port}"
    server.app = application(host, console)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with open(place + ".new", "w", encoding="ascii") as file:
        file.write(f"https://{host}")
    os.rename(place + ".new", place)
    sys.stdin.read()


if __name__ == "__main__":
    main(*sys.argv[1:])
