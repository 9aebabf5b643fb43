// Mail as people get it, made from a number: the same number makes the same octets, on every machine and for every server.
import type { Appended } from './wire/imap-session';

/** Changes whenever other octets are made: mailboxes filled with an older generation are filled again. */
export const GENERATION = 1;
/** One message in so many has the words that the SEARCH rows look for. */
export const RARE_EVERY = 100;
export const RARE_SUBJECT = 'kingfisher';
export const RARE_TEXT = 'halcyon';

const NAMES = ['Ann Archer', 'Bob Brewer', '=?UTF-8?Q?J=C3=BCrgen_M=C3=BCller?=', 'Dora Draper', '=?UTF-8?B?w4lsb8Ovc2UgUm91eA==?=', '"Fox, Frank"', 'Gina Glover', '=?ISO-8859-1?Q?Bj=F6rn_Holm?='];
const SUBJECTS = ['Quarterly figures', 'Re: the meeting on Thursday', '=?UTF-8?Q?R=C3=BCckfrage_zum_Angebot?=', 'Your order has been shipped', '=?UTF-8?B?Q29tcHRlIHJlbmR1IGRlIGxhIHLDqXVuaW9u?=', 'Fwd: photos from the weekend', 'Minutes'];
const WORDS = 'the of and a to in is we you that it for on are with as at be this have from or had by but some what there can out other were all your when up use word how said each she which their time will way about many then them would write like so these her long make thing see him two has look more day could go come did my sound no most number who over know water than call first people may down side been now find'.split(' ');
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const ATTACHMENT_FROM_BYTES = 8 * 1024;
const FIRST_MS = Date.UTC(2024, 0, 1);
const MINUTE_MS = 60_000;
/** After so many messages the dates begin again: none is in a far future. */
const DATES = 100_000;
const CRLF = '\r\n';

/** Message number `index` of exactly `sizeBytes` octets (no fewer than 1,800), with the flags and the date to append it with. */
export function messageOf(index: number, sizeBytes: number): Appended {
  const date = new Date(FIRST_MS + (index % DATES) * 7 * MINUTE_MS);
  return { flags: flagsOf(index), internalDate: internalDate(date), bytes: Buffer.from(textOf(index, sizeBytes, date), 'latin1') };
}

function textOf(index: number, sizeBytes: number, date: Date): string {
  const below = choices(index);
  const pick = <T>(list: readonly T[]): T => list[below(list.length)]!;
  const person = (): string => `${pick(NAMES)} <user${below(500)}@company${below(20)}.example>`;
  const isRare = index % RARE_EVERY === 0;
  const thread = Math.floor(index / 4) * 4;
  const boundary = `=_${index.toString(36)}_${below(2 ** 30).toString(36)}`;
  const references = index === thread ? [] : [`In-Reply-To: <${index - 1}.bench@mail.example>`, `References: ${Array.from({ length: index - thread }, (_, i) => `<${thread + i}.bench@mail.example>`).join('\r\n ')}`];
  const line = (): string => Array.from({ length: 9 }, () => pick(WORDS)).join(' ');
  const header = [
    `Return-Path: <user${below(500)}@company${below(20)}.example>`,
    `Received: from mx${below(9)}.company.example (mx.company.example [192.0.2.${below(250)}])\r\n\tby mail.example with ESMTPS id ${index.toString(36)};\r\n\t${mailDate(date)}`,
    `Message-ID: <${index}.bench@mail.example>`,
    ...references,
    `Date: ${mailDate(date)}`,
    `From: ${person()}`,
    `To: ${person()}, ${person()}`,
    ...(below(3) === 0 ? [`Cc: ${person()}`] : []),
    `Subject: ${pick(SUBJECTS)}${isRare ? ` ${RARE_SUBJECT}` : ''} ${index}`,
    `X-Bench: ${GENERATION}`,
    'MIME-Version: 1.0',
  ];
  const plain = ['Content-Type: text/plain; charset=utf-8', 'Content-Transfer-Encoding: quoted-printable', '', `Gr=C3=BC=C3=9Fe, ${isRare ? RARE_TEXT : 'hello'}`, line(), line(), ''];
  const html = ['Content-Type: text/html; charset=utf-8', 'Content-Transfer-Encoding: quoted-printable', '', `<html><body><p class=3D"x">${line()}</p>`];
  const top = [...header, `Content-Type: multipart/mixed; boundary="${boundary}"`, '', `--${boundary}`];
  const alternative = [`Content-Type: multipart/alternative; boundary="${boundary}a"`, '', `--${boundary}a`, ...plain, `--${boundary}a`, ...html];
  const start = [...top, ...alternative].join('\r\n');
  const htmlEnd = `</body></html>\r\n\r\n--${boundary}a--\r\n`;
  if (sizeBytes < ATTACHMENT_FROM_BYTES) return padded(start, `${htmlEnd}--${boundary}--\r\n`, sizeBytes, () => `<p>${line()}</p>`);
  const file = ['Content-Type: application/pdf; name="report.pdf"', 'Content-Disposition: attachment; filename="report.pdf"', 'Content-Transfer-Encoding: base64', ''].join('\r\n');
  const block = Array.from({ length: 16 }, () => Array.from({ length: 76 }, () => BASE64[below(64)]).join(''));
  return padded(`${start}\r\n${htmlEnd}--${boundary}\r\n${file}`, `\r\n--${boundary}--\r\n`, sizeBytes, () => pick(block));
}

/** `start`, lines, and `end`: exactly so many octets. */
function padded(start: string, end: string, sizeBytes: number, line: () => string): string {
  const room = sizeBytes - start.length - end.length - 2 * CRLF.length;
  if (room < 0) throw new RangeError(`a message of ${sizeBytes} octets has no room for its header`);
  let filler = '';
  while (filler.length < room) filler += `${line()}${CRLF}`;
  return `${start}${CRLF}${filler.slice(0, room).trimEnd().padEnd(room, 'x')}${CRLF}${end}`;
}

function flagsOf(index: number): string {
  const flags = [...(index % 5 === 0 ? [] : [String.raw`\Seen`]), ...(index % 7 === 0 ? [String.raw`\Answered`] : []), ...(index % 31 === 0 ? ['$Forwarded'] : [])];
  return flags.join(' ');
}

/** RFC 5322 date-time. */
function mailDate(date: Date): string {
  return `${DAYS[date.getUTCDay()]}, ${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()} ${time(date)}`;
}

/** RFC 3501 date-time. */
function internalDate(date: Date): string {
  return `${String(date.getUTCDate()).padStart(2, ' ')}-${MONTHS[date.getUTCMonth()]}-${date.getUTCFullYear()} ${time(date)}`;
}

function time(date: Date): string {
  return `${date.toISOString().slice(11, 19)} +0000`;
}

/** Whole numbers below `n`, decided by the seed. */
function choices(seed: number): (n: number) => number {
  let state = Math.imul(seed + 1, 0x9e37_79b1) >>> 0;
  return (n) => {
    state = (state + 0x6d2b_79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * n >>> 0;
  };
}
