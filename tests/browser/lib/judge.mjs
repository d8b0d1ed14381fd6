// What every page is held to: accessibility, no sideways scrolling, targets, weight.

import AxeBuilder from '@axe-core/playwright';
import { assert } from './suite.mjs';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
/**
 * The most that a first visit may load, and how many requests it may take: the page, its style, its script and
 * its icon, which is what a visit takes; the emblem of the town stands in the page. On a slow line each further
 * request costs as much as the page.
 */
const FIRST_LOAD = { bytes: 30_000, requests: 4 };

/**
 * Why axe cannot say whether words can be read, though nothing lies behind them but colours: words of the colour of
 * their ground, and single letters that are too pale. Over pictures and gradients there is nothing to reckon with.
 */
const UNREADABLE = ['equalRatio', 'shortTextContent'];

/** What axe found of contrast and left to people, where it is a fault all the same. */
function unsure(incomplete) {
  const nodes = incomplete.filter((one) => one.id === 'color-contrast').flatMap((one) => one.nodes);
  const reason = (node) => node.any.find((check) => UNREADABLE.includes(check.data?.messageKey))?.data;
  return nodes.filter(reason).map((node) => `color-contrast, ${reason(node).messageKey}: ${node.target.join(' ')} – ${reason(node).contrastRatio} : 1`);
}

/** Asserts that axe finds nothing on the page as it stands. */
export async function axe(world, name) {
  // Axe waits for itself, which nothing does where scripts are off: there a copy of the page is judged.
  const page = world.js ? world.page : await world.copy();
  // Whole pages are judged in one piece: ours have no frames, and a window for putting pieces together takes longer than looking.
  const found = await new AxeBuilder({ page }).withTags(TAGS).setLegacyMode(true).analyze();
  const told = found.violations.map((one) => {
    const places = one.nodes.slice(0, 3).map((node) => `${node.target.join(' ')} – ${node.failureSummary?.split('\n')[1]?.trim()}`);
    return `${one.id} (${one.impact}): ${one.help}\n        ${places.join('\n        ')}`;
  });
  told.push(...unsure(found.incomplete));
  assert(told.length === 0, `axe, ${name ?? world.page.url()} (${world.lang}, ${world.size}${world.js ? '' : ', without scripts'}):\n      ${told.join('\n      ')}`);
}

/** Asserts that nothing has to be scrolled sideways, also on the narrowest telephone. */
export async function fits(world) {
  const kept = world.page.viewportSize();
  await world.page.setViewportSize({ width: 320, height: 640 });
  const wide = await world.page.evaluate(() => ({
    page: document.documentElement.scrollWidth,
    window: document.documentElement.clientWidth,
    elements: [...document.querySelectorAll('main *')]
      .filter((element) => element.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
      .filter((element) => !element.closest('[data-scroll], .scroll'))
      .slice(0, 3)
      .map((element) => element.outerHTML.slice(0, 120)),
  }));
  await world.page.setViewportSize(kept);
  assert(wide.page <= wide.window, `${world.page.url()} is ${wide.page} wide on ${wide.window}: ${wide.elements.join(' | ')}`);
}

/** Asserts that what can be pressed is large enough for a thumb: 24 × 24 at the least. */
export async function targets(world) {
  const small = await world.page.evaluate(() =>
    [...document.querySelectorAll('button, input:not([type=hidden]), select, summary')]
      .filter((element) => element.checkVisibility?.() ?? true)
      .map((element) => ({ element, box: element.getBoundingClientRect() }))
      .filter(({ element, box }) => box.width > 1 && box.height > 1 && (box.width < 24 || box.height < 24) && !element.closest('.vh'))
      .map(({ element, box }) => `${element.outerHTML.slice(0, 80)} ${Math.round(box.width)}×${Math.round(box.height)}`),
  );
  assert(small.length === 0, `too small on ${world.page.url()}: ${small.join(' | ')}`);
}

/** The frame that every page has. */
export async function frame(world) {
  const { page } = world;
  const found = await page.evaluate(() => ({
    lang: document.documentElement.lang,
    h1: document.querySelectorAll('h1').length,
    title: document.title,
    skip: document.querySelector('a.skip')?.getAttribute('href'),
    main: document.querySelectorAll('main').length,
    kept: localStorage.length + sessionStorage.length,
  }));
  assert(found.lang === world.lang, `${page.url()} says lang="${found.lang}", expected ${world.lang}`);
  assert(found.h1 === 1, `${page.url()} has ${found.h1} first headings`);
  assert(found.title.length > 3, `${page.url()} has no title`);
  assert(found.kept === 0, `${page.url()} keeps something in the browser beside its cookies`);
  assert(found.skip === '#main' && found.main === 1, `${page.url()} has no way past its menu`);
}

/** Pages that were judged already, each as somebody saw it. */
const judged = new Set();

/**
 * Everything at once. A page with a name is judged once for each language and size: journeys go the
 * same way many times, and only the first time is new. What scripts add is not there without them, so that a page
 * is judged with them and without. The gallery has a picture of it, unless it is not `pictured`.
 */
export async function judge(world, name, pictured = true) {
  const sight = `${name} ${world.lang} ${world.size} ${world.js}`;
  if (name && judged.has(sight)) return;
  judged.add(sight);
  await frame(world);
  await fits(world);
  await targets(world);
  await axe(world, name);
  if (name && pictured) await world.shot(name);
}

/** Asserts what a first visit to `path` loads. */
export async function weighs(world, path) {
  world.guard.bytes = 0;
  world.guard.requests = 0;
  await world.page.goto(path, { waitUntil: 'networkidle' });
  const { bytes, requests } = world.guard;
  assert(bytes > 0, `nothing was loaded for ${path}`);
  assert(bytes <= FIRST_LOAD.bytes, `${path} loads ${bytes} bytes; ${FIRST_LOAD.bytes} is the most`);
  assert(requests <= FIRST_LOAD.requests, `${path} takes ${requests} requests; ${FIRST_LOAD.requests} is the most`);
}
