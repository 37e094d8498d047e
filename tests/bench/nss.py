# SPDX-License-Identifier: BSD-2-Clause
"""nss.py DIR STATEDIR COUNT...: lookups by each back end that is there, in
turns. DIR has lookup, the module of hostpass and a snapshot for each COUNT.
Prints the best of rounds, and ratios. Writes all over the root that it runs in,
which has to be one of its own."""

import os
import random
import subprocess
import sys

from peers import HOT, backends, write

ROUNDS = 5
KINDS = ('getpwnam', 'getpwuid', 'miss', 'getgrouplist', 'process')
MEMORY = ('Rss:1', 'Rss:1000', 'Pss:1000', 'Anonymous:1000')


class Bench:
    def __init__(self, directory, statedir):
        self.dir = directory
        self.all = backends(directory, statedir)

    def prepare(self, count):
        """Data for every back end; those that can answer."""
        ready = []
        for backend in self.all:
            if count > backend.most or not backend.is_there():
                continue
            try:
                backend.prepare(count)
            except (OSError, RuntimeError, subprocess.SubprocessError) as e:
                print(f'  {backend.name}: {e}, left out')
                continue
            if backend.hot and self.lookup(backend, count, 'warm') is None:
                print(f'  {backend.name}: gives wrong answers, left out')
                continue
            ready.append(backend)
        return ready

    def lookup(self, backend, count, *mode):
        """One run of lookup with this back end alone: kind -> number."""
        write(f'{self.dir}/nsswitch.conf',
              f'passwd: {backend.nss}\ngroup: {backend.nss}\n')
        steps = [f'mount --bind {self.dir}/nsswitch.conf /etc/nsswitch.conf']
        if backend.script():
            steps.append(backend.script())
        hot = min(count, HOT) if backend.hot else count
        done = subprocess.run(
            ['unshare', '--mount', 'sh', '-c',
             ' && '.join(steps) + ' && exec "$@"', 'sh', f'{self.dir}/lookup',
             str(count), str(hot), *mode],
            env={**os.environ, 'LD_LIBRARY_PATH': self.dir},
            stdout=subprocess.PIPE, text=True, check=False)
        if done.returncode != 0:
            return None
        return {kind: float(number) for kind, number in
                (line.split() for line in done.stdout.splitlines())}

    def run(self, count):
        ready = self.prepare(count)
        found = {backend.name: [] for backend in ready}
        for _ in range(ROUNDS):
            random.shuffle(ready)
            for backend in list(ready):
                times = self.lookup(backend, count)
                if times is None:
                    print(f'  {backend.name}: gives wrong answers, left out')
                    ready.remove(backend)
                    del found[backend.name]
                else:
                    found[backend.name].append(times)
        best = {name: {kind: min(t[kind] for t in times) for kind in KINDS}
                for name, times in found.items()}
        memory = {backend.name: self.lookup(backend, count, 'memory')
                  for backend in ready}
        for backend in self.all:
            backend.stop()
        self.table(count, best)
        self.memory(count, memory)

    def table(self, count, best):
        print(f'\n{count} people: microseconds, and how many times what '
              'hostpass takes')
        print(f'  {"":<12}' + ''.join(f'{kind:>20}' for kind in KINDS))
        ours = best['hostpass']
        for name in sorted(best, key=lambda name: name != 'hostpass'):
            row = ''
            for kind in KINDS:
                ns = best[name][kind]
                cell = f'{ns / 1000:.2f} {ns / ours[kind]:7.1f}x'
                row += f'{cell:>20}'
            print(f'  {name:<12}{row}', flush=True)

    def memory(self, count, memory):
        print(f'{count} people: kilobytes that one lookup, or 1000 of them, '
              'add to a process')
        print(f'  {"":<12}' + ''.join(f'{kind:>20}' for kind in MEMORY))
        for name in sorted(memory, key=lambda name: name != 'hostpass'):
            print(f'  {name:<12}' + ''.join(
                f'{memory[name][kind]:>20.0f}' for kind in MEMORY), flush=True)


def main():
    bench = Bench(*sys.argv[1:3])
    for count in sys.argv[3:]:
        bench.run(int(count))


if __name__ == '__main__':
    main()
