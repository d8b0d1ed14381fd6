// A citizen complains, the officer gives it to a field worker, the work is done, the citizen opens it
// again, and in the end rates it.

import { codeFor, newMobile, signInHere, signInStaff } from '../lib/people.mjs';
import { fillForm } from '../lib/form.mjs';
import { OFFICER, WORKER, actAsCitizen, atDesk } from '../lib/grievance.mjs';
import { judge } from '../lib/judge.mjs';
import { assert, eventually, everySight, test, told } from '../lib/suite.mjs';

const TOWN = 'rishikesh';
const SERVICE = 'grievance';

const today = () => new Date().toISOString().slice(0, 10);

const GRIEVANCE = {
  grievance_type: { search: 'not working', code: 'light_not_working' },
  description: 'The lamp before the school has been dark for a week',
  landmark: 'Pole 14, before the school',
  full_name: 'गीता रावत',
  may_call: 'yes',
  'photos.0.photo': 'lamp.jpg',
};

async function complain(world) {
  const { page } = world;
  await world.go(`/${TOWN}/services/${SERVICE}`);
  await judge(world, 'grievance-start');
  await page.click('form.go .btn');
  const mobile = newMobile();
  await signInHere(world, mobile);
  if (/\/services\//.test(page.url())) await page.click('form.go .btn');
  await page.waitForURL(/\/form\//);
  const seen = new Set();
  await fillForm(world, GRIEVANCE, async (url) => {
    const name = url.split('/form/')[1].split(/[/?]/)[0];
    if (!seen.has(name)) await judge(world, `grievance-form-${name}`);
    seen.add(name);
    await anyPlace(world);
  });
  await page.waitForURL(/\/check/);
  await judge(world, 'grievance-check');
  if (await page.locator('#declared').count()) await page.check('#declared');
  await page.click('#form .btn');
  await page.waitForURL(/\/done/);
  await judge(world, 'grievance-done');
  const number = (await page.locator('.panel strong').innerText()).trim();
  return { number, mobile, path: new URL(page.url()).pathname.replace(/\/done$/, '') };
}

/** Chooses the first place that is offered; a long list is searched by a letter. */
async function anyPlace(world) {
  const { page } = world;
  const select = page.locator('#form select[name="locality"]');
  if (await select.count()) {
    const value = await select.locator('option[value]:not([value=""])').first().getAttribute('value');
    await select.selectOption(value);
    return;
  }
  const query = page.locator('#form [name="locality._query"]');
  if (!(await query.count())) {
    const radio = page.locator('#form [type="radio"][name="locality"]');
    if (await radio.count()) await radio.first().check();
    return;
  }
  await query.fill('a');
  await page.click('[name="_search"][value="locality"]');
  await page.locator('#form [type="radio"][name="locality"]').first().check();
}

async function journey(world) {
  const { number, path } = await complain(world);
  const done = { work_done: 'The lamp was replaced and the wire mended', done_on: today(), after_photo: 'after.jpg' };
  await atDesk(world, TOWN, OFFICER, number, 'assign', {});
  await atDesk(world, TOWN, WORKER, number, 'resolve', done);
  await actAsCitizen(world, path, 'reopen', { reopen_reason: await firstReason(world, path), reopen_remark: 'It is dark again since yesterday' });
  await atDesk(world, TOWN, OFFICER, number, 'assign', {});
  await atDesk(world, TOWN, WORKER, number, 'resolve', done);
  await actAsCitizen(world, path, 'rate', { rating: '4', rating_remark: 'Thank you' });
  await world.go(path);
  await judge(world, 'grievance-track-closed');
}

/** The first reason that the page of reopening offers. */
async function firstReason(world, path) {
  await world.go(`${path}/act/reopen`);
  const radio = world.page.locator('#form [name="reopen_reason"][type="radio"]');
  if (await radio.count()) return radio.first().getAttribute('value');
  return world.page.locator('#form select[name="reopen_reason"] option:not([value=""])').first().getAttribute('value');
}

for (const needs of everySight()) test(`grievance: ${told(needs)}`, needs, journey);

/** Nobody signs in: the number and the applicant's telephone show where the grievance stands. */
async function follow(world, number, mobile) {
  const { page } = world;
  await world.go(`/${TOWN}/track`);
  await judge(world, 'follow');
  // Nobody is sent two codes within half a minute, and until then the newest is that of signing in.
  const before = await codeFor(world, mobile);
  const asked = async () => {
    await world.go(`/${TOWN}/track`);
    await page.fill('#number', number);
    await page.click('#form .btn');
    await page.waitForSelector('#code');
    await new Promise((sent) => setTimeout(sent, 1_500));
    return [await codeFor(world, mobile)].find((code) => code !== before);
  };
  const code = await eventually(asked, 'a code of its own is sent', 120_000, 35_000);
  await judge(world, 'follow-code');
  await page.fill('#code', code);
  await page.click('#form .btn');
  await page.waitForURL(/\/track\/case/);
  await world.inBothLanguages(new URL(page.url()).pathname, () => judge(world, 'follow-case'));
  assert((await page.locator('main').innerText()).includes(number), 'the grievance is named');
}

test('grievance: rejected, so that an appeal is open; followed without signing in', { lang: 'hi', size: 'phone' }, async (world) => {
  const { number, mobile, path } = await complain(world);
  await world.go(`${path}/note`);
  await world.inBothLanguages(`${path}/note`, () => judge(world, 'citizen-note'));
  await atDesk(world, TOWN, OFFICER, number, 'reject', { reject_reason: 'not_municipal', comment: 'The lamp belongs to the highway authority' });
  await world.go(path);
  await judge(world, 'grievance-track-rejected');
  assert(await world.page.locator('a[href$="/appeal"]').count(), 'an appeal is offered');
  await world.go(`${path}/appeal`);
  await world.inBothLanguages(`${path}/appeal`, () => judge(world, 'appeal'));
  await follow(await world.beside(), number, mobile);
});

test('grievance: the inbox can be saved as a table', { lang: 'en', size: 'desk' }, async (world) => {
  await signInStaff(world, TOWN, OFFICER);
  await world.go(`/${TOWN}/desk/inbox`);
  await judge(world, 'inbox');
  const csv = await world.context.request.get(`/${TOWN}/desk/inbox.csv`);
  assert(csv.ok() && (await csv.text()).split('\n').length > 1, 'the inbox can be saved as a table');
});
