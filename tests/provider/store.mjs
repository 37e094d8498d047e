// SPDX-License-Identifier: BSD-2-Clause
// Everything that must outlive a restart: grants, tokens, device requests,
// browser sessions. One JSON file, written shortly after each change.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeAtomic } from './config.mjs';

const WRITE_DELAY_MS = 25;

export const now = () => Math.floor(Date.now() / 1000);

export class Store {
  #file;
  #rows;
  #timer = null;

  constructor(dir) {
    this.#file = join(dir, 'tokens.json');
    this.#rows = new Map(existsSync(this.#file) ? JSON.parse(readFileSync(this.#file, 'utf8')) : []);
  }

  get(kind, id) {
    const row = this.#rows.get(`${kind}:${id}`);

    return row && row.until > now() ? row.value : undefined;
  }

  put(kind, id, value, ttl) {
    this.#rows.set(`${kind}:${id}`, { until: now() + ttl, value });
    this.#changed();
  }

  update(kind, id, changes) {
    const row = this.#rows.get(`${kind}:${id}`);

    if (row) {
      Object.assign(row.value, changes);
      this.#changed();
    }
  }

  drop(kind, id) {
    this.#rows.delete(`${kind}:${id}`);
    this.#changed();
  }

  find(kind, matches) {
    for (const [key, row] of this.#rows) {
      if (key.startsWith(`${kind}:`) && row.until > now() && matches(row.value)) {
        return row.value;
      }
    }
    return undefined;
  }

  // A refresh token's family and all that was issued with it.
  dropGrant(grantId) {
    for (const [key, { value }] of this.#rows) {
      if (value.grantId === grantId || key === `Grant:${grantId}`) {
        this.#rows.delete(key);
      }
    }
    this.#changed();
  }

  flush() {
    clearTimeout(this.#timer);
    this.#timer = null;
    for (const [key, row] of this.#rows) {
      if (row.until <= now()) {
        this.#rows.delete(key);
      }
    }
    writeAtomic(this.#file, JSON.stringify([...this.#rows]));
  }

  #changed() {
    this.#timer ??= setTimeout(() => this.flush(), WRITE_DELAY_MS);
  }
}

// What oidc-provider calls an adapter, over the store. Clients are not
// stored: they are read from state.json at each look. Access tokens leave the
// house as JWTs (tokens.mjs), so one that comes back is first led to its id.
export function adapterClass(app) {
  const { store } = app;

  return class Adapter {
    constructor(kind) {
      this.kind = kind;
    }

    async find(id) {
      if (this.kind === 'Client') {
        return app.clients.metadata(id);
      }
      if (this.kind === 'AccessToken') {
        return store.get(this.kind, await app.tokens.accessTokenId(id));
      }
      return store.get(this.kind, id);
    }

    async upsert(id, value, ttl) {
      store.put(this.kind, id, value, ttl);
    }

    async findByUid(uid) {
      return store.find(this.kind, (value) => value.uid === uid);
    }

    async findByUserCode() {
      return undefined;
    }

    async consume(id) {
      store.update(this.kind, id, { consumed: now() });
    }

    async destroy(id) {
      store.drop(this.kind, id);
    }

    async revokeByGrantId(grantId) {
      store.dropGrant(grantId);
    }
  };
}
