// What staff do at the desk.

import { fill } from './form.mjs';
import { judge } from './judge.mjs';
import { assert } from './suite.mjs';

/** Finds a case by its number in the inbox and opens it. */
export async function findCase(world, tenant, number) {
  const { page } = world;
  await world.go(`/${tenant}/desk/inbox?q=${encodeURIComponent(number)}`);
  const link = page.locator('main table a', { hasText: number });
  assert(await link.count(), `the inbox does not show ${number} at ${page.url()}`);
  await link.first().click();
  await page.waitForURL(/\/desk\/cases\//);
}

/** Takes an action: its page shows what follows from it, and is then confirmed. */
export async function act(world, action, answers = {}, name = undefined) {
  const { page } = world;
  const link = page.locator(`a[href*="/act/${action}"]`);
  assert(await link.count(), `${action} is not offered at ${page.url()}:\n${await page.locator('aside').last().innerText()}`);
  await link.first().click();
  await page.waitForSelector('#form');
  if (name) await judge(world, name);
  await fill(world, answers);
  await page.click('#form .row.end .btn:not(.plain)');
  await page.waitForLoadState('load');
  const wrong = await page.locator('.problems li').allInnerTexts();
  assert(wrong.length === 0, `${action} is refused: ${wrong.join('; ')}`);
}
