# SPDX-License-Identifier: BSD-2-Clause
"""scim.py PORT STATE TOKEN [CERTIFICATE KEY]: a SCIM 2.0 service (RFC 7644)
of users and groups, by https if it has a certificate.

STATE is a JSON file that may change meanwhile:
  users, groups  the resources; or count: as many users, in ten groups
  page           how many there are on a page at most, whatever is asked for
  fault          what is wrong with the lists; see Service.lie"""

import http.server
import json
import os
import ssl
import sys
import urllib.parse

LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"


def person(n):
    return {
        "id": f"id-{n:08d}",
        "userName": f"p{n}",
        "displayName": f"Person {n}",
        "emails": [{"value": f"p{n}@example.com", "primary": True}],
        "active": n % 100 != 99,
        "phoneNumbers": [{"value": "+1 555 0100"}],
    }


def people_and_groups(count):
    groups = [{
        "id": f"group-{g}",
        "displayName": f"group{g}",
        "members": [{"value": f"id-{n:08d}", "type": "User"}
                    for n in range(g, count, 10)],
    } for g in range(10)]
    return [person(n) for n in range(count)], groups


class State:
    def __init__(self, path):
        self.path = path
        self.seen = None

    def now(self):
        stat = os.stat(self.path)
        seen = (stat.st_ino, stat.st_mtime_ns, stat.st_size)
        if seen != self.seen:
            with open(self.path, encoding="utf-8") as stream:
                self.state = json.load(stream)
            if "count" in self.state:
                self.state["users"], self.state["groups"] = \
                    people_and_groups(self.state["count"])
            self.seen = seen
        return self.state


class Service(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        url = urllib.parse.urlsplit(self.path)
        state = self.server.state.now()
        if self.headers.get("Authorization") != f"Bearer {sys.argv[3]}":
            self.answer(401, {"status": "401"})
        elif url.path in ("/Users", "/Groups"):
            query = dict(urllib.parse.parse_qsl(url.query))
            self.answer(200, self.page(state, state[url.path[1:].lower()],
                                       query, url.path == "/Users"))
        else:
            self.answer(404, {"status": "404"})

    def page(self, state, resources, query, is_users):
        start = max(int(query.get("startIndex", 1)), 1)
        count = min(int(query.get("count", 100)), state.get("page", 100))
        answer = {"schemas": [LIST], "totalResults": len(resources),
                  "startIndex": start, "itemsPerPage": count,
                  "Resources": resources[start - 1:start - 1 + count]}
        fault = state.get("fault")
        if fault and is_users:
            self.lie(fault, answer, resources, count)
        return answer

    def lie(self, fault, answer, resources, count):
        later = answer["startIndex"] > 1
        if fault == "first page":
            answer["startIndex"] = 1
            answer["Resources"] = resources[:count]
        elif fault == "first page, silently":
            del answer["startIndex"]
            answer["Resources"] = resources[:count]
        elif fault == "too few":
            answer["totalResults"] += 1
        elif fault == "too many":
            answer["totalResults"] = 1
        elif fault == "growing":
            answer["totalResults"] += later
        elif fault == "no more":
            answer["Resources"] = [] if later else answer["Resources"]
        elif fault == "half":
            self.cut = later

    cut = False

    def answer(self, status, document):
        body = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/scim+json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[:len(body) // 2] if self.cut else body)
        if self.cut:
            self.close_connection = True

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])),
                                         Service)
server.daemon_threads = True
server.state = State(sys.argv[2])
server.state.now()
if len(sys.argv) > 4:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[4], sys.argv[5])
    server.socket = context.wrap_socket(server.socket, server_side=True)
print("ready", flush=True)
server.serve_forever()
