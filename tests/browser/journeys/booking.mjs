// A hall: somebody looks in the calendar which days are free, books one and pays it within the half hour in which it
// is kept; then the calendar says that it is taken, and whoever wants the same day is told which are free next.

import { fillForm } from '../lib/form.mjs';
import { calendar, freeDays, nextMonth } from '../lib/halls.mjs';
import { judge } from '../lib/judge.mjs';
import { TOWN, pay } from '../lib/licence.mjs';
import { newMobile, signInHere } from '../lib/people.mjs';
import { assert, eventually, everySight, test, told } from '../lib/suite.mjs';

const SERVICE = 'hall-booking';
const HALL = 'HALL_TOWN';
/** Days that are left between those of two sights. */
const APART = 4;

const BOOKING = {
  hall: { search: 'Town hall', code: HALL },
  purpose: { search: 'Wedding', code: 'wedding' },
  guests: '२५०',
  booked_as: 'general',
  'booker.name': 'आशा रावत',
  'booker.relation': 'father',
  'booker.guardian_name': 'मोहन रावत',
  'booker.gender': 'female',
  'booker.mobile': '98765 43210',
  booker_address: '12 Rajpur Road',
  identity_kind: { search: 'Voter', code: 'voter_card' },
  identity_proof: 'voter.pdf',
  'refund_account.holder': 'आशा रावत',
  'refund_account.number': '30012345678',
  'refund_account.ifsc': 'SBIN0001234',
  declared: 'yes',
};

/** Fills in the form for a day, up to the page on which it is checked. */
async function fillIn(world, day, looked) {
  const { page } = world;
  await world.go(`/${TOWN}/services/${SERVICE}`);
  await judge(world, looked && 'hall-start');
  await page.click('form.go .btn');
  await page.waitForSelector('#mobile');
  await signInHere(world, newMobile());
  if (/\/services\//.test(page.url())) await page.click('form.go .btn');
  await page.waitForURL(/\/form\//);
  const seen = new Set();
  await fillForm(world, { ...BOOKING, from_day: day, until_day: day }, async (url) => {
    const name = url.split('/form/')[1].split(/[/?]/)[0];
    if (looked && !seen.has(name)) await judge(world, `hall-form-${name}`);
    seen.add(name);
  });
  await page.waitForURL(/\/check/);
}

for (const [index, sight] of everySight().entries()) {
  test(`booking: a hall is found free, booked and paid (${told(sight)})`, sight, async (world) => {
    const { page } = world;
    await world.go(`/${TOWN}/calendar/halls`);
    await judge(world, 'hall-calendar');
    // In all sights there are more days than a month has free: every second one looks at the month after.
    const month = nextMonth(1 + (index % 2));
    await page.selectOption('[name="resource"]', HALL);
    await page.selectOption('[name="month"]', month);
    await page.click('form.narrow .btn');
    await page.waitForLoadState('load');
    await judge(world, 'hall-calendar-month');
    const day = (await freeDays(world))[Math.floor(index / 2) * APART];
    assert(day, `no day is free in ${month}: ${await page.locator('main').innerText()}`);

    await fillIn(world, day, true);
    await judge(world, 'hall-check');
    await page.click('#form .btn');
    await page.waitForURL(/\/(done|pay)/);
    await judge(world, 'hall-kept');
    const path = new URL(page.url()).pathname.replace(/\/(done|pay)$/, '');
    await world.go(path);
    await judge(world, 'hall-track-payment');
    await pay(world, path, 'succeed');
    await eventually(async () => {
      await world.go(path);
      return !(await page.locator('a[href*="/cases/"][href$="/pay"]').count()) && page.locator('.papers a[href$=".pdf"]', { hasText: 'HB/' }).count();
    }, 'the hall is booked, and there is a paper that says so');
    await judge(world, 'hall-track-booked');

    await world.go(calendar(HALL, month));
    assert(!(await freeDays(world)).includes(day), `${day} is not free any more: ${await page.locator('main').innerText()}`);

    // Who comes later is told which days are free next.
    const other = await world.beside();
    await fillIn(other, day, false);
    other.guard.expect(new URL(other.page.url()).pathname);
    await other.page.click('#form .btn');
    await other.page.waitForLoadState('load');
    await judge(other, 'hall-taken');
    const said = await other.page.locator('main').innerText();
    assert(!/\/done/.test(other.page.url()) && /\d\d\/\d\d\/\d{4}/.test(said), `whoever comes later reads which days are free: ${said}`);
  });
}
