// SPDX-License-Identifier: BSD-2-Clause
// Who is signed in with this browser. A session lasts an hour and starts
// when a passkey is used; that moment is auth_time in every token.

import { randomBytes } from 'node:crypto';
import { now } from './store.mjs';

const COOKIE = '__Host-session';
const LIFETIME = 3600;
const REAUTHENTICATION = 180;

export class Sessions {
  constructor(app) {
    this.app = app;
  }

  start(ctx, sub) {
    const id = randomBytes(32).toString('base64url');

    this.end(ctx);
    this.app.store.put('BrowserSession', id, {
      id, sub, auth_time: now(), amr: ['phr'], fresh_until: now() + REAUTHENTICATION,
    }, LIFETIME);
    this.#setCookie(ctx, id, LIFETIME);
  }

  // { id, sub, auth_time, amr, fresh_until }, or undefined.
  of(ctx) {
    const session = this.app.store.get('BrowserSession', ctx.cookies.get(COOKIE));
    const user = session && this.app.people.bySub(session.sub);
    const { session_age: age } = this.app.config();

    return user && !user.disabled ? {
      ...session,
      auth_time: session.auth_time - age,
      fresh_until: session.fresh_until - age,
    } : undefined;
  }

  // Was a passkey used for this session in the last three minutes, and has
  // that use not been spent on another approval?
  isFresh(session) {
    return session.fresh_until > now();
  }

  spend(session) {
    this.app.store.update('BrowserSession', session.id, { fresh_until: 0 });
  }

  end(ctx) {
    const id = ctx.cookies.get(COOKIE);

    if (id) {
      this.app.store.drop('BrowserSession', id);
      this.#setCookie(ctx, '', 0);
    }
  }

  #setCookie(ctx, value, maxAge) {
    // Lax, or the sign-in that a link in a mail starts would not find it.
    ctx.append('Set-Cookie',
      `${COOKIE}=${value}; Path=/; Max-Age=${maxAge}; Secure; HttpOnly; SameSite=Lax`);
  }
}
