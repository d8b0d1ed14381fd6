// Whoever has bought a property has it entered in their own name: on a telephone, in Hindi, with the papers
// that a sale asks for. Three officers look at it, the fee is paid, and the register names the new owner.

import { judge } from '../lib/judge.mjs';
import { newMobile, signInHere, signInStaff } from '../lib/people.mjs';
import { fillForm } from '../lib/form.mjs';
import { TOWN, atDesk, day, paperOf, pay, words } from '../lib/licence.mjs';
import { assert, sightsOf, test, told } from '../lib/suite.mjs';

const SERVICE = 'property-mutation';
const OWNER = 'कमला देवी';

const ANSWERS = {
  reason: { search: 'Sale', code: 'SALEDEED' },
  property_use: 'RESIDENTIAL',
  document_number: '1184',
  document_date: day(-20),
  document_value: '6,00,000',
  market_value: '६५००००',
  in_court: 'no',
  new_ownership: { search: 'One owner', code: 'INDIVIDUAL_SINGLEOWNER' },
  'new_owners.0.name': OWNER,
  'new_owners.0.relation': 'husband',
  'new_owners.0.guardian_name': 'हरीश सिंह',
  'new_owners.0.gender': 'female',
  'new_owners.0.category': { search: 'None', code: 'none' },
  'new_owners.0.mobile': '98765 43210',
  'new_owners.0.home_address': '12 पलटन बाज़ार, देहरादून',
  identity_kind: { search: 'Voter', code: 'voter_card' },
  identity_proof: 'voter.pdf',
  signature: 'signature.pdf',
  applicant_photo: 'kamla.jpg',
  affidavit: 'affidavit.pdf',
  sale_deed: 'deed.pdf',
  declared: 'yes',
};

/** Properties that another sight takes at the same time. */
const taken = new Set();

/** A property of the register on which nothing is owed: its number and its page. */
async function unburdened(desk) {
  await signInStaff(desk, TOWN, 'cashier');
  for (let number = 1; number < 8; number += 1) {
    await desk.go(`/${TOWN}/desk/registers/properties?page=${number}`);
    const found = await desk.page.locator('main tbody th a').evaluateAll((links) => links.map((link) => [link.innerText.trim(), link.getAttribute('href')]));
    for (const [record, href] of found) {
      if (taken.has(record)) continue;
      await desk.go(href);
      const owed = await desk.page.locator('main dl a[href$="/collect"]').count();
      const stands = await desk.page.locator('main .tag.good').count();
      // As for dues: nothing is waited for between looking and taking.
      if (owed || !stands || taken.has(record)) continue;
      taken.add(record);
      return { record, href };
    }
  }
  throw new Error('something is owed on every property of the register');
}

for (const sight of sightsOf([
  { lang: 'hi', size: 'phone', js: true },
  { lang: 'en', size: 'desk', js: false },
])) {
  test(`mutation: a property gets its new owner (${told(sight)})`, sight, async (world) => {
    const { page } = world;
    const desk = await world.beside({ size: 'desk' });
    const { record, href } = await unburdened(desk);

    await world.go(`/${TOWN}/services/${SERVICE}?record=${encodeURIComponent(record)}`);
    await judge(world, 'mutation-start');
    await page.click('form.go .btn');
    await page.waitForSelector('#mobile');
    await signInHere(world, newMobile(), OWNER);
    if (/\/services\//.test(page.url())) await page.click('form.go .btn');
    await page.waitForURL(/\/form\//);
    const seen = new Set();
    await fillForm(world, ANSWERS, async (url) => {
      const name = url.split('/form/')[1].split(/[/?]/)[0];
      if (seen.has(name)) return;
      seen.add(name);
      await judge(world, `mutation-form-${name}`);
      if (name === 'documents') {
        assert(await page.locator('[name="sale_deed"]').count(), 'a sale asks for its deed');
        assert((await page.locator('[name="gift_deed"]').count()) === 0, 'and for no other');
      }
    });
    await page.waitForURL(/\/check/);
    await judge(world, 'mutation-check');
    await page.click('#form .btn');
    await page.waitForURL(/\/done/);
    await judge(world, 'mutation-done');
    const number = (await page.locator('.panel strong').innerText()).trim();
    const path = new URL(page.url()).pathname.replace(/\/done$/, '');

    await atDesk(world, 'verifier', number, 'verify', { paid_until: day(0).slice(0, 4), no_dues: 'yes' });
    await atDesk(world, 'inspector', number, 'forward', { inspected_on: day(0), in_possession: 'yes', inspection_photo: 'house.jpg' });
    await world.go(path);
    await judge(world, 'mutation-to-pay');
    await pay(world, path, 'succeed');
    await atDesk(world, 'approver', number, 'approve');

    const order = await paperOf(world, path, record);
    await judge(world, 'mutation-transferred');
    const printed = await words(world, order);
    assert(printed.includes(record) && printed.includes(OWNER.split(' ')[0]), `the order names the property and its owner:\n${printed}`);
    await desk.go(href);
    await judge(desk, 'desk-record-transferred');
    const register = await desk.page.locator('main').innerText();
    // The desk shows of a name only what it is recognised by.
    assert(register.includes('क** दे*'), `the register names the new owner: ${register}`);
    assert(register.includes(number), 'and the case that made it so');
  });
}
