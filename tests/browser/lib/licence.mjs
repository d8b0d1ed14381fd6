// A trader's application, the three officers who look at it, and the money: the steps that journeys share.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { signInHere, signInStaff } from './people.mjs';
import { act, findCase } from './desk.mjs';
import { fillForm } from './form.mjs';
import { judge } from './judge.mjs';
import { assert, eventually } from './suite.mjs';

export const TOWN = 'dehradun';
export const SERVICE = 'trade-license';

export const day = (days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

export const APPLICATION = {
  trade_name: 'Asha Bakery',
  license_type: 'permanent',
  license_years: '1',
  commenced_on: day(14),
  structure_type: { search: 'Shop', code: 'IMMOVABLE_SHOP' },
  operational_area: '42.5',
  employees: '५',
  'trade_units.0.trade_type': { search: 'fixed place', code: 'RETAIL_CD' },
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

export const INSPECTION = {
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
export async function apply(world, mobile, answers = APPLICATION, town = TOWN) {
  const { page } = world;
  await world.go(`/${town}`);
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
  await fillForm(world, answers, async (url) => {
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

/** Somebody at the desk takes an action on a case; gives the browser, which stands on the case. */
export async function atDesk(world, role, number, action, answers = {}, town = TOWN) {
  const desk = await world.beside({ size: 'desk' });
  await signInStaff(desk, town, role);
  await judge(desk, `desk-home-${action}`);
  await findCase(desk, town, number);
  await judge(desk, `desk-case-${action}`);
  await act(desk, action, answers, `desk-act-${action}`);
  return desk;
}

/** Takes the case through the hands of the three officers. */
export async function approve(world, number, town = TOWN) {
  await atDesk(world, 'verifier', number, 'forward', {}, town);
  await atDesk(world, 'inspector', number, 'forward_to_approval', INSPECTION, town);
  await atDesk(world, 'approver', number, 'approve', {}, town);
}

/** Pays at the demonstration's gateway, which is a server of its own. */
export async function pay(world, path, ending) {
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

/**
 * The address of the paper of a case whose title has this in it. Papers are made in the background, and have their
 * number in the title once they are there.
 */
export async function paperOf(world, path, word) {
  return eventually(async () => {
    await world.go(path);
    const papers = await world.page.locator('.papers a[href$=".pdf"]').evaluateAll((links) => links.map((link) => [link.innerText, link.getAttribute('href')]));
    return papers.find(([title]) => title.includes(word))?.[1];
  }, `the paper ${word} is offered`);
}

/** The code to verify a paper by, as it is printed on it. */
export async function codeOn(world, href) {
  const printed = await words(world, href);
  const code = /\b(?:[0-9A-Z]{4}-){2}[0-9A-Z]{4}\b/.exec(printed)?.[0];
  assert(code, `the paper has a code to verify it by:\n${printed}`);
  return code;
}

/** Downloads a paper and gives its words. */
export async function words(world, href) {
  const response = await world.context.request.get(href);
  assert(response.ok(), `${href} answers ${response.status()}`);
  const bytes = await response.body();
  assert(bytes.subarray(0, 5).toString() === '%PDF-', `${href} is no PDF`);
  const file = join(mkdtempSync(join(tmpdir(), 'nagar-paper-')), 'paper.pdf');
  writeFileSync(file, bytes);
  return execFileSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' });
}
