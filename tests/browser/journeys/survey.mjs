// A field survey: an inspector stands before a property with a telephone, measures and photographs it. At the
// desk the superintendent sees what the register says and what was found, and puts the register right.

import { judge } from '../lib/judge.mjs';
import { signInStaff } from '../lib/people.mjs';
import { act, findCase } from '../lib/desk.mjs';
import { fill, fillForm, send } from '../lib/form.mjs';
import { TOWN, day } from '../lib/licence.mjs';
import { OURS } from '../lib/registers.mjs';
import { assert, sightsOf, test, told } from '../lib/suite.mjs';

const SERVICE = 'property-reassessment';
const REMARK = 'The front room is let as a shop';

const FOUND = {
  inspected_on: day(0),
  as_stated: 'no',
  found_tax_area: { search: 'Main', code: 'MARKET' },
  found_road_width: { search: '12 to 24', code: 'FROM_12_TO_24' },
  found_land_area: '977',
  'found_units.0.found_part.floor': { search: 'Ground', code: 'G' },
  'found_units.0.found_part.usage': { search: '100 to 200', code: 'SHOP_100_TO_200' },
  'found_units.0.found_part.occupancy': { search: 'Let', code: 'RENTED' },
  'found_units.0.found_part.construction': { search: 'Pucca', code: 'PUCCA' },
  'found_units.0.found_part.built_in': '2019',
  'found_units.0.found_part.inner_known': 'no',
  'found_units.0.found_part.built_up_area': '155',
  inspection_photo: 'shop.jpg',
  'inspection_photo.lat': '30.3252',
  'inspection_photo.long': '78.0437',
  sketch: 'sketch.jpg',
  owner_signed: 'sheet.jpg',
  inspection_remarks: REMARK,
};

/** What the surveyor says of it at the counter; the rest stands in the register. */
const BEGUN = {
  begun_by: { search: 'survey', code: 'survey' },
  change_of: { search: 'use', code: 'use_changed' },
  changed_on: day(-20),
};

/** Properties that another sight measures at the same time. */
const taken = new Set();

/** The pages of the properties in the register, the last first: other journeys begin with the first, or have their own. */
async function properties(world) {
  await world.go(`/${TOWN}/desk/registers/properties`);
  const links = await world.page.locator('main tbody th a').evaluateAll((all) => all.map((link) => [link.innerText.trim(), link.getAttribute('href')]));
  return links.reverse().filter(([number]) => !number.startsWith(OURS));
}

/** The mobile number of whoever applied for a property, as the case says that made it. */
async function mobileOf(world, href) {
  await world.go(href);
  const links = await world.page.locator('main a[href]').evaluateAll((all) => all.map((link) => link.getAttribute('href')));
  // The history ends with the case that the property came from.
  const made = links.filter((link) => /\/desk\/cases\/[^/?]+$/.test(link)).pop();
  if (!made) return undefined;
  await world.go(made);
  return /(?<!\d)[6-9]\d{9}(?!\d)/.exec(await world.page.locator('main').innerText())?.[0];
}

/** Begins a survey of a property in the name of its holder, up to the page of its questions. */
async function begin(world) {
  const { page } = world;
  for (const [record, href] of await properties(world)) {
    if (taken.has(record)) continue;
    taken.add(record);
    const mobile = await mobileOf(world, href);
    if (!mobile) continue;
    await world.go(`/${TOWN}/desk/services/${SERVICE}/start`);
    await fill(world, { mobile, record, language: 'hi' });
    await send(world);
    // A property that was sold has another holder than the one who applied, and is passed over.
    if (/\/form$/.test(new URL(page.url()).pathname)) return;
  }
  throw new Error(`no property of ${TOWN} can be surveyed`);
}

/** Hands in the survey of a property; gives the number of its case. */
async function handIn(world) {
  const { page } = world;
  await begin(world);
  await judge(world, 'survey-form');
  // Without scripts a question that waits for another comes with the page that is drawn next.
  for (let turn = 0; turn < 3 && /\/form$/.test(new URL(page.url()).pathname); turn += 1) {
    await fill(world, BEGUN);
    await send(world);
  }
  assert(/\/send$/.test(new URL(page.url()).pathname), `the survey is taken: ${page.url()} ${await page.locator('main').innerText()}`);
  await judge(world, 'survey-send');
  await fill(world, { agreed: 'yes' });
  await send(world);
  await page.waitForURL(/\/cases\/[^/]+\?/);
  const number = /PTRA\/[A-Z0-9-]+(?:\/[A-Z0-9-]+)+/.exec(await page.locator('main').innerText())?.[0];
  assert(number, `its case has a number: ${page.url()} ${await page.locator('main').innerText()}`);
  return number;
}

for (const sight of sightsOf([
  { lang: 'hi', size: 'phone', js: false },
  { lang: 'en', size: 'phone', js: true },
])) {
  test(`survey: a property is measured and put right (${told(sight)})`, sight, async (world) => {
    const { page } = world;
    await signInStaff(world, TOWN, 'inspector');
    // Who surveys a street begins there; a number that is in no register is refused.
    await world.go(`/${TOWN}/desk/services/${SERVICE}/start`);
    await judge(world, 'survey-start');
    await fill(world, { mobile: '9411100000', name: 'गोपाल सिंह', record: 'PT/NONE/1' });
    await send(world);
    await page.waitForSelector('.problems');
    await judge(world, 'survey-start-errors');

    const number = await handIn(world);
    await findCase(world, TOWN, number);
    await judge(world, 'survey-case');
    await page.locator('a[href*="/act/forward"]').first().click();
    await page.waitForSelector('#form');
    await judge(world, 'survey-measure');
    await fill(world, { as_stated: FOUND.as_stated });
    const seen = new Set();
    await fillForm(world, FOUND, async () => {
      const asked = await page.locator('#form [name^="found_"]').count();
      const name = asked ? 'survey-found' : 'survey-forward';
      if (!seen.has(name)) await judge(world, name);
      seen.add(name);
    });

    const desk = await world.beside({ size: 'desk' });
    await signInStaff(desk, TOWN, 'approver');
    await findCase(desk, TOWN, number);
    await judge(desk, 'survey-differences');
    const differs = desk.page.locator('section.changes', { hasText: REMARK });
    assert(await differs.count(), `what was found stands beside what the register says: ${await desk.page.locator('main').innerText()}`);
    const rows = await differs.last().locator('tbody tr').count();
    assert(rows > 2, `locality, road and remarks differ at least: ${rows} rows`);
    const record = /[A-Z]+(?:\/[A-Z0-9-]+)+/.exec(await differs.last().locator('h2').innerText())?.[0];
    assert(record, 'and it is said of which property');
    await act(desk, 'approve', {}, 'survey-approve');

    await desk.go(`/${TOWN}/desk/registers/properties?q=${encodeURIComponent(record)}`);
    await desk.page.locator('main tbody th a', { hasText: record }).first().click();
    await desk.page.waitForLoadState('load');
    await judge(desk, 'survey-record');
    // What an officer found is read in the case; the register says by which one it was put right.
    const history = await desk.page.locator('main table').last().innerText();
    assert(history.includes(number), `the register says by which case it was put right: ${history}`);
  });
}
