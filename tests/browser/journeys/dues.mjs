// Anybody finds a bill by its number, reads why it is what it is, pays it and opens the receipt: without
// signing in, and without scripts.

import { judge } from '../lib/judge.mjs';
import { words } from '../lib/licence.mjs';
import { signInStaff } from '../lib/people.mjs';
import { assert, sightsOf, test, told } from '../lib/suite.mjs';

/** Towns in which something may be owed on records; `NAGAR_DUES` names another. */
const TOWNS = (process.env.NAGAR_DUES ?? 'dehradun,rishikesh,nainital').split(',');

/** The most pages and seconds from the first look to the receipt. */
const PAGES = 5;
const SECONDS = 60;

/** What the bill on paper says of the sum, in its language. */
const SUM = { en: /To be paid in all/, hi: /कुल\s*देय/ };

/** Records that another sight pays at the same time. */
const taken = new Set();

/** A town and the number of a record on which something is owed. */
async function owing(world) {
  const desk = await world.beside({ size: 'desk', lang: 'en' });
  for (const town of TOWNS) {
    const found = await desk.context.request.get(`/${town}/pay`);
    if (found.status() !== 200) continue;
    await signInStaff(desk, town, 'cashier');
    await desk.go(`/${town}/desk/registers/properties`);
    const links = await desk.page.locator('main tbody th a').all();
    const records = await Promise.all(links.map(async (link) => [await link.innerText(), await link.getAttribute('href')]));
    // The pages of the desk are not counted as looks of strangers are.
    for (const [number, href] of records) {
      if (taken.has(number)) continue;
      await desk.go(href);
      const owes = await desk.page.locator('main dl a[href$="/collect"]').count();
      // Nothing is waited for between looking and taking: two sights looked at the same one once, and both took it.
      if (!owes || taken.has(number)) continue;
      taken.add(number);
      return { town, number };
    }
  }
  throw new Error(`nobody owes anything on a record, or may not pay it, in ${TOWNS.join(', ')}`);
}

for (const sight of sightsOf([
  { lang: 'hi', size: 'phone', js: false },
  { lang: 'hi', size: 'phone', js: true },
  { lang: 'en', size: 'desk', js: false },
  { lang: 'en', size: 'desk', js: true },
])) {
  test(`dues: found, read and paid (${told(sight)})`, sight, async (world) => {
    const { page } = world;
    const { town, number } = await owing(world);
    const begun = Date.now();
    let pages = 0;
    page.on('load', () => (pages += 1));
    await world.go(`/${town}`);
    await page.click(`main a[href="/${town}/pay"]`);
    await page.waitForSelector('#number');
    await judge(world, 'dues-find');
    await page.fill('#number', number);
    await page.keyboard.press('Enter');
    await page.waitForSelector('#form');
    await judge(world, 'dues-bill');
    for (const part of await page.locator('main details > summary').all()) if (await part.isVisible()) await part.click();
    await judge(world, 'dues-bill-open');
    // The bill on paper is one page more, which nobody needs in order to pay.
    const printed = await words(world, await page.locator('.papers a').first().getAttribute('href'));
    const sum = /\d[\d,]*/.exec(await page.locator('h1').innerText())?.[0];
    assert(printed.includes(number), `the bill on paper names the property ${number}:\n${printed}`);
    assert(sum && printed.includes(sum), `and the sum of the page, ${sum}:\n${printed}`);
    for (const [lang, said] of Object.entries(SUM)) {
      assert(said.test(printed) === (lang === world.lang), `and speaks ${world.lang}:\n${printed}`);
    }
    await page.click('#form .btn');
    await page.waitForSelector('[name="ending"][value="succeed"]');
    world.guard.allow(new URL(page.url()).origin);
    await page.click('[name="ending"][value="succeed"]');
    await page.waitForLoadState('load');
    const back = page.locator('a.main, a.btn, main a');
    if (!page.url().startsWith(world.url) && (await back.count())) await back.first().click();
    await page.waitForURL((address) => address.href.startsWith(world.url));
    const seconds = (Date.now() - begun) / 1000;
    await judge(world, 'dues-paid');
    assert(await page.locator('.papers a').count(), `a receipt is there: ${await page.locator('main').innerText()}`);
    assert(seconds < SECONDS, `it took ${seconds} seconds`);
    assert(pages <= PAGES + 2, `${pages} pages were loaded`);
    const receipt = await world.context.request.get(await page.locator('.papers a').first().evaluate((link) => link.href));
    assert(receipt.headers()['content-type'] === 'application/pdf', 'the receipt is a paper');
    await world.go(`/${town}/pay?number=${encodeURIComponent(number)}`);
    assert((await page.locator('#form').count()) === 0, 'nothing is owed any more');
    await judge(world, 'dues-nothing');
  });
}
