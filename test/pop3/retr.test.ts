// RETR, TOP, LIST and STAT: octets as they are stored, sizes that agree with them, and bodies that are not there.
import * as fc from 'fast-check';
import { CLOSED, unstuffed, type Pop3Client } from './pop3-client';
import { Pop3World } from './pop3-world';

let world: Pop3World;

beforeEach(async () => {
  world = await Pop3World.open();
  await world.addUser();
});

afterEach(() => world.close());

async function retrieved(client: Pop3Client, command: string): Promise<Buffer> {
  expect(await client.command(command)).toMatch(/^\+OK/);
  return (await client.block())!;
}

const octet = fc.oneof({ weight: 6, arbitrary: fc.constantFrom(0x0d, 0x0a, 0x2e, 0x61) }, { weight: 1, arbitrary: fc.nat(255) });
const message = fc.array(octet, { maxLength: 300 }).map((octets) => Buffer.from(octets));

test('RETR gives what is stored, octet for octet, and LIST and STAT count it', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(message, { minLength: 1, maxLength: 5 }), async (stored) => {
      const before = (await world.inbox()).exists;
      await world.deliver('alice', stored);
      const client = await world.signIn();
      const sizes = (await client.lines('LIST')).slice(before).map((line) => Number(line.split(' ')[1]));
      expect(sizes).toEqual(stored.map(({ length }) => length));
      const total = Number((await client.command('STAT')).split(' ')[2]);
      expect(total).toBe((await world.inbox()).totals.bytes);
      for (const [i, octets] of stored.entries()) {
        // The CRLF before the last dot belongs to the message only if it has one there.
        const heard = unstuffed(await retrieved(client, `RETR ${before + i + 1}`));
        const expected = octets.toString('latin1').endsWith('\r\n') ? octets.subarray(0, -2) : octets;
        expect(heard.toString('latin1')).toBe(expected.toString('latin1'));
      }
      client.destroy();
    }),
    { numRuns: 40 },
  );
});

test('a message of megabytes is streamed, its dots doubled across all borders of pieces', async () => {
  const stored = Buffer.from(`Subject: large\r\n\r\n${'.\r\n..\r\n.three and more of it\r\n'.repeat(80_000)}`);
  await world.deliver('alice', [stored]);
  const client = await world.signIn();
  const heard = Buffer.concat([unstuffed(await retrieved(client, 'RETR 1')), Buffer.from('\r\n')]);
  expect(heard.equals(stored)).toBe(true);
});

describe('TOP', () => {
  const header = `Subject: top\r\nX-Long: ${'x'.repeat(70_000)}\r\n\r\n`;
  const body = Array.from({ length: 20_000 }, (_, i) => `line ${i}\r\n`);

  test.each([0, 1, 2, 5_000, 20_000, 30_000])('%d gives the header, its empty line and so many lines', async (lines) => {
    await world.deliver('alice', [header + body.join('')]);
    const client = await world.signIn();
    const heard = `${(await retrieved(client, `TOP 1 ${lines}`)).toString('latin1')}\r\n`;
    expect(heard === header + body.slice(0, lines).join('')).toBe(true);
  });

  test('reads no more of the body than it says', async () => {
    await world.deliver('alice', [`Subject: top\r\n\r\n${'x\r\n'.repeat(1_000_000)}`]);
    const client = await world.signIn();
    const { counts } = await world.node();
    counts.reset();
    await retrieved(client, 'TOP 1 0');
    expect(counts.of('blobs.read')).toEqual({ requests: 1, bytes: 16 });
    await retrieved(client, 'TOP 1 3');
    expect(counts.of('blobs.read').bytes).toBeLessThan(200_000);
  });

  test.each([
    ['no body', 'Subject: x\r\n\r\n', 5, 'Subject: x\r\n'],
    ['no empty line', 'Subject: x\r\n', 5, 'Subject: x'],
    ['no header', '\r\nbody\r\nmore\r\n', 1, '\r\nbody'],
    ['bare LFs', 'Subject: x\n\n.a\nb\n', 1, 'Subject: x\n\n..a\n'],
    ['a last line without end', 'Subject: x\r\n\r\nbody', 3, 'Subject: x\r\n\r\nbody'],
    ['nothing at all', '', 3, ''],
  ])('of a message with %s', async (_what, stored, lines, expected) => {
    await world.deliver('alice', [stored]);
    const client = await world.signIn();
    expect((await retrieved(client, `TOP 1 ${lines}`)).toString('latin1')).toBe(expected);
  });

  test('does not make a message \\Seen; RETR does, and IMAP sees it', async () => {
    await world.deliver('alice', ['one\r\n', 'two\r\n']);
    const client = await world.signIn();
    await retrieved(client, 'TOP 1 10');
    await retrieved(client, 'RETR 2');
    const imap = await world.imap();
    expect(await client.command('QUIT')).toBe('+OK until next time');
    expect(await imap.command('a', 'NOOP')).toEqual(['* 2 FETCH (FLAGS (\\Seen))', 'a OK NOOP completed']);
  });
});

