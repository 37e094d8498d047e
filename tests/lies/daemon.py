# SPDX-License-Identifier: BSD-2-Clause
"""hostpassd with a socket that is handed to it, and the messages of
common/proto.h. It runs as nobody: that is who it is without a user of its
own; whoever asks is root."""

import json
import os
import re
import shutil
import signal
import socket
import struct
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), '..', 'lib'))

# pylint: disable=wrong-import-position
import uid  # noqa: E402

AUTHENTICATE, ANSWER, ACCOUNT, STATUS, REFRESH = 1, 2, 3, 16, 22
SHOW, ASK, VERDICT, JSON = 64, 65, 66, 67
TERMINAL, DESKTOP = 2, 3
NOBODY = 65534


def text(value):
    data = value.encode()
    return struct.pack('<I', len(data)) + data


def frame(kind, payload=b''):
    return struct.pack('<IHH', 4 + len(payload), 1, kind) + payload


class Fields:
    def __init__(self, data):
        self.data = data

    def u32(self):
        value, = struct.unpack('<I', self.data[:4])
        self.data = self.data[4:]
        return value

    def text(self):
        length = self.u32()
        value, self.data = self.data[:length], self.data[length:]
        return value.decode()


class Daemon:
    def __init__(self, binary, statedir, log):
        self.binary, self.statedir, self.log = binary, statedir, log
        self.dir = tempfile.mkdtemp(prefix='hostpass-lies-')
        os.chmod(self.dir, 0o755)
        self.config = f'{self.dir}/hostpass.conf'
        self.path = f'{self.dir}/socket'
        self.child = None

    def configure(self, provider, ca_file, secret, flow='auto'):
        self.issuer = provider.issuer
        with open(f'{self.dir}/secret', 'w', encoding='ascii') as file:
            file.write(secret)
        os.chown(f'{self.dir}/secret', NOBODY, NOBODY)
        os.chmod(f'{self.dir}/secret', 0o400)
        with open(self.config, 'w', encoding='ascii') as file:
            file.write(f'[provider]\nissuer = {provider.issuer}\n'
                       'client_id = lies\n'
                       f'client_secret_file = {self.dir}/secret\n'
                       f'ca_file = {ca_file}\ntimeout = 5s\n'
                       f'flow = {flow}\n'
                       '[access]\nallow_groups = staff\n'
                       '[access:sudo]\nallow_groups = admins\n'
                       '[access:su]\nmax_age = 60s\n'
                       '[prompt]\nqr = no\n')
        os.chmod(self.config, 0o644)

    def start(self):
        self.prepare_state()
        self.start_as_it_is()

    def prepare_state(self):
        shutil.rmtree(self.statedir, ignore_errors=True)
        os.makedirs(self.statedir, mode=0o755)
        os.chown(self.statedir, NOBODY, NOBODY)
        self.make_key()

    def start_as_it_is(self):
        if os.path.exists(self.path):
            os.unlink(self.path)
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(self.path)
        listener.listen(128)

        self.child = os.fork()
        if self.child == 0:
            self.become(listener)
        listener.close()

    def make_key(self):
        """As systemd does: in a directory that the environment names."""
        self.credentials = self.statedir + '.credentials'
        shutil.rmtree(self.credentials, ignore_errors=True)
        os.makedirs(self.credentials, mode=0o755)
        path = os.path.join(self.credentials, 'hostpass.key')
        with open(path, 'wb') as key:
            key.write(os.urandom(32))
        os.chown(path, NOBODY, NOBODY)

    def become(self, listener):
        """In the child: be nobody, then hostpassd. The socket is number 3."""
        try:
            log = os.open(self.log, os.O_WRONLY | os.O_APPEND)
            os.dup2(log, 1)
            os.dup2(log, 2)
            os.dup2(os.open('/dev/null', os.O_RDONLY), 0)
            os.dup2(listener.fileno(), 3)
            os.set_inheritable(3, True)
            os.closerange(4, 4096)
            os.setgroups([])
            os.setgid(NOBODY)
            os.setuid(NOBODY)
            os.execve(self.binary, [self.binary, '-c', self.config],
                      {'LISTEN_PID': str(os.getpid()), 'LISTEN_FDS': '1',
                       'CREDENTIALS_DIRECTORY': self.credentials})
        finally:
            os._exit(127)

    def is_alive(self):
        return os.waitpid(self.child, os.WNOHANG) == (0, 0)

    def stop(self):
        """How it ended: 0 is well, less is a signal."""
        os.kill(self.child, signal.SIGTERM)
        for _ in range(100):
            child, status = os.waitpid(self.child, os.WNOHANG)
            if child != 0:
                return os.waitstatus_to_exitcode(status)
            time.sleep(0.05)
        os.kill(self.child, signal.SIGKILL)
        os.waitpid(self.child, 0)
        return 'killed: it did not end'

    def remove(self):
        shutil.rmtree(self.dir, ignore_errors=True)

    def connect(self, seconds):
        client = socket.socket(socket.AF_UNIX)
        client.settimeout(seconds)
        client.connect(self.path)
        return client

    def receive(self, client):
        def exactly(count):
            data = b''
            while len(data) < count:
                chunk = client.recv(count - len(data))
                if not chunk:
                    raise ConnectionError('the daemon closed the connection')
                data += chunk
            return data

        length, _, kind = struct.unpack('<IHH', exactly(8))
        return kind, Fields(exactly(length - 4))

    def begin(self, user, service, seconds, conversation=TERMINAL):
        """As a program that was told the uid that a lookup computes."""
        client = self.connect(seconds)
        client.sendall(frame(
            AUTHENTICATE, text(user) + text(service) + text('') + text('')
            + text('') + struct.pack('<I', uid.computed(self.issuer, user)) + text('')
            + struct.pack('<IIQ', conversation, 0, 0)))
        return client

    def finish(self, client, person=None):
        """The reason code, and what was shown on the way. A person sees what
        is shown, and answers what is asked."""
        shown = ''
        with client:
            while True:
                kind, fields = self.receive(client)
                if kind == SHOW:
                    shown += fields.text()
                    if person:
                        person.see(shown)
                    continue
                if kind == ASK and person:
                    fields.u32()
                    shown += fields.text()
                    client.sendall(frame(ANSWER, text(person.answer(shown))))
                    continue
                if kind != VERDICT:
                    raise ConnectionError(f'a frame of type {kind}')
                fields.u32()
                fields.text()
                return fields.text(), shown

    def status(self):
        with self.connect(5) as client:
            client.sendall(frame(STATUS))
            kind, fields = self.receive(client)
            return fields.text() if kind == JSON else ''

    def refresh(self, user):
        """What became of it, as a document."""
        with self.connect(30) as client:
            client.sendall(frame(REFRESH, text(user)))
            kind, fields = self.receive(client)
            return json.loads(fields.text()) if kind == JSON else {}

    def account(self, user):
        """The reason code of the account phase for sshd."""
        with self.connect(10) as client:
            client.sendall(frame(
                ACCOUNT, text(user) + text('sshd') + text('') + text('')
                + struct.pack('<IQ', uid.computed(self.issuer, user), 0)))
            _, fields = self.receive(client)
            fields.u32()
            fields.text()
            return fields.text()

    def verdict_line(self, user):
        """The line of the log with this user's verdict; it is written before
        the verdict is sent."""
        with open(self.log, encoding='utf-8', errors='replace') as file:
            lines = re.findall(rf'.*user={re.escape(user)} .*reason=.*',
                               file.read())
        return lines[-1] if lines else ''

    def wait_ready(self):
        for _ in range(100):
            if self.status():
                return
            time.sleep(0.05)
