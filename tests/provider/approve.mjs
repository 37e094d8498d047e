// SPDX-License-Identifier: BSD-2-Clause
// The person in a test: opens the link in headless Chromium, signs in with a
// passkey and clicks Approve. Prints one line of JSON.
//
//   node approve.mjs --state DIR --user NAME-OR-SUB --url LINK
//     [--decline] [--screenshot DIR] [--dark] [--keep-profile DIR] [--no-browser]
//
// The passkey is made at the first use and kept in DIR/authenticator-SUB.json.

import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { writeAtomic } from './config.mjs';
import { namedPerson } from './people.mjs';

const BROWSERS = [
  process.env.CHROMIUM, '/usr/bin/chromium-headless-shell', '/usr/bin/chromium',
  '/usr/bin/chromium-browser', '/usr/bin/google-chrome',
];
const FLAGS = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync',
];
const AUTHENTICATOR = {
  protocol: 'ctap2',
  transport: 'internal',
  hasResidentKey: true,
  hasUserVerification: true,
  isUserVerified: true,
  automaticPresenceSimulation: true,
};
const PATIENCE_MS = 15_000;
const MOST_PAGES = 6;

function options() {
  const { values } = parseArgs({
    options: {
      state: { type: 'string' },
      user: { type: 'string' },
      url: { type: 'string' },
      decline: { type: 'boolean', default: false },
      screenshot: { type: 'string' },
      dark: { type: 'boolean', default: false },
      'keep-profile': { type: 'string' },
      'no-browser': { type: 'boolean', default: false },
    },
  });

  for (const name of ['state', 'user', 'url']) {
    if (!values[name]) {
      throw new Error(`--${name} is missing`);
    }
  }
  return values;
}

// Returns { context, close }. A kept profile keeps its cookies, so a second
// run finds the browser still signed in.
async function openBrowser({ dark, 'keep-profile': profile }) {
  const executablePath = BROWSERS.find((path) => path && existsSync(path));

  if (!executablePath) {
    throw new Error('no Chromium found: apt install chromium-headless-shell');
  }
  const { chromium } = await import('playwright-core');
  const launch = { executablePath, args: FLAGS, headless: true };
  const page = {
    // The test CA is not in the browser's store; who is served is proved by
    // the tests of the host's side.
    ignoreHTTPSErrors: true,
    colorScheme: dark ? 'dark' : 'light',
    viewport: { width: 520, height: 760 },
  };

  if (profile) {
    const context = await chromium.launchPersistentContext(profile, { ...launch, ...page });

    return { context, close: () => context.close() };
  }
  const browser = await chromium.launch(launch);

  return { context: await browser.newContext(page), close: () => browser.close() };
}

// A passkey device in the browser, holding what an earlier run saved.
class Authenticator {
  constructor(file, cdp, id) {
    Object.assign(this, { file, cdp, id });
  }

  static async plugIn(context, page, file) {
    const cdp = await context.newCDPSession(page);

    await cdp.send('WebAuthn.enable');
    const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
      options: AUTHENTICATOR,
    });
    const device = new Authenticator(file, cdp, authenticatorId);

    for (const credential of device.saved()) {
      await cdp.send('WebAuthn.addCredential', { authenticatorId, credential });
    }
    return device;
  }

  saved() {
    return existsSync(this.file) ? JSON.parse(readFileSync(this.file, 'utf8')) : [];
  }

  async save() {
    const { credentials } = await this.cdp.send('WebAuthn.getCredentials', {
      authenticatorId: this.id,
    });

    writeAtomic(this.file, JSON.stringify(credentials));
  }
}

function camera(page, dir) {
  let count = 0;

  if (dir) {
    mkdirSync(dir, { recursive: true });
  }
  return async (name) => {
    if (dir) {
      count += 1;
      await page.screenshot({ path: join(dir, `${count}-${name}.png`) });
    }
  };
}

async function enrol(page, origin, sub, shoot) {
  await page.goto(`${origin}/register?user=${encodeURIComponent(sub)}`);
  await shoot('register');
  await page.click('#register');
  await page.waitForSelector('#registered, .problem:not([hidden])');
  if (!await page.$('#registered')) {
    throw new Error(`no passkey: ${await page.textContent('.problem')}`);
  }
  await shoot('registered');
}

// Which page is this? A loopback address of a client is "callback".
async function recognize(page, origin) {
  if (!page.url().startsWith(`${origin}/`)) {
    return 'callback';
  }
  for (const [name, selector] of [
    ['failure', '#reason, .problem:not([hidden])'], ['sign-in', '#sign-in'],
    ['approve', '#approve'], ['done', '#done'], ['cancelled', '#cancelled'],
  ]) {
    if (await page.$(selector)) {
      return name;
    }
  }
  throw new Error(`this page has nothing to do: ${page.url()}`);
}

// Clicks, and returns when another page or an error has come of it.
async function press(page, selector) {
  const moved = page.waitForEvent('load').catch(() => {});
  const failed = page.waitForSelector('.problem:not([hidden])').catch(() => {});

  await page.click(selector);
  await Promise.race([moved, failed]);
}

async function walk(page, { url, decline }, shoot) {
  const { origin } = new URL(url);

  await page.goto(url);
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const name = await recognize(page, origin);

    await shoot(name);
    if (name === 'failure') {
      throw new Error(await page.textContent('#reason, .problem:not([hidden])'));
    }
    if (name === 'sign-in') {
      await press(page, '#sign-in');
    } else if (name === 'approve') {
      await press(page, decline ? '#cancel' : '#approve');
    } else {
      return name;
    }
  }
  throw new Error('going round in circles');
}

// What the address bar shows, also where no page could be loaded.
async function addressOf(context, page) {
  const cdp = await context.newCDPSession(page);
  const { currentIndex, entries } = await cdp.send('Page.getNavigationHistory');

  return entries[currentIndex].url;
}

async function approveInBrowser(values, user) {
  const { context, close } = await openBrowser(values);

  try {
    context.setDefaultTimeout(PATIENCE_MS);
    const page = context.pages()[0] ?? await context.newPage();
    const file = join(values.state, `authenticator-${user.sub}.json`);
    const device = await Authenticator.plugIn(context, page, file);
    const shoot = camera(page, values.screenshot);

    if (!device.saved().length) {
      await enrol(page, new URL(values.url).origin, user.sub, shoot);
    }
    const last = { page: await walk(page, values, shoot) };

    if (last.page === 'callback') {
      last.address = await addressOf(context, page);
    }
    await device.save();
    return last;
  } finally {
    await close();
  }
}

async function main() {
  const values = options();
  const { users } = JSON.parse(readFileSync(join(values.state, 'state.json'), 'utf8'));
  const user = namedPerson(users, values.user);
  const began = Date.now();

  if (!user) {
    throw new Error(`there is no such person: ${values.user}`);
  }
  const last = values['no-browser']
    ? { page: await (await import('./approve-http.mjs')).approveByHttp(values, user) }
    : await approveInBrowser(values, user);

  console.log(JSON.stringify({ ok: true, user: user.username, sub: user.sub, ...last, ms: Date.now() - began }));
}

main().catch((error) => {
  console.error(`approve.mjs: ${error.message}`);
  process.exit(1);
});
