// The program under test: the release binary with a small demonstration, in a folder of its own.

import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

/** The most time until the demonstration stands. */
const READY_MS = 120_000;

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

/** Runs a command of the program on what the shared demonstration has; gives what it says. */
export async function nagar(words) {
  const { root, data } = shared;
  if (!data) throw new Error('NAGAR_DATA has to say where the data of the server is that runs already');
  const installation = ['--definitions', join(root, 'definitions'), '--data', data];
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
  const child = spawn(program(root), ['demo', '--data', data, '--port', '0', '--small', '--proxies', '1', ...layers], {
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
