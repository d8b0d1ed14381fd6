// The same services in another state, served by a program of its own: a baker applies for a license in
// Spanish, pays in the currency of that state, and has a license that ends with its year.

import { judge } from '../lib/judge.mjs';
import { INSPECTION, apply, atDesk, day, pay, words } from '../lib/licence.mjs';
import { newMobile } from '../lib/people.mjs';
import { begin } from '../lib/server.mjs';
import { assert, eventually, test } from '../lib/suite.mjs';

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

/** The day there, three hours behind Greenwich. */
const there = () => new Date(Date.now() - 3 * 3_600_000).toISOString().slice(0, 10);

/** Two years of the dearest trade: 900 pesos each. */
const FEE = 'V$1,800.00';

/** What the page says, with every blank a space. */
const said = async (world) => (await world.page.locator('main').innerText()).replace(/\s+/g, ' ');

async function journey(world) {
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

  const license = await eventually(async () => {
    await world.go(path);
    const papers = await page.locator('.papers a[href$=".pdf"]').evaluateAll((links) => links.map((link) => [link.innerText, link.getAttribute('href')]));
    return papers.find(([title]) => /TL\/PCL/.test(title))?.[1];
  }, 'the license is offered');
  await judge(world, 'license-track-issued');
  const shown = await page.locator('body').innerText();
  assert(!/₹|[\u0900-\u097f]/.test(shown), `nothing of another state is on the page: ${shown}`);
  const printed = (await words(world, license)).replace(/\s+/g, ' ');
  assert(printed.includes('Licencia comercial') && printed.includes('Panadería La Espiga'), `the license is in Spanish: ${printed}`);
  assert(/31\/12\/\d{4}/.test(printed), `it ends with the year of that state: ${printed}`);
}

test('valdoria: a license in another language, currency and year', {}, async (world) => {
  const server = await begin(world.surroundings.root, FOLDERS);
  try {
    const abroad = await world.surroundings.at(server.url).open({ lang: 'es', size: 'phone' });
    world.others = [abroad];
    await journey(abroad);
    abroad.guard.assertClean();
  } finally {
    await server.stop();
  }
});
