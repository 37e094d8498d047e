# SPDX-License-Identifier: BSD-2-Clause
"""memory.py BUILD STATEDIR STORE: what hostpassd takes with the people of that
store, once it has published them and while it does nothing."""

import os
import shutil
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, '..', 'lies')]

# pylint: disable=wrong-import-position
from daemon import NOBODY, STATUS, Daemon, frame  # noqa: E402


class Full(Daemon):
    def __init__(self, build, statedir, store):
        log = f'{build}/memory.log'
        with open(log, 'w', encoding='ascii'):
            pass
        super().__init__(f'{build}/hostpassd', statedir, log)
        self.store = store
        with open(self.config, 'w', encoding='ascii') as file:
            file.write('[provider]\nissuer = https://id.example.com\n'
                       'client_id = bench\n[access]\nallow_groups = staff\n')
        os.chmod(self.config, 0o644)

    def make_key(self):
        super().make_key()
        path = f'{self.statedir}/store.db'
        shutil.copy(self.store, path)
        os.chown(path, NOBODY, NOBODY)

    def ask_status(self):
        """It waits in the backlog until the daemon has published."""
        begun = time.monotonic()
        with self.connect(300) as client:
            client.sendall(frame(STATUS))
            self.receive(client)
        return time.monotonic() - begun

    def memory(self):
        with open(f'/proc/{self.child}/status', encoding='ascii') as file:
            fields = dict(line.split(':', 1) for line in file)
        return {name: int(fields[name].split()[0]) / 1024
                for name in ('RssAnon', 'RssFile', 'VmHWM')}


def main():
    daemon = Full(*sys.argv[1:4])
    daemon.start()
    ready = daemon.ask_status()
    status = daemon.ask_status()
    # What the allocator gives back, it has given back by now.
    time.sleep(1)
    now = daemon.memory()
    size = os.path.getsize(f'{daemon.statedir}/snapshot') / 1048576
    print(f'hostpassd: ready after {ready:.1f} s, STATUS takes '
          f'{status * 1000:.0f} ms; {now["RssAnon"]:.1f} MB of '
          f'its own, {now["RssFile"]:.1f} MB of files, peak '
          f'{now["VmHWM"]:.1f} MB; the snapshot has {size:.1f} MB')
    print(f'the end: {daemon.stop()}')
    daemon.remove()


if __name__ == '__main__':
    main()
