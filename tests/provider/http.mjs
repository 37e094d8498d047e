// SPDX-License-Identifier: BSD-2-Clause
// Small change of HTTP: reading bodies, and the two shapes of an error.

import { randomUUID } from 'node:crypto';

const BODY_LIMIT = 64 * 1024;

// An RFC 6749 error, as the OAuth endpoints answer it.
export class OAuthError extends Error {
  constructor(status, error, description) {
    super(error);
    Object.assign(this, { status, error, description });
  }
}

// An error of Pocket ID's own API; also what its middleware answers, even on
// an OAuth endpoint.
export function apiError(ctx, status, sentence, code) {
  const id = randomUUID();

  ctx.status = status;
  ctx.set('X-Request-ID', id);
  ctx.body = { error: sentence, code, details: {}, request_id: id };
}

export function oauthError(ctx, { status, error, description }) {
  ctx.status = status;
  ctx.body = { error, error_description: description };
  ctx.set('Content-Type', 'application/json;charset=UTF-8');
}

async function readText(ctx) {
  const chunks = [];
  let size = 0;

  for await (const chunk of ctx.req) {
    size += chunk.length;
    if (size > BODY_LIMIT) {
      throw new OAuthError(413, 'invalid_request', 'The request is too large.');
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

export async function readForm(ctx) {
  return Object.fromEntries(new URLSearchParams(await readText(ctx)));
}

export async function readJson(ctx) {
  if (!ctx.is('application/json')) {
    throw new OAuthError(415, 'invalid_request', 'The body must be JSON.');
  }
  try {
    return JSON.parse(await readText(ctx));
  } catch {
    throw new OAuthError(400, 'invalid_request', 'The body is not valid JSON.');
  }
}

// A table of "METHOD /path" to a handler of (app, ctx), as koa middleware.
// A path may end in "/*"; the handler then finds the rest in ctx.state.rest.
export function routeTable(app, routes) {
  return async function dispatch(ctx, next) {
    const parent = ctx.path.slice(0, ctx.path.lastIndexOf('/'));
    const handler = routes[`${ctx.method} ${ctx.path}`] ?? routes[`${ctx.method} ${parent}/*`];

    if (!handler) {
      return next();
    }
    ctx.state.rest = ctx.path.slice(parent.length + 1);
    try {
      return await handler(app, ctx);
    } catch (error) {
      if (!(error instanceof OAuthError)) {
        throw error;
      }
      return oauthError(ctx, error);
    }
  };
}
