// The other ways of an application: sent back and corrected, withdrawn, taken on together with others,
// paid at the counter, cancelled by a second person, paid late; and what comes after a license.

import { judge } from '../lib/judge.mjs';
import { newMobile, signInStaff } from '../lib/people.mjs';
import { fillForm, fill, send } from '../lib/form.mjs';
import { openTill } from '../lib/desk.mjs';
import { APPLICATION, TOWN, apply, approve, atDesk, codeOn, paperOf, pay } from '../lib/licence.mjs';
import { assert, eventually, same, test } from '../lib/suite.mjs';

/** The applicant takes one of the actions that the page of the case offers. */
async function asApplicant(world, path, action, answers = {}) {
  const { page } = world;
  await world.go(path);
  await page.click(`a[href*="/act/${action}"]`);
  await page.waitForSelector('#form');
  await judge(world, `license-act-${action}`);
  await fill(world, answers);
  await send(world);
  const wrong = await page.locator('.problems li').allInnerTexts();
  assert(wrong.length === 0, `${action} is refused: ${wrong.join('; ')}`);
}

test('license: sent back, corrected and sent again', { lang: 'hi', size: 'phone' }, async (world) => {
  const { page } = world;
  const { number, path } = await apply(world, newMobile());
  await atDesk(world, 'verifier', number, 'ask_applicant', {
    return_reason: 'document_missing',
    comment: 'दुकान का क्षेत्रफल किराया अनुबंध से मेल नहीं खाता',
    'flag_field.operational_area': 'अनुबंध में 40 वर्ग मीटर लिखा है',
  });
  await world.go(path);
  await judge(world, 'license-track-correction');
  assert((await page.locator('main').innerText()).includes('क्षेत्रफल किराया'), 'the applicant reads why');
  await page.click('main a[href*="/form/"]');
  await page.waitForURL(/\/form\//);
  await judge(world, 'license-correct');
  assert((await page.locator('main').innerText()).includes('अनुबंध में 40'), 'the remark stands beside the question');
  assert((await page.locator('[name="trade_name"]').count()) === 0, 'what was not marked cannot be changed');
  await fillForm(world, { ...APPLICATION, operational_area: '40' });
  await page.waitForURL(/\/check/);
  assert((await page.locator('main').innerText()).includes('40'), 'the correction is shown before it is sent');
  await page.click('#form .btn');
  await page.waitForLoadState('load');
  const desk = await world.beside({ size: 'desk', lang: 'en' });
  await signInStaff(desk, TOWN, 'verifier');
  await desk.go(`/${TOWN}/desk/inbox?q=${encodeURIComponent(number)}`);
  assert(await desk.page.locator('main table a', { hasText: number }).count(), 'the verifier has it again');
});

test('license: withdrawn by the applicant', { lang: 'en', size: 'phone', js: false }, async (world) => {
  const { path } = await apply(world, newMobile());
  await asApplicant(world, path, 'withdraw');
  await world.go(path);
  await judge(world, 'license-track-withdrawn');
  assert(/withdrawn/i.test(await world.page.locator('main').innerText()), 'the page says that it is withdrawn');
});

test('license: an officer takes several on at once', { lang: 'en', size: 'desk' }, async (world) => {
  const { page } = world;
  const sent = [];
  for (let count = 0; count < 2; count += 1) sent.push((await apply(await world.beside(), newMobile())).number);
  await signInStaff(world, TOWN, 'verifier');
  await world.go(`/${TOWN}/desk/inbox?sort=newest`);
  for (const number of sent) await page.locator('main tbody tr', { hasText: number }).locator('[name="case"]').check();
  await page.click('.bulk button[value="act:forward"]');
  await page.waitForLoadState('load');
  await judge(world, 'bulk-confirm');
  await page.click('main form .row.end .btn');
  await page.waitForLoadState('load');
  await judge(world, 'bulk-result');
  for (const number of sent) {
    const row = page.locator('main tbody tr', { hasText: number });
    assert(await row.locator('.tag.good').count(), `${number} is forwarded: ${await page.locator('main').innerText()}`);
  }
});

/** Takes the money of a case at the counter; gives the address of the receipt. */
async function collect(counter, number, mode, more = {}) {
  const { page } = counter;
  await counter.go(`/${TOWN}/desk/collect?q=${encodeURIComponent(number)}`);
  await judge(counter, 'counter-search');
  await page.locator('main table a', { hasText: number }).first().click();
  await openTill(counter);
  await page.waitForSelector('#form');
  await judge(counter, 'counter-collect');
  await fill(counter, { mode, ...more });
  await page.click('#form .row.end .btn:not(.plain)');
  await page.waitForLoadState('load');
  // Where the counter shows first what follows, it is confirmed.
  if (/\/collect$/.test(new URL(page.url()).pathname) && (await page.locator('[name="confirmed"]').count())) {
    await judge(counter, 'counter-confirm');
    await page.click('#form .row.end .btn:not(.plain)');
    await page.waitForLoadState('load');
  }
  await page.waitForURL(/\/receipts\//);
  await judge(counter, 'counter-receipt');
  return new URL(page.url()).pathname;
}

test('counter: cash is taken, and a second person cancels the receipt', { lang: 'en', size: 'desk' }, async (world) => {
  const { number, path } = await apply(world, newMobile());
  await approve(world, number);
  const counter = await world.beside();
  await signInStaff(counter, TOWN, 'cashier');
  const receipt = await collect(counter, number, 'cash');
  await world.go(path);
  assert(!(await world.page.locator('a[href*="/cases/"][href$="/pay"]').count()), 'nothing is left to pay');

  await counter.go(`${receipt}/cancel`);
  await judge(counter, 'receipt-cancel');
  await fill(counter, { reason: 'wrong_amount', remark: 'Taken twice by mistake' });
  const choice = counter.page.locator('#form select').first();
  if (await choice.count()) await choice.selectOption({ index: 1 });
  for (const box of await counter.page.locator('#form textarea, #form input[type="text"]').all()) if (!(await box.inputValue())) await box.fill('Taken by mistake');
  await counter.page.click('#form .row.end .btn');
  await counter.page.waitForLoadState('load');
  assert(!(await counter.page.locator('.problems').count()), `the cancellation is asked for: ${await counter.page.locator('main').innerText()}`);

  const second = await world.beside();
  await signInStaff(second, TOWN, 'approver');
  await second.go(`${receipt}/cancel`);
  await judge(second, 'receipt-cancel-decide');
  await second.page.click('#form [name="decision"][value="approve"]');
  await second.page.waitForLoadState('load');
  await second.go(receipt);
  await judge(second, 'receipt-cancelled');
  await world.go(path);
  assert(await world.page.locator('a[href*="/cases/"][href$="/pay"]').count(), 'the fee is owed again');
});

test('counter: a cheque needs its number, bank and day', { lang: 'hi', size: 'desk', js: false }, async (world) => {
  const { page } = world;
  const { number } = await apply(await world.beside({ js: true }), newMobile());
  await approve(world, number);
  await signInStaff(world, TOWN, 'cashier');
  await world.go(`/${TOWN}/desk/collect?q=${encodeURIComponent(number)}`);
  await page.locator('main table a', { hasText: number }).first().click();
  await openTill(world);
  await fill(world, { mode: 'cheque' });
  await page.click('#form .row.end .btn:not(.plain)');
  await page.waitForSelector('.field .error');
  assert((await page.locator('.field .error').count()) >= 3, 'number, bank and day are asked for');
  same(await page.locator('#form [name="mode"]:checked').getAttribute('value'), 'cheque', 'what was chosen');
});

test('license: paid, but the bank tells it late', { lang: 'hi', size: 'phone', js: false }, async (world) => {
  const { page } = world;
  const { number, path } = await apply(world, newMobile());
  await approve(world, number);
  await world.go(path);
  await pay(world, path, 'late');
  await judge(world, 'pay-pending');
  assert(!(await page.locator('.panel').count()), 'nothing is said to be paid yet');
  await eventually(async () => {
    await world.go(path);
    return !(await page.locator('a[href*="/cases/"][href$="/pay"]').count());
  }, 'the money arrives by itself', 90_000, 3_000);
});

test('license: given up by its holder', { lang: 'en', size: 'desk' }, async (world) => {
  const { page } = world;
  const { number, path } = await apply(world, newMobile());
  await approve(world, number);
  await pay(world, path, 'succeed');
  await eventually(async () => {
    await world.go(`/${TOWN}/my`);
    return page.locator('a[href*="trade-license-cancellation"]').count();
  }, 'the license can be given up from "my applications"');
  await judge(world, 'my-licenses');
  const code = await codeOn(world, await paperOf(world, path, 'TL/'));
  await world.go(`/${TOWN}/my`);
  await page.locator('a[href*="trade-license-cancellation"]').first().click();
  await page.waitForLoadState('load');
  if (await page.locator('form.go .btn').count()) await page.click('form.go .btn');
  await page.waitForURL(/\/form\//);
  await judge(world, 'surrender-form');
  await fillForm(world, { cancel_reason: 'closed', ends_on: new Date().toISOString().slice(0, 10), declared: 'yes' });
  await page.waitForURL(/\/check/);
  await page.click('#form .btn');
  await page.waitForURL(/\/done/);
  const surrendered = (await page.locator('.panel strong').innerText()).trim();
  await atDesk(world, 'approver', surrendered, 'agree', { comment: 'Agreed' });
  await eventually(async () => {
    await world.go(path);
    return /cancelled/i.test(await page.locator('main').innerText());
  }, 'the license is cancelled');
  const verified = `/${TOWN}/verify/${code}`;
  await world.go(verified);
  await world.inBothLanguages(verified, () => judge(world, 'verify-cancelled'));
  await world.go(`${verified}?lang=en`);
  assert(/cancelled|ended|no longer/i.test(await page.locator('main').innerText()), `a license that was given up is not valid: ${await page.locator('main').innerText()}`);
});
