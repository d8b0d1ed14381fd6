// Forms are forgiving: wrong answers are kept and explained, and the language can be changed in the
// middle of a page.

import { newMobile, signInHere } from '../lib/people.mjs';
import { fill, send } from '../lib/form.mjs';
import { judge } from '../lib/judge.mjs';
import { assert, same, test } from '../lib/suite.mjs';

const TOWN = 'nainital';

async function begin(world, service) {
  const { page } = world;
  await world.go(`/${TOWN}/services/${service}`);
  await page.click('form.go .btn');
  await signInHere(world, newMobile());
  if (/\/services\//.test(page.url())) await page.click('form.go .btn');
  await page.waitForURL(/\/form\//);
}

/** Wrong values for a field of the page, by its kind; fields that cannot be wrong have none. */
async function spoil(page) {
  return page.evaluate(() => {
    const spoiled = {};
    for (const input of document.querySelectorAll('#form input[type=text], #form input[type=tel], #form textarea')) {
      if (/_query$/.test(input.name)) continue;
      const value = /\.(day|month|year)$/.test(input.name) ? '99' : input.inputMode === 'numeric' || input.inputMode === 'decimal' ? 'बारह' : '';
      input.value = value;
      if (value) spoiled[input.name] = value;
    }
    return spoiled;
  });
}

async function keepsWhatIsWrong(world) {
  const { page } = world;
  await begin(world, 'trade-license');
  const spoiled = world.js ? await spoil(page) : {};
  if (!world.js) {
    await page.fill('[name="employees"]', 'बारह');
    spoiled.employees = 'बारह';
  }
  await send(world);
  assert((await page.title()).match(/^(Error|त्रुटि)/), `the title says that something is wrong: ${await page.title()}`);
  const links = await page.locator('.problems a').evaluateAll((all) => all.map((link) => [link.getAttribute('href'), link.innerText]));
  assert(links.length > 0, 'the errors are listed on top');
  for (const [href, text] of links) {
    const target = page.locator(`[id="${href.slice(1)}"]`);
    assert(await target.count(), `"${text}" leads to nothing: ${href}`);
  }
  const next = await page.locator('.field .error').allInnerTexts();
  assert(next.length >= links.length, `${links.length} errors on top, ${next.length} beside the questions`);
  for (const [name, value] of Object.entries(spoiled)) same(await page.locator(`[name="${name}"]`).first().inputValue(), value, `what was typed into ${name}`);
  await judge(world, 'form-errors');
}

test('forms: wrong answers are kept and explained', { lang: 'hi', size: 'phone', js: true }, keepsWhatIsWrong);
test('forms: wrong answers are kept and explained, without scripts', { lang: 'en', size: 'desk', js: false }, keepsWhatIsWrong);

test('forms: changing the language keeps what was typed', { lang: 'en', size: 'phone', js: false }, async (world) => {
  const { page } = world;
  await begin(world, 'trade-license');
  await fill(world, { trade_name: 'Asha Bakery' });
  await page.click('button[name="_lang"][value="hi"]');
  await page.waitForLoadState('load');
  same(await page.getAttribute('html', 'lang'), 'hi', 'the language');
  same(await page.locator('[name="trade_name"]').inputValue(), 'Asha Bakery', 'what was typed');
});

test('forms: a page that is sent twice counts once', { lang: 'en', size: 'desk' }, async (world) => {
  const { page } = world;
  await begin(world, 'grievance');
  const first = page.url();
  await fill(world, { grievance_type: { search: 'not working', code: 'light_not_working' }, description: 'The lamp is dark since a week' });
  await send(world);
  await page.goBack();
  same(page.url(), first, 'Back leads to the page before');
  same(await page.locator('[name="description"]').inputValue(), 'The lamp is dark since a week', 'what was typed');
});

test('forms: in the wrong place they are refused in plain words', { lang: 'hi', size: 'phone' }, async (world) => {
  world.guard.expect('/');
  for (const path of ['/no-such-town', `/${TOWN}/services/no-such-service`, `/${TOWN}/cases/NO-SUCH-CASE`]) {
    const response = await world.go(path);
    assert([404, 200].includes(response.status()), `${path} answers ${response.status()}`);
    await judge(world, path === '/no-such-town' ? 'not-found' : undefined);
  }
});
