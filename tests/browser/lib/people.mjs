// Citizens and staff: how they sign in.

import { assert } from './suite.mjs';

let last = 9_812_300_000;

/** A mobile number that nobody had before. */
export function newMobile() {
  last += 1;
  return String(last);
}

/** The newest code that was sent to `mobile`, read from the demonstration's outbox. */
export async function codeFor(world, mobile) {
  const response = await world.context.request.get('/dev/outbox');
  assert(response.ok(), `the outbox answers ${response.status()}`);
  const messages = (await response.text()).split(/\n(?=\S+ → )/);
  for (const message of messages) {
    const [head, ...body] = message.split('\n');
    const code = /(?<![\d-])\d{6}(?!\d)/.exec(body.join('\n'));
    if (head.replace(/\D/g, '').endsWith(mobile) && code) return code[0];
  }
  throw new Error(`no code was sent to ${mobile}:\n${messages.slice(0, 3).join('\n')}`);
}

/** Answers the two pages of signing in, wherever they stand in the way. */
export async function signInHere(world, mobile) {
  const { page } = world;
  await page.fill('#mobile', mobile);
  await page.click('main form .btn');
  await page.waitForSelector('#code');
  await page.fill('#code', await codeFor(world, mobile));
  await page.click('main form .btn');
  await page.waitForSelector('main');
}

/** Signs a citizen in. */
export async function signIn(world, tenant, mobile = newMobile()) {
  await world.go(`/${tenant}/sign-in`);
  await signInHere(world, mobile);
  return mobile;
}

/** The sign-ins that the desk shows in a demonstration: role, user, password. */
export async function staff(world, tenant) {
  await world.go(`/${tenant}/desk/sign-in`);
  const rows = await world.page.locator('table tbody tr').all();
  return Promise.all(
    rows.map(async (row) => ({
      role: (await row.locator('th').innerText()).trim(),
      user: (await row.locator('td').nth(0).innerText()).trim(),
      password: (await row.locator('td').nth(1).innerText()).trim(),
    })),
  );
}

/** Signs a member of staff in whose role matches `role`. */
export async function signInStaff(world, tenant, role) {
  const all = await staff(world, tenant);
  const found = all.find((one) => role.test(one.role) || role.test(one.user));
  assert(found, `nobody is shown for ${role}; there are ${all.map((one) => `${one.role} (${one.user})`).join(', ')}`);
  await world.page.fill('#user', found.user);
  await world.page.fill('#password', found.password);
  await world.page.click('main form .btn');
  await world.page.waitForSelector('main');
  assert(!world.page.url().includes('sign-in'), `${found.user} could not sign in`);
  return found;
}
