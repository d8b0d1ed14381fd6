// What a town promises and shows to everybody: its charter, the row of a service, and lists of what it granted.

import { judge } from '../lib/judge.mjs';
import { TOWN } from '../lib/licence.mjs';
import { assert, sightsOf, test, told } from '../lib/suite.mjs';

/** The services whose rows are looked at: one with a calendar, and one that asks other authorities. */
const ROWS = ['hall-booking', 'building-plan'];
/** Lists that anybody may read; somebody is on the first. */
const LIST = 'building_professionals';
const OTHER_LISTS = ['town_documents', 'public_notices'];

test('promises: the charter of the town', { lang: 'hi', size: 'phone' }, async (world) => {
  const { page } = world;
  const charter = `/${TOWN}/charter`;
  await world.go(charter);
  await world.inBothLanguages(charter, () => judge(world, 'charter'));
  for (const service of ROWS) {
    await world.go(charter);
    await page.click(`main a[href$="/charter/${service}"]`);
    const row = new URL(page.url()).pathname;
    assert(row.endsWith(`/charter/${service}`), `the charter leads to its row: ${row}`);
    await world.inBothLanguages(row, () => judge(world, `charter-${service}`));
    assert(await page.locator(`main a.btn[href$="/services/${service}"]`).count(), 'and from there the service can be begun');
  }
});

for (const sight of sightsOf([{ lang: 'en', size: 'phone', js: false }])) {
  test(`promises: a list that anybody reads (${told(sight)})`, sight, async (world) => {
    const { page } = world;
    const list = `/${TOWN}/registers/${LIST}`;
    await world.go(list);
    await world.inBothLanguages(list, () => judge(world, 'public-list'));
    const first = page.locator('main ul.cases a').first();
    assert(await first.count(), `somebody is on the list: ${await page.locator('main').innerText()}`);
    const name = (await first.innerText()).trim();
    await first.click();
    await page.waitForLoadState('load');
    const record = new URL(page.url()).pathname;
    await world.inBothLanguages(record, () => judge(world, 'public-record'));
    await world.go(list);
    await page.fill('#q', 'nobody is called like this');
    await page.click('form[role="search"] .btn');
    await page.waitForSelector('main [role="status"]');
    await judge(world, 'public-list-empty');
    await page.fill('#q', name);
    await page.click('form[role="search"] .btn');
    await page.waitForSelector('main ul.cases a');
    assert(await page.locator('main ul.cases a', { hasText: name }).count(), `${name} is found by name`);
    for (const other of OTHER_LISTS) {
      await world.go(`/${TOWN}/registers/${other}`);
      await judge(world, `public-list-${other}`);
    }
  });
}
