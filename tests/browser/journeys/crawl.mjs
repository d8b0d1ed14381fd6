// Every page that links lead to, for everybody: it answers, is accessible, fits, and is quiet. A page is
// walked to once, and then looked at in both languages and both sizes by whoever comes to it first; the
// others look at their own as it stands, some in Hindi on a telephone and some in English at a desk.

import { newMobile, signIn, signInStaff, staffOf } from '../lib/people.mjs';
import { judge } from '../lib/judge.mjs';
import { assert, test } from '../lib/suite.mjs';

const TOWN = 'dehradun';
/** Pages of one shape that are looked at, at most: the second case looks like the first. */
const ALIKE = Number(process.env.ALIKE ?? 1);
/** Pages of actions and of what officers write: each has a form of its own, and there are as many as all services have. */
const OF_FORMS = /\/(act|edit)\/\*\?$/;
const FORMS = 6 * ALIKE;
/** Pages in all, at most. */
const MOST = Number(process.env.CRAWL ?? 80);

/** Shapes that somebody has looked at in both languages. */
const seenWhole = new Set();

/** The shape of an address: its words without what differs from case to case. */
function shape(path) {
  const [address, query = ''] = path.split('?');
  const parts = address.split('/').map((part, index, all) => {
    const kind = all[index - 1];
    if (['cases', 'receipts', 'verify', 'papers', 'files', 'services', 'registers', 'staff', 'posts', 'tills', 'act', 'edit', 'specimen', 'charter', 'calendar', 'tokens', 'identity', 'surveys', 'waits'].includes(kind) && part !== 'new') return '*';
    if (all[index - 2] === 'registers' || (all[1] === 'dev' && index > 1 && all.length > 3)) return '*';
    return index === 1 && part && !['dev', 'api', 'assets'].includes(part) ? '{tenant}' : part;
  });
  const tab = new URLSearchParams(query).get('tab');
  return `${parts.join('/')}?${tab ? `tab=${tab}` : query.replace(/(^|&)lang=\w*/, '') && 'filtered'}`;
}

/** What the picture of a page of this shape is called; whoever sees it first takes it. A list and one of its rows differ. */
function called(kind) {
  return kind.replace('/{tenant}', '/town').replaceAll('*', 'one').replace(/[^\w]+/g, '-').replace(/^-|-$/g, '') || 'towns';
}

async function crawl(world, from, who, within = '/') {
  const open = [from];
  const seen = new Set(open);
  const shapes = new Map();
  const wrong = [];
  let looked = 0;
  while (open.length && looked < MOST) {
    const path = open.shift();
    const kind = shape(path);
    const count = shapes.get(kind) ?? 0;
    if (count >= (OF_FORMS.test(kind) ? FORMS : ALIKE)) continue;
    shapes.set(kind, count + 1);
    const response = await world.go(path).catch((error) => {
      if (/Download is starting|ERR_ABORTED/.test(error.message)) return null;
      throw error;
    });
    if (response === null) continue;
    if (response.status() >= 400) {
      wrong.push(`${path} answers ${response.status()}`);
      continue;
    }
    looked += 1;
    if (!(response.headers()['content-type'] ?? '').startsWith('text/html')) continue;
    await world.rummage();
    if (count === 0 || OF_FORMS.test(kind)) {
      const look = () => judge(world).then(() => world.shot(called(kind))).catch((error) => wrong.push(error.message));
      const first = !seenWhole.has(kind);
      seenWhole.add(kind);
      await (first ? world.inBothLanguages(path, look) : look());
    }
    const links = await world.page.locator('a[href]').evaluateAll((all) => all.filter((link) => !link.hasAttribute('download')).map((link) => link.href));
    for (const link of links) {
      const address = new URL(link);
      address.hash = '';
      const next = address.pathname + address.search;
      const ours = address.origin === new URL(world.url).origin;
      if (!ours || !next.startsWith(within) || seen.has(next) || /[?&]lang=|\/assets\/|\.csv|\.pdf|sign-out/.test(next)) continue;
      seen.add(next);
      open.push(next);
    }
  }
  assert(wrong.length === 0, `${looked} pages:\n      ${wrong.join('\n      ')}`);
  assert(looked > 3, `only ${looked} pages were found from ${from}`);
  assert(looked < MOST, `${looked} pages were looked at and others were not: CRAWL says how many at most`);
  console.log(`      ${who}: ${looked} pages of ${shapes.size} shapes`);
}

/** Staff that walk; each sees pages of its own. */
const STAFF = ['verifier', 'inspector', 'approver', 'officer', 'worker', 'cashier', 'administrator', 'auditor'];

test('crawl: everybody', {}, async (world) => crawl(world, '/', 'public'));
test('crawl: a citizen', {}, async (world) => {
  await signIn(world, TOWN, newMobile());
  await crawl(world, `/${TOWN}/my`, 'citizen');
});
for (const [index, who] of STAFF.entries()) {
  test(`crawl: ${who}`, index % 2 ? { lang: 'hi', size: 'phone' } : {}, async (world) => {
    await signInStaff(world, TOWN, who);
    await crawl(world, `/${TOWN}/desk`, who, `/${TOWN}/desk`);
  });
}

/** Everybody else who has a post in the demonstration, one after the other: where everything is tried, CRAWL_AS=all. */
if (process.env.CRAWL_AS === 'all') {
  test('crawl: all other staff', {}, async (world) => {
    for (const who of staffOf(TOWN).filter((one) => !STAFF.includes(one))) {
      const other = await world.beside();
      await signInStaff(other, TOWN, who);
      await crawl(other, `/${TOWN}/desk`, who, `/${TOWN}/desk`);
      other.guard.assertClean();
      await other.close();
    }
  });
}

test('crawl: an implementer', { lang: 'en', size: 'desk' }, async (world) => crawl(world, '/dev', 'dev', '/dev'));
