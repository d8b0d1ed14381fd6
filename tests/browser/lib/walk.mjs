// The whole way of an applicant through a service, whichever it is: its first page, its form, the check and the
// acknowledgement. The form is answered a page at a time, in one go.

import { judge } from './judge.mjs';
import { papers } from './papers.mjs';
import { assert } from './suite.mjs';

/** How often a page is sent that says the same each time. */
const TRIES = 3;
/** Pages that a form has at the most, those of its items and searches included. */
const PAGES = 80;
/** The pages of which the gallery has a picture: those of a few services, since those of the others look alike. */
const PICTURED = ['birth-certificate', 'building-plan', 'grievance', 'hall-booking', 'property-tax', 'trade-license'].flatMap((service) => [`start-${service}`, `first-${service}`]);

/**
 * Runs in the page: answers what it asks and what is not answered yet, from `answers`; what the page says to be
 * missing or wrong, with anything that will do. Gives the button that has to be pressed before the page is sent: a
 * list is to be searched, an item to be opened or added.
 */
function answerAll({ answers, files }) {
  const form = document.getElementById('form');
  const controls = [...form.elements].filter((one) => one.name && !one.disabled && !['hidden', 'submit', 'button'].includes(one.type) && !one.name.startsWith('_'));
  const names = [...new Set(controls.map((one) => one.name.replace(/\.(day|month|year|lat|long|_query)$/, (end) => (form.elements[one.name.slice(0, -end.length)] ? end : ''))))];
  const isWrong = (name) => [...form.querySelectorAll('.field.wrong')].some((field) => field.dataset.field === name);
  const dated = (name) => ['year', 'month', 'day'].map((part) => form.elements[`${name}.${part}`]);
  const invented = { text: 'Asha Rawat', textarea: 'As it is said in the papers', tel: '9876543210', email: 'asha@example.org' };
  const kinds = new Set();
  let search = '';
  for (const name of names) {
    const all = controls.filter((one) => one.name === name);
    const first = all[0];
    const wrong = isWrong(name);
    const wanted = answers[name];
    if (dated(name).every(Boolean)) {
      kinds.add('date');
      const [year] = dated(name);
      const value = wanted ?? (wrong ? answers[''] : undefined);
      if ((year.value && !wrong) || !value) continue;
      value.split('-').forEach((part, index) => { dated(name)[index].value = String(Number(part)); });
      continue;
    }
    const query = form.elements[`${name}._query`];
    if (query) {
      kinds.add('search');
      const offered = controls.filter((one) => one.name === name && one.type === 'radio');
      if (offered.some((one) => one.checked) && !wrong) continue;
      if (wanted === undefined && !wrong) continue;
      const choice = offered.find((one) => one.value === wanted) ?? (query.value ? offered[0] : undefined);
      if (choice) choice.checked = true;
      else if (!search) {
        // Whatever is found will do where what is wanted is not in the list.
        query.value = query.value ? 'a' : wanted ?? 'a';
        search = name;
      }
      continue;
    }
    if (!first) continue;
    kinds.add(first.type);
    if (first.type === 'radio' || first.type === 'checkbox') {
      if (all.some((one) => one.checked) && !wrong) continue;
      if (wanted === undefined && !wrong) continue;
      const chosen = all.filter((one) => [wanted].flat().includes(one.value));
      for (const one of chosen.length ? chosen : [all[0]]) one.checked = true;
    } else if (first.tagName === 'SELECT') {
      if ((first.value && !wrong) || (wanted === undefined && !wrong)) continue;
      const values = [...first.options].map((one) => one.value).filter(Boolean);
      first.value = values.includes(wanted) ? wanted : values[0];
    } else if (first.type === 'file') {
      const there = first.closest('.field').querySelector('.uploads li');
      if ((there && !wrong) || (wanted === undefined && !wrong)) continue;
      const ending = /pdf/.test(first.accept) && !(wanted ?? '').endsWith('.jpg') ? 'pdf' : /jpe?g|image/.test(first.accept) ? 'jpg' : 'pdf';
      const bytes = Uint8Array.from(atob(files[ending]), (one) => one.charCodeAt(0));
      const carried = new DataTransfer();
      carried.items.add(new File([bytes], `paper.${ending}`, { type: ending === 'pdf' ? 'application/pdf' : 'image/jpeg' }));
      first.files = carried.files;
    } else if (!first.value || wrong) {
      const number = ['numeric', 'decimal'].includes(first.inputMode) ? '1' : undefined;
      const value = wanted ?? (wrong ? number ?? invented[first.type] : undefined);
      if (value !== undefined) first.value = String(value);
    }
  }
  const lists = [...form.querySelectorAll('[name="_add"]')].filter((button) => {
    kinds.add('list');
    const wanted = Object.keys(answers).filter((name) => name.startsWith(`${button.value}.`)).map((name) => Number(name.slice(button.value.length + 1).split('.')[0]) + 1);
    const there = form.querySelectorAll(`fieldset[id="${button.value}"] > .item`).length;
    return there < Math.max(0, ...wanted);
  });
  // An item in which something is wrong, or nothing is said, is opened first, if it is folded up.
  const wrong = [...document.querySelectorAll('.problems a')].map((link) => `${link.hash.slice(1)}.`);
  const empty = (button) => !button.closest('.item').querySelector('dl.rows > *');
  const folded = [...form.querySelectorAll('[name="_edit"]')].find((button) => empty(button) || wrong.some((field) => field.startsWith(`${button.value}.`)));
  const button = search ? ['_search', search] : folded ? ['_edit', folded.value] : lists.length ? ['_add', lists[0].value] : null;
  if (wrong.length) kinds.add('problem');
  return { button, kinds: [...kinds].sort() };
}

