// Records for the services that are about one: taken over from tables, as a town takes over its old registers. Every
// journey has its own, so that none waits for another.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { answersOf, inDays, namedRecords, read } from './scenario.mjs';
import { nagar } from './server.mjs';

/** How the numbers of such records begin. They come last in every register: other journeys take the first, or pass these over. */
export const OURS = 'ZZ-';

/** A place of the town, for those that stand in scenarios. */
export const PLACE = 'M0427';

/**
 * The registers, by the service whose `imports` describe their tables, in the order in which they are taken over.
 * `since`: how many days ago a record was made, so that it can be renewed now; `says`: what differs from what the
 * scenario of that service answers.
 */
const REGISTERS = {
  properties: { of: 'property-tax', table: 'properties', since: 3_000 },
  births: { of: 'birth-registration', table: 'births', since: 200 },
  deaths: { of: 'death-registration', table: 'deaths', since: 200 },
  water_connections: { of: 'water-connection', table: 'connections', since: 0 },
  sewer_connections: { of: 'sewerage-connection', table: 'sewer_connections', since: 0 },
  trade_licenses: { of: 'trade-license', table: 'licenses', since: 400, says: () => ({ 'trade_units.0.trade_type': 'RETAIL_CD' }) },
  temporary_trade_licenses: { of: 'trade-license', table: 'temporary_licenses', since: 0, says: () => ({ temporary_days: '30' }) },
  advertisement_permits: { of: 'advertisement-permit', table: 'permits_of_hoardings', since: 300, says: () => ({ permit_until: inDays(30) }) },
  posts: { of: 'sanctioned-post', table: 'posts', since: 900 },
  employees: { of: 'employee-appointment', table: 'employees', since: 800, says: () => ({ born_on: '1985-11-02', serves_until: inDays(5_000) }) },
  building_professionals: { of: 'building-professional', table: 'professionals', since: 3 * 365 - 60 },
  building_permits: { of: 'building-plan', table: 'building_permits', since: 3 * 365 - 60 },
  fire_nocs: { of: 'fire-noc', table: 'fire_certificates', since: 365 - 60 },
  registered_pets: { of: 'pet-registration', table: 'pets', since: 400 },
  vending_certificates: { of: 'street-vending', table: 'vendors', since: 5 * 365 - 60 },
};

/** Whether the town has a register of these records that can be taken over. */
export const isKept = (registry) => registry in REGISTERS;

/** A cell of a table. */
const cell = (text) => `"${String(text).replaceAll('"', '""')}"`;

/** The row of a table for a record, from what the scenario of its service answers. */
function row(description, answers, { number, mobile, since }) {
  const cells = new Map();
  for (const [path, from] of Object.entries(description.answers)) {
    const column = typeof from === 'string' ? from : from.column;
    if (!column) continue;
    const value = answers[path] ?? answers[path.replace('.', '.0.')] ?? '';
    const word = Object.entries(from.means ?? {}).find(([, code]) => code === value)?.[0];
    cells.set(column, word ?? (/locality$/.test(path) && value ? PLACE : value));
  }
  for (const owed of description.owed ?? []) for (const column of Object.values(owed.heads)) cells.set(column, '');
  cells.set(description.number, number).set(description.holder, mobile).set(description.since, inDays(-since));
  return cells;
}

/**
 * Takes records over: `wanted` are `{ registry, number, mobile }`, and `since` where one is to be of another age than
 * the others of its register.
 */
export async function takeOver(town, wanted) {
  const folder = mkdtempSync(join(tmpdir(), 'nagar-registers-'));
  try {
    for (const [registry, { of, table, since, says = () => ({}) }] of Object.entries(REGISTERS)) {
      const records = wanted.filter((one) => one.registry === registry);
      if (!records.length) continue;
      const description = read(of, 'imports', `${table}.yaml`);
      const answers = { ...answersOf(of, true), ...says() };
      for (const name of namedRecords(of).keys()) delete answers[name];
      const rows = records.map((one) => row(description, answers, { since, ...one }));
      const lines = [[...rows[0].keys()], ...rows.map((cells) => [...cells.values()])].map((line) => line.map(cell).join(','));
      const file = join(folder, `${table}.csv`);
      writeFileSync(file, `${lines.join('\n')}\n`);
      await nagar(['import', table, file, '--tenant', town]);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
