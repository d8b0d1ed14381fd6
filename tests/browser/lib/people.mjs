// Citizens and staff: how they sign in.

import { plant } from './browser.mjs';
import { judge } from './judge.mjs';
import { assert } from './suite.mjs';

// Every run begins elsewhere, since a demonstration may be used again and remembers whom it told what.
let last = 9_000_000_000 + (Date.now() % 990_000_000);

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
    const code = /(?<![\d/-])\d{6}(?!\d)/.exec(body.join('\n'));
    if (head.replace(/\D/g, '').endsWith(mobile) && code) return code[0];
  }
  throw new Error(`no code was sent to ${mobile}:\n${messages.slice(0, 3).join('\n')}`);
}

/** Answers the pages of signing in, wherever they stand in the way; a newcomer also says who it is. */
export async function signInHere(world, mobile, name = 'Asha Rawat') {
  const { page } = world;
  plant(mobile, name);
  await page.fill('#mobile', mobile);
  await page.click('main form .btn');
  await page.waitForSelector('#code');
  await judge(world, 'sign-in-code');
  await page.fill('#code', await codeFor(world, mobile));
  await page.click('main form .btn');
  await page.waitForSelector('main');
  if (!new URL(page.url()).pathname.endsWith('/my/profile')) return;
  await judge(world, 'profile');
  await page.fill('#name', name);
  await page.check('#agreed');
  await page.click('main form .btn');
  await page.waitForSelector('main');
}

/** Signs a citizen in. */
export async function signIn(world, tenant, mobile = newMobile()) {
  await world.go(`/${tenant}/sign-in`);
  await signInHere(world, mobile);
  return mobile;
}

/** The password of all staff of a demonstration, as it prints it. */
let password = process.env.NAGAR_PASSWORD ?? 'nagar-demo-2026';

/** Learns the password from what the demonstration printed. */
export function learnPassword(said) {
  const line = said?.find((text) => /password \S+:$/.test(text));
  if (line) password = /password (\S+):$/.exec(line)[1];
}

/** Who signs in at a desk, by town: what the demonstration printed below the password. */
const desks = new Map();

/** Learns who signs in where. */
export function learnStaff(said) {
  let staff;
  for (const line of said ?? []) {
    const desk = /\/([\w-]+)\/desk\/sign-in(?: {3}the same as in ([\w-]+)(?:, without (.+))?)?$/.exec(line);
    const person = /^ {4}(\S+) +\S/.exec(line);
    if (desk) {
      const [, town, like, without = ''] = desk;
      staff = (desks.get(like) ?? []).filter((login) => !without.split(', ').includes(login));
      desks.set(town, staff);
    } else if (person && staff) staff.push(person[1]);
    else staff = undefined;
  }
}

/** All who sign in at the desk of a town of the demonstration. */
export function staffOf(town) {
  assert(desks.get(town)?.length, `the demonstration did not say who works for ${town}`);
  return desks.get(town);
}

/** The password of all staff. */
export const staffPassword = () => password;

/** Types name and password of a member of staff; in a demonstration user names are those of roles. */
export async function enterStaff(world, tenant, user) {
  const { page } = world;
  await world.go(`/${tenant}/desk/sign-in`);
  await page.fill('#user', user);
  await page.fill('#password', password);
  await page.click('main form .btn');
  await page.waitForLoadState('load');
}

/** Signs a member of staff in who has no second factor. */
export async function signInStaff(world, tenant, user) {
  const { page } = world;
  await enterStaff(world, tenant, user);
  assert(!page.url().includes('sign-in'), `${user} could not sign in: ${await page.locator('main').innerText()}`);
}
