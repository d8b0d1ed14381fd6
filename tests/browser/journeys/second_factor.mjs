// A member of staff sets an authenticator up, signs in with it elsewhere, and by a recovery code when the
// telephone is not at hand; and has new recovery codes made.

import { send } from '../lib/form.mjs';
import { judge } from '../lib/judge.mjs';
import { TOWN } from '../lib/licence.mjs';
import { enterStaff, signInStaff, staffPassword } from '../lib/people.mjs';
import { assert, same, test, told } from '../lib/suite.mjs';
import { codeOf } from '../lib/totp.mjs';

/** The recovery codes that the page shows: they are shown once. */
async function recoveryCodes(world) {
  await world.page.waitForSelector('main .plainlist .code');
  await judge(world, 'recovery-codes');
  const codes = await world.page.locator('main .plainlist .code').allInnerTexts();
  assert(codes.length >= 8 && new Set(codes).size === codes.length, `recovery codes, each another: ${codes}`);
  return codes;
}

/** Signs in where an authenticator is asked for, with what is typed for its code. */
async function signInWith(world, user, ...typed) {
  const { page } = world;
  await enterStaff(world, TOWN, user);
  for (const code of typed) {
    await page.waitForSelector('#code');
    await judge(world, 'second-code');
    await page.fill('#code', code);
    await page.click('#form .btn');
    await page.waitForLoadState('load');
  }
}

// Each has an authenticator afterwards, so these two sign in nowhere else, and once in each demonstration.
for (const [user, sight] of [
  ['water.clerk', { lang: 'hi', size: 'phone', js: false }],
  ['water.engineer', { lang: 'en', size: 'desk', js: true }],
]) {
  test(`second factor: set up and used (${told(sight)})`, sight, async (world) => {
    const { page } = world;
    await signInStaff(world, TOWN, user);
    await world.go(`/${TOWN}/desk/account`);
    await judge(world, 'account-without-factor');
    await page.click('main a[href$="/desk/account/second"]');
    await judge(world, 'second-proof');
    await page.fill('#form [name="proof"]', 'not the password');
    await send(world);
    await page.waitForSelector('#form .error');
    await page.fill('#form [name="proof"]', staffPassword());
    await send(world);
    await page.waitForURL(/\/account\/second\/code$/);
    await judge(world, 'second-factor');
    const secret = await page.locator('main strong.code').innerText();
    const right = codeOf(secret);
    await page.fill('#code', right === '000000' ? '111111' : '000000');
    await send(world);
    await page.waitForSelector('#code-error');
    await judge(world, 'second-factor-wrong');
    same((await page.locator('main strong.code').innerText()).trim(), secret.trim(), 'the secret after a wrong code');
    await page.fill('#code', codeOf(secret));
    await send(world);
    const codes = await recoveryCodes(world);
    await page.click('main a.btn');
    await page.waitForURL(/\/desk\/account$/);
    await judge(world, 'account-with-factor');

    const elsewhere = await world.beside();
    // A code is taken once; that of the next half minute is taken already, since clocks differ.
    await signInWith(elsewhere, user, codeOf(secret, 1));
    assert(!elsewhere.page.url().includes('sign-in'), `the authenticator opens the desk: ${elsewhere.page.url()}`);

    const without = await world.beside();
    await signInWith(without, user, 'AAAAA-AAAAA', codes[0]);
    assert(!without.page.url().includes('sign-in'), `a recovery code opens the desk: ${without.page.url()}`);
    await without.go(`/${TOWN}/desk/account/codes`);
    await judge(without, 'second-new-codes');
    await without.page.fill('#form [name="proof"]', codes[1]);
    await send(without);
    const renewed = await recoveryCodes(without);
    assert(!renewed.some((code) => codes.includes(code)), 'the new codes are others');

    const late = await world.beside();
    await signInWith(late, user, codes[2]);
    assert(late.page.url().includes('sign-in/second'), `an old recovery code opens nothing: ${late.page.url()}`);
  });
}
