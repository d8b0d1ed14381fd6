// Every service of a town: its first page says what it is, and its form begins. Those that are about a record ask for
// its number first; how they go on is in journeys of their own.

import { judge } from '../lib/judge.mjs';
import { TOWN } from '../lib/licence.mjs';
import { signIn } from '../lib/people.mjs';
import { assert, sightsOf, test, told } from '../lib/suite.mjs';

/** At least so many services has the town, and so many of them begin for somebody who holds nothing yet. */
const SERVICES = 40;
const BEGUN = 25;
/** So many services are begun by one person: nobody may open many cases within an hour. */
const EACH = 12;

/** The services that the town offers, by the names in their addresses. */
async function services(world) {
  const found = new Set();
  for (const path of [`/${TOWN}`, `/${TOWN}/charter`]) {
    await world.go(path);
    const links = await world.page.locator('main a[href]').evaluateAll((all) => all.map((link) => new URL(link.href).pathname));
    for (const link of links) {
      const name = /\/(?:services|charter)\/([a-z0-9-]+)$/.exec(link)?.[1];
      if (name) found.add(name);
    }
  }
  return [...found].sort();
}

/** Begins a service, and looks at the page of its form that comes first. Whether there was one: who holds no record is told so. */
async function begin(world, service) {
  const { page } = world;
  const start = `/${TOWN}/services/${service}/start`;
  await world.go(`/${TOWN}/services/${service}`);
  await judge(world, `start-${service}`);
  if (await page.locator('form.go input:not([type="hidden"]), form.go select').count()) return false;
  const button = page.locator('form.go .btn');
  if (!(await button.count())) return false;
  world.guard.expect(start);
  await button.click();
  await page.waitForLoadState('load');
  if (page.url().endsWith(start)) {
    assert(await page.locator('main h1').count(), `${service} says why it does not begin`);
    await judge(world, 'start-without-record');
    return false;
  }
  assert(/\/(form|tasks|check)/.test(page.url()), `${service} does not begin: ${page.url()}`);
  await judge(world, `first-${service}`);
  return true;
}

for (const sight of sightsOf([
  { lang: 'hi', size: 'phone', js: false },
  { lang: 'en', size: 'desk', js: true },
])) {
  test(`every service: it says what it is, and begins (${told(sight)})`, sight, async (world) => {
    const names = await services(world);
    assert(names.length >= SERVICES, `only ${names.length} services are offered: ${names.join(', ')}`);
    const wrong = [];
    let begun = 0;
    for (let from = 0; from < names.length; from += EACH) {
      const somebody = await world.beside();
      await signIn(somebody, TOWN);
      for (const service of names.slice(from, from + EACH)) {
        begun += await begin(somebody, service).catch((error) => {
          wrong.push(`${service}: ${error.message}`);
          return false;
        });
      }
      await somebody.context.close();
    }
    assert(wrong.length === 0, wrong.join('\n      '));
    assert(begun >= BEGUN, `only ${begun} of ${names.length} services begin`);
    console.log(`      ${names.length} services, ${begun} of them begun`);
  });
}
