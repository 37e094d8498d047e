// SPDX-License-Identifier: BSD-2-Clause
// A certificate authority for one state directory, and the server's
// certificate for localhost. Made once; later starts use what is there.

import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

function openssl(...args) {
  execFileSync('openssl', args, { stdio: ['ignore', 'ignore', 'pipe'] });
}

const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];

function makeAuthority(at) {
  openssl('req', '-x509', ...newKey, '-days', '3650',
    '-subj', '/CN=hostpass test provider CA',
    '-addext', 'keyUsage=critical,keyCertSign,cRLSign',
    '-keyout', at('ca.key'), '-out', at('ca.pem'));
}

function makeCertificate(at) {
  const ext = at('server.ext');

  writeFileSync(ext, [
    'basicConstraints=critical,CA:FALSE',
    'keyUsage=critical,digitalSignature',
    'extendedKeyUsage=serverAuth',
    'subjectAltName=DNS:localhost,IP:127.0.0.1,IP:::1',
  ].join('\n'));
  openssl('req', ...newKey, '-subj', '/CN=localhost',
    '-keyout', at('server.key'), '-out', at('server.csr'));
  // 397 days: browsers refuse server certificates that live longer.
  openssl('x509', '-req', '-in', at('server.csr'), '-days', '397',
    '-CA', at('ca.pem'), '-CAkey', at('ca.key'), '-CAcreateserial',
    '-extfile', ext, '-out', at('server.pem'));
  rmSync(ext);
  rmSync(at('server.csr'));
}

// Returns { key, cert } for https.createServer.
export function serverCertificate(dir) {
  const at = (name) => join(dir, name);

  if (!existsSync(at('ca.pem'))) {
    makeAuthority(at);
  }
  if (!existsSync(at('server.pem'))) {
    makeCertificate(at);
  }
  return { key: readFileSync(at('server.key')), cert: readFileSync(at('server.pem')) };
}
