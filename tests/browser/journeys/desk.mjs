// What an officer does with a case beside deciding on it: takes it, writes to colleagues and to the applicant, and
// says of a paper that it does not fit.

import { findCase } from '../lib/desk.mjs';
import { judge } from '../lib/judge.mjs';
import { TOWN, apply } from '../lib/licence.mjs';
import { newMobile, signInStaff } from '../lib/people.mjs';
import { assert, test, told } from '../lib/suite.mjs';

const INSIDE = 'The neighbours have asked about the smoke';
const OUTSIDE = 'कृपया किराया अनुबंध की मूल प्रति साथ लाएँ';
const FINDING = 'The photo shows somebody else';

/** Presses a button, up to the page that comes. */
async function press(world, selector) {
  await Promise.all([world.page.waitForEvent('load'), world.page.click(selector)]);
}

/** Writes beside a case: to colleagues, or to the applicant. */
async function write(world, path, words, audience) {
  const { page } = world;
  await world.go(path);
  await page.fill('#form [name="text"]', words);
  await page.check(`#form [name="audience"][value="${audience}"]`);
  await press(world, '#form button[formaction*="/note"]');
  if (audience !== 'applicant') return;
  // What goes out of the house is shown first.
  await judge(world, 'desk-note-before');
  await press(world, '#form.confirm .row.end .btn');
}

/** Opens the first of the papers that is a picture. */
async function openPicture(world, path) {
  const { page } = world;
  await world.go(`${path}?tab=documents`);
  const papers = await page.locator('main .doclist > li > a').evaluateAll((links) => links.map((link) => link.getAttribute('href')));
  for (const href of papers) {
    await world.go(href);
    if (await page.locator('.viewer .sheet-of img').count()) return;
  }
  throw new Error(`none of ${papers.length} papers is a picture`);
}

for (const sight of [
  { lang: 'hi', size: 'desk', js: false },
  { lang: 'en', size: 'phone', js: true },
]) {
  test(`desk: taken, written about, and a paper found wrong (${told(sight)})`, sight, async (world) => {
    const { page } = world;
    const applicant = await world.beside({ lang: 'hi', size: 'phone' });
    const { number, path } = await apply(applicant, newMobile());
    await signInStaff(world, TOWN, 'verifier');
    await findCase(world, TOWN, number);
    const here = new URL(page.url()).pathname;
    await press(world, 'main button[name="to"]');
    assert(await page.locator('main button[name="release"]').count(), `who has taken it can give it back: ${await page.locator('main').innerText()}`);
    await judge(world, 'desk-taken');

    await write(world, here, INSIDE, 'inside');
    await judge(world, 'desk-note-written');
    await write(world, here, OUTSIDE, 'applicant');
    await world.go(`${here}?tab=timeline`);
    const timeline = await page.locator('main .timeline').innerText();
    assert(timeline.includes(INSIDE) && timeline.includes(OUTSIDE), `both stand in the timeline of the desk: ${timeline}`);
    assert(await page.locator('main .timeline li.internal', { hasText: INSIDE }).count(), 'and one is marked as not for the applicant');
    await judge(world, 'desk-timeline-notes');

    await openPicture(world, here);
    await judge(world, 'desk-paper');
    await press(world, '.viewer button[name="verdict"][value="differs"]');
    await page.waitForSelector('.problems');
    await judge(world, 'desk-paper-errors');
    await openPicture(world, here);
    await page.fill('.viewer [name="finding"]', FINDING);
    await press(world, '.viewer button[name="verdict"][value="differs"]');
    assert((await page.locator('.viewer').innerText()).includes(FINDING), `why it does not fit stands beside it: ${await page.locator('.viewer').innerText()}`);
    await judge(world, 'desk-paper-differs');

    await applicant.go(path);
    const shown = await applicant.page.locator('main').innerText();
    assert(shown.includes(OUTSIDE), `the applicant reads what was written to them: ${shown}`);
    assert(!(await applicant.page.content()).includes(INSIDE), 'and nothing that was not');
  });
}
