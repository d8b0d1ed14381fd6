// Debian's Chromium, and what a page may not do: reach outside, fail, or write errors.

import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { Gallery } from './gallery.mjs';
import { assert } from './suite.mjs';

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--font-render-hinting=none',
];

/** The two sizes in which every page must do. */
export const SIZES = {
  phone: { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true, deviceScaleFactor: 1 },
  desk: { viewport: { width: 1280, height: 900 } },
};

/** Where somebody is who reads this language. */
const LOCALES = {
  hi: { locale: 'hi-IN', timezoneId: 'Asia/Kolkata' },
  en: { locale: 'en-IN', timezoneId: 'Asia/Kolkata' },
  es: { locale: 'es-UY', timezoneId: 'America/Montevideo' },
};

/** Numbers and names that journeys type in: they may stand on pages, and nowhere else. */
const canaries = new Set();

/** From now on no address, no line of the console and nothing that a browser keeps may tell these. Looked for at night. */
export function plant(...words) {
  if (!process.env.CRAWL_AS) return;
  for (const word of words) canaries.add(word.toLowerCase());
}

/** What of that a text tells, however it is escaped there. */
function told(text) {
  const spaced = text.replaceAll('+', ' ');
  let plain = spaced;
  try {
    plain = decodeURIComponent(spaced);
  } catch {
    // Not every text is an address.
  }
  const both = `${spaced}\n${plain}`.toLowerCase();
  return [...canaries].find((word) => both.includes(word));
}

/** What the browser notices beside the pages themselves. */
class Guard {
  constructor(origins) {
    this.origins = origins;
    this.found = [];
    this.bytes = 0;
    this.requests = 0;
    this.expected = [];
  }

  /** Lets a test say that this path will answer with an error on purpose. */
  expect(path) {
    this.expected.push(path);
  }

  /** Lets a test say that the browser goes to another server on purpose. */
  allow(origin) {
    this.origins.push(origin);
    this.found = this.found.filter((one) => !one.startsWith(`asked for ${origin}/`));
  }

  async watch(context) {
    context.on('request', (request) => {
      const address = new URL(request.url());
      const canary = told(request.url());
      if (canary) this.found.push(`the address ${address.pathname} tells ${canary}`);
      // The last two are Chromium's own pages, in which it shows a PDF.
      if (!['data:', 'blob:', 'about:', 'chrome:', 'chrome-extension:'].includes(address.protocol) && !this.origins.includes(address.origin)) {
        this.found.push(`asked for ${request.url()}`);
      }
    });
    context.on('response', (response) => {
      const path = new URL(response.url()).pathname;
      if (response.status() >= 400 && response.status() !== 422 && !this.expected.some((known) => path.startsWith(known))) {
        this.found.push(`${response.status()} for ${response.request().method()} ${path}`);
      }
    });
    context.on('requestfinished', async (request) => {
      this.requests += 1;
      const sizes = await request.sizes().catch(() => null);
      if (sizes) this.bytes += sizes.responseBodySize + sizes.responseHeadersSize;
    });
    context.on('weberror', (error) => this.found.push(`script: ${error.error().message}`));
    context.on('console', (message) => {
      const expected = message.text().includes('Failed to load resource');
      if (message.type() === 'error' && !expected) this.found.push(`console: ${message.text()}`);
      const canary = told(message.text());
      if (canary) this.found.push(`console: a line of kind ${message.type()} tells ${canary}`);
    });
  }

  assertClean() {
    assert(this.found.length === 0, `beside the pages: ${[...new Set(this.found)].join('; ')}`);
  }
}

/** How many networks were given out. */
let networks = 0;

/**
 * An address in a network of its own, told to the server as the demonstration's proxy would: what one network may
 * ask for in an hour is far less than what all journeys together ask for.
 */
function newAddress() {
  networks += 1;
  return `10.${Math.floor(networks / 256) % 256}.${networks % 256}.7`;
}

/** Opens worlds for tests: a context of its own for each. */
export class Surroundings {
  constructor(url, root) {
    this.url = url;
    this.root = root;
  }

  async launch() {
    this.browser = await chromium.launch({ executablePath: process.env.CHROMIUM || '/usr/bin/chromium', args: FLAGS });
    if (process.env.SCREENS === '1') this.gallery = new Gallery(this.browser, join(this.root, 'docs/screens'), SIZES);
  }

  /** Ends it; pictures are kept if every journey went well, and are the whole gallery if every one was gone. */
  async stop({ well, whole } = {}) {
    if (well) await this.gallery?.close(whole);
    await this.browser.close();
  }

  /** The same browser at another server, of whose pages no pictures are kept. */
  at(url) {
    const there = new Surroundings(url, this.root);
    there.browser = this.browser;
    return there;
  }

  /** `needs`: `lang` (en, hi, es), `size` (phone, desk), `js` (true, false). */
  async open({ lang = 'en', size = 'desk', js = true } = {}) {
    const context = await this.browser.newContext({
      ...SIZES[size],
      baseURL: this.url,
      ...LOCALES[lang],
      javaScriptEnabled: js,
      reducedMotion: 'reduce',
      acceptDownloads: true,
      extraHTTPHeaders: { 'x-forwarded-for': newAddress() },
    });
    context.setDefaultTimeout(15_000);
    await context.addCookies([{ name: 'lang', value: lang, url: this.url }]);
    const guard = new Guard([new URL(this.url).origin]);
    await guard.watch(context);
    const page = await context.newPage();
    return new World(this, context, page, guard, { lang, size, js });
  }