describe('a message', () => {
  test('that was expunged elsewhere since login is served while its body is there', async () => {
    await world.deliver('alice', ['one\r\n', 'two\r\n']);
    const client = await world.signIn();
    const imap = await world.imap();
    await imap.command('a', 'STORE 1 +FLAGS.SILENT (\\Deleted)');
    await imap.command('b', 'EXPUNGE');
    expect((await retrieved(client, 'RETR 1')).toString()).toBe('one');
    expect(await client.command('STAT')).toBe('+OK 2 10');
  });

  test('that was expunged elsewhere, and whose body is gone by now, is -ERR, and no damage', async () => {
    await world.deliver('alice', ['one\r\n', 'two\r\n']);
    const client = await world.signIn();
    await world.loseBody('alice', 1);
    const imap = await world.imap();
    await imap.command('a', 'STORE 1 +FLAGS.SILENT (\\Deleted)');
    await imap.command('b', 'EXPUNGE');
    expect(await client.command('RETR 1')).toBe('-ERR this message was removed by another session');
    expect(await client.command('TOP 1 0')).toBe('-ERR this message was removed by another session');
    expect((await retrieved(client, 'RETR 2')).toString()).toBe('two');
    expect((await world.node()).logged).toEqual([]);
  });

  test('that IMAP marked \\Deleted is listed like any other', async () => {
    await world.deliver('alice', [{ text: 'one\r\n', flags: ['\\Deleted'] }, 'two\r\n']);
    expect(await (await world.signIn()).lines('LIST')).toEqual(['1 5', '2 5']);
  });

  test('whose body is gone is -ERR [SYS/PERM], and an error in the log; the session goes on', async () => {
    await world.deliver('alice', ['one\r\n', 'two\r\n']);
    await world.loseBody('alice', 1);
    const client = await world.signIn();
    expect(await client.command('RETR 1')).toBe('-ERR [SYS/PERM] this message cannot be read any more');
    expect(await client.command('TOP 1 0')).toBe('-ERR [SYS/PERM] this message cannot be read any more');
    expect((await retrieved(client, 'RETR 2')).toString()).toBe('two');
    await client.command('QUIT');
    expect(await world.messages()).toEqual(['1', '2S']);
    const { logged } = await world.node();
    expect(logged.splice(0).map((line) => (JSON.parse(line) as { msg: string }).msg)).toEqual(Array(2).fill('a message cannot be read any more'));
  });

  test('that breaks off after its beginning was said ends the connection without the end, and is not \\Seen', async () => {
    await world.deliver('alice', [`${'x'.repeat(98)}\r\n`.repeat(5_000)]);
    const [key, blob] = [...world.tier.blobs].at(-1)!;
    world.tier.blobs.set(key, { ...blob, bytes: blob.bytes.subarray(0, 300_000) });
    const client = await world.signIn();
    expect(await client.command('RETR 1')).toBe('+OK 500000 octets');
    expect(await client.block()).toBeNull();
    expect((await client.everything()).at(-1)).toContain(CLOSED);
    expect(await world.messages()).toEqual(['1']);
    const { logged } = await world.node();
    expect(logged.splice(0).join('')).toContain('a message cannot be read any more');
  });
});

test('LIST and UIDL of many thousand messages are whole', async () => {
  const count = 20_000;
  await world.deliver('alice', ['Subject: x\r\n\r\n']);
  const imap = await world.imap();
  for (let exists = 1; exists < count; exists *= 2) await imap.command(`c${exists}`, `COPY 1:${Math.min(exists, count - exists)} INBOX`);
  const client = await world.signIn();
  expect(await client.lines('LIST')).toEqual(Array.from({ length: count }, (_, i) => `${i + 1} 14`));
  const names = (await client.lines('UIDL')).map((line) => line.split(' ')[1]);
  expect(new Set(names).size).toBe(count);
});
