// The staff signs in at an identity provider: the administrator, who enters an officer, and the officer.

import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Surroundings } from '../lib/browser.mjs';
import { fill, send } from '../lib/form.mjs';
import { letGo, signInThere, startWithProvider } from '../lib/identity.mjs';
import { judge } from '../lib/judge.mjs';
import { TOWN } from '../lib/licence.mjs';
import { assert, test } from '../lib/suite.mjs';
import { codeOf } from '../lib/totp.mjs';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '../../..');
const OWN = 'seven quiet herons at dawn';
const BUTTON = `a[href^="/${TOWN}/desk/sign-in/with/city"]`;

/** Goes from our page to the provider, and comes back as `who`. */
async function comeAs(world, issuer, who) {
  await world.go(`/${TOWN}/desk/sign-in`);
  await judge(world, 'desk-sign-in-elsewhere');
  await world.page.click(BUTTON);
  await signInThere(world, issuer, who);
}

/**
 * The officer signs in with the first password, chooses another, sets an authenticator up, confirms what waits and signs
 * out; gives the recovery codes, of which the first is used up.
 */
async function confirm(world, first) {
  const { page } = world;
  await world.go(`/${TOWN}/desk/sign-in`);
  await page.fill('#user', 'omar.khan');
  await page.fill('#password', first);
  await page.click('main form .btn');
  await page.waitForURL(/\/sign-in\/password$/);
  await fill(world, { new: OWN, again: OWN });
  await send(world);
  await page.waitForURL((address) => address.pathname === `/${TOWN}/desk`);
  await world.go(`/${TOWN}/desk/account/second`);
  await fill(world, { proof: OWN });
  await send(world);
  await page.waitForURL(/\/account\/second\/code$/);
  await page.fill('#code', codeOf(await page.locator('main strong.code').innerText()));
  await send(world);
  await page.waitForSelector('main .plainlist .code');
  const codes = await page.locator('main .plainlist .code').allInnerTexts();
  await world.go(`/${TOWN}/desk/account`);
  await judge(world, 'account-with-what-waits');
  await page.click('main a[href*="/account/waits/"]');
  await page.waitForSelector('#form [name="decision"]');
  await judge(world, 'account-waits');
  await fill(world, { decision: 'agree', proof: codes[0] });
  await send(world);
  await page.waitForURL(/\/desk\/account$/);
  await world.context.clearCookies({ name: /nagar$/ });
  return codes;
}

/** The words of the page, shown or folded away. */
async function words(world) {
  return world.page.locator('body').textContent();
}

test('identity provider: an officer signs in there, and nobody who is not entered', { lang: 'hi', size: 'phone' }, async (world) => {
  const { lang, size, js, surroundings } = world;
  const place = await startWithProvider(ROOT, TOWN, { login: 'kamla', name: 'Kamla Devi' });
  const there = new Surroundings(place.url, ROOT);
  there.browser = surroundings.browser;
  const worlds = [];
  const open = async () => {
    const opened = await there.open({ lang, size, js });
    worlds.push(opened);
    await letGo(opened, place.issuer);
    return opened;
  };
  try {
    const kamla = await open();
    await comeAs(kamla, place.issuer, 'kamla');
    assert((await words(kamla)).includes('Kamla Devi'), `the administrator is in:\n${await words(kamla)}`);

    // Whoever is not entered stays out, and reads how that is put right.
    const omar = await open();
    omar.guard.expect(`/${TOWN}/desk/sign-in/with/city/back`);
    await comeAs(omar, place.issuer, 'omar');
    assert((await words(omar)).includes('वहाँ इस नाम से दर्ज: omar'), `nobody is made an account:\n${await words(omar)}`);
    await judge(omar, 'desk-sign-in-unknown');

    await kamla.go(`/${TOWN}/desk/staff/new`);
    await kamla.page.fill('#form [name="name"]', 'Omar Khan');
    await kamla.page.fill('#form [name="login"]', 'omar.khan');
    await kamla.page.click('#form .row.end .btn:not(.plain)');
    await kamla.page.waitForSelector('main .inset .code');
    const first = (await kamla.page.locator('main .inset .code').innerText()).trim();
    await kamla.page.click('a[href$="/identity/city"]');
    await kamla.page.waitForSelector('#form [name="email"]');
    await judge(kamla, 'desk-staff-identity');
    await kamla.page.fill('#form [name="email"]', 'Omar@town.example');
    await kamla.page.click('#form .row.end .btn:not(.plain)');
    await kamla.page.waitForLoadState('load');
    assert((await words(kamla)).includes('omar@town.example'), `it is asked for:\n${await words(kamla)}`);
    await judge(kamla, 'desk-staff-member-entered');
    const [, proof] = await confirm(omar, first);

    // The provider remembers who signed in there: neither name nor consent is asked again.
    await omar.go(`/${TOWN}/desk/sign-in`);
    await omar.page.click(BUTTON);
    await omar.page.waitForSelector('#code');
    await omar.page.fill('#code', proof);
    await omar.page.click('#form .btn');
    await omar.page.waitForURL((address) => address.pathname === `/${TOWN}/desk`);
    assert((await words(omar)).includes('Omar Khan'), `the officer is in:\n${await words(omar)}`);
    await judge(omar, 'desk-home-without-a-post');
    for (const one of worlds) one.guard.assertClean();
  } catch (error) {
    const where = await Promise.all(worlds.map((one) => one.describe()));
    throw new Error(`${error.message}\n${where.join('\n---\n')}`);
  } finally {
    for (const one of worlds) await one.close();
    await place.stop();
  }
});
