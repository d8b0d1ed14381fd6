// Somebody comes to work for a town: the administrator enters them, asks that they be appointed, and a second one
// agrees; they are handed a first password and put one of their own in its place. Whoever is barred is out at once.

import { fill, send } from '../lib/form.mjs';
import { judge } from '../lib/judge.mjs';
import { signInStaff } from '../lib/people.mjs';
import { assert, test } from '../lib/suite.mjs';

const TOWN = 'rishikesh';
const POST = 'grievance|officer';
const OWN = 'seven quiet herons at dawn';

/** Signs somebody in with a password of their own. */
async function enter(world, login, password) {
  const { page } = world;
  await world.go(`/${TOWN}/desk/sign-in`);
  await page.fill('#user', login);
  await page.fill('#password', password);
  await page.click('main form .btn');
  await page.waitForLoadState('load');
}

/** Enters somebody; gives the first password, and the page of the person. */
async function enterPerson(world, login) {
  const { page } = world;
  const path = `/${TOWN}/desk/staff/new`;
  await world.go(path);
  await world.inBothLanguages(path, () => judge(world, 'staff-new'));
  await send(world);
  await page.waitForSelector('.problems');
  await judge(world, 'staff-new-errors');
  await fill(world, { name: 'Kavita Negi', login });
  await send(world);
  await page.waitForSelector('main .inset .code');
  await judge(world, 'staff-first-password');
  const first = (await page.locator('main .inset .code').innerText()).trim();
  const person = (await page.locator('main a[href$="/appoint"]').first().getAttribute('href')).replace(/\/appoint$/, '');
  return { first, person };
}

test('staff: entered, appointed, and barred', { lang: 'en', size: 'desk' }, async (world) => {
  const { page } = world;
  const login = `kavita.${Date.now() % 1_000_000}`;
  await signInStaff(world, TOWN, 'administrator');
  const { first, person } = await enterPerson(world, login);
  const appoint = `${person}/appoint`;
  await world.go(appoint);
  await world.inBothLanguages(appoint, () => judge(world, 'staff-appoint'));
  await fill(world, { post: POST });
  await send(world);
  assert((await page.locator('main table tbody tr').count()) === 0, 'nobody gives such a post alone');
  await judge(world, 'staff-asked');

  const second = await world.beside();
  await signInStaff(second, TOWN, 'administrator.2');
  await second.go(person);
  await second.page.click('main a[href*="/waits/"]');
  await second.page.waitForSelector('#form [name="decision"]');
  await judge(second, 'staff-waits');
  await send(second);
  await second.page.waitForSelector('.problems');
  await judge(second, 'staff-waits-errors');
  await fill(second, { decision: 'agree' });
  await send(second);

  await world.go(person);
  assert((await page.locator('main table tbody tr').count()) === 1, `there is a post: ${await page.locator('main').innerText()}`);
  await judge(world, 'staff-appointed');

  const officer = await world.beside({ lang: 'hi', size: 'phone', js: false });
  await enter(officer, login, first);
  await officer.page.waitForURL(/\/sign-in\/password$/);
  await judge(officer, 'staff-own-password');
  await fill(officer, { new: 'short', again: 'short' });
  await send(officer);
  await officer.page.waitForSelector('.problems');
  await judge(officer, 'staff-own-password-errors');
  await fill(officer, { new: OWN, again: OWN });
  await send(officer);
  await officer.page.waitForURL(new RegExp(`/${TOWN}/desk$`));
  await officer.go(`/${TOWN}/desk/inbox`);
  assert(!officer.page.url().includes('sign-in'), `whoever holds a post has an inbox: ${officer.page.url()}`);

  const bar = `${person}/do/bar`;
  await world.go(bar);
  await world.inBothLanguages(bar, () => judge(world, 'staff-bar'));
  await send(world);
  await judge(world, 'staff-barred');
  await officer.go(`/${TOWN}/desk`);
  assert(await officer.page.locator('#password').count(), `whoever is barred is out at once: ${officer.page.url()}`);
});
