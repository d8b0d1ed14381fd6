// The program under test: the release binary with a small demonstration, in a folder of its own.

import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

/** The database server of the demonstrations, where their rows are not to be in a file: each has a schema of its own. */
const DATABASE = process.env.JOURNEYS_DATABASE;

/** The most time until the demonstration stands. */
const READY_MS = DATABASE ? 600_000 : 120_000;

/** Where the program and the data of the demonstration are that the journeys share. */
let shared;

/** The demonstration that the journeys share: the one that runs already, or one that is started. */
export async function start(root) {
  const given = process.env.NAGAR_URL;
  const server = given ? { url: given, data: process.env.NAGAR_DATA, stop: async () => {} } : await begin(root, [], process.env.NAGAR_DATA);
  shared = { root, data: server.data };
  return server;
}

/** The program under test. */
const program = (root) => process.env.NAGAR ?? join(root, 'target/release/nagar');

/** Where it says which database a demonstration has, if that is no file of its own. */
const configuration = (data) => join(data, 'nagar.yaml');

let schemas = 0;

/** The address of an empty database for a demonstration; nothing where its rows are in a file. */
async function database() {
  if (!DATABASE) return undefined;
  const name = `nagar_test_journeys_${process.pid}_${++schemas}`;
  await promisify(execFile)('psql', ['-X', '-q', '-c', `create schema ${name}`, DATABASE]);
  return `${DATABASE}${DATABASE.includes('?') ? '&' : '?'}options=-c%20search_path=${name}`;
}

/** Runs a command of the program on what the shared demonstration has; gives what it says. */
export async function nagar(words) {
  const { root, data } = shared;
  if (!data) throw new Error('NAGAR_DATA has to say where the data of the server is that runs already');
  const installation = ['--definitions', join(root, 'definitions'), '--data', data, '--config', configuration(data)];
  const { stdout } = await promisify(execFile)(program(root), [...words, ...installation], { cwd: root }).catch((error) => {
    throw new Error(`${words.join(' ')}: ${error.stdout}${error.stderr}`);
  });
  return stdout;
}

/**
 * Starts `nagar demo` over these folders of definitions, or those that ship, and waits for its line
 * `ready http://…`. What it makes is taken away afterwards, unless it is `kept`.
 */
export async function begin(root, folders, kept) {
  const data = kept ?? mkdtempSync(join(tmpdir(), 'nagar-browser-'));
  const layers = folders.flatMap((folder) => ['--definitions', folder]);
  const elsewhere = await database();
  if (elsewhere) writeFileSync(configuration(data), JSON.stringify({ database: elsewhere }));
  const where = elsewhere ? ['--database', elsewhere] : [];
  const child = spawn(program(root), ['demo', '--data', data, ...where, '--port', '0', '--small', '--proxies', '1', ...layers], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      said.push(line);
      if (said.length > 400) said.shift();
    });
  }
  const ended = new Promise((done) => child.once('exit', done));
  const url = await new Promise((ready, failed) => {
    const late = setTimeout(() => failed(new Error('the demonstration was not ready in time')), READY_MS);
    const look = createInterface({ input: child.stdout });
    look.on('line', (line) => {
      const address = /^ready (http:\S+)/.exec(line);
      if (!address) return;
      clearTimeout(late);
      ready(address[1].replace(/\/$/, ''));
    });
    ended.then((code) => {
      clearTimeout(late);
      failed(new Error(`the demonstration ended with ${code}:\n${said.join('\n')}`));
    });
  });
  return {
    url,
    data,
    said,
    async stop() {
      child.kill('SIGTERM');
      await ended;
      if (!kept) rmSync(data, { recursive: true, force: true });
    },
  };
}
