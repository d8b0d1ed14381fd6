// Journeys through the pages in a real browser, against the release binary.
//
//   node run.mjs [words of a test's name]
//   SCREENS=1 also makes the gallery in docs/screens, or renews those pictures of it that the tests come to; NAGAR_URL=http://… tries a server that runs;
//   JOURNEYS_DATABASE=postgres://… has the rows of the demonstrations there.

import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Surroundings } from './lib/browser.mjs';
import { learnPassword, learnStaff } from './lib/people.mjs';
import { start } from './lib/server.mjs';
import { runAll } from './lib/suite.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '../..');

for (const journey of readdirSync(join(here, 'journeys')).sort()) await import(join(here, 'journeys', journey));

const server = await start(root);
learnPassword(server.said);
learnStaff(server.said);
const surroundings = new Surroundings(server.url, root);
let sums = { passed: 0, failed: 1 };
try {
  await surroundings.launch();
  sums = await runAll(process.argv.slice(2).join(' '), surroundings);
} finally {
  await surroundings.stop({ well: sums.failed === 0, whole: process.argv.length === 2 }).catch((error) => console.error(error));
  await server.stop();
}
console.log(`${sums.passed} passed, ${sums.failed} failed`);
process.exit(sums.failed === 0 && sums.passed > 0 ? 0 : 1);
