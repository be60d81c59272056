"""A small OpenID Connect provider: discovery, authorization, tokens signed with RS256, keys, userinfo."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, CLIENT_SECRET = "portal", "hemmelighed"


@dataclass
class Provider:
    """What it says of the next person; tests change it."""

    address: str = ""
    subject: str = "person-1"
    claims: dict[str, Any] = field(default_factory=dict)
    userinfo: dict[str, Any] = field(default_factory=dict)
    token: dict[str, Any] = field(default_factory=dict)
    """Claims of the id_token that are not as they should be."""
    deny: bool = False
    key: Any = field(default_factory=lambda: rsa.generate_private_key(65537, 2048))
    signing_key: Any = None
    asked: list[tuple[str, dict[str, list[str]]]] = field(default_factory=list)

    def id_token(self) -> str:
        """Signed with the key that is published, unless a test gives another."""
        now = int(time.time())
        claims = {"iss": self.address, "sub": self.subject, "aud": CLIENT, "iat": now, "exp": now + 300}
        return jwt.encode(
            claims | self.claims | self.token, self.signing_key or self.key, "RS256", headers={"kid": "1"}
        )

    def answer(self, path: str, data: dict[str, list[str]]) -> dict[str, Any] | str:
        """The body for an address, or the address to go on to."""
        self.asked.append((path, data))
        if path == "/.well-known/openid-configuration":
            return {
                "issuer": self.address,
                "authorization_endpoint": f"{self.address}/authorize",
                "token_endpoint": f"{self.address}/token",
                "jwks_uri": f"{self.address}/jwks",
                "userinfo_endpoint": f"{self.address}/userinfo",
                "token_endpoint_auth_methods_supported": ["client_secret_post"],
            }
        if path == "/authorize":
            said = {"error": "access_denied"} if self.deny else {"code": "a-code"}
            return f"{data['redirect_uri'][0]}?{urlencode(said | {'state': data['state'][0]})}"
        if path == "/token":
            assert data["client_id"] == [CLIENT]
            assert data["client_secret"] == [CLIENT_SECRET]
            assert data["code"] == ["a-code"]
            assert data["code_verifier"]
            return {
                "access_token": "t",
                "token_type": "Bearer",
                "expires_in": 300,
                "id_token": self.id_token(),
            }
        if path == "/jwks":
            public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
            return {"keys": [public | {"kid": "1", "use": "sig", "alg": "RS256"}]}
        assert path == "/userinfo"
        return {"sub": self.subject} | self.claims | self.userinfo


@contextmanager
def running() -> Iterator[Provider]:
    """A provider that answers until the block ends."""
    provider = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.reply(urlsplit(self.path).query)

        def do_POST(self) -> None:
            self.reply(self.rfile.read(int(self.headers["Content-Length"])).decode())

        def reply(self, data: str) -> None:
            found = provider.answer(urlsplit(self.path).path, parse_qs(data))
            body = b"" if isinstance(found, str) else json.dumps(found).encode()
            self.send_response(302 if isinstance(found, str) else 200)
            self.send_header("Content-Type", "application/json")
            if isinstance(found, str):
                self.send_header("Location", found)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.address = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
