// SPDX-License-Identifier: BSD-2-Clause
// People as state.json lists them, and the claims that Pocket ID makes of
// them. A person is a sub; usernames may repeat, change or be odd.

// For the tools of a test only: "alice" or a sub. Two people with one
// username must be told apart by sub.
export function namedPerson(users, name) {
  const found = users.filter((user) => user.sub === name || user.username === name);

  if (found.length > 1) {
    throw new Error(`${found.length} people are called ${name}: use the sub`);
  }
  return found[0];
}

// What a row in state.json may leave out.
const NOBODY = { given_name: '', family_name: '', groups: [], custom_claims: {} };

export class People {
  constructor(app) {
    this.app = app;
  }

  all() {
    return this.app.config().users.map((user) => ({ ...NOBODY, ...user }));
  }

  bySub(sub) {
    return this.all().find((user) => user.sub === sub);
  }

  named(name) {
    return namedPerson(this.all(), name);
  }

  displayName(user) {
    return user.display_name ?? `${user.given_name} ${user.family_name}`.trim();
  }

  // Is this person in one of the groups that the client is restricted to?
  mayUse(user, client) {
    const allowed = client.allowed_groups;

    return !allowed || user.groups.some((group) => allowed.includes(group));
  }

  // The user claims of an ID token and of userinfo alike.
  claims(user, scope) {
    const scopes = new Set((scope ?? '').split(' '));

    return {
      sub: user.sub,
      ...(scopes.has('profile') && this.#profile(user)),
      ...(scopes.has('email') && user.email
        && { email: user.email, email_verified: Boolean(user.email_verified) }),
      ...(scopes.has('groups') && { groups: user.groups }),
    };
  }

  #profile(user) {
    const name = this.displayName(user);

    return {
      ...customClaims(user.custom_claims),
      given_name: user.given_name,
      family_name: user.family_name,
      name,
      display_name: name,
      preferred_username: user.username,
      picture: `${this.app.issuer}/api/users/${user.sub}/profile-picture.png`,
    };
  }
}

// Pocket ID keeps strings and sends what they are when read as JSON:
// "10001" becomes a number, "007" and "/bin/sh" stay strings.
function customClaims(claims) {
  return Object.fromEntries(Object.entries(claims).map(([key, value]) => {
    try {
      return [key, JSON.parse(value)];
    } catch {
      return [key, value];
    }
  }));
}
