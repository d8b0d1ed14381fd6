// The same services in another state, served by a program of its own: a baker applies for a license in
// Spanish, pays in the currency of that state, and has a license that ends with its year; somebody
// complains of a road, and says in the end how it was mended.

import { OFFICER, WORKER, actAsCitizen, atDesk as withGrievance } from '../lib/grievance.mjs';
import { judge } from '../lib/judge.mjs';
import { INSPECTION, apply, atDesk, day, paperOf, pay, words } from '../lib/licence.mjs';
import { newMobile, signIn } from '../lib/people.mjs';
import { begin } from '../lib/server.mjs';
import { assert, test } from '../lib/suite.mjs';
import { walk } from '../lib/walk.mjs';

const TOWN = 'puertoclaro';
/** The last folder says who works there, and that nothing happened yet: so it stands in two seconds. */
const FOLDERS = ['definitions', 'examples/valdoria', 'tests/browser/valdoria'];

const APPLICATION = {
  trade_name: 'Panadería La Espiga',
  license_type: 'permanent',
  license_years: '2',
  commenced_on: day(14),
  structure_type: { search: 'Tienda', code: 'IMMOVABLE_SHOP' },
  operational_area: '80',
  employees: '12',
  'trade_units.0.trade_type': { search: 'Panadería', code: 'FOOD_BAKERY' },
  'trade_units.0.quantity': '12',
  'premises.door': '14',
  'premises.street': 'Calle Real',
  'premises.locality': { search: 'Faro', code: 'B111' },
  'premises.pin': '248001',
  tenure: 'OWNED',
  ownership: { search: 'titular', code: 'INDIVIDUAL_SINGLEOWNER' },
  'owners.0.name': 'Lucía Ferrer',
  'owners.0.relation': 'father',
  'owners.0.guardian_name': 'Tomás Ferrer',
  'owners.0.gender': 'female',
  'owners.0.category': { search: 'Ninguna', code: 'none' },
  'owners.0.trade_relation': { search: 'Titular', code: 'PROPRIETOR' },
  'owners.0.mobile': '9812345670',
  identity_kind: { search: 'Cédula', code: 'cedula' },
  id_proof: 'cedula.pdf',
  owner_photo: 'lucia.jpg',
  premises_proof: 'escritura.pdf',
  food_license: 'alimentos.pdf',
  declared: 'yes',
};

const GRIEVANCE = {
  grievance_type: 'pothole',
  description: 'Hay un bache profundo ante la escuela desde el lunes',
  locality: 'B111',
  landmark: 'Calle Real 14, ante la escuela',
  full_name: 'Lucía Ferrer',
  may_call: 'yes',
};

/** The day there, three hours behind Greenwich. */
const there = () => new Date(Date.now() - 3 * 3_600_000).toISOString().slice(0, 10);

/** Two years of the dearest trade: 900 pesos each. */
const FEE = 'V$1,800.00';

/** What the page says, with every blank a space. */
const said = async (world) => (await world.page.locator('main').innerText()).replace(/\s+/g, ' ');

/** Nothing of the state whose services these are is on the page. */
async function isOfThere(world) {
  const shown = await world.page.locator('body').innerText();
  assert(!/₹|[\u0900-\u097f]/.test(shown), `nothing of another state is on the page: ${shown}`);
}

async function license(world) {
  const { page } = world;
  const { number, path } = await apply(world, newMobile(), APPLICATION, TOWN);
  assert(/^TLA\/PCL\/\d{4}\/\d{6}$/.test(number), `the year of the number is a single one: ${number}`);
  await atDesk(world, 'verifier', number, 'forward', {}, TOWN);
  await atDesk(world, 'inspector', number, 'forward_to_approval', { ...INSPECTION, inspected_on: there(), measured_area: '80', workers_found: '11' }, TOWN);
  await atDesk(world, 'approver', number, 'approve', {}, TOWN);

  await world.go(path);
  await judge(world, 'license-track-to-pay');
  assert((await said(world)).includes(FEE), `the fee in pesos: ${await said(world)}`);
  await pay(world, path, 'succeed');
  await page.waitForSelector('.panel');
  await judge(world, 'pay-success');
  assert((await said(world)).includes(FEE), `what was paid, in pesos: ${await said(world)}`);

  const paper = await paperOf(world, path, 'TL/PCL');
  await judge(world, 'license-track-issued');
  await isOfThere(world);
  const printed = (await words(world, paper)).replace(/\s+/g, ' ');
  assert(printed.includes('Licencia comercial') && printed.includes('Panadería La Espiga'), `the license is in Spanish: ${printed}`);
  assert(/31\/12\/\d{4}/.test(printed), `it ends with the year of that state: ${printed}`);
}

async function grievance(world) {
  const { page } = world;
  await signIn(world, TOWN);
  const number = await walk(world, TOWN, 'grievance', { answers: GRIEVANCE });
  assert(/^GRV\/PCL\/\d{4}\/\d{6}$/.test(number), `the year of the number is a single one: ${number}`);
  const path = new URL(page.url()).pathname.replace(/\/done$/, '');
  await withGrievance(world, TOWN, OFFICER, number, 'assign', {});
  const done = { work_done: 'Se tapó el bache y se alisó la calzada', done_on: there(), after_photo: 'calle.jpg' };
  await withGrievance(world, TOWN, WORKER, number, 'resolve', done);
  await actAsCitizen(world, path, 'rate', { rating: '4', rating_remark: 'Gracias' });
  await world.go(path);
  await judge(world, 'grievance-track-closed');
  assert((await said(world)).includes('Esta reclamación está cerrada'), `it is closed, in the words of that state: ${await said(world)}`);
  await isOfThere(world);
}

test('valdoria: both services in another language, currency and year', {}, async (world) => {
  const server = await begin(world.surroundings.root, FOLDERS);
  try {
    const other = world.surroundings.at(server.url);
    const ways = [
      [license, { lang: 'es', size: 'phone' }],
      [grievance, { lang: 'es', size: 'desk', js: false }],
    ];
    for (const [way, sight] of ways) {
      const abroad = await other.open(sight);
      world.others = [...(world.others ?? []), abroad];
      await way(abroad);
      abroad.guard.assertClean();
    }
  } finally {
    await server.stop();
  }
});
