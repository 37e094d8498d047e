// SPDX-License-Identifier: BSD-2-Clause
// A provider of one's own for a test: a free port, a temporary directory,
// and the few requests that a relying party makes.

import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { postJson, send } from './approve-http.mjs';
import { DEVICE_GRANT } from './clients.mjs';
import { writeAtomic } from './config.mjs';

const here = (name) => new URL(name, import.meta.url).pathname;

export const CLIENT = '3654a746-35d4-4321-ac61-0bdcff2b4055';
export const SCOPE = 'openid profile email groups';

function run(script, args) {
  return spawn(process.execPath, [here(script), ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
}

async function collect(stream) {
  let text = '';

  for await (const chunk of stream) {
    text += chunk;
  }
  return text;
}

// Resolves with { code, out, err }.
export async function approve(args) {
  const child = run('approve.mjs', args);
  const exited = new Promise((done) => { child.once('close', done); });
  const [out, err] = await Promise.all([collect(child.stdout), collect(child.stderr)]);

  return { code: await exited, out, err };
}

export class Provider {
  static async start(...flags) {
    const provider = new Provider();

    provider.dir = mkdtempSync(join(tmpdir(), 'provider-'));
    provider.flags = flags;
    await provider.launch('0');
    return provider;
  }

  async launch(port) {
    const child = run('server.mjs', ['--port', port, '--state', this.dir, '--test', ...this.flags]);
    const lines = createInterface({ input: child.stdout });

    child.stderr.pipe(process.stderr);
    this.child = child;
    this.exited = new Promise((done) => { child.once('exit', done); });
    for await (const line of lines) {
      const [, issuer] = /^ready (\S+)$/.exec(line) ?? [];

      if (issuer) {
        this.issuer = issuer;
        this.ca = readFileSync(join(this.dir, 'ca.pem'));
        return;
      }
    }
    throw new Error('the server ended before it was ready');
  }

  async halt() {
    this.child.kill('SIGTERM');
    return this.exited;
  }

  async stop() {
    await this.halt();
    rmSync(this.dir, { recursive: true, force: true });
  }

  state() {
    return JSON.parse(readFileSync(join(this.dir, 'state.json'), 'utf8'));
  }

  // change(state) edits what state.json holds; the server sees it at once.
  edit(change) {
    const state = this.state();

    change(state);
    writeAtomic(join(this.dir, 'state.json'), JSON.stringify(state));
  }

  // As edit, for the time that body runs.
  async during(change, body) {
    const file = join(this.dir, 'state.json');
    const before = readFileSync(file, 'utf8');

    this.edit(change);
    try {
      return await body();
    } finally {
      writeAtomic(file, before);
    }
  }

  get(path, headers) {
    return send(this.issuer + path, { ca: this.ca, headers });
  }

  form(path, fields, headers = {}) {
    return send(this.issuer + path, {
      ca: this.ca,
      method: 'POST',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded', ...headers },
      body: new URLSearchParams(fields).toString(),
    });
  }

  json(path, value) {
    return postJson(this.issuer + path, value, { ca: this.ca });
  }

  async device(fields = {}, headers = undefined) {
    const all = { client_id: CLIENT, scope: SCOPE, ...fields };

    return (await this.form('/api/oidc/device/authorize', all, headers)).body;
  }

  poll(device, fields = {}, headers = undefined) {
    return this.form('/api/oidc/token', {
      grant_type: DEVICE_GRANT, client_id: CLIENT, device_code: device.device_code, ...fields,
    }, headers);
  }

  approve(device, user = 'alice', more = {}) {
    return this.json('/test/approve', { user_code: device.user_code, user, ...more });
  }

  async login(user = 'alice', more = {}) {
    const device = await this.device();

    await this.approve(device, user, more);
    return (await this.poll(device)).body;
  }

  refresh(token) {
    return this.form('/api/oidc/token', {
      grant_type: 'refresh_token', client_id: CLIENT, refresh_token: token,
    });
  }

  // Throws unless the ID token is one that a relying party may accept.
  async verify(idToken, audience = CLIENT) {
    const { body } = await this.get('/.well-known/jwks.json');

    return jwtVerify(idToken, createLocalJWKSet(body), {
      issuer: this.issuer, audience, typ: 'JWT',
    });
  }
}
