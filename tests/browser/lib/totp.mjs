// What an authenticator shows (RFC 6238): six digits that follow from the secret on the page and the time.

import { createHmac } from 'node:crypto';

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
/** Seconds for which a code is the present one. */
const STEP = 30;

/** The octets that a page writes in base 32, with or without spaces. */
function octets(text) {
  let bits = '';
  for (const letter of text.toUpperCase().replace(/[^A-Z2-7]/g, '')) bits += LETTERS.indexOf(letter).toString(2).padStart(5, '0');
  return Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
}

/** The code of this moment, or of so many steps later. */
export function codeOf(secret, later = 0) {
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 1000 / STEP) + later));
  const mac = createHmac('sha1', octets(secret)).update(step).digest();
  const at = mac[19] & 15;
  return String((mac.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}
