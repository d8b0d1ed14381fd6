// A trader applies for a license, three officers look at it, the trader pays, and the license can be
// verified: with and without scripts, in both languages, on a telephone and on a desk.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { codeFor, newMobile, signInHere, signInStaff } from '../lib/people.mjs';
import { act, findCase } from '../lib/desk.mjs';
import { fillForm } from '../lib/form.mjs';
import { judge, weighs } from '../lib/judge.mjs';
import { assert, eventually, test } from '../lib/suite.mjs';

const TOWN = 'dehradun';
const SERVICE = 'trade-license';

const day = (days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

const APPLICATION = {
  trade_name: 'Asha Bakery',
  license_type: 'permanent',
  license_years: '1',
  commenced_on: day(14),
  structure_type: { search: 'Shop', code: 'IMMOVABLE_SHOP' },
  operational_area: '42.5',
  employees: '५',
  'trade_units.0.trade_type': { search: 'CD', code: 'RETAIL_CD' },
  'trade_units.0.quantity': '1',
  'premises.door': '12',
  'premises.street': 'Paltan Bazaar',
  'premises.locality': { search: 'Vijaypur', code: 'M0427' },
  'premises.pin': '248 001',
  tenure: 'RENTED',
  landlord_name: 'Ramesh Negi',
  ownership: { search: 'One owner', code: 'INDIVIDUAL_SINGLEOWNER' },
  'owners.0.name': 'आशा रावत',
  'owners.0.relation': 'father',
  'owners.0.guardian_name': 'मोहन रावत',
  'owners.0.gender': 'female',
  'owners.0.category': { search: 'None', code: 'none' },
  'owners.0.trade_relation': { search: 'Proprietor', code: 'PROPRIETOR' },
  'owners.0.mobile': '98765 43210',
  identity_kind: { search: 'Voter', code: 'voter_card' },
  id_proof: 'voter.pdf',
  owner_photo: 'asha.jpg',
  rent_deed: 'rent.pdf',
  premises_proof: 'electricity.pdf',
  declared: 'yes',
};

const INSPECTION = {
  inspected_on: day(0),
  found_open: 'yes',
  trade_as_stated: 'yes',
  measured_area: '41',
  workers_found: '5',
  hygiene_good: 'yes',
  fire_safety_good: 'yes',
  waste_bins: 'yes',
  public_way_free: 'yes',
  inspection_photo: 'shop.jpg',
  inspection_result: 'fit',
};

/** Applies as a citizen who is not signed in; gives the number and the address of the case. */
async function apply(world, mobile) {
  const { page } = world;
  await world.go(`/${TOWN}`);
  await judge(world, 'catalogue');
  await page.click(`a[href$="/services/${SERVICE}"]`);
  await judge(world, 'license-start');
  await page.click('form.go .btn');
  await page.waitForSelector('#mobile');
  await judge(world, 'sign-in');
  await signInHere(world, mobile);
  if (/\/services\//.test(page.url())) await page.click('form.go .btn');
  await page.waitForURL(/\/form\//);
  const seen = new Set();
  await fillForm(world, APPLICATION, async (url) => {
    const name = url.split('/form/')[1].split(/[/?]/)[0];
    if (seen.has(name)) return;
    seen.add(name);
    await judge(world, `license-form-${name}`);
  });
  await page.waitForURL(/\/check/);
  await judge(world, 'license-check');
  if (await page.locator('#declared').count()) await page.check('#declared');
  await page.click('#form .btn');
  await page.waitForURL(/\/done/);
  await judge(world, 'license-done');
  const number = (await page.locator('.panel strong').innerText()).trim();
  return { number, path: new URL(page.url()).pathname.replace(/\/done$/, '') };
}

/** Takes the case through the hands of the three officers. */
async function approve(world, number) {
  const steps = [
    ['verifier', 'forward', {}],
    ['inspector', 'forward_to_approval', INSPECTION],
    ['approver', 'approve', {}],
  ];
  for (const [role, action, answers] of steps) {
    const desk = await world.beside({ size: 'desk', js: world.js });
    await signInStaff(desk, TOWN, role);
    await judge(desk, `desk-home-${action}`);
    await findCase(desk, TOWN, number);
    await judge(desk, `desk-case-${action}`);
    await act(desk, action, answers, `desk-act-${action}`);
  }
}

/** Pays at the demonstration's gateway, which is a server of its own. */
async function pay(world, path, ending) {
  const { page } = world;
  await world.go(`${path}/pay`);
  await judge(world, 'pay');
  await page.click('#form .btn');
  await page.waitForSelector(`[name="ending"][value="${ending}"]`);
  world.guard.allow(new URL(page.url()).origin);
  await world.shot('gateway');
  await page.click(`[name="ending"][value="${ending}"]`);
  await page.waitForLoadState('load');
  const back = page.locator('a.main, a.btn, main a');
  if (!page.url().startsWith(world.url) && (await back.count())) await back.first().click();
  await page.waitForURL((address) => address.href.startsWith(world.url));
}

/** Downloads a paper and gives its words. */
async function words(world, href) {
  const response = await world.context.request.get(href);
  assert(response.ok(), `${href} answers ${response.status()}`);
  const bytes = await response.body();
  assert(bytes.subarray(0, 5).toString() === '%PDF-', `${href} is no PDF`);
  const file = join(mkdtempSync(join(tmpdir(), 'nagar-paper-')), 'paper.pdf');
  writeFileSync(file, bytes);
  return execFileSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' });
}

async function journey(world) {
  const { page } = world;
  const mobile = newMobile();
  const { number, path } = await apply(world, mobile);
  await approve(world, number);

  await world.go(path);
  await judge(world, 'license-track-to-pay');
  assert(await page.locator('a[href$="/pay"]').count(), 'the applicant is offered to pay');
  await pay(world, path, 'fail');
  await judge(world, 'pay-failed');
  await pay(world, path, 'succeed');
  await page.waitForSelector('.panel');
  await judge(world, 'pay-success');

  const papers = await eventually(async () => {
    await world.go(path);
    const found = await page.locator('.papers a').evaluateAll((links) => links.map((link) => [link.innerText, link.getAttribute('href')]));
    return found.length >= 3 && found;
  }, 'acknowledgement, receipt and license are offered');
  await judge(world, 'license-track-issued');
  const paper = (word) => papers.find(([title]) => word.test(title))?.[1];
  const license = paper(/TL\//);
  const receipt = paper(/TLR\/|receipt|रसीद/i);
  assert(license && receipt, `license and receipt are offered; there are ${papers.map(([title]) => title).join(', ')}`);
  assert((await words(world, receipt)).includes(number), 'the receipt names the application');
  const printed = await words(world, license);
  assert(printed.includes('Asha Bakery') && printed.includes('आशा रावत'), `the license names trade and owner:\n${printed}`);

  const code = /\b(?:[0-9A-Z]{4}-){2}[0-9A-Z]{4}\b/.exec(printed)?.[0];
  assert(code, `the license has a code to verify it by:\n${printed}`);
  const stranger = await world.beside();
  await stranger.go(`/${TOWN}/verify`);
  await judge(stranger, 'verify');
  await stranger.page.fill('main [name="code"]', code);
  await stranger.page.click('main form .btn');
  await stranger.page.waitForURL(/\/verify\/./);
  await judge(stranger, 'verify-valid');
  assert((await stranger.page.locator('main').innerText()).includes('TL/'), 'the license is named');
  stranger.guard.expect(path);
  const closed = await stranger.go(path);
  assert(closed.status() === 404 || stranger.page.url().includes('sign-in'), 'nobody else sees the case');

  const messages = await (await world.context.request.get('/dev/outbox')).text();
  assert(messages.includes(number), 'the applicant was told by message');
}

test('license: in Hindi on a telephone', { lang: 'hi', size: 'phone', js: true }, journey);
test('license: in English on a desk, without scripts', { lang: 'en', size: 'desk', js: false }, journey);
test('license: in Hindi on a telephone, without scripts', { lang: 'hi', size: 'phone', js: false }, journey);

test('license: a first visit is light', { lang: 'hi', size: 'phone' }, async (world) => {
  for (const path of ['/', `/${TOWN}`, `/${TOWN}/services/${SERVICE}`, `/${TOWN}/sign-in`]) {
    const fresh = await world.beside();
    await weighs(fresh, path);
  }
});

test('license: a draft waits on another telephone', { lang: 'hi', size: 'phone' }, async (world) => {
  const mobile = newMobile();
  await world.go(`/${TOWN}/services/${SERVICE}`);
  await world.page.click('form.go .btn');
  await signInHere(world, mobile);
  if (/\/services\//.test(world.page.url())) await world.page.click('form.go .btn');
  await world.page.waitForURL(/\/form\//);
  await world.page.fill('[name="trade_name"]', 'Asha Bakery');
  await world.page.click('#form [name="_leave"]');
  const other = await world.beside();
  await other.go(`/${TOWN}/my`);
  await other.page.waitForSelector('#mobile');
  // No second code is sent to the same telephone within half a minute.
  other.guard.expect(`/${TOWN}/sign-in`);
  await eventually(async () => {
    if (await other.page.locator('#code').count()) return true;
    if (!(await other.page.locator('#mobile').count())) await other.go(`/${TOWN}/sign-in?next=/${TOWN}/my`);
    await other.page.fill('#mobile', mobile);
    await other.page.click('main form .btn');
    await other.page.waitForLoadState('load');
    return (await other.page.locator('#code').count()) > 0;
  }, 'a second code is sent', 45_000, 3_000);
  await other.page.fill('#code', await codeFor(other, mobile));
  await other.page.click('main form .btn');
  await other.go(`/${TOWN}/my`);
  await judge(other, 'my-applications');
  await other.page.click('main a[href*="/form/"], main a[href*="/cases/"]');
  assert((await other.page.content()).includes('Asha Bakery') || (await other.page.locator('[name="trade_name"]').inputValue()) === 'Asha Bakery', 'the draft keeps what was typed');
});
