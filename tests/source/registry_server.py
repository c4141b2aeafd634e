# SPDX-License-Identifier: GPL-3.0-or-later
"""A schema registry for tests that answers well, badly, late or not at all: python3 registry_server.py SCHEMAS [CERTIFICATE KEY].
SCHEMAS is JSON: {"ids": {"7": {...}}, "guids": {...}, "subjects": {"name/1": {...}}, "versions": {"7": [...]}}. Below /ok it gives them; below
/basic and /bearer to who may have them; /unauthorized, /forbidden, /broken, /garbage, /type, /silent and /endless say how they fail.
/requests gives the paths asked for so far, a line each. Prints its port; ends when its standard input does."""
import base64
import http.server
import json
import ssl
import sys
import threading
import urllib.parse

schemas = json.loads(sys.argv[1])
requests = []
ended = threading.Event()


def found(path):
    parts = [urllib.parse.unquote(part) for part in path.strip("/").split("/")]
    if parts[:2] == ["schemas", "ids"] and len(parts) == 4:
        return schemas.get("versions", {}).get(parts[2])
    if parts[:2] == ["schemas", "ids"]:
        return schemas.get("ids", {}).get(parts[2])
    if parts[:2] == ["schemas", "guids"]:
        return schemas.get("guids", {}).get(parts[2])
    if parts[0] == "subjects" and len(parts) == 4:
        return schemas.get("subjects", {}).get(parts[1] + "/" + parts[3])
    return None


class Registry(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def send(self, status, body):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def refuse(self, status, message):
        self.send(status, json.dumps({"error_code": status * 100 + 3, "message": message}).encode())

    def do_GET(self):
        _, kind, path = self.path.split("/", 2) if self.path.count("/") > 1 else ("", self.path[1:], "")
        if kind == "requests":
            return self.send(200, "\n".join(requests).encode())
        requests.append(self.path)
        given = self.headers.get("Authorization")
        if kind == "silent":
            ended.wait()
            self.close_connection = True
            return None
        if kind == "endless":
            self.send_response(200)
            self.end_headers()
            try:
                while not ended.is_set():
                    self.wfile.write(b" " * 65536)
            except OSError:
                pass
            self.close_connection = True
            return None
        if kind == "unauthorized" or kind == "basic" and given != "Basic " + base64.b64encode(b"reader:registry-secret").decode():
            return self.refuse(401, "Unauthorized")
        if kind == "forbidden" or kind == "bearer" and given != "Bearer registry-token":
            return self.refuse(403, "Forbidden")
        if kind == "broken":
            return self.refuse(500, "Error in the backend data store")
        if kind == "garbage":
            return self.send(200, b"<html>It works!</html>")
        answer = found(path)
        if answer is None:
            return self.refuse(404, "Schema not found")
        if kind == "type":
            answer = dict(answer, schemaType="XSD") if isinstance(answer, dict) else answer
        return self.send(200, json.dumps(answer).encode())

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Registry)
server.daemon_threads = True
if len(sys.argv) > 2:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[2], sys.argv[3])
    server.socket = context.wrap_socket(server.socket, server_side=True)
threading.Thread(target=server.serve_forever, daemon=True).start()
print(server.server_address[1], flush=True)
sys.stdin.read()
ended.set()
