// The holder of a license that has ended renews it on a telephone, in Hindi: nothing has changed, so that
// paying is enough, and the license is in force again.

import { judge } from '../lib/judge.mjs';
import { signIn, signInStaff } from '../lib/people.mjs';
import { fillForm } from '../lib/form.mjs';
import { TOWN, pay, words } from '../lib/licence.mjs';
import { assert, eventually, test } from '../lib/suite.mjs';

const SERVICE = 'trade-license-renewal';
const REGISTER = `/${TOWN}/desk/registers/trade_licenses`;

/** What is asked of some trades only. */
const PAPERS = ['id_proof', 'premises_proof', 'application', 'affidavit', 'registration', 'gst_registration', 'food_license', 'excise_license',
  'petroleum_license', 'medical_registration', 'degree', 'authority_letter', 'police_noc', 'fire_noc', 'pollution_noc', 'other_document'];
const ANSWERS = {
  renewal_years: '1',
  changed: 'no',
  ...Object.fromEntries(PAPERS.map((name) => [`renewed_${name}`, 'paper.pdf'])),
  renewed_owner_photo: 'owner.jpg',
  old_license: 'license.pdf',
  declared: 'yes',
};

/** A license of the history that has ended: its number, and the mobile number of its holder. */
async function endedLicense(desk) {
  await signInStaff(desk, TOWN, 'verifier');
  await desk.go(`${REGISTER}?state=expired`);
  await judge(desk, 'desk-register-expired');
  const links = desk.page.locator('main table a[href*="/registers/trade_licenses/"]');
  const found = await links.evaluateAll((all) => all.map((link) => [link.innerText.trim(), link.getAttribute('href')]));
  for (const [number, href] of found) {
    await desk.go(href);
    // The desk hides all but the last four digits; the numbers of invented citizens begin alike.
    const last = /\*{6}(\d{4})\b/.exec(await desk.page.locator('main').innerText())?.[1];
    if (last) return { number, href, mobile: `900000${last}` };
  }
  throw new Error(`no license has ended whose holder can be written to; there are ${found.length}`);
}

test('renewal: a license that has ended is renewed by paying', { lang: 'hi', size: 'phone' }, async (world) => {
  const { page } = world;
  const desk = await world.beside({ lang: 'en', size: 'desk' });
  const { number, href, mobile } = await endedLicense(desk);

  await signIn(world, TOWN, mobile);
  await world.go(`/${TOWN}/my`);
  await judge(world, 'my-ended-license');
  await world.go(`/${TOWN}/services/${SERVICE}?record=${encodeURIComponent(number)}`);
  await judge(world, 'renewal-start');
  await page.click('form.go .btn');
  await page.waitForURL(/\/form\//);
  const seen = new Set();
  await fillForm(world, ANSWERS, async (url) => {
    const name = url.split('/form/')[1].split(/[/?]/)[0];
    if (seen.has(name)) return;
    seen.add(name);
    await judge(world, `renewal-form-${name}`);
    if (name === 'trade') assert(await page.locator('[name="trade_name"]').inputValue(), 'what the license says need not be typed again');
  });
  await page.waitForURL(/\/check/);
  await judge(world, 'renewal-check');
  await page.click('#form .btn');
  await page.waitForURL(/\/done/);
  await judge(world, 'renewal-done');
  const path = new URL(page.url()).pathname.replace(/\/done$/, '');

  await world.go(path);
  await judge(world, 'renewal-track-to-pay');
  await pay(world, path, 'succeed');
  const license = await eventually(async () => {
    await world.go(path);
    const papers = await page.locator('.papers a[href$=".pdf"]').evaluateAll((links) => links.map((link) => [link.innerText, link.getAttribute('href')]));
    return papers.find(([title]) => title.includes(number))?.[1];
  }, 'the renewed license is offered');
  await judge(world, 'renewal-track-renewed');
  assert((await words(world, license)).includes(number), 'the license keeps its number');

  await desk.go(href);
  await judge(desk, 'desk-record-renewed');
  assert(/in force/i.test(await desk.page.locator('main').innerText()), `the register says that it is in force: ${await desk.page.locator('main').innerText()}`);
});
