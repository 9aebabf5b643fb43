// SEARCH equals a filter that knows what the messages were made of.
import * as fc from 'fast-check';
import { Rig, type Message } from '../rig';

const WORDS = ['alpha', 'Beta', 'GAMMA', 'délta', 'Übung', 'straße', '日本', 'x'];
const FLAGS = ['\\Seen', '\\Answered', '\\Flagged', '\\Deleted', '\\Draft', '$Work', 'later'];
const DAYS = ['1-Jan-2020', '2-Jan-2020', '29-Feb-2020', '1-Mar-2021'];
const DAY_MS = 86_400_000;

interface Model {
  readonly subject: string | null;
  readonly from: string;
  readonly tag: string | null;
  /** The day of the Date field, and its time and zone, which must not matter. */
  readonly sent: { readonly day: string; readonly time: string } | null;
  readonly body: string;
  readonly attachedName: string | null;
  readonly encoding: 'plain' | 'base64' | 'quoted' | 'multipart' | 'forwarded';
  readonly flags: readonly string[];
  readonly internalDay: string;
  readonly internalMs: number;
}

const words = fc.array(fc.constantFrom(...WORDS), { minLength: 1, maxLength: 4 }).map((chosen) => chosen.join(' '));

const model: fc.Arbitrary<Model> = fc.record({
  subject: fc.option(words),
  from: fc.constantFrom('Ann <ann@alpha.example>', 'bob@beta.example'),
  tag: fc.option(fc.constantFrom('alpha', 'x', '')),
  sent: fc.option(fc.record({ day: fc.constantFrom(...DAYS), time: fc.constantFrom('00:00:00 +0000', '23:59:59 -1200', '00:30:00 +1400') })),
  body: words,
  attachedName: fc.option(fc.constantFrom('alpha.bin', 'gamma.bin')),
  encoding: fc.constantFrom('plain', 'base64', 'quoted', 'multipart', 'forwarded'),
  flags: fc.uniqueArray(fc.constantFrom(...FLAGS)),
  internalDay: fc.constantFrom(...DAYS),
  internalMs: fc.integer({ min: 0, max: DAY_MS - 1 }),
});

