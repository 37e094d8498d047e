# SPDX-License-Identifier: BSD-2-Clause
"""The back ends that hostpass is compared with. Each gets the same people as
text, makes of it what it needs, and starts its daemon if it has one. All of it
happens in a root of its own, which goes away."""

import json
import os
import shutil
import socket
import subprocess
import time

GROUPS, OF_USER = 1000, 10
STEP = GROUPS // OF_USER
USER_BASE, GROUP_BASE = 1900000000, 1880000000
# People whom a cache was asked for before.
HOT = 200


def write(path, text, mode=0o644):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, 'w', encoding='ascii') as file:
        file.write(text)
    os.chmod(path, mode)


def passwd(count):
    return [f'user{i}:x:{USER_BASE + i}:{USER_BASE + i}:Some Body:'
            f'/home/user{i}:/bin/bash' for i in range(count)]


def group(count):
    return [f'group{g}:x:{GROUP_BASE + g}:'
            + ','.join(f'user{i}' for i in range(g % STEP, count, STEP))
            for g in range(GROUPS)]


def wait_for(there, what):
    for _ in range(1200):
        if there():
            return
        time.sleep(0.1)
    raise RuntimeError(f'{what} does not come')


def listens(port):
    with socket.socket() as client:
        return client.connect_ex(('127.0.0.1', port)) == 0


class Backend:
    """name is what it is called in the table, nss in nsswitch.conf. most is
    how many people it is tried with; hot: no more than HOT are asked for."""

    name = nss = ''
    most = 10 ** 9
    hot = False

    def __init__(self, directory):
        self.dir = directory
        self.children = []

    def is_there(self):
        return any(os.path.exists(f'{where}/libnss_{self.nss}.so.2')
                   for where in (self.dir, '/usr/lib',
                                 f'/usr/lib/{os.uname().machine}-linux-gnu'))

    def prepare(self, count):
        """Make all that is needed to answer."""

    def script(self):
        """Shell that has to run in the namespace of the lookups, or ''."""
        return ''

    def start(self, *command):
        with open(f'{self.dir}/{self.name}.log', 'ab') as log:
            self.children.append(subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log))

    def stop(self):
        for child in self.children:
            child.terminate()
            try:
                child.wait(20)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
        self.children = []


class Hostpass(Backend):
    name = nss = 'hostpass'

    def __init__(self, directory, statedir):
        super().__init__(directory)
        self.statedir = statedir

    def prepare(self, count):
        os.makedirs(self.statedir, exist_ok=True)
        shutil.copy(f'{self.dir}/snapshot.{count}', f'{self.statedir}/snapshot')


class Files(Backend):
    name = nss = 'files'

    def is_there(self):
        return True

    def prepare(self, count):
        write(f'{self.dir}/passwd', '\n'.join(passwd(count)) + '\n')
        write(f'{self.dir}/group', '\n'.join(group(count)) + '\n')

    def script(self):
        return ' && '.join(f'mount --bind {self.dir}/{name} /etc/{name}'
                           for name in ('passwd', 'group'))


class Extrausers(Backend):
    name = nss = 'extrausers'

    def prepare(self, count):
        write('/var/lib/extrausers/passwd', '\n'.join(passwd(count)) + '\n')
        write('/var/lib/extrausers/group', '\n'.join(group(count)) + '\n')


class Db(Backend):
    """Debian's, in Berkeley DB."""
    name = nss = 'db'

    def prepare(self, count):
        for table, lines in (('passwd', passwd(count)),
                             ('group', group(count))):
            keyed = []
            for i, line in enumerate(lines):
                name, _, number, _ = line.split(':', 3)
                keyed += [f'.{name} {line}', f'={number} {line}',
                          f'0{i} {line}']
            subprocess.run(['makedb', '-o', f'/var/lib/misc/{table}.db', '-'],
                           input='\n'.join(keyed) + '\n', text=True, check=True,
                           stdout=subprocess.DEVNULL)


class Systemd(Backend):
    """A file for each user, group and membership; more takes minutes to write,
    and half a second a lookup to read."""
    name = nss = 'systemd'
    most = 1000

    def prepare(self, count):
        where = '/etc/userdb'
        shutil.rmtree(where, ignore_errors=True)
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

    def script(self):
        # Without the daemon, even if it runs for another row.
        return 'mkdir -p /run/systemd/userdb && ' \
            'mount -t tmpfs none /run/systemd/userdb'


