# SPDX-License-Identifier: BSD-2-Clause
"""directory.py BUILD DIR COUNT: the signed directory of COUNT people, from a
SCIM service to a host's snapshot."""

import json
import os
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
HOSTS = os.path.join(HERE, os.pardir, "hosts")
SCIM_PORT, FILES_PORT = 8491, 8490
ISSUER = "https://id.example.com"
CONFIG = f"""[provider]
issuer = {ISSUER}
client_id = bench
[access]
allow_groups = group1
[directory]
url = http://127.0.0.1:9/people
key_file = directory.jwk
allow_http_loopback = yes
refresh = 1d
"""


def start(*arguments):
    server = subprocess.Popen([sys.executable, *arguments],
                              stdout=subprocess.PIPE, text=True)
    if server.stdout.readline() != "ready\n":
        raise SystemExit("directory.py: a server did not start")
    return server


class Bench:
    def __init__(self, build, where):
        self.program = os.path.join(build, "hostpass-directory")
        self.host = os.path.join(build, "tests/bench/directory")
        self.where = where
        self.write("token", "secret")
        self.write("hostpass.conf", CONFIG)
        self.write("passwd", "root:x:0:0:root:/root:/bin/bash\n")
        self.write("group", "root:x:0:\n")
        self.write("directory.jwk", subprocess.run(
            [self.program, "keygen", self.path("key")],
            check=True, capture_output=True, text=True).stdout)

    def path(self, name):
        return os.path.join(self.where, name)

    def write(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as stream:
            stream.write(text)
        os.chmod(self.path(name), 0o600)

    def export(self, name, count):
        self.write("scim.json", json.dumps({"count": count}))
        begun = time.monotonic()
        made = subprocess.Popen([
            self.program, "export", "--scim", f"http://127.0.0.1:{SCIM_PORT}",
            "--token-file", self.path("token"), "--sub", "id",
            "--issuer", ISSUER, "--key", self.path("key"),
            "--out", self.path(name)], stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(made.pid, 0)
        made.returncode = os.waitstatus_to_exitcode(status)
        if made.returncode != 0:
            raise SystemExit("directory.py: no export")
        print(f"{name}: {count} people exported and signed in "
              f"{time.monotonic() - begun:.1f} s, {usage.ru_utime:.1f} s of "
              f"them the exporter's; peak memory {usage.ru_maxrss // 1024} MB",
              flush=True)

    # Serials are times: the next document has to be made in a later second.
    def wait(self):
        begun = int(time.time())
        while int(time.time()) == begun:
            time.sleep(0.05)

    def run(self, count):
        people = (("first", count), ("the-same", count),
                  ("a-tenth-left", count - count // 10), ("one", 1))
        scim = start(os.path.join(HOSTS, "scim.py"), str(SCIM_PORT),
                     self.path("scim.json"), "secret")
        try:
            for name, number in people:
                self.export(name, number)
                self.wait()
        finally:
            scim.kill()
        files = start(os.path.join(HOSTS, "files.py"), str(FILES_PORT),
                      self.path("first"))
        try:
            subprocess.run([self.host, self.where,
                            f"http://127.0.0.1:{FILES_PORT}/people",
                            *(self.path(name) for name, _ in people)],
                           stderr=subprocess.DEVNULL, check=True)
        finally:
            files.kill()


def main():
    os.umask(0o022)
    bench = Bench(sys.argv[1], sys.argv[2])
    with open(bench.path("scim.json"), "w", encoding="utf-8") as stream:
        stream.write('{"count": 0}')
    bench.run(int(sys.argv[3]))


main()
