# SPDX-License-Identifier: BSD-2-Clause
"""nss.py BUILD STATEDIR COUNT...: lookups by each back end that is there, in
turns, in a mount namespace of its own. Prints the best of rounds, and
ratios."""

import json
import os
import random
import shutil
import subprocess
import sys
import tempfile

ROUNDS = 5
GROUPS, OF_USER = 1000, 10
STEP = GROUPS // OF_USER
USER_BASE, GROUP_BASE = 1900000000, 1880000000
KINDS = ('getpwnam', 'getpwuid', 'miss', 'getgrouplist', 'process')


def passwd(count):
    return ''.join(f'user{i}:x:{USER_BASE + i}:{USER_BASE + i}:Some Body:'
                   f'/home/user{i}:/bin/bash\n' for i in range(count))


def group(count):
    return ''.join(
        f'group{g}:x:{GROUP_BASE + g}:'
        + ','.join(f'user{i}' for i in range(g % STEP, count, STEP)) + '\n'
        for g in range(GROUPS))


def write(path, text):
    with open(path, 'w', encoding='ascii') as file:
        file.write(text)


def userdb(where, count):
    """systemd's drop-ins: a file for each user, group and membership."""
    for i in range(count):
        record = {'userName': f'user{i}', 'uid': USER_BASE + i,
                  'gid': USER_BASE + i, 'realName': 'Some Body',
                  'homeDirectory': f'/home/user{i}', 'shell': '/bin/bash',
                  'disposition': 'regular'}
        write(f'{where}/user{i}.user', json.dumps(record))
        os.symlink(f'user{i}.user', f'{where}/{USER_BASE + i}.user')
        for g in range(i % STEP, GROUPS, STEP):
            write(f'{where}/user{i}:group{g}.membership', '{}\n')
    for g in range(GROUPS):
        record = {'groupName': f'group{g}', 'gid': GROUP_BASE + g,
                  'disposition': 'regular'}
        write(f'{where}/group{g}.group', json.dumps(record))
        os.symlink(f'group{g}.group', f'{where}/{GROUP_BASE + g}.group')


class Bench:
    def __init__(self, build, statedir, modules):
        self.build, self.statedir, self.modules = build, statedir, modules
        self.dir = tempfile.mkdtemp(prefix='hostpass-bench-')

    def mount(self, what, where):
        subprocess.run(['mount', '--bind', what, where], check=True)

    def has(self, name):
        return any(os.path.exists(f'{where}/libnss_{name}.so.2')
                   for where in self.modules)

    def prepare(self, count):
        """Data for every back end; the names of those that are there."""
        os.makedirs(self.statedir, exist_ok=True)
        subprocess.run([f'{self.build}/tests/bench/people', str(count),
                        f'{self.statedir}/snapshot'], check=True)
        there = ['hostpass', 'files']
        write(f'{self.dir}/passwd', passwd(count))
        write(f'{self.dir}/group', group(count))
        if self.has('extrausers'):
            there.append('extrausers')
            os.makedirs('/var/lib/extrausers', exist_ok=True)
            for name in ('passwd', 'group'):
                shutil.copy(f'{self.dir}/{name}', '/var/lib/extrausers')
        # More takes minutes to write, and half a second a lookup to read.
        if self.has('systemd') and count <= 1000:
            there.append('systemd')
            shutil.rmtree('/run/userdb', ignore_errors=True)
            os.makedirs('/run/userdb')
            userdb('/run/userdb', count)
        return there

    def once(self, backend, count):
        """One run of lookup with this back end alone: kind -> ns."""
        write(f'{self.dir}/nsswitch.conf',
              f'passwd: {backend}\ngroup: {backend}\n')
        script = f'mount --bind {self.dir}/nsswitch.conf /etc/nsswitch.conf'
        if backend == 'files':
            for name in ('passwd', 'group'):
                script += f' && mount --bind {self.dir}/{name} /etc/{name}'
        done = subprocess.run(
            ['unshare', '--mount', 'sh', '-c', f'{script} && exec "$@"', 'sh',
             f'{self.build}/tests/bench/lookup', str(count)],
            env={**os.environ, 'LD_LIBRARY_PATH': ':'.join(self.modules)},
            stdout=subprocess.PIPE, text=True, check=False)
        if done.returncode != 0:
            return None
        return {kind: float(ns) for kind, ns in
                (line.split() for line in done.stdout.splitlines())}

    def run(self, count):
        backends = self.prepare(count)
        found = {backend: [] for backend in backends}
        for _ in range(ROUNDS):
            random.shuffle(backends)
            for backend in list(backends):
                times = self.once(backend, count)
                if times is None:
                    print(f'  {backend}: gives wrong answers, left out')
                    backends.remove(backend)
                    del found[backend]
                else:
                    found[backend].append(times)
        best = {backend: {kind: min(t[kind] for t in times)
                          for kind in KINDS}
                for backend, times in found.items()}
        self.table(count, best)

    def table(self, count, best):
        print(f'\n{count} people: microseconds, and how many times what '
              'hostpass takes')
        print(f'  {"":<12}' + ''.join(f'{kind:>20}' for kind in KINDS))
        ours = best['hostpass']
        for backend in sorted(best, key=lambda b: b != 'hostpass'):
            row = ''
            for kind in KINDS:
                ns = best[backend][kind]
                cell = f'{ns / 1000:.2f} {ns / ours[kind]:7.1f}x'
                row += f'{cell:>20}'
            print(f'  {backend:<12}{row}')


def main():
    build, statedir, modules = sys.argv[1:4]
    bench = Bench(build, statedir, modules.split(':'))
    # Nothing of this stays.
    subprocess.run(['mount', '-t', 'tmpfs', 'hostpass', '/run'], check=True)
    subprocess.run(['mount', '-t', 'tmpfs', 'hostpass', '/var/lib'],
                   check=True)
    try:
        for count in sys.argv[4:]:
            bench.run(int(count))
    finally:
        shutil.rmtree(bench.dir)


if __name__ == '__main__':
    main()
