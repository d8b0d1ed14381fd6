// The gallery in docs/screens: a picture of every page, small enough to be committed.

import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The sights of the gallery: what their column is called, and how wide it is shown. */
const SIGHTS = {
  'hi-phone': { title: 'Hindi, telephone', shown: 150 },
  'en-phone': { title: 'English, telephone', shown: 150 },
  'hi-desk': { title: 'Hindi, desk', shown: 330 },
  'en-desk': { title: 'English, desk', shown: 330 },
};
/** Pictures are cut off here: the rest of a long list looks like its beginning. */
const TALLEST = 2_400;
/** Pictures are made as wide as this at most, in pixels. */
const WIDEST = 900;

export class Gallery {
  constructor(browser, folder, sizes) {
    Object.assign(this, { browser, folder, sizes, made: `${folder}.new`, taken: new Map() });
    rmSync(this.made, { recursive: true, force: true });
  }

  /** Whether a page was shown in a language, in both sizes. */
  has(lang, name) {
    return Object.keys(this.sizes).every((size) => this.taken.get(name)?.has(`${lang}-${size}`));
  }

  /** Takes pictures of a page as it stands in each size, the first time that it has this name in this language. */
  async take(page, lang, name) {
    const kept = page.viewportSize();
    for (const [size, { viewport }] of Object.entries(this.sizes)) {
      const sight = `${lang}-${size}`;
      const sights = this.taken.get(name) ?? new Set();
      if (!SIGHTS[sight] || sights.has(sight)) continue;
      this.taken.set(name, sights.add(sight));
      await page.setViewportSize(viewport);
      await this.keep(page, sight, name);
    }
    await page.setViewportSize(kept);
  }

  /** Puts a picture of what the page shows into the folder of its sight. */
  async keep(page, sight, name) {
    const { width } = page.viewportSize();
    const tall = await page.evaluate(() => document.documentElement.scrollHeight);
    const clip = { x: 0, y: 0, width, height: Math.min(tall, TALLEST) };
    const png = await page.screenshot({ fullPage: true, clip });
    mkdirSync(join(this.made, sight), { recursive: true });
    writeFileSync(join(this.made, sight, `${name}.webp`), await this.smaller(png));
  }

  /** The same picture as WebP, made by the browser itself. */
  async smaller(png) {
    this.page ??= this.browser.newPage();
    const made = await (await this.page).evaluate(async ([source, widest]) => {
      const picture = new Image();
      picture.src = source;
      await picture.decode();
      const canvas = document.createElement('canvas');
      const scale = Math.min(1, widest / picture.width);
      canvas.width = Math.round(picture.width * scale);
      canvas.height = Math.round(picture.height * scale);
      const draw = canvas.getContext('2d');
      draw.imageSmoothingQuality = 'high';
      draw.drawImage(picture, 0, 0, canvas.width, canvas.height);
      return canvas.toDataURL('image/webp', 0.7);
    }, [`data:image/png;base64,${png.toString('base64')}`, WIDEST]);
    return Buffer.from(made.split(',')[1], 'base64');
  }

  /**
   * Puts the pictures into the gallery, and writes the page that shows them all. Those of a `whole` run take the place
   * of all that were there; a run of some journeys renews the pictures of the pages that it came to.
   */
  async close(whole) {
    await (await this.page)?.close();
    mkdirSync(this.made, { recursive: true });
    if (whole) rmSync(this.folder, { recursive: true, force: true });
    cpSync(this.made, this.folder, { recursive: true });
    rmSync(this.made, { recursive: true });
    const titles = Object.values(SIGHTS).map(({ title }) => title);
    const shown = new Map(Object.keys(SIGHTS).map((sight) => [sight, this.shown(sight)]));
    const names = [...new Set([...shown.values()].flatMap((all) => [...all]))].sort();
    const rows = names.map((name) => {
      const cell = (sight) => (shown.get(sight).has(name) ? `<img src="${sight}/${name}.webp" width="${SIGHTS[sight].shown}" alt="${name}, ${SIGHTS[sight].title}">` : '');
      return `| ${name} | ${Object.keys(SIGHTS).map(cell).join(' | ')} |`;
    });
    const head = ['# Screens', '', 'The pages that the browser tests come to, as they see them. Made anew by `SCREENS=1 ./test browser`.', ''];
    const table = [`| Page | ${titles.join(' | ')} |`, `|---|${titles.map(() => '---|').join('')}`, ...rows, ''];
    writeFileSync(join(this.folder, 'README.md'), [...head, ...table].join('\n'));
  }

  /** The names of the pages of which the gallery has a picture in a sight. */
  shown(sight) {
    const folder = join(this.folder, sight);
    const files = existsSync(folder) ? readdirSync(folder) : [];
    return new Set(files.filter((file) => file.endsWith('.webp')).map((file) => file.slice(0, -'.webp'.length)));
  }
}