class Userdbd(Backend):
    """The same files, read by a daemon."""
    name, nss = 'userdbd', 'systemd'
    most = Systemd.most
    binary = '/lib/systemd/systemd-userdbd'

    def is_there(self):
        return super().is_there() and os.path.exists(self.binary)

    def prepare(self, count):
        os.makedirs('/run/systemd/userdb', exist_ok=True)
        self.start(self.binary)
        wait_for(lambda: os.path.exists(
            '/run/systemd/userdb/io.systemd.Multiplexer'), 'systemd-userdbd')


class Ldap(Backend):
    """nslcd before slapd, on the loopback."""
    name = nss = 'ldap'

    def is_there(self):
        return super().is_there() and os.path.exists('/usr/sbin/slapd') \
            and os.path.exists('/usr/sbin/nslcd')

    def ldif(self, count):
        yield 'dn: dc=bench\nobjectClass: dcObject\n' \
            'objectClass: organization\no: bench\ndc: bench\n'
        for i in range(count):
            yield f'dn: uid=user{i},dc=bench\nobjectClass: account\n' \
                f'objectClass: posixAccount\nuid: user{i}\ncn: Some Body\n' \
                f'gecos: Some Body\nuidNumber: {USER_BASE + i}\n' \
                f'gidNumber: {USER_BASE + i}\nhomeDirectory: /home/user{i}\n' \
                'loginShell: /bin/bash\n'
        for g in range(GROUPS):
            members = ''.join(f'memberUid: user{i}\n'
                              for i in range(g % STEP, count, STEP))
            yield f'dn: cn=group{g},dc=bench\nobjectClass: posixGroup\n' \
                f'cn: group{g}\ngidNumber: {GROUP_BASE + g}\n{members}'

    def prepare(self, count):
        where = f'{self.dir}/ldap'
        shutil.rmtree(where, ignore_errors=True)
        os.makedirs(where)
        schema = '/etc/ldap/schema'
        write(f'{self.dir}/slapd.conf', f'''include {schema}/core.schema
include {schema}/cosine.schema
include {schema}/nis.schema
modulepath /usr/lib/ldap
moduleload back_mdb
database mdb
maxsize 4294967296
suffix dc=bench
directory {where}
index objectClass,uid,uidNumber,gidNumber,cn,memberUid eq
''')
        write(f'{self.dir}/people.ldif', '\n'.join(self.ldif(count)))
        subprocess.run(['slapadd', '-q', '-f', f'{self.dir}/slapd.conf', '-l',
                        f'{self.dir}/people.ldif'], check=True)
        write('/etc/nslcd.conf', 'uid root\ngid root\n'
              'uri ldap://127.0.0.1/\nbase dc=bench\n', 0o600)
        os.makedirs('/run/nslcd', exist_ok=True)
        self.start('/usr/sbin/slapd', '-f', f'{self.dir}/slapd.conf', '-h',
                   'ldap://127.0.0.1/', '-d', '0')
        wait_for(lambda: listens(389), 'slapd')
        self.start('/usr/sbin/nslcd', '--nofork')
        wait_for(lambda: os.path.exists('/run/nslcd/socket'), 'nslcd')


class Sss(Backend):
    """SSSD before the same slapd. Everybody maps the files that it has filled,
    so those who are asked for were asked for once before."""
    name = nss = 'sss'
    hot = True

    def is_there(self):
        return super().is_there() and os.path.exists('/usr/sbin/sssd')

    def prepare(self, count):
        for where in ('db', 'mc'):
            for name in os.listdir(f'/var/lib/sss/{where}'):
                os.unlink(f'/var/lib/sss/{where}/{name}')
        write('/etc/sssd/sssd.conf', '''[sssd]
services = nss
domains = bench
[nss]
memcache_timeout = 36000
[domain/bench]
id_provider = ldap
auth_provider = none
access_provider = permit
ldap_uri = ldap://127.0.0.1/
ldap_search_base = dc=bench
ldap_schema = rfc2307
ldap_referrals = false
entry_cache_timeout = 36000
timeout = 600
''', 0o600)
        wait_for(lambda: listens(389), 'slapd')
        self.start('/usr/sbin/sssd', '-i', '--logger=stderr')
        wait_for(lambda: os.path.exists('/var/lib/sss/pipes/nss') and
                 os.path.exists('/var/lib/sss/mc/passwd'), 'sssd')


def backends(directory, statedir):
    return [Hostpass(directory, statedir)] + [kind(directory) for kind in (
        Files, Extrausers, Db, Systemd, Userdbd, Ldap, Sss)]
