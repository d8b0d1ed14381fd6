// An identity provider that is certified by the OpenID Foundation, on this machine, and an installation whose staff
// signs in there.

import { execFileSync, spawn } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import Provider from 'oidc-provider';
import { assert } from './suite.mjs';

/** The most time until the installation stands. */
const READY_MS = 60_000;
/** What the dev pages of the provider would fetch from elsewhere. */
const FONTS = 'https://fonts.googleapis.com';

/** A port that is free at this moment. */
async function freePort() {
  const listener = createServer();
  await new Promise((ready) => listener.listen(0, '127.0.0.1', ready));
  const { port } = listener.address();
  await new Promise((closed) => listener.close(closed));
  return port;
}

/** Starts a provider that knows everybody, by the name that is typed; gives its address and how it is stopped. */
async function startProvider(port, client) {
  const issuer = `http://localhost:${port}`;
  const key = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' });
  const provider = new Provider(issuer, {
    clients: [{ grant_types: ['authorization_code'], response_types: ['code'], ...client }],
    jwks: { keys: [{ ...key, kid: 'of-the-journey', use: 'sig', alg: 'RS256' }] },
    claims: { openid: ['sub'], email: ['email', 'email_verified'] },
    pkce: { required: () => true },
    features: { devInteractions: { enabled: true } },
    cookies: { keys: [randomBytes(16).toString('hex')] },
    findAccount: (_, id) => ({
      accountId: id,
      claims: () => ({ sub: id, email: `${id}@town.example`, email_verified: true }),
    }),
  });
  const server = await new Promise((ready) => {
    const listening = provider.listen(port, 'localhost', () => ready(listening));
  });
  return {
    issuer,
    stop: () =>
      new Promise((stopped) => {
        server.close(stopped);
        server.closeAllConnections();
      }),
  };
}

/** Starts an installation of `town` with `administrator`, who is known at a provider; gives both, and how they stop. */
export async function startWithProvider(root, town, administrator) {
  const binary = process.env.NAGAR ?? join(root, 'target/release/nagar');
  const data = mkdtempSync(join(tmpdir(), 'nagar-identity-'));
  const [port, providerPort] = [await freePort(), await freePort()];
  const url = `http://localhost:${port}`;
  const secret = randomBytes(24).toString('hex');
  const provider = await startProvider(providerPort, {
    client_id: 'town',
    client_secret: secret,
    redirect_uris: [`${url}/${town}/desk/sign-in/with/city/back`],
  });
  writeFileSync(join(data, 'client.secret'), secret, { mode: 0o600 });
  const config = join(data, 'nagar.yaml');
  writeFileSync(
    config,
    `# Written by a journey.
listen: 127.0.0.1:${port}
base_url: ${url}
data_dir: ${data}
demo: true
identity:
  city:
    issuer: ${provider.issuer}
    client_id: town
    client_secret: file:client.secret
    button: { en: Sign in with the city account, hi: नगर के खाते से लॉग इन करें }
    towns: [${town}]
`,
  );
  const { login, name } = administrator;
  const known = `city=${login}@town.example`;
  execFileSync(binary, ['appoint', '--config', config, '--tenant', town, '--login', login, '--name', name, '--oidc', known], { cwd: root });
  const child = spawn(binary, ['serve', '--config', config], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise((done) => child.once('exit', done));
  const said = [];
  const ready = new Promise((done) => {
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        said.push(line);
        if (line.startsWith('ready ')) done(true);
      });
    }
  });
  const late = new Promise((done) => setTimeout(done, READY_MS, false).unref());
  const stands = await Promise.race([ready, late, ended.then(() => false)]);
  assert(stands, `the installation does not stand:\n${said.slice(-20).join('\n')}`);
  return {
    url,
    issuer: provider.issuer,
    async stop() {
      child.kill('SIGTERM');
      await ended;
      await provider.stop();
      rmSync(data, { recursive: true, force: true });
    },
  };
}

/** Lets the browser go to the provider, whose own pages are not ours to judge. */
export async function letGo(world, issuer) {
  world.guard.allow(issuer);
  world.guard.allow(FONTS);
  await world.context.route(`${FONTS}/**`, (route) => route.fulfill({ contentType: 'text/css', body: '' }));
}

/** Signs in on the pages of the provider as whoever is typed, and says yes to what is asked. */
export async function signInThere(world, issuer, who) {
  const { page } = world;
  await page.waitForURL((address) => address.origin === issuer);
  await page.fill('[name="login"]', who);
  await page.fill('[name="password"]', 'any');
  await page.click('[type="submit"]');
  await page.waitForSelector('[name="prompt"][value="consent"]', { state: 'attached' });
  await page.click('[type="submit"]');
  await page.waitForURL((address) => address.origin === world.url);
  await page.waitForLoadState('load');
}
