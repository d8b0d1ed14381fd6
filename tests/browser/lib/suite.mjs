// A small runner: tests are declared by the journeys, run one after the other, and counted.

const tests = [];

/** Declares a test. `needs` names what its context is like: see `context` in browser.mjs. */
export function test(name, needs, run) {
  tests.push({ name, needs, run });
}

/** Both languages, both sizes, with and without scripts. */
const ALL_SIGHTS = ['hi', 'en'].flatMap((lang) =>
  ['desk', 'phone'].flatMap((size) => [false, true].map((js) => ({ lang, size, js }))),
);

/** Whether the gallery is made. */
const GALLERY = process.env.SCREENS === '1';

/** The opposites among all sights: those of a pair differ in language, in size and in scripts. */
const OPPOSITES = ALL_SIGHTS.filter(({ lang }) => lang === 'hi').map((one) => [
  one,
  ALL_SIGHTS.find(({ lang, size, js }) => lang !== one.lang && size !== one.size && js !== one.js),
]);

/** How many of the long journeys have taken their sights. */
let turns = 0;

/**
 * The sights of the gallery: a page that answers a form that was sent cannot be asked for in the other language. All
 * others, and both sizes, are pictures of one and the same page.
 */
export const GALLERY_SIGHTS = ALL_SIGHTS.filter(({ lang, size, js }) => js && (lang === 'hi') === (size === 'phone'));

/**
 * The sights in which a long journey is made: two opposites, so that each journey is made in both languages, both
 * sizes, with and without scripts; the next journey takes the next two. SIGHTS=all makes them in all.
 */
export function everySight() {
  const two = OPPOSITES[turns % OPPOSITES.length];
  turns += 1;
  if (process.env.SIGHTS === 'all') return ALL_SIGHTS;
  return sightsOf(two);
}

/** The sights of a journey that is made in `few`; in those of the gallery where that is made, so that none is left out. */
export function sightsOf(few) {
  return GALLERY ? GALLERY_SIGHTS : few;
}

/** What a sight is called in the name of a test. */
export function told({ lang, size, js }) {
  return `${lang}, ${size}${js ? '' : ', without scripts'}`;
}

/** How many tests run at once: one waits for the server while the other draws. */
const AT_ONCE = Number(process.env.AT_ONCE ?? 2);

/** Runs every test whose name contains `filter`, or one of its parts between bars; gives how many passed and failed. */
export async function runAll(filter, surroundings) {
  const waiting = tests.filter((one) => filter.split('|').some((words) => one.name.includes(words)));
  const sums = { passed: 0, failed: 0 };
  const take = async () => {
    for (let one = waiting.shift(); one; one = waiting.shift()) sums[(await runOne(one, surroundings)) ? 'passed' : 'failed'] += 1;
  };
  await Promise.all(Array.from({ length: AT_ONCE }, take));
  return sums;
}

/** Runs one test and tells how it ended. */
async function runOne({ name, needs, run }, surroundings) {
  const started = Date.now();
  const world = await surroundings.open(needs);
  try {
    await run(world);
    await world.rummage();
    world.guard.assertClean();
    console.log(`ok    ${name} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
    return true;
  } catch (error) {
    console.log(`FAIL  ${name}\n${indent(error.stack ?? String(error))}\n${indent(await world.describe(name))}`);
    return false;
  } finally {
    await world.close().catch((error) => console.log(`      ${name}: its browser could not be closed: ${error.message.split('\n')[0]}`));
  }
}

/** Throws with `message` unless `condition` holds. */
export function assert(condition, message) {
  if (!condition) throw new Error(message);
}

/** Throws unless the two are the same. */
export function same(found, expected, what) {
  assert(found === expected, `${what}: ${JSON.stringify(found)}, expected ${JSON.stringify(expected)}`);
}

/** Every line set in. */
function indent(text) {
  return text.replace(/^/gm, '      ');
}

/** Looks again until `look` gives something, since messages and papers are made after the answer. */
export async function eventually(look, what, most = 30_000, every = 250) {
  const until = Date.now() + most;
  for (;;) {
    const found = await look();
    if (found) return found;
    assert(Date.now() < until, `it never came to this: ${what}`);
    await new Promise((again) => setTimeout(again, every));
  }
}
