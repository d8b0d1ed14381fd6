// Reads every service that ships, as `nagar draw --as bpmn` writes it, with the library that bpmn.io reads
// BPMN with: nothing may be unknown to it, every reference must lead somewhere, everything must be drawn.
//
//   node tests/bpmn/run.mjs [FILE…]     the files; without any, all services by the program that was built

import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { BpmnModdle } from 'bpmn-moddle';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const program = process.env.NAGAR ?? join(root, 'target', 'release', 'nagar');

/** Name and text of each document. */
function documents() {
  if (process.argv.length > 2) {
    return process.argv.slice(2).map((file) => [file, readFileSync(file, 'utf8')]);
  }
  const folders = readdirSync(join(root, 'definitions'));
  const services = folders.filter((name) => existsSync(join(root, 'definitions', name, 'service.yaml')));
  return services.map((name) => {
    const text = execFileSync(program, ['draw', name, '--as', 'bpmn'], { cwd: root, encoding: 'utf8' });
    return [name, text];
  });
}

/** What is wrong with a document. */
async function wrong(text) {
  const found = [];
  const { rootElement, warnings, references } = await new BpmnModdle().fromXML(text, 'bpmn:Definitions');
  found.push(...warnings.map((warning) => warning.message));
  const known = new Set(references.map((reference) => reference.id));
  const process = rootElement.rootElements.find((element) => element.$type === 'bpmn:Process');
  const elements = process?.flowElements ?? [];
  const ids = new Set(elements.map((element) => element.id));
  if (!elements.some((element) => element.$type === 'bpmn:StartEvent')) found.push('nothing starts');
  if (!elements.some((element) => element.$type === 'bpmn:EndEvent')) found.push('nothing ends');
  for (const element of elements) {
    if (element.$type === 'bpmn:SequenceFlow' && !(element.sourceRef && element.targetRef)) {
      found.push(`${element.id} leads nowhere`);
    }
    if (element.$type === 'bpmn:BoundaryEvent') {
      if (!element.attachedToRef) found.push(`${element.id} is at no task`);
      if (element.eventDefinitions?.length !== 1) found.push(`${element.id} waits for nothing`);
    }
  }
  const drawn = new Set(rootElement.diagrams.flatMap((diagram) => diagram.plane.planeElement ?? []).map((shape) => shape.bpmnElement?.id));
  for (const id of ids) {
    if (!drawn.has(id)) found.push(`${id} is not drawn`);
  }
  if (known.size === 0) found.push('nothing refers to anything');
  // What was read can be written again.
  const again = await new BpmnModdle().toXML(rootElement);
  if (!again.xml.includes('bpmndi:BPMNDiagram')) found.push('the drawing is lost when it is written again');
  return found;
}

let passed = 0;
let failed = 0;
for (const [name, text] of documents()) {
  const found = await wrong(text).catch((error) => [error.message]);
  if (found.length === 0) {
    passed += 1;
  } else {
    failed += 1;
    console.error(`${name}:\n  ${found.join('\n  ')}`);
  }
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