const dayOf = (day: string): number => Math.floor(Date.parse(`${day.replaceAll('-', ' ')} 00:00:00 UTC`) / DAY_MS);
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const quoted = (text: string): string => [...Buffer.from(text)].map((byte) => `=${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('').replace(/(.{72})/g, '$1=\n');

const utf8Text = (encoding: string, content: string): string => `Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: ${encoding}\n\n${content}\n`;

function contentOf({ body, encoding, attachedName }: Model): string {
  if (encoding === 'plain') return utf8Text('8bit', body);
  if (encoding === 'base64') return utf8Text('base64', base64(body));
  if (encoding === 'quoted') return utf8Text('quoted-printable', quoted(body));
  if (encoding === 'forwarded') return `Content-Type: message/rfc822\n\nSubject: =?utf-8?B?${base64(body)}?=\n\ninner gamma\n`;
  const name = attachedName === null ? '' : `; filename="${attachedName}"`;
  const attachment = `Content-Type: application/octet-stream\nContent-Disposition: attachment${name}\n\nalpha beta gamma in a file\n`;
  return `Content-Type: multipart/mixed; boundary=b\n\nalpha preamble\n--b\n${utf8Text('base64', base64(body))}--b\n${attachment}--b--\n`;
}

function messageOf(made: Model): Message {
  const fields = [`From: ${made.from}`];
  if (made.subject !== null) fields.push(`Subject: =?utf-8?Q?${quoted(made.subject).replaceAll('=\n', '')}?=`);
  if (made.tag !== null) fields.push(`X-Tag: ${made.tag}`);
  if (made.sent) fields.push(`Date: Wed, ${made.sent.day.replaceAll('-', ' ')} ${made.sent.time}`);
  return {
    text: `${fields.join('\n')}\n${contentOf(made)}`,
    flags: made.flags,
    internalDateMs: dayOf(made.internalDay) * DAY_MS + made.internalMs,
  };
}

/** What BODY finds; TEXT finds the headers too. */
function bodyText({ body, encoding }: Model): string {
  return encoding === 'forwarded' ? `subject: ${body}\ninner gamma` : body;
}

function headersText(made: Model): string {
  const attached = made.encoding === 'multipart' && made.attachedName !== null ? made.attachedName : '';
  return [`from: ${made.from}`, made.subject && `subject: ${made.subject}`, made.tag !== null && `x-tag: ${made.tag}`, attached].join('\n');
}

interface Found extends Model {
  readonly number: number;
  readonly uid: number;
  readonly sizeBytes: number;
  readonly modSeq: number;
}

interface Key {
  readonly text: string;
  readonly holds: (message: Found) => boolean;
  readonly usesModSeq?: boolean;
}

const fold = (text: string): string => text.toLowerCase().replaceAll('ß', 'ss');
const contains = (text: string, needle: string): boolean => fold(text).includes(fold(needle));
const literal = (text: string): string => (/^[a-z]+$/i.test(text) ? text : `{${Buffer.byteLength(text)}+}\r\n${Buffer.from(text).toString('latin1')}`);

const flagKey = fc.constantFrom(...FLAGS, 'unknownWord').chain((flag) => {
  const name = flag.startsWith('\\') ? flag.slice(1).toUpperCase() : `KEYWORD ${flag}`;
  const holds = ({ flags }: Found): boolean => flags.includes(flag);
  return fc.constantFrom<Key>({ text: name, holds }, { text: `UN${name}`, holds: (message) => !holds(message) });
});

const dateKey = fc.tuple(fc.constantFrom('BEFORE', 'ON', 'SINCE'), fc.boolean(), fc.constantFrom(...DAYS)).map(([test, isSent, day]): Key => {
  const matches = (of: string): boolean => (test === 'ON' ? dayOf(of) === dayOf(day) : test === 'BEFORE' ? dayOf(of) < dayOf(day) : dayOf(of) >= dayOf(day));
  return isSent ? { text: `SENT${test} ${day}`, holds: ({ sent }) => sent !== null && matches(sent.day) } : { text: `${test} ${day}`, holds: ({ internalDay }) => matches(internalDay) };
});

const needle = fc.constantFrom(...WORDS, 'ALPHA', 'ÜBUNG', 'STRASSE', 'gamma inner', 'subject', 'a@alpha', 'lph', '', 'nothing at all');

const stringKey = fc.tuple(fc.constantFrom('SUBJECT', 'FROM', 'TO', 'HEADER X-Tag', 'HEADER subject', 'BODY', 'TEXT'), needle).map(([name, value]): Key => {
  const text = `${name} ${value === '' ? '""' : literal(value)}`;
  const inField = (field: string | null): boolean => field !== null && contains(field, value);
  const holds: Record<string, Key['holds']> = {
    SUBJECT: ({ subject }) => inField(subject),
    'HEADER subject': ({ subject }) => inField(subject),
    FROM: ({ from }) => inField(from),
    TO: () => false,
    'HEADER X-Tag': ({ tag }) => inField(tag),
    BODY: (message) => contains(bodyText(message), value),
    // `subject` and the like are in every header, in field names.
    TEXT: (message) => contains(bodyText(message), value) || contains(headersText(message), value),
  };
  return { text, holds: holds[name]! };
});

const setKey = fc.tuple(fc.boolean(), fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 12 })).map(([byUid, a, b]): Key => {
  const [low, high] = [Math.min(a, b), Math.max(a, b)];
  const inSet = (value: number): boolean => low <= value && value <= high;
  return byUid ? { text: `UID ${a}:${b}`, holds: ({ uid }) => inSet(uid) } : { text: `${a}:${b}`, holds: ({ number }) => inSet(number) };
});

const sizeKey = fc.tuple(fc.boolean(), fc.integer({ min: 100, max: 400 })).map(([isLarger, bytes]): Key => (isLarger
  ? { text: `LARGER ${bytes}`, holds: ({ sizeBytes }) => sizeBytes > bytes }
  : { text: `SMALLER ${bytes}`, holds: ({ sizeBytes }) => sizeBytes < bytes }));

const modSeqKey = fc.integer({ min: 0, max: 16 }).map((atLeast): Key => ({ text: `MODSEQ ${atLeast}`, holds: ({ modSeq }) => modSeq >= atLeast, usesModSeq: true }));

const leaf = fc.oneof(flagKey, dateKey, stringKey, setKey, sizeKey, modSeqKey, fc.constant<Key>({ text: 'ALL', holds: () => true }));

const { key } = fc.letrec<{ key: Key }>((tie) => ({
  key: fc.oneof(
    { maxDepth: 4 },
    { weight: 3, arbitrary: leaf },
    { weight: 1, arbitrary: tie('key').map((of): Key => ({ ...of, text: `NOT ${of.text}`, holds: (message) => !of.holds(message) })) },
    { weight: 1, arbitrary: fc.tuple(tie('key'), tie('key')).map(([a, b]): Key => ({ text: `OR ${a.text} ${b.text}`, holds: (message) => a.holds(message) || b.holds(message), usesModSeq: a.usesModSeq || b.usesModSeq || false })) },
    { weight: 1, arbitrary: fc.array(tie('key'), { minLength: 1, maxLength: 3 }).map((all): Key => ({ text: `(${all.map(({ text }) => text).join(' ')})`, holds: (message) => all.every(({ holds }) => holds(message)), usesModSeq: all.some(({ usesModSeq }) => usesModSeq) })) },
  ),
}));

test('SEARCH finds what a filter over the messages finds', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(model, { maxLength: 10 }), fc.array(key, { minLength: 1, maxLength: 12 }), fc.array(fc.integer({ min: 1, max: 10 }), { maxLength: 3 }), async (models, keys, expunged) => {
      const rig = await Rig.open(models.map(messageOf));
      try {
        const first = rig.session({ enabled: ['CONDSTORE'] });
        // Numbers and UIDs part ways, some of the messages as ghosts.
        const gone = [...new Set(expunged)].filter((uid) => uid <= models.length);
        for (const uid of gone.slice(0, 1)) await first.say(`UID STORE ${uid} +FLAGS.SILENT (\\Deleted)`);
        await first.say('EXPUNGE');
        const client = rig.session({ enabled: ['CONDSTORE'] });
        const { view } = client.session.selected;
        for (const uid of gone.slice(1)) await first.say(`UID STORE ${uid} +FLAGS.SILENT (\\Deleted)`);
        await first.say('EXPUNGE');
        await client.say('FETCH 1 UID');
        const messages = Array.from({ length: view.exists }, (_, i): Found => {
          const { row } = view.at(i + 1)!;
          return { ...models[row.uid - 1]!, number: i + 1, uid: row.uid, sizeBytes: row.sizeBytes, modSeq: row.modSeq };
        });
        for (const { text, holds, usesModSeq } of keys) {
          const found = messages.filter(holds);
          const modSeq = usesModSeq && found.length > 0 ? ` (MODSEQ ${Math.max(...found.map((message) => message.modSeq))})` : '';
          const said = await client.say(`SEARCH CHARSET UTF-8 ${text}`);
          expect({ text, found: /\* SEARCH.*/.exec(said)?.[0] }).toEqual({ text, found: `* SEARCH${found.map(({ number }) => ` ${number}`).join('')}${modSeq}` });
        }
      } finally {
        rig.close();
      }
    }),
    { numRuns: 120 },
  );
});
