// The books of a town are closed up to a day, and opened again by two people; and anybody compares the towns of the
// state by their sums.

import { fill, send } from '../lib/form.mjs';
import { judge } from '../lib/judge.mjs';
import { signInStaff } from '../lib/people.mjs';
import { assert, test } from '../lib/suite.mjs';

const TOWN = 'nainital';
const BOOKS = `/${TOWN}/desk/books`;

/** A day of a year ago, as people write it: nothing is booked on such days any more. */
const ago = (days) => new Date(Date.now() - (365 + days) * 86_400_000).toLocaleDateString('en-GB');

/** What the page says. */
const said = (world) => world.page.locator('main').innerText();

test('books: they are closed by one, and opened again by two', { lang: 'hi', size: 'phone', js: false }, async (world) => {
  await signInStaff(world, TOWN, 'approver');
  await world.go(BOOKS);
  await world.inBothLanguages(BOOKS, () => judge(world, 'books'));
  await send(world);
  await world.page.waitForSelector('.problems');
  await judge(world, 'books-errors');
  await fill(world, { deed: 'close', day: ago(0), reason: 'The audit of the year is done' });
  await send(world);
  assert((await said(world)).includes(ago(0)), `the day is told: ${await said(world)}`);
  await fill(world, { deed: 'ask', day: ago(30), reason: 'A voucher was overlooked' });
  await send(world);
  await world.inBothLanguages(BOOKS, () => judge(world, 'books-asked'));
  assert((await world.page.locator('#form [name="deed"][value^="agree-"]').count()) === 0, 'nobody agrees to what he asked for himself');

  const other = await world.beside({ lang: 'en', size: 'desk' });
  await signInStaff(other, TOWN, 'challan.officer');
  await other.go(BOOKS);
  await other.inBothLanguages(BOOKS, () => judge(other, 'books-agree'));
  await other.page.locator('#form [name="deed"][value^="agree-"]').check();
  await fill(other, { reason: 'It is to be booked by Friday' });
  await send(other);
  const told = await said(other);
  assert(told.includes(ago(30)) && told.includes('It is to be booked by Friday'), `they are open again: ${told}`);
});

test('books: the towns of the state are compared by anybody', { lang: 'en', size: 'phone' }, async (world) => {
  await world.go('/figures');
  await world.inBothLanguages('/figures', () => judge(world, 'figures'));
  const rows = await world.page.locator('main table tbody tr').count();
  assert(rows >= 3, `towns are told apart: ${rows}`);
  const file = await world.context.request.get('/figures.csv');
  assert(file.ok() && (await file.text()).split('\n').length > rows, 'and there is a file of them');
});
