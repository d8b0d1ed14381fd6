// Every service there is: its first page says what it is, its form is filled in and checked, and it is sent. Those
// that are about a record have one that was taken over into the register. What happens then is in journeys of
// their own.

import { act, findCase } from '../lib/desk.mjs';
import { calendar, freeDays, nextMonth } from '../lib/halls.mjs';
import { judge } from '../lib/judge.mjs';
import { TOWN } from '../lib/licence.mjs';
import { newMobile, signIn, signInStaff } from '../lib/people.mjs';
import { OURS, PLACE, isKept, takeOver } from '../lib/registers.mjs';
import { answersOf, everyService, inDays, namedRecords, read } from '../lib/scenario.mjs';
import { assert, eventually, sightsOf, test, told } from '../lib/suite.mjs';
import { walk } from '../lib/walk.mjs';

/** At least so many services the town shows to everybody. */
const OFFERED = 40;
/** So many services are asked for by one person: nobody may open more than thirty cases within an hour. */
const EACH = 20;

const SERVICES = everyService();
const SIGHTS = sightsOf([
  { lang: 'hi', size: 'phone', js: false },
  { lang: 'en', size: 'desk', js: true },
]);

/** What is answered otherwise than in the scenario of the service: a day on which a hall is free here, and what another service builds on. */
const OTHERWISE = {
  'hall-booking': async (world, turn, { hall }) => {
    await world.go(calendar(hall, nextMonth()));
    const day = (await freeDays(world)).at(-1 - turn);
    return { from_day: day, until_day: day };
  },
  'water-disconnection': async () => ({ how_long: 'while', wished_on: inDays(0) }),
};
/** Records that are to be younger than the others of their register: these services are about one that is in force. */
const YOUNG = { 'trade-license-cancellation': 0 };
/** What has to be done before a service can be asked for, and which record it is about then. */
const AFTER = { 'water-reconnection': { service: 'water-disconnection', done: shutOff } };

/** The applications of one person in one sight. */
class Share {
  constructor(sight, turn, services) {
    Object.assign(this, { sight, turn, services, mobile: newMobile() });
    // Numbers of records stand in addresses, and mobile numbers do not.
    this.key = `${sight.lang}-${[...this.mobile].reverse().join('')}`;
  }

  /** The record that a service is about, if it is about one. */
  about(service) {
    return read(service, 'service.yaml').on_record ? `${OURS}${this.key}-${AFTER[service]?.service ?? service}` : '';
  }

  /** The record of a register that answers name. */
  named(registry) {
    return `${OURS}${this.key}-named-${registry}`;
  }

  /** Every record that these services are about, or name. */
  records() {
    const { mobile } = this;
    const about = this.services.filter((service) => !AFTER[service] && this.about(service)).map((service) => {
      const { registry } = read(service, 'service.yaml').on_record;
      assert(isKept(registry), `${service} is about a record of ${registry}: lib/registers.mjs has to say from which table there are some`);
      return { registry, number: this.about(service), mobile, ...(service in YOUNG && { since: YOUNG[service] }) };
    });
    const registries = new Set(this.services.flatMap((service) => [...namedRecords(service).values()]).filter(isKept));
    return [...about, ...[...registries].map((registry) => ({ registry, number: this.named(registry), mobile }))];
  }

  /** What is answered to a service. */
  async answers(world, service) {
    const usual = answersOf(service);
    const answers = { ...usual, ...(await OTHERWISE[service]?.(world, this.turn, usual)), '': inDays(0) };
    for (const [path, value] of Object.entries(answers)) if (/^L\d+$/.test(value)) answers[path] = PLACE;
    for (const [name, registry] of namedRecords(service)) {
      for (const path of Object.keys(answers).filter((one) => one.split('.').pop() === name)) {
        if (isKept(registry)) answers[path] = this.named(registry);
        else delete answers[path];
      }
    }
    return answers;
  }
}

/** Services in as many shares as people are needed; one that comes after another stays with it. */
function shares(sight, turn) {
  const count = Math.ceil(SERVICES.length / EACH);
  const parts = Array.from({ length: count }, () => []);
  const alone = SERVICES.filter((service) => !AFTER[service]);
  alone.forEach((service, index) => parts[index % count].push(service));
  for (const [service, { service: before }] of Object.entries(AFTER)) parts.find((part) => part.includes(before)).push(service);
  return parts.map((part) => new Share(sight, turn, part));
}

