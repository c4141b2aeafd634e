# SPDX-License-Identifier: GPL-3.0-or-later
"""An OAuth 2.0 token endpoint for tests: python3 token_server.py CERTIFICATE KEY. Prints its port; gives an unsecured JWT
for the client 'reader' with the secret 'token-secret'; ends when its standard input does."""
import base64
import http.server
import json
import ssl
import sys
import threading
import time


def encoded(value):
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


class Endpoint(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        form = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        expected = "Basic " + base64.b64encode(b"reader:token-secret").decode()
        good = self.headers.get("Authorization") == expected and "grant_type=client_credentials" in form
        now = int(time.time())
        token = encoded({"alg": "none"}) + "." + encoded({"sub": "reader", "iat": now, "exp": now + 3600}) + "."
        answer = {"access_token": token, "expires_in": 3600} if good else {"error": "invalid_client"}
        body = json.dumps(answer).encode()
        self.send_response(200 if good else 401)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Endpoint)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(sys.argv[1], sys.argv[2])
server.socket = context.wrap_socket(server.socket, server_side=True)
threading.Thread(target=server.serve_forever, daemon=True).start()
print(server.server_address[1], flush=True)
sys.stdin.read()
