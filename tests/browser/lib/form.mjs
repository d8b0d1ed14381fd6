// Filling in the pages of a form, by the names of its questions: these are the same in every language.

import { assert } from './suite.mjs';
import { papers } from './papers.mjs';

const named = (name) => `[name="${name}"]`;

/** Answers one question. `value` is a text, `true`, a day as 2026-05-01, an array, or a file kind. */
async function answer(world, name, value) {
  const { page } = world;
  const form = page.locator('#form');
  if (await form.locator(named(`${name}.day`)).count()) {
    const [year, month, day] = value.split('-');
    await form.locator(named(`${name}.day`)).fill(String(Number(day)));
    await form.locator(named(`${name}.month`)).fill(String(Number(month)));
    await form.locator(named(`${name}.year`)).fill(year);
    return;
  }
  const input = form.locator(named(name));
  const kind = await input.first().evaluate((element) => (element.tagName === 'SELECT' ? 'select' : element.type ?? element.tagName));
  if (kind === 'select') await input.selectOption(String(value));
  else if (kind === 'radio' || kind === 'checkbox') {
    for (const one of [value].flat()) await form.locator(`${named(name)}[value="${one}"]`).check();
  } else if (kind === 'file') await input.setInputFiles(await papers(world, value));
  else await input.fill(String(value));
}

/** Answers a question, and waits for those that its answer brings or takes away where scripts run. */
async function answerAndWait(world, name, value) {
  const { page } = world;
  const form = page.locator('form[data-asks]');
  const asks = world.js && (await form.count()) ? (await form.first().getAttribute('data-asks')).split(' ') : [];
  if (!asks.includes(name.split('.').pop())) return answer(world, name, value);
  // Nothing comes if the answer is the one that stood there, or if it is not left yet.
  const brought = page
    .waitForResponse((response) => response.request().method() === 'POST' && (response.request().postData() ?? '').includes('_search=1'), { timeout: 2_500 })
    .then((response) => response.finished())
    .catch(() => {});
  await answer(world, name, value);
  await page.locator('#form').evaluate(() => document.activeElement?.blur());
  await brought;
  await page.evaluate(() => new Promise((painted) => setTimeout(painted, 50)));
}

/** Finds a choice of a long list by searching for `words`, then takes `code`. */
async function search(world, name, words, code) {
  const { page } = world;
  await page.fill(named(`${name}._query`), words);
  await page.click(`[name="_search"][value="${name}"]`);
  await page.locator(`${named(name)}[value="${code}"]`).check();
}

/** Whether the page asks `name` now. */
export async function asks(world, name) {
  const { page } = world;
  return (await page.locator(`#form ${named(name)}, #form ${named(`${name}.day`)}, #form ${named(`${name}._query`)}`).count()) > 0;
}

/** Answers every question of `answers` that this page asks. Values may be `{ search, code }`. */
export async function fill(world, answers) {
  for (const [name, value] of Object.entries(answers)) {
    if (!(await asks(world, name))) continue;
    if (value?.code) {
      const offered = await world.page.locator(`#form ${named(name)}[value="${value.code}"], #form select${named(name)}`).count();
      if (offered) await answerAndWait(world, name, value.code);
      else await search(world, name, value.search, value.code);
    } else await answerAndWait(world, name, value);
  }
}

/** Sends the page. */
export async function send(world) {
  await world.page.click('#form .row.end .btn:not(.plain), #form > .btn:not(.plain)');
  await world.page.waitForLoadState('load');
}

/** Adds the items of repeating groups, answers, sends, until the form leads elsewhere. */
export async function fillForm(world, answers, onPage = async () => {}) {
  const { page } = world;
  for (let step = 0; step < 60 && /\/form\/|\/act\//.test(page.url()); step += 1) {
    await onPage(page.url());
    const add = page.locator('#form [name="_add"]');
    for (const list of await add.evaluateAll((buttons) => buttons.map((button) => button.value))) {
      const wanted = Object.keys(answers).some((name) => name.startsWith(`${list}.0.`));
      if (wanted && !(await page.locator(`#form [name^="${list}.0."]`).count()) && !(await added(world, list))) {
        await page.click(`#form [name="_add"][value="${list}"]`);
        await page.waitForLoadState('load');
      }
    }
    const before = page.url();
    await fill(world, answers);
    const asked = await page.locator('#form [name]').evaluateAll((all) => all.map((one) => one.name));
    await send(world);
    const wrong = await problems(world, asked);
    assert(wrong.length === 0, `${before} does not take the answers: ${wrong.join('; ')}`);
  }
  assert(!/\/form\//.test(page.url()), `the form does not end: ${page.url()}`);
}

/**
 * What is wrong on the page. Without scripts a question of an item that waits for another comes only with the page
 * that says that it is missing: what was not `asked` before is answered now.
 */
async function problems(world, asked) {
  const told = await world.page.locator('.problems li').evaluateAll((all) => all.map((one) => [one.innerText, one.querySelector('a')?.hash.slice(1) ?? '']));
  const knew = (field) => asked.some((name) => name === field || name.startsWith(`${field}.`));
  return told.filter(([, field]) => world.js || !field || knew(field)).map(([text]) => text);
}

/** Whether an item of the group is there already, folded up. */
async function added(world, list) {
  return (await world.page.locator(`#form fieldset[id="${list}"] .item`).count()) > 0;
}
