// What somebody asks of what a town keeps: to read all of it, to have erased what need not be kept, and to be
// known by another number.

import { fill, send } from '../lib/form.mjs';
import { judge } from '../lib/judge.mjs';
import { codeFor, newMobile, signIn, signInStaff } from '../lib/people.mjs';
import { assert, eventually, test } from '../lib/suite.mjs';
import { codeOf } from '../lib/totp.mjs';

const TOWN = 'rishikesh';
const SERVICE = 'grievance';
const WORDS = 'वह बत्ती अब जल रही है';

/** Looks at a page in both languages and sizes. */
async function look(world, path, name) {
  await world.go(path);
  await world.inBothLanguages(path, () => judge(world, name));
}

/**
 * Has a code sent from the page at `path`, for which `ask` presses what is to be pressed. One network has nobody sent
 * two codes within half a minute, and that of signing in was one: so it is asked for from another.
 */
async function sent(world, path, ask) {
  const { page } = world;
  await world.elsewhere();
  await world.go(path);
  await ask();
  await page.waitForURL(({ pathname }) => pathname.endsWith('/code'));
}

/** The code that came to a mobile number after `before`. */
const newCode = (world, mobile, before) => eventually(async () => [await codeFor(world, mobile)].find((code) => code !== before), `a code comes to ${mobile}`);

/** Begins a grievance and leaves it; gives the address of its page. */
async function draft(world) {
  const { page } = world;
  await world.go(`/${TOWN}/services/${SERVICE}`);
  await page.click('form.go .btn');
  await page.waitForURL(/\/form\//);
  const path = new URL(page.url()).pathname;
  await fill(world, { description: 'The lamp before the school has been dark for a week' });
  await page.click('#form [name="_leave"]');
  await page.waitForLoadState('load');
  return path;
}

test('own: all that is kept is read', { lang: 'hi', size: 'phone', js: false }, async (world) => {
  const { page } = world;
  const mobile = await signIn(world, TOWN);
  const before = await codeFor(world, mobile);
  await look(world, `/${TOWN}/my/account`, 'my-account');
  await look(world, `/${TOWN}/my/data`, 'my-data');
  await sent(world, `/${TOWN}/my/data`, () => send(world));
  await judge(world, 'my-data-code');
  await page.fill('#code', await newCode(world, mobile, before));
  await page.click('#form .btn');
  await page.waitForURL(/\/my\/data\/read$/);
  await look(world, `/${TOWN}/my/data/read`, 'my-data-read');
  const said = await page.locator('main').innerText();
  assert(said.includes('Asha Rawat') && said.includes(mobile), `name and number are told in whole: ${said}`);
  const file = await world.context.request.get(`/${TOWN}/my/data/file`);
  assert(file.ok() && (await file.text()).includes(mobile), 'and there is a file of it to be taken along');
});

test('own: what need not be kept is erased on request', { lang: 'hi', size: 'phone', js: false }, async (world) => {
  const { page } = world;
  await signIn(world, TOWN);
  const begun = await draft(world);
  const mine = `/${TOWN}/my/erasing`;
  await look(world, mine, 'my-erasing');
  await fill(world, { words: WORDS });
  await send(world);
  await judge(world, 'my-erasing-asked');
  assert((await page.locator('#form').count()) === 0, `one request is enough: ${await page.locator('main').innerText()}`);

  const desk = await world.beside({ lang: 'en', size: 'desk' });
  await signInStaff(desk, TOWN, 'administrator');
  await look(desk, `/${TOWN}/desk/figures`, 'desk-figures');
  assert((await desk.page.locator('main svg[role="img"]').count()) === 3, 'what was received, what is open, and the money of each ward are drawn');
  await look(desk, `/${TOWN}/desk/erasing`, 'desk-erasing');
  await desk.page.locator('main a[href*="/desk/erasing/"]').first().click();
  await desk.page.waitForSelector('#form');
  const request = new URL(desk.page.url()).pathname;
  await look(desk, request, 'desk-erasing-request');
  assert((await desk.page.locator('main').innerText()).includes(WORDS), 'whoever decides reads what was said with it');
  await send(desk);
  await desk.page.waitForSelector('.problems');
  await judge(desk, 'desk-erasing-errors');
  await fill(desk, { answer: 'granted', reason: 'It was never sent' });
  await send(desk);
  await judge(desk, 'desk-erasing-decided');
  assert((await desk.page.locator('#form').count()) === 0, 'what was decided stays decided');

  // Nothing else was kept, so name and number went with it: whoever comes back is somebody new.
  await signIn(world, TOWN);
  world.guard.expect(begun);
  const gone = await world.go(begun);
  assert(gone.status() === 404, `nobody goes on with what was erased: ${gone.status()}`);
  await look(world, mine, 'my-erasing-done');
});

test('own: a number is changed with a code to the old one and one to the new', { lang: 'en', size: 'phone' }, async (world) => {
  const { page } = world;
  const old = await signIn(world, TOWN);
  const before = await codeFor(world, old);
  const mobile = newMobile();
  await look(world, `/${TOWN}/my/mobile`, 'my-mobile');
  await sent(world, `/${TOWN}/my/mobile`, async () => {
    await page.fill('#form [name="mobile"]', mobile);
    await send(world);
  });
  await judge(world, 'my-mobile-codes');
  const [first, second] = [await newCode(world, old, before), await newCode(world, mobile)];
  await fill(world, { old: first, new: second === '000000' ? '111111' : '000000' });
  await send(world);
  await page.waitForSelector('.problems');
  await judge(world, 'my-mobile-wrong');
  await fill(world, { old: first, new: second });
  await send(world);
  await page.waitForURL(/\/my\/account$/);
  assert((await page.locator('main').innerText()).includes(mobile.slice(-4)), `the new number is the one that is known: ${await page.locator('main').innerText()}`);
});

test('own: an authenticator is set up and asked for beside the code that is sent', { lang: 'hi', size: 'phone', js: false }, async (world) => {
  const { page } = world;
  const mobile = await signIn(world, TOWN);
  const before = await codeFor(world, mobile);
  await look(world, `/${TOWN}/my/second`, 'my-second');
  await send(world);
  await page.waitForURL(/\/my\/second\/code$/);
  await judge(world, 'my-second-code');
  const secret = await page.locator('main strong.code').innerText();
  await page.fill('#code', codeOf(secret));
  await send(world);
  await page.waitForSelector('main .plainlist .code');
  const [recovery] = await page.locator('main .plainlist .code').allInnerTexts();
  await look(world, `/${TOWN}/my/second`, 'my-second-off');

  const elsewhere = await world.beside();
  await elsewhere.go(`/${TOWN}/sign-in`);
  await elsewhere.page.fill('#mobile', mobile);
  await elsewhere.page.click('main form .btn');
  await elsewhere.page.waitForSelector('#code');
  await elsewhere.page.fill('#code', await newCode(elsewhere, mobile, before));
  await elsewhere.page.click('main form .btn');
  await elsewhere.page.waitForURL(/\/sign-in\/second$/);
  await judge(elsewhere, 'sign-in-second');
  await elsewhere.page.fill('#code', recovery);
  await elsewhere.page.click('#form .btn');
  await elsewhere.page.waitForLoadState('load');
  assert(!elsewhere.page.url().includes('sign-in'), `a recovery code lets in: ${elsewhere.page.url()}`);
});
