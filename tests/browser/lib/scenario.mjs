// What a service's own scenarios answer: a journey through its form needs no answers of its own.

import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

/** The definitions that ship. */
const DEFINITIONS = fileURLToPath(new URL('../../../definitions', import.meta.url));

const DAY_MS = 86_400_000;

/** What a file of the definitions says. */
export const read = (...path) => parse(readFileSync(join(DEFINITIONS, ...path), 'utf8'));

/** Every service that ships, by its folder. */
export function everyService() {
  const folders = readdirSync(DEFINITIONS, { withFileTypes: true }).filter((one) => one.isDirectory());
  return folders.map((one) => one.name).filter((name) => readdirSync(join(DEFINITIONS, name)).includes('service.yaml')).sort();
}

/** How far the clocks of the towns are ahead. */
const AHEAD_MS = 330 * 60_000;

/** The day so many days from now in the towns, as 2026-05-01. */
export const inDays = (days) => new Date(Date.now() + AHEAD_MS + days * DAY_MS).toISOString().slice(0, 10);

/** The scenario that most others of the service are like. */
function usual(service) {
  const folder = join(DEFINITIONS, service, 'tests');
  const counts = new Map();
  for (const file of readdirSync(folder).sort()) {
    const like = /^like: *(\S+)/m.exec(readFileSync(join(folder, file), 'utf8'))?.[1] ?? file;
    counts.set(like, (counts.get(like) ?? 0) + 1);
  }
  return read(service, 'tests', [...counts].sort(([, a], [, b]) => b - a)[0][0]);
}

/** Puts the answers of a map under their paths, as in `owners.0.name`, in the words of a form. */
function flat(value, path, put) {
  if (Array.isArray(value) && value.every((one) => typeof one !== 'object')) put(path, value.map(String));
  else if (value && typeof value === 'object') for (const [name, inner] of Object.entries(value)) flat(inner, path ? `${path}.${name}` : name, put);
  else if (typeof value === 'boolean') put(path, value ? 'yes' : 'no');
  else put(path, String(value));
}

/**
 * What the usual scenario of a service answers, by the paths of the questions; with `officers`, also what officers
 * answer on the way. Its days are moved, so that they lie from today as they lie there from its own.
 */
export function answersOf(service, officers = false) {
  const scenario = usual(service);
  const moved = Math.round((Date.parse(inDays(0)) - Date.parse(scenario.today)) / DAY_MS);
  const answers = {};
  const put = (path, value) => {
    const day = typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value);
    answers[path] = day ? inDays((Date.parse(value) - Date.parse(inDays(0))) / DAY_MS + moved) : value;
  };
  flat(scenario.answers, '', put);
  if (officers) for (const step of scenario.steps) flat(step.answers ?? {}, '', put);
  return answers;
}

/** The questions of a form that name a record, with its registry. */
export function namedRecords(service) {
  const found = new Map();
  const look = (fields) => {
    for (const [name, field] of Object.entries(fields ?? {})) {
      if (field.type === 'record') found.set(name, field.registry);
      look(field.fields);
    }
  };
  for (const page of Object.values(read(service, 'form.yaml').pages)) look(page.fields);
  return found;
}
