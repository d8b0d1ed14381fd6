// The gallery in docs/screens: a picture of every page, small enough to be committed.

import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The sights of the gallery, and what their column is called. */
const SIGHTS = { 'hi-phone': 'Hindi, telephone', 'en-desk': 'English, desk' };
/** Pictures are cut off here: the rest of a long list looks like its beginning. */
const TALLEST = 2_400;

export class Gallery {
  constructor(browser, folder) {
    Object.assign(this, { browser, folder, taken: new Map() });
    rmSync(folder, { recursive: true, force: true });
  }

  /** Takes a picture of the page as it stands, the first time that it has this name. */
  async take(world, name) {
    const sight = `${world.lang}-${world.size}`;
    if (!SIGHTS[sight]) return;
    const sights = this.taken.get(name) ?? new Set();
    if (sights.has(sight)) return;
    this.taken.set(name, sights.add(sight));
    const { width } = world.page.viewportSize();
    const tall = await world.page.evaluate(() => document.documentElement.scrollHeight);
    const clip = { x: 0, y: 0, width, height: Math.min(tall, TALLEST) };
    const png = await world.page.screenshot({ fullPage: true, clip });
    mkdirSync(join(this.folder, sight), { recursive: true });
    writeFileSync(join(this.folder, sight, `${name}.webp`), await this.smaller(png));
  }

  /** The same picture as WebP, made by the browser itself. */
  async smaller(png) {
    this.page ??= await this.browser.newPage();
    const made = await this.page.evaluate(async (source) => {
      const picture = new Image();
      picture.src = source;
      await picture.decode();
      const canvas = document.createElement('canvas');
      canvas.width = picture.width;
      canvas.height = picture.height;
      canvas.getContext('2d').drawImage(picture, 0, 0);
      return canvas.toDataURL('image/webp', 0.72);
    }, `data:image/png;base64,${png.toString('base64')}`);
    return Buffer.from(made.split(',')[1], 'base64');
  }

  /** Writes the page that shows them all. */
  async close() {
    await this.page?.close();
    const rows = [...this.taken].sort(([one], [other]) => (one < other ? -1 : 1)).map(([name, sights]) => {
      const cell = (sight) => (sights.has(sight) ? `<img src="${sight}/${name}.webp" width="${sight === 'hi-phone' ? 180 : 480}" alt="${name}, ${SIGHTS[sight]}">` : '');
      return `| ${name} | ${Object.keys(SIGHTS).map(cell).join(' | ')} |`;
    });
    const head = ['# Screens', '', 'Every page, as the browser tests see it. Made anew by `SCREENS=1 ./test browser`.', ''];
    const table = [`| Page | ${Object.values(SIGHTS).join(' | ')} |`, '|---|---|---|', ...rows, ''];
    mkdirSync(this.folder, { recursive: true });
    writeFileSync(join(this.folder, 'README.md'), [...head, ...table].join('\n'));
  }
}
