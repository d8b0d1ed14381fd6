// What a town asks everybody: a survey is found, answered once, and its numbers are read by anybody and at the desk.

import { fill, send } from '../lib/form.mjs';
import { judge } from '../lib/judge.mjs';
import { TOWN } from '../lib/licence.mjs';
import { newMobile, signInHere, signInStaff } from '../lib/people.mjs';
import { assert, sightsOf, test, told } from '../lib/suite.mjs';

/** Who reads the answers at the desk. */
const OFFICER = 'officer';

const ANSWERS = {
  cleaning: '4',
  water: '3',
  lights: 'most',
  waste: 'yes',
  waste_days: '6',
  first: 'drains',
  used: ['tax'],
  wish: 'पहाड़ी सड़क पर बत्तियाँ',
};

/** The address of the first survey that can be answered. */
async function survey(world) {
  const { page } = world;
  await world.go(`/${TOWN}`);
  assert(await page.locator(`main a[href^="/${TOWN}/surveys/"]`).count(), 'the front page leads to the survey');
  await world.go(`/${TOWN}/surveys`);
  const link = page.locator('main ul.services a:not([href$="/results"])').first();
  assert(await link.count(), `a survey can be answered: ${await page.locator('main').innerText()}`);
  return link.getAttribute('href');
}

/** Answers the page that is open, and what its answers bring where no scripts run. */
async function answer(world) {
  const { page } = world;
  await fill(world, ANSWERS);
  await send(world);
  if (await page.locator('#form').count()) {
    await judge(world, 'survey-more');
    await fill(world, ANSWERS);
    await send(world);
  }
}

const SIGHTS = [{ lang: 'hi', size: 'phone', js: true }, { lang: 'en', size: 'phone', js: false }];

for (const sight of sightsOf(SIGHTS)) {
  test(`opinion: a survey is answered once (${told(sight)})`, sight, async (world) => {
    const { page } = world;
    const here = await survey(world);
    await judge(world, 'surveys');
    await page.click(`main a[href="${here}"]`);
    await page.waitForSelector('#mobile');
    await signInHere(world, newMobile());
    await world.go(here);
    await judge(world, 'survey');
    await send(world);
    await page.waitForSelector('.problems');
    await judge(world, 'survey-errors');
    await answer(world);
    await page.waitForSelector('.notice.good');
    await judge(world, 'survey-thanks');
    await world.go(here);
    assert(new URL(page.url()).pathname.endsWith('/surveys'), `nobody answers twice: ${page.url()}`);
    await page.waitForSelector('.notice.info');
  });
}

test('opinion: what came of it', { lang: 'hi', size: 'phone' }, async (world) => {
  const { page } = world;
  const results = `${await survey(world)}/results`;
  await world.go(results);
  await world.inBothLanguages(results, () => judge(world, 'survey-results'));
  assert(await page.locator('main table td.num').count(), `numbers are shown: ${await page.locator('main').innerText()}`);
  await signInStaff(world, TOWN, OFFICER);
  await world.go(`/${TOWN}/desk/surveys`);
  await judge(world, 'desk-surveys');
  await page.locator('main ul.services a').first().click();
  await page.waitForSelector('main a[download]');
  await judge(world, 'desk-survey');
  const file = await page.locator('main a[download]').getAttribute('href');
  const table = await world.context.request.get(file);
  assert(table.ok() && (await table.text()).split('\r\n').length > 5, `the table answers ${table.status()}`);
});