/** What the page says to be wrong. */
const problems = (page) => page.locator('.problems li').allInnerTexts();

/** Presses a button and waits for the page that comes. */
async function press(world, selector) {
  const { page } = world;
  await Promise.all([page.waitForEvent('load'), page.click(selector)]);
}

/** Judges a page that each service has of its own. */
const judgeOwn = (world, name) => judge(world, name, PICTURED.includes(name));

/** What the judged pages of forms had on them, in which sight. */
const seen = new Set();

/**
 * Judges a page of a form that is the first of its service, or has something on it that no page before had: pages
 * that are put together of the same parts are alike.
 */
async function look(world, called, kinds) {
  const fresh = kinds.filter((kind) => !seen.has(`${kind} ${world.lang} ${world.size} ${world.js}`));
  const name = called();
  if (!name && !fresh.length) return;
  for (const kind of kinds) seen.add(`${kind} ${world.lang} ${world.size} ${world.js}`);
  await judgeOwn(world, name);
}

/** Answers the pages of a form until it leads elsewhere. `called` names the first of them. */
async function fillIn(world, answers, called) {
  const { page } = world;
  const files = { pdf: await encoded(world, 'paper.pdf'), jpg: await encoded(world, 'photo.jpg') };
  let [before, times] = ['', 0];
  for (let step = 0; step < PAGES && /\/form\//.test(page.url()); step += 1) {
    const { button, kinds } = await page.evaluate(answerAll, { answers, files });
    await look(world, called, kinds);
    if (button) await press(world, `#form [name="${button[0]}"][value="${button[1]}"]`);
    else {
      const said = `${page.url().split('?')[0]}: ${(await problems(page)).join('; ')}`;
      times = said === before ? times + 1 : 0;
      before = said;
      assert(times < TRIES, `the answers are not taken at ${said}`);
      await press(world, '#form .row.end .btn:not(.plain)');
    }
  }
  assert(!/\/form\//.test(page.url()), `the form does not end: ${page.url()}`);
}

async function encoded(world, kind) {
  return (await papers(world, kind)).buffer.toString('base64');
}

/** Does the tasks of a long form one after the other. */
async function doTasks(world, answers, called) {
  const { page } = world;
  await look(world, called, ['tasks']);
  for (let step = 0; step < 20 && /\/tasks$/.test(page.url()); step += 1) {
    if (await page.locator('main a.btn[href$="/check"]').count()) {
      await press(world, 'main a.btn[href$="/check"]');
      return;
    }
    const open = page.locator('main ul.cases li:has(strong.tag) a');
    assert(await open.count(), `no task is open, and not all are done: ${await page.locator('main').innerText()}`);
    await Promise.all([page.waitForEvent('load'), open.first().click()]);
    await fillIn(world, answers, called);
  }
}

/**
 * Goes the whole way, signed in, and gives the number of the application. `record` is what a service is about that
 * is about one. Its first page and that of its form are judged, and of the others those that are of a new kind.
 */
export async function walk(world, town, service, { answers, record = '' }) {
  const { page } = world;
  const start = `/${town}/services/${service}`;
  await world.go(record ? `${start}?record=${encodeURIComponent(record)}` : start);
  await judgeOwn(world, `start-${service}`);
  await press(world, 'form.go .btn');
  assert(/\/(form|tasks|check)/.test(page.url()), `it does not begin: ${await page.locator('main').innerText()}`);
  let first = `first-${service}`;
  const called = () => {
    const name = first;
    first = undefined;
    return name;
  };
  if (/\/tasks$/.test(page.url())) await doTasks(world, answers, called);
  else await fillIn(world, answers, called);
  assert(/\/check/.test(page.url()), `it does not come to the check: ${page.url()}`);
  const asks = (await page.locator('#declared').count()) > 0;
  await judge(world, `walk-check-${(await page.locator('main section').count()) > 1}-${asks}`);
  if (asks) await page.check('#declared');
  await press(world, '#form .btn');
  assert(/\/(done|pay)/.test(page.url()), `it cannot be sent: ${await page.locator('main').innerText()}`);
  await judge(world, `walk-${/\/done/.test(page.url()) ? 'done' : 'kept'}`);
  const number = await numberOn(page);
  await goBack(world);
  assert((await numberOn(page)) === number, `whoever goes back after sending has sent one application, ${number}: ${page.url()}`);
  return number;
}

/** The number of the application, as the acknowledgement says it. */
const numberOn = async (page) => (await page.locator('.panel strong').first().innerText()).trim();

/** Goes back after sending and on again, as people do; where the check stands there still, it is sent once more. */
async function goBack(world) {
  const { page } = world;
  await page.goBack({ waitUntil: 'load' });
  if (!/\/check/.test(page.url())) await page.goForward({ waitUntil: 'load' });
  else {
    if (await page.locator('#declared').count()) await page.check('#declared');
    await press(world, '#form .btn');
  }
}
