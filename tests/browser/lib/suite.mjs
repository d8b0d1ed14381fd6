// A small runner: tests are declared by the journeys, run one after the other, and counted.

const tests = [];

/** Declares a test. `needs` names what its context is like: see `context` in browser.mjs. */
export function test(name, needs, run) {
  tests.push({ name, needs, run });
}

/** Runs every test whose name contains `filter`; gives how many passed and failed. */
export async function runAll(filter, surroundings) {
  let passed = 0;
  let failed = 0;
  for (const { name, needs, run } of tests.filter((one) => one.name.includes(filter))) {
    const started = Date.now();
    const world = await surroundings.open(needs);
    try {
      await run(world);
      world.guard.assertClean();
      passed += 1;
      console.log(`ok    ${name} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
    } catch (error) {
      failed += 1;
      console.log(`FAIL  ${name}\n${indent(error.stack ?? String(error))}\n${indent(await world.describe(name))}`);
    } finally {
      await world.close();
    }
  }
  return { passed, failed };
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
