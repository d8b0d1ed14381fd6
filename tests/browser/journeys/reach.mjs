// For whoever uses no mouse, or sets more space between letters: a complaint is sent by the keys alone, and pages
// stand wider writing.

import { codeFor, newMobile } from '../lib/people.mjs';
import { assert, test } from '../lib/suite.mjs';

const TOWN = 'rishikesh';
const SERVICE = 'grievance';
/** Pages that everybody comes to, before anything is typed. */
const PAGES = ['/', `/${TOWN}`, `/${TOWN}/services/${SERVICE}`, `/${TOWN}/services/trade-license`, `/${TOWN}/sign-in`, `/${TOWN}/pay`, `/${TOWN}/track`, `/${TOWN}/verify`];
/** Stops of the Tab key on one page, at most. */
const STOPS = 400;

/** Runs in the page: where the keys are now, whether that is what is looked for, and whether it can be seen. */
function standing(selector) {
  const at = document.activeElement;
  if (!at || at === document.body) return { nowhere: true };
  const { outlineStyle, outlineWidth } = getComputedStyle(at);
  const box = at.getBoundingClientRect();
  return {
    there: at.matches(selector),
    marked: outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2,
    seen: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
    what: at.outerHTML.slice(0, 120),
  };
}

/** Presses Tab until what `selector` finds has the keys; everything on the way has a mark and is in sight. */
async function reach(world, selector) {
  const { page } = world;
  let rounds = 0;
  for (let stop = 0; stop < STOPS && rounds < 2; stop += 1) {
    await page.keyboard.press('Tab');
    const at = await page.evaluate(standing, selector);
    if (at.nowhere) {
      rounds += 1;
      continue;
    }
    assert(at.marked, `nothing shows where the keys are: ${at.what} at ${page.url()}`);
    assert(at.seen, `where the keys are is out of sight: ${at.what} at ${page.url()}`);
    if (at.there) return;
  }
  throw new Error(`the Tab key does not come to ${selector} at ${page.url()}`);
}

/** Goes to a button or link and presses it, up to the page that comes. */
async function press(world, selector) {
  await reach(world, selector);
  await Promise.all([world.page.waitForEvent('load'), world.page.keyboard.press('Enter')]);
}

/** Goes to a box and types. */
async function type(world, selector, words) {
  await reach(world, selector);
  await world.page.keyboard.type(words);
}

/** Goes to a circle or a square and ticks it. */
async function tick(world, selector) {
  await reach(world, selector);
  await world.page.keyboard.press('Space');
}

/** Searches a long list and takes the first that is found; a short one has it on the page. */
async function choose(world, name, words) {
  if (await world.page.locator(`#form [name="${name}._query"]`).count()) {
    await type(world, `[name="${name}._query"]`, words);
    await press(world, `[name="_search"][value="${name}"]`);
  }
  const select = `select[name="${name}"]`;
  if (await world.page.locator(`#form ${select}`).count()) {
    await reach(world, select);
    await world.page.keyboard.press('ArrowDown');
  } else await tick(world, `[type="radio"][name="${name}"]`);
}

/** What is answered on each page of the form. */
const ANSWERS = {
  problem: async (world) => {
    await choose(world, 'grievance_type', 'not working');
    await type(world, '[name="description"]', 'The lamp before the school has been dark for a week');
  },
  spot: async (world) => {
    await choose(world, 'locality', 'a');
    await type(world, '[name="landmark"]', 'Pole 14, before the school');
  },
  complainant: async (world) => {
    // The name of whoever signed in may stand there already.
    if (!(await world.page.inputValue('#form [name="full_name"]'))) await type(world, '[name="full_name"]', 'Geeta Rawat');
    await tick(world, '[name="may_call"]');
  },
};

const CONTINUE = '#form .row.end .btn:not(.plain)';

test('reach: a complaint is sent by the keys alone', { lang: 'en', size: 'desk', js: false }, async (world) => {
  const { page } = world;
  const mobile = newMobile();
  await world.go(`/${TOWN}/services/${SERVICE}`);
  await press(world, 'form.go .btn');
  await type(world, '#mobile', mobile);
  await press(world, 'main form .btn');
  await type(world, '#code', await codeFor(world, mobile));
  await press(world, '#form .btn');
  await type(world, '#name', 'Geeta Rawat');
  await tick(world, '#agreed');
  await press(world, 'main form .btn');
  if (/\/services\//.test(page.url())) await press(world, 'form.go .btn');
  for (let step = 0; step < 10 && /\/form\//.test(page.url()); step += 1) {
    const name = page.url().split('/form/')[1].split(/[/?#]/)[0];
    await ANSWERS[name]?.(world);
    await press(world, CONTINUE);
    assert(!(await page.locator('.problems').count()), `${name} is taken: ${await page.locator('main').innerText()}`);
  }
  assert(/\/check/.test(page.url()), `the form ends with the check: ${page.url()}`);
  if (await page.locator('#declared').count()) await tick(world, '#declared');
  await press(world, '#form .btn');
  assert(/\/done/.test(page.url()), `it is sent: ${await page.locator('main').innerText()}`);
});

test('reach: the first stop of the keys leads past the menu', { lang: 'hi', size: 'phone' }, async (world) => {
  const { page } = world;
  for (const path of PAGES) {
    await world.go(path);
    await page.keyboard.press('Tab');
    const first = await page.evaluate(standing, 'a.skip');
    assert(first.there && first.seen && first.marked, `${path} begins with ${first.what}`);
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    const next = await page.evaluate(standing, 'main *');
    assert(next.there, `past the menu of ${path} comes ${next.what}`);
  }
});

/** Runs in the page: the space that readers may set, as WCAG 1.4.12 has it; gives what is cut off then. */
function widen() {
  for (const element of document.querySelectorAll('body *')) {
    const { style } = element;
    style.setProperty('line-height', '1.5', 'important');
    style.setProperty('letter-spacing', '0.12em', 'important');
    style.setProperty('word-spacing', '0.16em', 'important');
    if (element.tagName === 'P') style.setProperty('margin-bottom', '2em', 'important');
  }
  const hides = (element) => ['hidden', 'clip'].includes(getComputedStyle(element).overflowX);
  const cut = [...document.querySelectorAll('main *, header *, footer *')].filter((element) => hides(element) && !element.closest('.vh, svg, img, input, select, textarea') && element.scrollWidth > element.clientWidth + 1);
  return cut.slice(0, 3).map((element) => element.outerHTML.slice(0, 120));
}

for (const lang of ['hi', 'en']) {
  test(`reach: writing may be set wider (${lang})`, { lang, size: 'phone' }, async (world) => {
    for (const path of PAGES) {
      await world.go(path);
      const cut = await world.page.evaluate(widen);
      assert(cut.length === 0, `${path} cuts words off: ${cut.join(' | ')}`);
      const { wide, window } = await world.page.evaluate(() => ({ wide: document.documentElement.scrollWidth, window: document.documentElement.clientWidth }));
      assert(wide <= window, `${path} is ${wide} wide on ${window}`);
    }
  });
}
