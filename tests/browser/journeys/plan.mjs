// A building plan near a monument: the junior engineer's visit asks for the no-objection, which is a case of its own
// at a desk of its own; once nobody objects the plan goes on by itself, and its applicant sees all of that.

import { act, findCase } from '../lib/desk.mjs';
import { fillForm } from '../lib/form.mjs';
import { judge } from '../lib/judge.mjs';
import { TOWN, day, pay } from '../lib/licence.mjs';
import { newMobile, signInHere, signInStaff } from '../lib/people.mjs';
import { assert, eventually, sightsOf, test, told } from '../lib/suite.mjs';

const SERVICE = 'building-plan';

/** What is answered, by the part of the form. */
const PARTS = {
  work: { work_kind: { search: 'New', code: 'NEW_CONSTRUCTION' }, plan_use: { search: 'one or two', code: 'A_2' } },
  plot: {
    'plot.door': '12',
    'plot.street': 'Rajpur Road',
    'plot.locality': { search: 'Vijaypur', code: 'M0427' },
    'plot.pin': '248 001',
    khasra: '114/2',
    land_use: { search: 'Residential', code: 'residential' },
    plot_area: '240',
    road_width: '9',
  },
  building: {
    building_height: '9',
    floors: '३',
    basements: '0',
    covered_area: '140',
    built_up_area: '400',
    setback_front: '3',
    setback_rear: '3',
    setback_sides: '0',
    dwellings: '2',
    parking_spaces: '2',
    rain_water: 'yes',
  },
  people: {
    ownership: { search: 'One owner', code: 'INDIVIDUAL_SINGLEOWNER' },
    'owner.name': 'आशा रावत',
    'owner.relation': 'father',
    'owner.guardian_name': 'मोहन रावत',
    'owner.gender': 'female',
    'owner.mobile': '98765 43210',
  },
  surroundings: { near_airport: 'no', near_monument: 'yes', near_water: 'no' },
  documents: {
    'drawings.0.sheet_title': 'Site plan and floors',
    'drawings.0.sheet': 'plan.pdf',
    title_proof: 'deed.pdf',
    place_photo: 'plot.jpg',
    planner_certificate: 'certificate.pdf',
  },
  // Nobody has to send a drawing that a program can measure.
  drawing: {},
  declaration: { declared: 'yes' },
};

const SCRUTINY = { coverage_fits: 'yes', far_fits: 'yes', setbacks_fit: 'yes', height_fits: 'yes', parking_fits: 'yes' };
const VISIT = { visited_on: day(0), plot_as_stated: 'yes', road_as_stated: 'yes', work_begun: 'no', site_photo: 'plot.jpg' };
const OPINION = { distance: '180', visible: 'no', opinion: 'The view of the monument is not touched' };

/** The number of an architect, from the list that anybody reads. */
async function architect(world) {
  await world.go(`/${TOWN}/registers/building_professionals`);
  const said = await world.page.locator('main ul.cases').innerText();
  const number = /BPR\/[A-Z0-9-]+(?:\/[A-Z0-9-]+)+/.exec(said)?.[0];
  assert(number, `somebody is on the list: ${said}`);
  return number;
}

/** Applies for the plan and pays the fee; gives the number and the address of the case. */
async function apply(world) {
  const { page } = world;
  const planner = await architect(world);
  await world.go(`/${TOWN}/services/${SERVICE}`);
  await judge(world, 'plan-start');
  await page.click('form.go .btn');
  await page.waitForSelector('#mobile');
  await signInHere(world, newMobile());
  if (/\/services\//.test(page.url())) await page.click('form.go .btn');
  await page.waitForURL(/\/tasks$/);
  await judge(world, 'plan-tasks');
  for (const [part, answers] of Object.entries(PARTS)) {
    const link = page.locator(`main ul.cases a[href$="/form/${part}"]`);
    if (!(await link.count())) continue;
    await link.click();
    await page.waitForURL(new RegExp(`/form/${part}`));
    await judge(world, `plan-form-${part}`);
    await fillForm(world, part === 'people' ? { ...answers, planner } : answers);
    await page.waitForURL(/\/tasks$/);
  }
  await page.click('main a.btn[href$="/check"]');
  await page.waitForURL(/\/check/);
  await judge(world, 'plan-check');
  await page.click('#form .btn');
  await page.waitForURL(/\/done/);
  const number = (await page.locator('.panel strong').innerText()).trim();
  const path = new URL(page.url()).pathname.replace(/\/done$/, '');
  await pay(world, path, 'succeed');
  return { number, path };
}

/** Somebody at the desk takes an action; gives the browser. */
async function atDesk(world, role, number, action, answers = {}) {
  const desk = await world.beside({ size: 'desk' });
  await signInStaff(desk, TOWN, role);
  await findCase(desk, TOWN, number);
  await judge(desk, `desk-plan-${role.replace('.', '-')}`);
  await act(desk, action, answers, `desk-plan-act-${action}`);
  return desk;
}

for (const sight of sightsOf([
  { lang: 'hi', size: 'phone', js: false },
  { lang: 'en', size: 'desk', js: true },
])) {
  test(`plan: it waits for a no-objection and goes on (${told(sight)})`, sight, async (world) => {
    const { page } = world;
    const { number, path } = await apply(world);
    await eventually(async () => {
      await world.go(path);
      return !(await page.locator('a[href*="/cases/"][href$="/pay"]').count());
    }, 'the fee is paid');
    await atDesk(world, 'plan.clerk', number, 'forward', SCRUTINY);
    await atDesk(world, 'junior.engineer', number, 'to_approval', VISIT);

    // The applicant sees where the no-objection stands, by its number.
    await world.go(path);
    await judge(world, 'plan-track-no-objections');
    const asked = /MNA\/[A-Z0-9-]+(?:\/[A-Z0-9-]+)+/.exec(await page.locator('main').innerText())?.[0];
    assert(asked, `the case at the other desk is named: ${await page.locator('main').innerText()}`);

    await atDesk(world, 'monument.clerk', asked, 'forward', OPINION);
    await atDesk(world, 'monument.officer', asked, 'give', { height_allowed: '9' });
    const officer = await world.beside({ size: 'desk' });
    await signInStaff(officer, TOWN, 'plan.officer');
    await eventually(async () => {
      await officer.go(`/${TOWN}/desk/inbox?q=${encodeURIComponent(number)}`);
      if (!(await officer.page.locator('main table a', { hasText: number }).count())) return false;
      await findCase(officer, TOWN, number);
      return officer.page.locator('a[href*="/act/approve"]').count();
    }, 'nobody objects any more, and the planning officer may decide');
    await judge(officer, 'desk-plan-decision');
    await act(officer, 'approve', { sheets: '1' }, 'desk-plan-act-approve');
    await world.go(path);
    await judge(world, 'plan-track-sanctioned');
    assert(await page.locator('a[href*="/cases/"][href$="/pay"]').count(), 'the sanction fee is asked for');
  });
}