const SHARES = SIGHTS.flatMap((sight, turn) => shares(sight, turn));

/** The records of all shares, taken over once, by whoever comes first. */
let taken;
const records = () => (taken ??= takeOver(TOWN, SHARES.flatMap((share) => share.records())));

/** The services that were walked, by language; and the journeys that began and that have ended. */
const walked = new Map();
const journeys = { begun: 0, ended: 0 };

/** A connection is shut off for a while, as its holder asked: the office approves, shuts the valve and enters it. */
async function shutOff(world, number) {
  let path;
  for (const [who, action, answers] of [
    ['water.engineer', 'approve', {}],
    ['water.inspector', 'shut', { closed_on: inDays(0), closing_photo: 'valve.jpg' }],
    ['water.clerk', 'enter_pause', {}],
  ]) {
    const desk = await world.beside({ lang: 'en', size: 'desk', js: false });
    await signInStaff(desk, TOWN, who);
    if (!path) {
      await findCase(desk, TOWN, number);
      path = new URL(desk.page.url()).pathname;
    }
    // The final bill is made in the account of the connection, by the clock.
    await eventually(async () => {
      await desk.go(path);
      return desk.page.locator(`a[href*="/act/${action}"]`).count();
    }, `${who} may take ${action}`);
    await act(desk, action, answers);
    await desk.context.close();
  }
}

for (const [index, share] of SHARES.entries()) {
  const { sight, services } = share;
  test(`every service: it is asked for and sent, part ${(index % (SHARES.length / SIGHTS.length)) + 1} (${told(sight)})`, sight, async (world) => {
    journeys.begun += 1;
    const [wrong, numbers] = [[], new Map()];
    try {
      await records();
      await signIn(world, TOWN, share.mobile);
      for (const service of services) {
        try {
          const before = AFTER[service];
          if (before) await before.done(world, numbers.get(before.service));
          numbers.set(service, await walk(world, TOWN, service, { answers: await share.answers(world, service), record: share.about(service) }));
          walked.set(sight.lang, (walked.get(sight.lang) ?? new Set()).add(service));
        } catch (error) {
          wrong.push(`${service}: ${error.message}`);
        }
      }
    } finally {
      journeys.ended += 1;
    }
    assert(wrong.length === 0, wrong.join('\n      '));
    console.log(`      ${numbers.size} services`);
  });
}

test('every service: the town shows those that are for everybody', { lang: 'hi', size: 'phone', js: false }, async (world) => {
  const found = new Set();
  for (const path of [`/${TOWN}`, `/${TOWN}/charter`]) {
    await world.go(path);
    const links = await world.page.locator('main a[href]').evaluateAll((all) => all.map((link) => new URL(link.href).pathname));
    for (const link of links) {
      const name = /\/(?:services|charter)\/([a-z0-9-]+)$/.exec(link)?.[1];
      if (name) found.add(name);
    }
  }
  await judge(world, 'charter');
  assert(found.size >= OFFERED, `only ${found.size} services are offered: ${[...found].join(', ')}`);
  const unknown = [...found].filter((name) => !SERVICES.includes(name));
  assert(unknown.length === 0, `these have no folder in definitions/: ${unknown.join(', ')}`);
});

test('every service: who holds no record is told so', { lang: 'en', size: 'phone', js: false }, async (world) => {
  const { page } = world;
  const held = SERVICES.find((service) => read(service, 'service.yaml').on_record?.holder_only);
  const start = `/${TOWN}/services/${held}`;
  await signIn(world, TOWN);
  await world.go(start);
  world.guard.expect(`${start}/start`);
  await page.click('form.go .btn');
  await page.waitForURL(/\/start$/);
  assert(await page.locator('main h1').count(), `${held} says why it does not begin`);
  await judge(world, 'start-without-record');
});

test('every service: none is left out', {}, async () => {
  assert(journeys.begun > 0, 'no journey began that walks them');
  // It stands last: whatever walks them has begun, and may still be on its way.
  await eventually(() => journeys.ended === journeys.begun, 'the journeys end that walk the services', 600_000);
  for (const { lang } of SIGHTS) {
    const missing = SERVICES.filter((service) => !walked.get(lang)?.has(service));
    assert(missing.length === 0, `nobody asked in ${lang} for ${missing.join(', ')}`);
  }
});
