// Papers that people send: made by the browser itself, so that none lies in the tree.

const made = new Map();

/** A photo or a document as Playwright takes it. `kind` is `photo.jpg` or `paper.pdf`, or any name with these endings. */
export async function papers(world, kind) {
  const ending = kind.split('.').pop();
  if (!made.has(ending)) made.set(ending, await make(world, ending));
  return { name: kind, mimeType: ending === 'pdf' ? 'application/pdf' : 'image/jpeg', buffer: made.get(ending) };
}

async function make(world, ending) {
  const other = await world.surroundings.browser.newContext();
  const page = await other.newPage();
  await page.setContent('<h1>A paper</h1><p>It says what papers say.</p>');
  let bytes;
  if (ending === 'pdf') bytes = await page.pdf();
  else bytes = await page.screenshot({ type: 'jpeg', quality: 80 });
  await other.close();
  return bytes;
}
