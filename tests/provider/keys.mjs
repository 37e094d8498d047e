// SPDX-License-Identifier: BSD-2-Clause
// The one signing key. Pocket ID has a single key at a time and replaces it
// without overlap: another signing_alg or key_generation in state.json is a
// new key, and tokens of the old one cannot be verified any more.

import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { exportJWK, exportSPKI, generateKeyPair, importJWK } from 'jose';
import { writeAtomic } from './config.mjs';

const RSA_BITS = { RS256: 2048, RS384: 3072, RS512: 4096 };

async function makeJwk(alg) {
  const { privateKey } = await generateKeyPair(alg, {
    extractable: true,
    ...(RSA_BITS[alg] && { modulusLength: RSA_BITS[alg] }),
    ...(alg === 'EdDSA' && { crv: 'Ed25519' }),
  });
  const jwk = await exportJWK(privateKey);

  return { alg, kid: randomBytes(8).toString('base64url'), use: 'sig', ...jwk };
}

function publicPart({ alg, kid, use, kty, n, e, crv, x, y }) {
  return JSON.parse(JSON.stringify({ alg, kid, use, kty, n, e, crv, x, y }));
}

export class Keys {
  #file;
  #jwks;
  #loading = new Map();

  constructor(dir, config) {
    this.config = config;
    this.#file = join(dir, 'keys.json');
    this.#jwks = existsSync(this.#file) ? JSON.parse(readFileSync(this.#file, 'utf8')) : {};
  }

  async #load(name, alg) {
    if (!this.#jwks[name]) {
      this.#jwks[name] = await makeJwk(alg);
      writeAtomic(this.#file, JSON.stringify(this.#jwks));
    }
    const jwk = this.#jwks[name];
    const publicJwk = publicPart(jwk);
    const publicKey = await importJWK({ ...publicJwk, ext: true }, alg, { extractable: true });

    return {
      name,
      alg,
      kid: jwk.kid,
      jwk,
      publicJwk,
      publicKey,
      publicPem: await exportSPKI(publicKey),
      privateKey: await importJWK(jwk, alg),
    };
  }

  // The key that state.json asks for now. Two callers share one generation.
  current() {
    const { signing_alg: alg, key_generation: generation } = this.config();
    const name = `${alg}-${generation}`;

    if (!this.#loading.has(name)) {
      this.#loading.set(name, this.#load(name, alg));
    }
    return this.#loading.get(name);
  }
}
