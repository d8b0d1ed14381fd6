// A trader applies for a license, three officers look at it, the trader pays, and the license can be
// verified: with and without scripts, in both languages, on a telephone and on a desk.

import { codeFor, newMobile, signInHere } from '../lib/people.mjs';
import { judge, weighs } from '../lib/judge.mjs';
import { SERVICE, TOWN, apply, approve, codeOn, pay, words } from '../lib/licence.mjs';
import { assert, eventually, everySight, test, told } from '../lib/suite.mjs';

async function journey(world) {
  const { page } = world;
  const mobile = newMobile();
  const { number, path } = await apply(world, mobile);
  await approve(world, number);

  await world.go(path);
  await judge(world, 'license-track-to-pay');
  assert(await page.locator('a[href*="/cases/"][href$="/pay"]').count(), 'the applicant is offered to pay');
  await pay(world, path, 'fail');
  await judge(world, 'pay-failed');
  await pay(world, path, 'succeed');
  await page.waitForSelector('.panel');
  await judge(world, 'pay-success');

  const papers = await eventually(async () => {
    await world.go(path);
    const found = await page.locator('.papers a[href$=".pdf"]').evaluateAll((links) => links.map((link) => [link.innerText, link.getAttribute('href')]));
    return found.length >= 3 && !(await page.locator('main p.inset[role="status"]').count()) && found;
  }, 'acknowledgement, receipt and license are offered, and none is being made');
  await judge(world, 'license-track-issued');
  const paper = (word) => papers.find(([title]) => word.test(title))?.[1];
  const license = paper(/TL\//);
  const receipt = paper(/TLR\/|receipt|रसीद/i);
  assert(license && receipt, `license and receipt are offered; there are ${papers.map(([title]) => title).join(', ')}`);
  assert((await words(world, receipt)).includes(number), 'the receipt names the application');
  const printed = await words(world, license);
  assert(printed.includes('Asha Bakery') && printed.includes('आशा रावत'), `the license names trade and owner:\n${printed}`);

  const code = await codeOn(world, license);
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

for (const needs of everySight()) test(`license: ${told(needs)}`, needs, journey);

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
