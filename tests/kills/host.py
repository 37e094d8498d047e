# SPDX-License-Identifier: BSD-2-Clause
"""A hostpassd with a state directory of its own, and a provider of its own,
so that many of them can be killed at one time."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading

sys.path.insert(0, os.path.join(os.path.dirname(__file__), '..', 'lies'))

# pylint: disable=wrong-import-position
import pki  # noqa: E402
from daemon import NOBODY, Daemon  # noqa: E402
from provider import SECRET, Lie, Provider, SignIn  # noqa: E402

HONEST = Lie('the truth', 'granted')

# The directory that is compiled in is another one for each of them.
BECOME = ('mount --bind "$STATE" "$STATEDIR" && cd / && '
          'exec setpriv --reuid $NOBODY --regid $NOBODY --clear-groups '
          'env -i LISTEN_PID=$$ LISTEN_FDS=1 '
          'CREDENTIALS_DIRECTORY="$CREDENTIALS" $EXTRA "$@"')


class Host(Daemon):
    def __init__(self, binary, statedir, log, authority):
        super().__init__(binary, statedir, log)
        self.provider = Provider(authority)
        self.state = f'{self.dir}/state'
        os.mkdir(f'{self.dir}/run', 0o755)
        self.path = f'{self.dir}/run/hostpass.sock'
        self.configure(self.provider, authority.ca_file, SECRET)
        with open(self.config, 'a', encoding='ascii') as file:
            file.write('[limits]\nrate_user = 10000\n')
        self.credentials = f'{self.dir}/credentials'
        os.mkdir(self.credentials, 0o755)
        with open(f'{self.credentials}/hostpass.key', 'wb') as key:
            key.write(os.urandom(32))
        os.chown(key.name, NOBODY, NOBODY)
        self.new_state()

    def new_state(self):
        shutil.rmtree(self.state, ignore_errors=True)
        os.mkdir(self.state, 0o755)
        os.chown(self.state, NOBODY, NOBODY)

    def start(self, **extra):
        """With these in its environment; state stays."""
        if os.path.exists(self.path):
            os.unlink(self.path)
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(self.path)
        listener.listen(128)
        log = os.open(self.log, os.O_WRONLY | os.O_APPEND)
        number = listener.fileno()
        script = f'exec 3<&{number}; {BECOME}' if number != 3 else BECOME
        self.process = subprocess.Popen(
            ['unshare', '--mount', '--', 'bash', '-c', script, 'bash',
             self.binary, '-c', self.config],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            pass_fds=[number],
            env={'PATH': '/usr/sbin:/usr/bin:/sbin:/bin',
                 'STATE': self.state, 'STATEDIR': self.statedir,
                 'NOBODY': str(NOBODY), 'CREDENTIALS': self.credentials,
                 'EXTRA': ' '.join(f'{k}={v}' for k, v in extra.items())})
        os.close(log)
        listener.close()

    def once(self, *arguments):
        """hostpassd that does one thing and ends: what it said, or None."""
        done = subprocess.run(
            ['unshare', '--mount', '--', 'bash', '-c', BECOME, 'bash',
             self.binary, *arguments], capture_output=True, text=True,
            env={'PATH': '/usr/sbin:/usr/bin:/sbin:/bin',
                 'STATE': self.state, 'STATEDIR': self.statedir,
                 'NOBODY': str(NOBODY), 'CREDENTIALS': self.credentials,
                 'EXTRA': ''}, check=False)
        return done.stdout if done.returncode == 0 else None

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def is_up(self):
        return self.process.poll() is None

    def sign_in(self, user):
        """The reason code, or None if hostpassd is gone."""
        self.provider.expect(SignIn(user, HONEST))
        try:
            return self.finish(self.begin(user, 'sshd', 20))[0]
        except OSError:
            return None

    def close(self):
        if self.is_up():
            self.kill()
        self.remove()


def new_authority():
    scratch = tempfile.mkdtemp(prefix='hostpass-pki-')
    os.chmod(scratch, 0o755)
    return pki.Authority(scratch), scratch


class Results:
    def __init__(self):
        self.passed, self.failed = 0, 0
        self.lock = threading.Lock()

    def __call__(self, what, problem=''):
        with self.lock:
            if problem:
                self.failed += 1
                print(f'FAILED: {what}: {problem}', flush=True)
            else:
                self.passed += 1
                print(what, flush=True)
