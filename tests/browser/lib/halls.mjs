// The calendar of the halls: which days are free.

import { TOWN } from './licence.mjs';

/** The month after this one, or so many after it, as the calendar names it: in what is left of this one there may be no day. */
export function nextMonth(ahead = 1) {
  const now = new Date();
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + ahead, 1)).toISOString().slice(0, 7);
}

/** The address of a month of a hall. */
export const calendar = (hall, month) => `/${TOWN}/calendar/halls?resource=${hall}&month=${month}`;

/** The days of the page on which all parts are free, as 2026-07-10. */
export async function freeDays(world) {
  const rows = await world.page.locator('main table tbody tr').evaluateAll((all) =>
    all.map((row) => ({ day: row.querySelector('th').innerText, free: [...row.querySelectorAll('td')].every((cell) => cell.querySelector('.tag.good')) })),
  );
  const written = rows.filter((row) => row.free).map((row) => /(\d\d)\/(\d\d)\/(\d{4})/.exec(row.day));
  return written.map(([, day, month, year]) => `${year}-${month}-${day}`);
}