  /** A browser that shows what is put into `shown.html` under whatever address it goes to. */
  async openCopy(size) {
    const context = await this.browser.newContext({ ...SIZES[size], baseURL: this.url, reducedMotion: 'reduce' });
    const page = await context.newPage();
    const shown = { html: '' };
    await page.route('**/*', (route) => {
      const kind = route.request().resourceType();
      if (kind === 'document') return route.fulfill({ contentType: 'text/html; charset=utf-8', body: shown.html });
      return LOOKS.includes(kind) ? route.continue() : route.abort();
    });
    return { page, shown };
  }
}

/** What a copy of a page needs beside its words to look like it. */
const LOOKS = ['stylesheet', 'font'];

/** One test's browser. */
class World {
  constructor(surroundings, context, page, guard, needs) {
    Object.assign(this, { surroundings, context, page, guard, ...needs });
    this.url = surroundings.url;
    this.posted = false;
    page.on('request', (request) => {
      if (request.isNavigationRequest() && request.frame() === page.mainFrame()) this.posted = request.method() === 'POST';
    });
  }

  /** The same browser for somebody else: another context beside this one. */
  async beside(needs = {}) {
    const world = await this.surroundings.open({ lang: this.lang, size: this.size, js: this.js, ...needs });
    this.others = [...(this.others ?? []), world];
    return world;
  }

  /**
   * The page as it stands, in a browser of its own in which scripts run but none of the page's: what a person
   * sees who has none. Its address and its style are those of the page; nothing else is asked of the server.
   */
  async copy() {
    this.judging ??= this.surroundings.openCopy(this.size);
    const { page, shown } = await this.judging;
    shown.html = await this.page.content();
    await page.setViewportSize(this.page.viewportSize());
    // Going to a place within the page that stands would not load it again.
    await page.goto(this.page.url().split('#')[0], { waitUntil: 'load' });
    return page;
  }

  /** From now on it asks from another network, as a phone does whose owner has left the house. */
  async elsewhere() {
    await this.context.setExtraHTTPHeaders({ 'x-forwarded-for': newAddress() });
  }

  /** Notes what the browser keeps of somebody: cookies, and what scripts can store. */
  async rummage() {
    const cookies = await this.context.cookies();
    const stored = () => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]);
    const kept = await this.page.evaluate(stored).catch(() => '');
    const canary = told([kept, ...cookies.map(({ name, value }) => `${name}=${value}`)].join('\n'));
    if (canary) this.guard.found.push(`the browser keeps ${canary} after ${new URL(this.page.url()).pathname}`);
  }

  /** Goes to a path of the server. */
  async go(path) {
    const response = await this.page.goto(path, { waitUntil: 'load' });
    return response;
  }

  /**
   * Does `look` at the page at `path` as it stands, and in the other language and the other size; SIGHTS=all looks in
   * each language in both sizes.
   */
  async inBothLanguages(path, look) {
    for (const lang of [this.lang, ...['hi', 'en'].filter((one) => one !== this.lang)]) {
      const sizes = [this.size, ...Object.keys(SIZES).filter((one) => one !== this.size)];
      if (lang !== this.lang) {
        this.lang = lang;
        await this.context.addCookies([{ name: 'lang', value: lang, url: this.url }]);
        await this.go(path);
        sizes.reverse();
      }
      for (const size of process.env.SIGHTS === 'all' ? sizes : sizes.slice(0, 1)) {
        this.size = size;
        await this.page.setViewportSize(SIZES[size].viewport);
        await look();
      }
    }
  }

  /**
   * Takes the pictures of a page for the gallery, in both sizes; only when SCREENS=1. A page that can be asked for
   * again is also shown in the other language, in a window of its own. What answers a form that was sent cannot.
   */
  async shot(name) {
    const { gallery } = this.surroundings;
    if (!gallery) return;
    await gallery.take(this.page, this.lang, name);
    const other = { hi: 'en', en: 'hi' }[this.lang];
    if (!other || this.posted || !this.page.url().startsWith(this.url) || gallery.has(other, name)) return;
    const speak = (lang) => this.context.addCookies([{ name: 'lang', value: lang, url: this.url }]);
    const tab = await this.context.newPage();
    try {
      await speak(other);
      await tab.setViewportSize(this.page.viewportSize());
      await tab.goto(this.page.url(), { waitUntil: 'load' });
      // A page that does not follow the browser's language is shown in its own alone.
      if ((await tab.getAttribute('html', 'lang')) === other) await gallery.take(tab, other, name);
    } finally {
      await speak(this.lang);
      await tab.close();
    }
  }

  /** Where the page stands and what it says, for a test that failed. */
  async describe() {
    const all = [this, ...(this.others ?? [])];
    const told = await Promise.all(
      all.map(async (world) => {
        const text = await world.page.locator('main').innerText({ timeout: 1000 }).catch(() => '(no page)');
        return `at ${world.page.url()}\n${text.slice(0, 1500)}`;
      }),
    );
    return told.join('\n---\n');
  }

  async close() {
    for (const other of this.others ?? []) await other.close();
    await (await this.judging)?.page.context().close();
    await this.context.close();
  }
}
