"""A provider of OpenID Connect on 127.0.0.1 that answers each code with the token that the code asks for.

Arguments: certificate and key in PEM, the second that tokens are of, and the file that its issuer is written into. A
code is `CASE.NONCE`; what a case is, `token` says. It runs until its input ends.
"""
import base64
import hashlib
import hmac
import http.server
import json
import os
import ssl
import sys
import threading
import urllib.parse

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa, utils

NOW = int(sys.argv[3])
RSA_KEY = rsa.generate_private_key(65537, 2048)
OTHER = rsa.generate_private_key(65537, 2048)
WEAK = rsa.generate_private_key(65537, 1024)
LATE = rsa.generate_private_key(65537, 2048)
EC_KEY = ec.generate_private_key(ec.SECP256R1())
ED_KEY = ed25519.Ed25519PrivateKey.generate()
lock, verifiers, fetches = threading.Lock(), {}, [0]


def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def number(value, size=None):
    return b64(value.to_bytes(size or (value.bit_length() + 7) // 8, "big"))


def rsa_key(kid, key, **more):
    public = key.public_key().public_numbers()
    return {"kty": "RSA", "kid": kid, "use": "sig", "n": number(public.n), "e": number(public.e), **more}


def keys():
    point = EC_KEY.public_key().public_numbers()
    raw = ED_KEY.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    found = [
        {"kty": "oct", "kid": "shared", "k": b64(b"secret")},
        rsa_key("rsa", RSA_KEY), rsa_key("bound", RSA_KEY, alg="RS512"), rsa_key("weak", WEAK),
        rsa_key("sealing", RSA_KEY, use="enc"),
        {"kty": "EC", "kid": "ec", "crv": "P-256", "x": number(point.x, 32), "y": number(point.y, 32)},
        {"kty": "OKP", "kid": "ed", "crv": "Ed25519", "x": b64(raw)},
        {"kty": "new", "kid": "new"},
    ]
    fetches[0] += 1
    return {"keys": found}


def sign(case, head, signed):
    if head["alg"].startswith("HS"):
        pem = RSA_KEY.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        return hmac.new(b"secret" if case == "shared" else pem, signed, hashlib.sha256).digest()
    if head["alg"].lower() == "none":
        return b""
    if head["alg"] == "EdDSA":
        return ED_KEY.sign(signed)
    if head["alg"] == "ES256":
        der = EC_KEY.sign(signed, ec.ECDSA(hashes.SHA256()))
        r, s = utils.decode_dss_signature(der)
        return der if case == "der" else r.to_bytes(32, "big") + s.to_bytes(32, "big")
    digest = hashes.SHA512() if head["alg"] == "RS512" else hashes.SHA256()
    key = {"other-key": OTHER, "unknown-kid": OTHER, "weak": WEAK}.get(case, RSA_KEY)
    scheme = padding.PKCS1v15()
    if head["alg"].startswith("PS"):
        scheme = padding.PSS(padding.MGF1(digest), digest.digest_size)
    return key.sign(signed, scheme, digest)


def token(case, nonce, issuer):
    head = {"alg": "RS256", "kid": "rsa", "typ": "JWT"}
    claims = {"iss": issuer, "sub": "user-1", "aud": "closeout", "exp": NOW + 300, "iat": NOW, "nonce": nonce,
              "groups": ["auditors"], "x": 1.5, "nested": {"a": [1, {"b": None}]}}
    heads = {
        "none": {"alg": "none"}, "None": {"alg": "None"}, "hmac": {"alg": "HS256"},
        "shared": {"alg": "HS256", "kid": "shared"}, "unknown-kid": {"kid": "nobody"}, "no-kid": {"kid": None},
        "ec": {"alg": "ES256", "kid": "ec"}, "der": {"alg": "ES256", "kid": "ec"},
        "ed": {"alg": "EdDSA", "kid": "ed"}, "swapped": {"alg": "RS256", "kid": "ec"},
        "not-allowed": {"alg": "RS512", "kid": "bound"}, "bound": {"kid": "bound"},
        "not-allowed-pss": {"alg": "PS256"}, "weak": {"kid": "weak"}, "sealing": {"kid": "sealing"},
        "critical": {"crit": ["exp"]}, "access-token": {"typ": "at+jwt"}, "own-key": {"jwk": rsa_key("rsa", OTHER)},
    }
    body = {
        "audience": {"aud": "somebody"}, "audiences": {"aud": ["closeout", "somebody"]},
        "audience-list": {"aud": ["closeout"]}, "no-audience": {"aud": []}, "party": {"azp": "somebody"},
        "issuer": {"iss": issuer + "/"}, "expired": {"exp": NOW - 61}, "skew": {"exp": NOW - 59},
        "future": {"iat": NOW + 61}, "not-before": {"nbf": NOW + 61}, "no-expiry": {"exp": None},
        "text-expiry": {"exp": str(NOW + 300)}, "nonce": {"nonce": "0" * 64}, "no-nonce": {"nonce": None},
        "no-subject": {"sub": None}, "empty-subject": {"sub": ""}, "number-subject": {"sub": 1},
        "no-role": {"groups": ["nobodies"]}, "no-groups": {"groups": None}, "one-group": {"groups": "auditors"},
        "viewer": {"groups": ["everyone"], "sub": "user-2"}, "approver": {"groups": ["approvers"]},
        "colleague": {"groups": ["approvers"], "sub": "user-3"},
        "left-out": {"groups": None, "_claim_names": {"groups": "src1"}},
        "large": {"filler": "x" * 20000},
    }
    head.update(heads.get(case, {}))
    claims.update(body.get(case, {}))
    head = {k: v for k, v in head.items() if v is not None}
    claims = {k: v for k, v in claims.items() if v is not None}
    text = json.dumps(claims)
    if case == "twice":
        text = text[:-1] + ', "sub": "user-9"}'
    if case == "twice-escaped":
        text = text[:-1] + ', "s\\u0075b": "user-9"}'
    if case == "behind":
        text += " {}"
    payload = b64(text.encode())
    signed = f"{b64(json.dumps(head).encode())}.{payload}"
    signature = b64(sign(case, head, signed.encode()))
    if case == "changed":
        payload = b64(text.replace("user-1", "user-9").encode())
        signed = f"{signed.split('.')[0]}.{payload}"
    if case == "padded":
        signature += "=="
    if case == "spare-bits":
        signature = signature[:-1] + chr(ord(signature[-1]) + 1)
    parts = {"two-parts": signed, "four-parts": f"{signed}.{signature}.x", "no-signature": f"{signed}."}
    return parts.get(case, f"{signed}.{signature}")


class Handler(http.server.BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def answer(self, value, status=200):
        data = value if isinstance(value, bytes) else json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def do_GET(self):
        issuer = self.server.issuer
        if self.path == "/.well-known/openid-configuration":
            return self.answer({"issuer": issuer, "authorization_endpoint": issuer + "/authorize?a=b",
                                "token_endpoint": issuer + "/token", "jwks_uri": issuer + "/keys"})
        if self.path == "/keys":
            return self.answer(keys())
        if self.path == "/fetches":
            return self.answer(fetches[0])
        return self.answer({}, 404)

    def do_POST(self):
        form = urllib.parse.parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        code, verifier = form["code"][0], form["code_verifier"][0]
        case, nonce, challenge = code.split(".")
        basic = base64.b64decode(self.headers.get("Authorization", "").removeprefix("Basic "))
        good = (basic == b"closeout:s%2Bcret" and form["grant_type"] == ["authorization_code"]
                and b64(hashlib.sha256(verifier.encode()).digest()) == challenge)
        if not good:
            return self.answer({"error": "invalid_grant"}, 400)
        if case == "refused":
            return self.answer({"error": "invalid_grant"}, 400)
        if case == "no-token":
            return self.answer({"access_token": "x"})
        if case == "no-json":
            return self.answer(b"<html>")
        return self.answer({"access_token": "x", "token_type": "Bearer",
                            "id_token": token(case, nonce, self.server.issuer)})


context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(sys.argv[1], sys.argv[2])
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
server.issuer = f"https://127.0.0.1:{server.server_port}"
server.socket = context.wrap_socket(server.socket, server_side=True)
threading.Thread(target=server.serve_forever, daemon=True).start()
with open(sys.argv[4] + ".new", "w", encoding="ascii") as file:
    file.write(server.issuer)
os.rename(sys.argv[4] + ".new", sys.argv[4])
sys.stdin.read()
