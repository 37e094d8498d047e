// SPDX-License-Identifier: BSD-2-Clause
// node server.mjs --port 4443 --state DIR [--host 127.0.0.1] [--h2] [--test]
// Starts the provider and says "ready https://localhost:PORT". --port 0 takes
// a free one. SIGTERM and SIGINT end it.

import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createSecureServer } from 'node:http2';
import { createServer } from 'node:https';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { serverCertificate } from './ca.mjs';
import { Clients } from './clients.mjs';
import { watchConfig } from './config.mjs';
import { Devices } from './device.mjs';
import { Accounts, Engine } from './engine.mjs';
import { Keys } from './keys.mjs';
import { Pages } from './pages.mjs';
import { Passkeys } from './passkeys.mjs';
import { People } from './people.mjs';
import { Sessions } from './sessions.mjs';
import { Store } from './store.mjs';
import { Tokens } from './tokens.mjs';

// It hands out passkeys and sessions for the asking: never to a network.
const LOOPBACK = ['127.0.0.1', '::1', 'localhost'];

function options() {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '4443' },
      state: { type: 'string' },
      host: { type: 'string', default: '127.0.0.1' },
      h2: { type: 'boolean', default: false },
      test: { type: 'boolean', default: false },
    },
  });

  if (!values.state) {
    throw new Error('--state DIR is missing');
  }
  if (!LOOPBACK.includes(values.host)) {
    throw new Error(`--host must be one of ${LOOPBACK.join(', ')}`);
  }
  return values;
}

// Everything that the parts need of each other, in one place.
function assemble(dir, issuer, testing) {
  const app = { issuer, testing, cookieKey: randomBytes(32).toString('hex') };

  app.config = watchConfig(dir);
  app.store = new Store(dir);
  app.keys = new Keys(dir, app.config);
  app.people = new People(app);
  app.clients = new Clients(app);
  app.accounts = new Accounts(app);
  app.passkeys = new Passkeys(app, dir);
  app.sessions = new Sessions(app);
  app.devices = new Devices(app);
  app.tokens = new Tokens(app);
  app.pages = new Pages(app);
  app.engine = new Engine(app);
  return app;
}

// As Pocket ID does its own TLS: 1.3 and HTTP/2, nothing else.
function createH2Server(certificate) {
  const server = createSecureServer({
    ...certificate, minVersion: 'TLSv1.3', allowHTTP1: false,
  });

  return server.on('unknownProtocol', (socket) => socket.destroy());
}

// Open connections are cut: a test that stalls must not hold the server.
function stopOnSignal(server, app) {
  const sockets = new Set();

  server.on('secureConnection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  for (const signal of ['SIGTERM', 'SIGINT']) {
    process.once(signal, () => {
      app.store.flush();
      server.close(() => process.exit(0));
      sockets.forEach((socket) => socket.destroy());
    });
  }
}

async function main() {
  const { port, state, host, h2, test } = options();
  const dir = resolve(state);

  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const server = (h2 ? createH2Server : createServer)(serverCertificate(dir));

  await new Promise((listening, failed) => {
    server.once('error', failed);
    server.listen(Number(port), host, listening);
  });
  const issuer = `https://localhost:${server.address().port}`;
  const app = assemble(dir, issuer, test);

  server.on('request', (req, res) => {
    app.engine.handle(req, res).catch((error) => {
      console.error(error);
      res.writeHead(500).end();
    });
  });
  stopOnSignal(server, app);
  await app.keys.current();
  writeFileSync(join(dir, 'issuer'), `${issuer}\n`);
  console.log(`ready ${issuer}`);
}

main().catch((error) => {
  console.error(`server.mjs: ${error.message}`);
  process.exit(1);
});
