// What staff do with a grievance: the steps that journeys of several towns share.

import { findCase } from './desk.mjs';
import { fill } from './form.mjs';
import { judge } from './judge.mjs';
import { signInStaff } from './people.mjs';
import { assert } from './suite.mjs';

export const OFFICER = 'officer';
export const WORKER = 'worker';

/** Somebody at the desk of a town takes an action on a grievance. */
export async function atDesk(world, town, role, number, action, answers) {
  const desk = await world.beside({ size: 'desk' });
  await signInStaff(desk, town, role);
  await findCase(desk, town, number);
  await judge(desk, `desk-grievance-${action}`);
  const link = desk.page.locator(`a[href*="/act/${action}"]`);
  assert(await link.count(), `${action} is not offered`);
  await link.first().click();
  await desk.page.waitForSelector('#form');
  await judge(desk, `desk-grievance-act-${action}`);
  await someone(desk);
  await fill(desk, answers);
  await desk.page.click('#form .row.end .btn:not(.plain)');
  await desk.page.waitForLoadState('load');
  const wrong = await desk.page.locator('.problems li').allInnerTexts();
  assert(wrong.length === 0, `${action} is refused: ${wrong.join('; ')}`);
}

/** Names the first person who may have the case next, where the page asks for one. */
async function someone(desk) {
  const choice = desk.page.locator('main form select[name="assignee"], main form select[name="to"]').first();
  if (await choice.count()) {
    const value = await choice.locator('option[value]:not([value=""])').first().getAttribute('value');
    await choice.selectOption(value);
    return;
  }
  const radio = desk.page.locator('main form [type="radio"][name^="assign"], main form [type="radio"][name="to"]');
  if (await radio.count()) await radio.first().check();
}

/** The citizen's own actions: rate, reopen. */
export async function actAsCitizen(world, path, action, answers) {
  const { page } = world;
  await world.go(path);
  await judge(world, `grievance-track-${action}`);
  await page.click(`a[href*="/act/${action}"]`);
  await page.waitForSelector('#form');
  await judge(world, `grievance-act-${action}`);
  await fill(world, answers);
  await page.click('#form .btn:not(.plain)');
  await page.waitForLoadState('load');
  const wrong = await page.locator('.problems li').allInnerTexts();
  assert(wrong.length === 0, `${action} is refused: ${wrong.join('; ')}`);
}
