// Whoever applies a second time takes the card that was sent with the first application.

import { fillForm } from '../lib/form.mjs';
import { judge } from '../lib/judge.mjs';
import { APPLICATION, SERVICE, TOWN, apply } from '../lib/licence.mjs';
import { newMobile } from '../lib/people.mjs';
import { assert, same, test } from '../lib/suite.mjs';

test('again: a paper that was sent before is used again', { lang: 'hi', size: 'phone', js: false }, async (world) => {
  const { page } = world;
  await apply(world, newMobile());
  await world.go(`/${TOWN}/services/${SERVICE}`);
  await page.click('form.go .btn');
  await page.waitForURL(/\/form\//);
  let taken = 0;
  await fillForm(world, APPLICATION, async () => {
    const button = page.locator('[name="_reuse"][value^="id_proof "]');
    if (!(await button.count())) return;
    await page.locator('#form details', { has: button }).locator('summary').click();
    await judge(world, 'license-paper-again');
    await button.first().click();
    await page.waitForLoadState('load');
    assert(await page.locator('#form .uploads a', { hasText: 'voter.pdf' }).count(), `the card stands under its question: ${page.url()}`);
    same(await page.locator('#form input[name="id_proof"]').count(), 0, 'questions for the card that are left');
    taken += 1;
  });
  await page.waitForURL(/\/check/);
  same(taken, 1, 'papers that were taken again');
  assert((await page.locator('main').innerText()).includes('voter.pdf'), 'the card is among the answers');
});
