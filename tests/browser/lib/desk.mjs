// What staff do at the desk.

import { fill } from './form.mjs';
import { judge } from './judge.mjs';
import { assert } from './suite.mjs';

/** Searches the list that is shown; what was typed stands sealed in the address. */
export async function searchInbox(page, words) {
  await page.fill('form.filter #q', words);
  await page.click('form.filter > .btn');
  await page.waitForURL(/[?&]q=s\./);
}

/** Finds a case by its number in the inbox and opens it. */
export async function findCase(world, tenant, number) {
  const { page } = world;
  await world.go(`/${tenant}/desk/inbox`);
  await searchInbox(page, number);
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
  // Where what follows depends on the answers, it is shown before it is confirmed.
  for (let turn = 0; turn < 2 && page.url().includes(`/act/${action}`); turn += 1) {
    if (turn === 0) await fill(world, answers);
    await page.click('#form .row.end .btn:not(.plain)');
    await page.waitForLoadState('load');
  }
  const wrong = await page.locator('.problems li').allInnerTexts();
  assert(wrong.length === 0, `${action} is refused: ${wrong.join('; ')}`);
}

/** Opens a till, if the counter asks for one before money is taken, and goes on from there. */
export async function openTill(world) {
  const { page } = world;
  await page.waitForLoadState('load');
  if (!/\/desk\/till$/.test(new URL(page.url()).pathname)) return;
  const counter = page.locator('#form [name="counter"]');
  if (await counter.count()) await counter.first().check();
  await page.fill('#form [name="float"]', '500');
  await page.click('#form .row.end .btn:not(.plain)');
  await page.waitForLoadState('load');
}
