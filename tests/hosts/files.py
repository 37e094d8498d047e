# SPDX-License-Identifier: BSD-2-Clause
"""files.py PORT FILE [CERTIFICATE KEY]: a web server of one file, with an ETag,
by https if it has a certificate.

It says what it answered, a line each."""

import hashlib
import http.server
import ssl
import sys


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        try:
            with open(sys.argv[2], "rb") as stream:
                body = stream.read()
        except FileNotFoundError:
            self.answer(404, b"", None)
            return
        etag = '"%s"' % hashlib.sha256(body).hexdigest()[:16]
        if self.headers.get("If-None-Match") == etag:
            self.answer(304, b"", etag)
        else:
            self.answer(200, body, etag)

    def answer(self, status, body, etag):
        print("answered", status, flush=True)
        self.send_response(status)
        if etag:
            self.send_header("ETag", etag)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


server = http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Handler)
if len(sys.argv) > 3:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[3], sys.argv[4])
    server.socket = context.wrap_socket(server.socket, server_side=True,
                                        do_handshake_on_connect=False)
print("ready", flush=True)
server.serve_forever()
