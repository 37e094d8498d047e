// SPDX-License-Identifier: BSD-2-Clause
// The part of Pocket ID's admin API that lists people: page by page, with the
// owner of the static key among them, and groups without their custom claims.

import { routeTable } from './http.mjs';

const STATIC_USER = {
  sub: '00000000-0000-0000-0000-000000000000',
  username: 'static-api-user-000000',
  given_name: 'Static',
  family_name: 'User',
  groups: [],
  custom_claims: {},
};

const groupId = (name) => Buffer.from(name).toString('hex').padEnd(32, '0');

const customClaims = (claims) => (
  Object.entries(claims).map(([key, value]) => ({ key, value: String(value) })));

const group = (name) => ({ id: groupId(name), name, friendlyName: name, customClaims: [] });

function describe(app, user) {
  return {
    id: user.sub,
    username: user.username,
    email: user.email ?? null,
    emailVerified: Boolean(user.email_verified),
    firstName: user.given_name,
    lastName: user.family_name,
    displayName: app.people.displayName(user),
    isAdmin: false,
    customClaims: customClaims(user.custom_claims),
    userGroups: user.groups.map(group),
    disabled: Boolean(user.disabled),
  };
}

function refused(app, ctx) {
  if (ctx.get('x-api-key') === app.config().api_key) {
    return false;
  }
  ctx.status = 401;
  ctx.body = { error: 'You are not signed in' };
  return true;
}

async function users(app, ctx) {
  if (refused(app, ctx)) {
    return;
  }
  const rows = [STATIC_USER, ...app.people.all()].sort((a, b) => (
    a.username < b.username ? -1 : 1));
  const limit = Math.min(Number(ctx.query['pagination[limit]'] ?? 20), 100);
  const pages = Math.max(Math.ceil(rows.length / limit), 1);
  const page = Math.min(Number(ctx.query['pagination[page]'] ?? 1), pages);

  ctx.body = {
    data: rows.slice((page - 1) * limit, page * limit).map((user) => describe(app, user)),
    pagination: {
      totalPages: pages, totalItems: rows.length, currentPage: page, itemsPerPage: limit,
    },
  };
}

async function oneGroup(app, ctx) {
  if (refused(app, ctx)) {
    return;
  }
  const name = app.people.all().flatMap((user) => user.groups)
    .find((candidate) => groupId(candidate) === ctx.state.rest);

  if (!name) {
    ctx.status = 404;
    return;
  }
  ctx.body = {
    ...group(name),
    customClaims: customClaims(app.config().group_claims[name] ?? {}),
  };
}

export function adminApi(app) {
  return routeTable(app, {
    'GET /api/users': users,
    'GET /api/user-groups/*': oneGroup,
  });
}
