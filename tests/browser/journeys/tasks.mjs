// A long form as a list of tasks: a house wants water. The parts are done in any order, and one is begun
// anew after it was done.

import { fillForm } from '../lib/form.mjs';
import { judge } from '../lib/judge.mjs';
import { TOWN } from '../lib/licence.mjs';
import { newMobile, signInHere, signInStaff } from '../lib/people.mjs';
import { assert, same, sightsOf, test, told } from '../lib/suite.mjs';

const SERVICE = 'water-connection';

/** What is answered in each part, by the page's name, in the order in which they are done. */
const PARTS = {
  consumer: {
    'consumer.name': 'आशा रावत',
    'consumer.relation': 'father',
    'consumer.guardian_name': 'मोहन रावत',
    'consumer.gender': 'female',
    'consumer.mobile': '98765 43210',
    occupies_as: 'owner',
  },
  place: {
    'connection_address.door': '12',
    'connection_address.street': 'Paltan Bazaar',
    'connection_address.locality': { search: 'Vijaypur', code: 'M0427' },
    'connection_address.pin': '248 001',
  },
  supply: {
    connection_category: 'permanent',
    connection_type: 'metered',
    usage: { search: 'Dwelling', code: 'RESIDENTIAL' },
    pipe_size: { search: '15 mm', code: 'MM15' },
    taps: '३',
    plot_area: '500',
    sewered: 'no',
  },
  documents: { identity_kind: { search: 'Voter', code: 'voter_card' }, identity_proof: 'voter.pdf' },
  declaration: { declared: 'yes' },
};

/** How many parts are done, as the page marks them: a part that is to be done has a tag. */
async function done(world) {
  const parts = world.page.locator('main ul.cases > li');
  return (await parts.count()) - (await parts.filter({ has: world.page.locator('.tag, .hint') }).count());
}

/** The number of a property of the register. */
async function property(desk) {
  await signInStaff(desk, TOWN, 'cashier');
  await desk.go(`/${TOWN}/desk/registers/properties`);
  return (await desk.page.locator('main tbody th a').first().innerText()).trim();
}

for (const sight of sightsOf([
  { lang: 'hi', size: 'phone', js: false },
  { lang: 'en', size: 'desk', js: true },
])) {
  test(`tasks: the parts of a long form in any order (${told(sight)})`, sight, async (world) => {
    const { page } = world;
    const number = await property(await world.beside({ size: 'desk' }));
    await world.go(`/${TOWN}/services/${SERVICE}`);
    await page.click('form.go .btn');
    await page.waitForSelector('#mobile');
    await signInHere(world, newMobile());
    if (/\/services\//.test(page.url())) await page.click('form.go .btn');
    await page.waitForURL(/\/tasks$/);
    await judge(world, 'tasks-begun');
    const tasks = new URL(page.url()).pathname;
    same(await done(world), 0, 'parts that are done at first');
    let count = 0;
    for (const [part, answers] of Object.entries(PARTS)) {
      await page.click(`main ul.cases a[href$="/form/${part}"]`);
      await page.waitForURL(new RegExp(`/form/${part}`));
      await judge(world, `tasks-form-${part}`);
      await fillForm(world, part === 'supply' ? { property_number: number, ...answers } : answers);
      await page.waitForURL(/\/tasks$/);
      count += 1;
      same(await done(world), count, `parts that are done after ${part}`);
      if (count === 2) await judge(world, 'tasks-half-done');
    }
    await judge(world, 'tasks-done');

    // What was done is open to be done otherwise, and the list is come back to.
    await page.click('main ul.cases a[href$="/form/supply"]');
    assert((await page.inputValue('#form [name="taps"]')) === '3', 'what was answered stands there');
    await fillForm(world, { taps: '4' });
    await page.waitForURL(/\/tasks$/);
    await page.click('main a.btn[href$="/check"]');
    await page.waitForURL(/\/check/);
    await judge(world, 'tasks-check');
    await page.click('#form .btn');
    await page.waitForURL(/\/done/);
    await world.go(tasks);
    assert(!page.url().endsWith('/tasks'), 'what was sent is no longer a list of tasks');
  });
}
