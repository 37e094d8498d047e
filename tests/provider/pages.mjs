// SPDX-License-Identifier: BSD-2-Clause
// What a person sees. Plain HTML with the style inlined; only the passkey
// buttons need script. Nothing is fetched from anywhere else.

import { readFileSync } from 'node:fs';

const style = readFileSync(new URL('style.css', import.meta.url), 'utf8');

const POLICY = [
  'default-src \'none\'', 'style-src \'unsafe-inline\'', 'script-src \'self\'',
  'connect-src \'self\'', 'img-src data:', 'base-uri \'none\'', 'frame-ancestors \'none\'',
].join('; ');

const SCOPES = {
  profile: ['Profile', 'your name and username'],
  email: ['Email', 'your email address'],
  groups: ['Groups', 'the groups that you are in'],
};

class Raw {
  constructor(text) {
    this.text = text;
  }
}

function escaped(value) {
  if (Array.isArray(value)) {
    return value.map(escaped).join('');
  }
  if (value instanceof Raw) {
    return value.text;
  }
  return String(value ?? '').replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}

// A template whose values are escaped unless they are templates themselves.
function html(strings, ...values) {
  return new Raw(strings.reduce((text, part, i) => text + escaped(values[i - 1]) + part));
}

const ICONS = {
  key: 'M13 8.5a4.5 4.5 0 1 1-9 0 4.5 4.5 0 0 1 9 0Zm-1.3 3.2L20 20m-2.2-2.2 2-2m-5-1 2-2',
  done: 'm5 12.5 4.5 4.5L19 7.5',
  alert: 'M12 7v6m0 3.2v.3',
  terminal: 'm5 8 4 4-4 4m7 0h7',
};

function badge(icon, kind = '') {
  return html`<div class="badge ${kind}"><svg viewBox="0 0 24 24" aria-hidden="true"><path d="${ICONS[icon]}"/></svg></div>`;
}

function page(ctx, title, body, { script = false } = {}) {
  ctx.set('Content-Security-Policy', POLICY);
  ctx.set('Referrer-Policy', 'no-referrer');
  ctx.type = 'html';
  ctx.body = html`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>${title}</title>
<style>${new Raw(style)}</style>
${script ? html`<script src="/assets/simplewebauthn.js" defer></script>
<script src="/assets/passkey.js" defer></script>` : ''}
<main>${body}</main>
<footer>A stand-in for Pocket ID, on this machine only</footer>
</html>`.text;
}

function passkeyButton(label, action, attributes) {
  return html`<button type="button" data-passkey="${action}" ${attributes}>${label}</button>
<p class="problem" role="alert" hidden></p>
<noscript><p class="problem">Passkeys need JavaScript.</p></noscript>`;
}

function whoami(user, people, next) {
  return html`<form class="who" method="post" action="/logout">
<input type="hidden" name="next" value="${next}">
<span>Signed in as <b>${people.displayName(user)}</b> (${user.username})</span>
<button class="link">Not you?</button>
</form>`;
}

export class Pages {
  constructor(app) {
    this.app = app;
  }

  home(ctx) {
    page(ctx, 'Pocket ID stand-in', html`${badge('key')}
<h1>Pocket ID stand-in</h1>
<p>An OpenID provider for trying out and testing hostpass.</p>
<nav><a class="button" href="/device">Enter a code</a>
<a class="button quiet" href="/register">Add a passkey</a></nav>`);
  }

  signIn(ctx, next, { again = false } = {}) {
    page(ctx, 'Sign in', html`${badge('key')}
<h1>${again ? 'Confirm that it is you' : 'Sign in'}</h1>
<p>${again ? 'This service asks for your passkey every time.'
    : 'Use your passkey: your fingerprint, face, PIN or security key.'}</p>
${passkeyButton('Sign in with your passkey', 'login', html`data-next="${next}" id="sign-in"`)}
<p class="aside">No passkey yet? <a href="/register?next=${encodeURIComponent(next)}">Add one</a></p>`,
    { script: true });
  }

  enterCode(ctx, problem) {
    page(ctx, 'Enter a code', html`${badge('terminal')}
<h1>Enter the code</h1>
<p>Type the code that your terminal shows.</p>
<form method="get" action="/device">
<label for="code">Code</label>
<input id="code" name="user_code" autofocus required autocomplete="off"
 autocapitalize="characters" spellcheck="false" maxlength="12" placeholder="E7K2MQ9X">
${problem ? html`<p class="problem" role="alert">${problem}</p>` : ''}
<button>Continue</button>
</form>`);
  }

  approve(ctx, { client, record, user }) {
    const scopes = record.scope.split(' ').filter((name) => SCOPES[name]);

    page(ctx, `Sign in to ${client.name}`, html`${badge('terminal')}
<h1>Sign in to ${client.name}?</h1>
<p>Approve only if your own terminal shows this code:</p>
<p class="code" id="user-code">${record.user_code}</p>
${scopes.length ? html`<p class="heading">It will learn</p>
<ul>${scopes.map((name) => html`<li><b>${SCOPES[name][0]}</b> ${SCOPES[name][1]}</li>`)}</ul>` : ''}
<form method="post" action="/device" class="pair">
<input type="hidden" name="user_code" value="${record.user_code}">
<button class="quiet" id="cancel" name="answer" value="cancel">Cancel</button>
<button id="approve" name="answer" value="approve">Approve</button>
</form>
${whoami(user, this.app.people, `/device?user_code=${record.user_code}`)}`);
  }

  done(ctx) {
    page(ctx, 'Signed in', html`<div id="done">${badge('done', 'good')}
<h1>You are signed in</h1>
<p>You can close this page and go back to your terminal.</p></div>`);
  }

  cancelled(ctx) {
    page(ctx, 'Not approved', html`<div id="cancelled">${badge('alert')}
<h1>Not approved</h1>
<p>Nobody was signed in. You can close this page.</p></div>`);
  }

  signedOut(ctx) {
    page(ctx, 'Signed out', html`${badge('key')}
<h1>You are signed out</h1>
<p>Your passkey signs you in again.</p>
<nav><a class="button" href="/login?next=/">Sign in again</a></nav>`);
  }

  choosePerson(ctx, next) {
    const link = (user) => html`<li><a href="/register?user=${encodeURIComponent(user.sub)}&next=${encodeURIComponent(next)}">
<b>${this.app.people.displayName(user)}</b><span>${user.username}</span></a></li>`;

    page(ctx, 'Add a passkey', html`${badge('key')}
<h1>Who are you?</h1>
<p>Pick a person to add a passkey for.</p>
<ul class="people">${this.app.people.all().filter((user) => !user.disabled).map(link)}</ul>`);
  }

  register(ctx, user, next) {
    page(ctx, 'Add a passkey', html`${badge('key')}
<h1>Add a passkey</h1>
<p>For <b>${this.app.people.displayName(user)}</b> (${user.username}).</p>
${passkeyButton('Create a passkey', 'register',
    html`data-next="${next}" data-user="${user.sub}" id="register"`)}`, { script: true });
  }

  registered(ctx, next) {
    page(ctx, 'Passkey added', html`<div id="registered">${badge('done', 'good')}
<h1>Your passkey is ready</h1>
<p>From now on it signs you in.</p>
<nav><a class="button" href="${next}">Continue</a></nav></div>`);
  }

  failure(ctx, message, status = 400) {
    ctx.status = status;
    page(ctx, 'Something is wrong', html`<div id="failure">${badge('alert', 'bad')}
<h1>That did not work</h1>
<p id="reason">${message}</p>
<nav><a class="button quiet" href="/device">Enter another code</a></nav></div>`);
  }
}
