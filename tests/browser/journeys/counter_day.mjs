// A day at the counter: a till is opened, money is taken by three modes, a receipt is cancelled by a second
// person, the till is counted note by note and closed by that person; and then nothing is taken without a
// new one.

import { judge } from '../lib/judge.mjs';
import { newMobile, signInStaff } from '../lib/people.mjs';
import { fill, send } from '../lib/form.mjs';
import { APPLICATION, apply, approve } from '../lib/licence.mjs';
import { assert, sightsOf, test, told } from '../lib/suite.mjs';

/** What notes are worth, in paise. */
const NOTES = [50_000, 20_000, 10_000, 5_000, 2_000, 1_000];
const FLOAT = 50_000;
const TODAY = new Intl.DateTimeFormat('en-GB', { timeZone: 'Asia/Kolkata' }).format(new Date());

/** A town of its own, so that nobody else's money comes into this till; there is one cashier, and so one day
 * goes after the other. */
const TOWN = 'rishikesh';
let last = Promise.resolve();
const alone = (run) => {
  const mine = last.then(run);
  last = mine.catch(() => {});
  return mine;
};

/** A shop that pays for its license, where too little is owed on properties. */
const SHOP = {
  ...APPLICATION,
  'premises.locality': { search: 'Mayakund', code: 'M0023' },
  'trade_units.0.trade_type': { search: 'General merchant', code: 'SHOP_GMS' },
  signed_application: 'application.pdf',
};

const paise = (text) => Math.round(Number(text.replace(/[^\d.-]/g, '')) * 100);
const rupees = (amount) => (amount / 100).toFixed(2);

/** The pages on which money can be taken: for properties on which something is owed, and where these are
 * too few, for licenses that are applied for. */
async function owing(world, most) {
  const found = [];
  await world.go(`/${TOWN}/desk/registers/properties`);
  const records = await world.page.locator('main tbody th a').evaluateAll((links) => links.map((link) => link.getAttribute('href')));
  for (const href of records.slice(0, 10)) {
    if (found.length >= most) break;
    await world.go(href);
    const link = world.page.locator('main dl a[href$="/collect"]').first();
    if (await link.count()) found.push(await link.getAttribute('href'));
  }
  while (found.length < most) {
    const { number, path } = await apply(await world.beside(), newMobile(), SHOP, TOWN);
    await approve(world, number, TOWN);
    found.push(`${path.replace('/cases/', '/desk/cases/')}/collect`);
  }
  return found;
}

/** Takes what is owed; gives the receipt's address and the amount in paise. */
async function collect(world, href, mode, more = {}) {
  const { page } = world;
  await world.go(href);
  await page.waitForSelector('#form [name="mode"]');
  await judge(world, `day-collect-${mode}`);
  const amount = paise(await page.inputValue('#form [name="amount"]'));
  for (let turn = 0; turn < 2 && !/\/receipts\//.test(page.url()); turn += 1) {
    await fill(world, { mode, ...more });
    await send(world);
  }
  assert(/\/receipts\//.test(page.url()), `${mode} is taken: ${await page.locator('main').innerText()}`);
  return { receipt: new URL(page.url()).pathname, amount };
}

/** Notes and coins that make an amount, as the page asks for them. */
function pieces(amount) {
  const counted = {};
  let left = amount;
  for (const worth of NOTES) {
    counted[`note_${worth}`] = String(Math.floor(left / worth));
    left %= worth;
  }
  return { ...counted, coins: rupees(left) };
}

async function day(world) {
  const { page } = world;
  await signInStaff(world, TOWN, 'cashier');
  const [cash, cheque, upi] = await owing(world, 3);
  await world.go(`/${TOWN}/desk/tills`);
  await judge(world, 'tills');
  await world.go(cash);
  assert(new URL(page.url()).pathname === `/${TOWN}/desk/till`, `nothing is taken without a till: ${page.url()}`);
  await judge(world, 'till-open-form');
  const counter = page.locator('#form [name="counter"]');
  if (await counter.count()) await counter.first().check();
  await page.fill('#form [name="float"]', rupees(FLOAT));
  await send(world);
  assert(page.url().endsWith('/collect'), `and then the counter goes on: ${page.url()}`);

  const second = await collect(world, cheque, 'cheque', { number: '004211', bank: 'SBIN0001234', dated: TODAY });
  const third = await collect(world, upi, 'upi', { number: `UPI${Date.now()}` });
  const wrong = await collect(world, cash, 'cash');
  await world.go(`${wrong.receipt}/cancel`);
  await judge(world, 'day-cancel');
  await fill(world, { reason: 'wrong_amount', remark: 'Taken twice' });
  await send(world);
  const superintendent = await world.beside();
  await signInStaff(superintendent, TOWN, 'approver');
  await superintendent.go(`${wrong.receipt}/cancel`);
  await judge(superintendent, 'day-cancel-decide');
  await superintendent.page.click('#form [name="decision"][value="approve"]');
  await superintendent.page.waitForLoadState('load');

  const first = await collect(world, cash, 'cash');

  await world.go(`/${TOWN}/desk/tills`);
  await page.locator('main .actions a').first().click();
  await page.waitForURL(/\/tills\/./);
  await judge(world, 'till-filled');
  const sheet = new URL(page.url()).pathname;
  assert(await page.locator('main tbody .tag.bad').count(), 'the cancelled receipt stands on the sheet as such');
  const expected = FLOAT + first.amount;
  assert((await page.locator('main').innerText()).includes(rupees(expected).split('.')[1]), 'what ought to be there is shown');

  await world.go(`${sheet}/count`);
  await judge(world, 'till-count');
  const missing = 50;
  const sums = { sum_cheque: rupees(second.amount), sum_upi: rupees(third.amount) };
  await fill(world, { ...pieces(expected - missing), ...sums });
  await send(world);
  await page.waitForSelector('#form [name="reason"]');
  await judge(world, 'till-count-sure');
  assert((await page.locator('.tag.bad').innerText()).includes('0.50'), `fifty paise are missing: ${await page.locator('.tag.bad').innerText()}`);
  assert((await page.locator('.tag.good').count()) === 2, 'the cheque and the message agree');
  await fill(world, { reason: 'A coin fell behind the counter' });
  await send(world);
  await judge(world, 'till-counted');
  assert((await page.locator('[name="decision"]').count()) === 0, 'nobody confirms an own count');

  await superintendent.go(`/${TOWN}/desk`);
  const waiting = superintendent.page.locator(`main a[href="${sheet}"]`);
  assert(await waiting.count(), 'the count waits on the desk of the second person');
  await waiting.click();
  await superintendent.page.waitForSelector('[name="decision"]');
  await judge(superintendent, 'till-decide');
  assert((await superintendent.page.locator('main').innerText()).includes('4601001'), 'what will be booked is shown');
  await superintendent.page.click('[name="decision"][value="close"]');
  await superintendent.page.waitForLoadState('load');
  await judge(superintendent, 'till-closed');
  assert((await superintendent.page.locator('[name="decision"]').count()) === 0, 'a closed till stays closed');

  await world.go(`/${TOWN}/desk/tills`);
  await page.locator('main .actions a').first().click();
  await page.waitForSelector('#form [name="float"]');
  assert(new URL(page.url()).pathname === `/${TOWN}/desk/till`, 'what comes later goes into another till');
}

for (const sight of sightsOf([
  { lang: 'hi', size: 'phone', js: true },
  { lang: 'en', size: 'desk', js: true },
  { lang: 'en', size: 'phone', js: false },
])) {
  test(`counter day (${told(sight)})`, sight, (world) => alone(() => day(world)));
}
