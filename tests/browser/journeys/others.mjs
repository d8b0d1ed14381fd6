// Pages that no other journey comes to: signing in at the desk, the form at the counter, what an officer
// keeps and changes, what strangers look for, and the pages that say that something is not as it should be.

import { newMobile, signIn, signInStaff } from '../lib/people.mjs';
import { findCase, searchInbox } from '../lib/desk.mjs';
import { judge } from '../lib/judge.mjs';
import { TOWN, apply, atDesk } from '../lib/licence.mjs';
import { GALLERY_SIGHTS, assert, test, told } from '../lib/suite.mjs';

/** A town that takes complaints. */
const COMPLAINTS = 'rishikesh';
/** More than a form with files may have. */
const TOO_LARGE = 17 << 20;

/** Looks at a page in both languages and sizes. */
async function look(world, path, name) {
  await world.go(path);
  await world.inBothLanguages(path, () => judge(world, name));
}

for (const sight of GALLERY_SIGHTS) {
  test(`others: signing in at the desk (${told(sight)})`, sight, async (world) => {
    const { page } = world;
    await world.go(`/${TOWN}/desk/sign-in`);
    await judge(world, 'desk-sign-in');
    await page.fill('#user', 'nobody');
    await page.fill('#password', 'not the password');
    await page.click('main form .btn');
    await page.waitForSelector('.error');
    await judge(world, 'desk-sign-in-wrong');
    assert((await page.inputValue('#user')) === 'nobody', 'the name stays');
  });

  test(`others: written at the counter (${told(sight)})`, sight, async (world) => {
    const { page } = world;
    await signInStaff(world, TOWN, 'verifier');
    await world.go(`/${TOWN}/desk/services/trade-license/start`);
    await judge(world, 'counter-start');
    await page.click('#form .row.end .btn:not(.plain), #form > .btn');
    await page.waitForSelector('.problems');
    await judge(world, 'counter-start-errors');
    await page.fill('#mobile', newMobile());
    await page.fill('#name', 'Ramesh Negi');
    await page.locator('#form [name="language"][value="hi"]').check();
    await page.click('#form .row.end .btn:not(.plain), #form > .btn');
    await page.waitForURL(/\/form/);
    await judge(world, 'counter-form');
    await page.click('#form .row.end .btn:not(.plain)');
    await page.waitForSelector('.problems');
    await judge(world, 'counter-form-errors');
  });

  test(`others: how it was here (${told(sight)})`, sight, async (world) => {
    const { page } = world;
    await world.go(`/${TOWN}/feedback`);
    await judge(world, 'feedback');
    await page.click('#form .btn');
    await page.waitForSelector('.problems');
    await judge(world, 'feedback-error');
    await page.locator('#form [name="stars"]').nth(3).check();
    await page.fill('#form [name="words"]', 'It was quick');
    await page.click('#form .btn');
    await page.waitForLoadState('load');
    await judge(world, 'feedback-thanks');
  });

  test(`others: a second code at once, and a form that has grown old (${told(sight)})`, sight, async (world) => {
    const { page } = world;
    const mobile = newMobile();
    world.guard.expect(`/${TOWN}/sign-in`);
    for (const times of [1, 2]) {
      await world.go(`/${TOWN}/sign-in`);
      await page.fill('#mobile', mobile);
      await page.click('main form .btn');
      await page.waitForLoadState('load');
      if (times === 1) await page.waitForSelector('#code');
    }
    assert((await page.locator('#code').count()) === 0, 'a second code within half a minute is refused');
    await judge(world, 'error-too-many');
    await world.go(`/${TOWN}/sign-in`);
    await page.locator('main form [name="_csrf"]').evaluate((field) => (field.value = 'of another browser'));
    await page.fill('#mobile', newMobile());
    await page.click('main form .btn');
    await page.waitForLoadState('load');
    await judge(world, 'error-expired');
  });

  test(`others: a file that is too large (${told(sight)})`, sight, async (world) => {
    const { page } = world;
    await signIn(world, COMPLAINTS, newMobile());
    await world.go(`/${COMPLAINTS}/services/grievance`);
    await page.click('form.go .btn');
    await page.waitForURL(/\/form\//);
    const photos = page.url().replace(/\/form\/.*/, '/form/photos');
    world.guard.expect(new URL(photos).pathname);
    await world.go(new URL(photos).pathname);
    if (!(await page.locator('#form [type="file"]').count())) {
      await page.click('#form [name="_add"]');
      await page.waitForSelector('#form [type="file"]');
    }
    await page.locator('#form [type="file"]').first().setInputFiles({ name: 'large.jpg', mimeType: 'image/jpeg', buffer: Buffer.alloc(TOO_LARGE, 7) });
    await page.click('#form [name="_upload"]');
    await page.waitForLoadState('load');
    await judge(world, 'error-too-large');
  });
}

test('others: nothing is here', { lang: 'en', size: 'desk' }, async (world) => {
  for (const [path, name] of [
    ['/no-such-town', 'error-not-found'],
    [`/${TOWN}/nothing`, 'error-not-found-town'],
    [`/${TOWN}/verify/AAAA-AAAA-AAAA`, 'verify-not-found'],
  ]) {
    world.guard.expect(path);
    await look(world, path, name);
  }
});

test('others: what an officer keeps, changes and is told', { lang: 'en', size: 'desk' }, async (world) => {
  const { page } = world;
  const { number } = await apply(await world.beside(), newMobile());
  await signInStaff(world, TOWN, 'inspector');
  await look(world, `/${TOWN}/desk/leave`, 'desk-leave');
  await look(world, `/${TOWN}/desk/feedback`, 'desk-feedback');
  await world.go(`/${TOWN}/desk/inbox?scope=all`);
  await searchInbox(page, 'Asha');
  await page.click('details.save > summary');
  await page.fill('details.save [name="name"]', 'Bakeries');
  await page.locator('details.save .btn').first().click();
  await page.waitForLoadState('load');
  const kept = new URL(page.url());
  await look(world, kept.pathname + kept.search, 'inbox-kept-list');

  // The state is another's: the page of the action says so.
  await findCase(world, TOWN, number).catch(() => undefined);
  if (!/\/cases\//.test(page.url())) {
    await world.go(`/${TOWN}/desk/inbox?scope=all&q=${encodeURIComponent(number)}`);
    await page.locator('main table a', { hasText: number }).first().click();
    await page.waitForURL(/\/desk\/cases\//);
  }
  const address = new URL(page.url()).pathname;
  world.guard.expect(`${address}/act/forward`);
  await look(world, `${address}/act/forward`, 'error-forbidden');
  world.guard.expect(`${address}/act/approve`);
  await look(world, `${address}/act/approve`, 'error-conflict');

  await atDesk(world, 'verifier', number, 'forward');
  await world.go(address);
  const edit = page.locator('a[href*="/edit/"]').first();
  assert(await edit.count(), 'the inspector may note what was seen before deciding');
  await look(world, await edit.getAttribute('href'), 'desk-edit');
});
