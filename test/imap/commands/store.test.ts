// STORE: what is changed, what is told of it, and to whom.
import * as fc from 'fast-check';
import { storeFlags } from '../../../services/core/account/decide/store-flags';
import { expunge } from '../../../services/core/account/decide/expunge';
import { UidSet } from '../../../services/core/account/uid-set';
import { Rig } from '../rig';

const messages = (count: number) => Array.from({ length: count }, (_, i) => ({ text: `Subject: ${i}\n\nx\n` }));

let rig: Rig;
afterEach(() => rig.close());

test.each<[string, readonly string[]]>([
  ['STORE 1:2 +FLAGS (\\Seen)', ['* 1 FETCH (FLAGS (\\Seen))', '* 2 FETCH (FLAGS (\\Seen \\Flagged))', 'OK STORE completed']],
  ['UID STORE 2 -FLAGS (\\Flagged)', ['* 2 FETCH (UID 2 FLAGS ())', 'OK STORE completed']],
  ['STORE 2 FLAGS (\\Draft $Work)', ['* FLAGS (\\Seen \\Answered \\Flagged \\Deleted \\Draft $Work)', '* 2 FETCH (FLAGS (\\Draft $Work))', 'OK STORE completed']],
  ['STORE 2 FLAGS ()', ['* 2 FETCH (FLAGS ())', 'OK STORE completed']],
  ['STORE 1:* +FLAGS.SILENT (\\Seen)', ['OK STORE completed']],
  // What is so already is told all the same, but writes nothing.
  ['STORE 2 +FLAGS (\\Flagged)', ['* 2 FETCH (FLAGS (\\Flagged))', 'OK STORE completed']],
  ['STORE 2 +FLAGS.SILENT (\\Flagged)', ['OK STORE completed']],
  ['UID STORE 9 +FLAGS (\\Seen)', ['OK STORE completed']],
])('%s', async (command, expected) => {
  rig = await Rig.open(messages(3));
  await rig.flagElsewhere([2], '\\Flagged');
  const client = rig.session();
  expect(await client.lines(command)).toEqual(expected);
});

test('a change that alters nothing writes nothing', async () => {
  rig = await Rig.open(messages(2));
  const client = rig.session();
  await client.say('STORE 1:2 +FLAGS (\\Seen)');
  const before = rig.account.position;
  await client.say('STORE 1:2 +FLAGS (\\Seen)');
  await client.say('STORE 1:2 (UNCHANGEDSINCE 1) +FLAGS (\\Seen)');
  expect(rig.account.position).toBe(before);
});

test('a mailbox that is open read-only is not changed', async () => {
  rig = await Rig.open(messages(1));
  expect(await rig.session({ isReadOnly: true }).lines('STORE 1 +FLAGS (\\Seen)')).toEqual(['NO [CANNOT] the mailbox was opened read-only']);
});

describe('.SILENT', () => {
  test("tells another's change of the same message", async () => {
    rig = await Rig.open(messages(2));
    const client = rig.session();
    const inner = rig.account.commit.bind(rig.account);
    // It wins the race: it comes between the client's command and its entry.
    jest.spyOn(rig.account, 'commit').mockImplementationOnce(async (decide) => {
      await rig.flagElsewhere([1], '\\Answered');
      return inner(decide);
    });
    expect(await client.lines('STORE 1:2 +FLAGS.SILENT (\\Seen)')).toEqual(['* 1 FETCH (FLAGS (\\Seen \\Answered))', 'OK STORE completed']);
  });

  test("tells what it made of flags that were told while it ran: whoever believes in a STORE as it is sent would lose it", async () => {
    rig = await Rig.open(messages(2));
    const client = rig.session();
    await rig.flagElsewhere([1], '\\Answered');
    expect(await client.lines('STORE 1:2 +FLAGS.SILENT (\\Seen)')).toEqual(['* 1 FETCH (FLAGS (\\Answered))', '* 1 FETCH (FLAGS (\\Seen \\Answered))', 'OK STORE completed']);
    await rig.flagElsewhere([1], '\\Flagged');
    // What is so already is told by the first line.
    expect(await client.lines('STORE 1 +FLAGS.SILENT (\\Seen)')).toEqual(['* 1 FETCH (FLAGS (\\Seen \\Answered \\Flagged))', 'OK STORE completed']);
  });

  test('under CONDSTORE tells the mod-sequence', async () => {
    rig = await Rig.open(messages(2));
    const client = rig.session({ enabled: ['CONDSTORE'] });
    expect(await client.lines('STORE 1:2 +FLAGS.SILENT (\\Seen)')).toEqual(['* 1 FETCH (UID 1 MODSEQ (3))', '* 2 FETCH (UID 2 MODSEQ (3))', 'OK STORE completed']);
  });
});

describe('UNCHANGEDSINCE', () => {
  beforeEach(async () => {
    rig = await Rig.open(messages(4)); // mod-sequence 2
    await rig.expungeElsewhere([1]); // 3, 4
    await rig.flagElsewhere([3], '\\Flagged'); // 5
  });

  test('switches CONDSTORE on, and tells the mod-sequence even of a silent change', async () => {
    expect(await rig.session().lines('STORE 1 (UNCHANGEDSINCE 2) +FLAGS.SILENT (\\Seen)')).toEqual(
      ['* OK [HIGHESTMODSEQ 5] mod-sequences are on', '* 1 FETCH (UID 2 MODSEQ (6))', 'OK STORE completed'],
    );
  });

  test.each<[string, readonly string[]]>([
    ['STORE 1:3 (UNCHANGEDSINCE 2) +FLAGS (\\Seen)', ['* 1 FETCH (UID 2 FLAGS (\\Seen) MODSEQ (6))', '* 3 FETCH (UID 4 FLAGS (\\Seen) MODSEQ (6))', 'OK [MODIFIED 2] some of the messages have changed since']],
    ['UID STORE 2:4 (UNCHANGEDSINCE 2) +FLAGS.SILENT (\\Seen)', ['* 1 FETCH (UID 2 MODSEQ (6))', '* 3 FETCH (UID 4 MODSEQ (6))', 'OK [MODIFIED 3] some of the messages have changed since']],
    ['STORE 1,1,2,1:2 (UNCHANGEDSINCE 5) +FLAGS.SILENT (\\Seen)', ['* 1 FETCH (UID 2 MODSEQ (6))', '* 2 FETCH (UID 3 MODSEQ (6))', 'OK STORE completed']],
    // RFC 7162 §3.1.12: it is as asked for already.
    ['STORE 2 (UNCHANGEDSINCE 2) +FLAGS.SILENT (\\Flagged)', ['* 2 FETCH (UID 3 MODSEQ (5))', 'OK STORE completed']],
    ['STORE 1:3 (UNCHANGEDSINCE 0) +FLAGS (\\Seen)', ['OK [MODIFIED 1:3] some of the messages have changed since']],
    ['STORE 1 (UNCHANGEDSINCE 9223372036854775807) +FLAGS.SILENT (\\Seen)', ['* 1 FETCH (UID 2 MODSEQ (6))', 'OK STORE completed']],
  ])('%s', async (command, expected) => {
    expect(await rig.session({ enabled: ['CONDSTORE'] }).lines(command)).toEqual(expected);
  });
});

describe('messages that are gone elsewhere', () => {
  test('by number the rest is done, and NO says that some are gone', async () => {
    rig = await Rig.open(messages(3));
    const client = rig.session();
    await rig.expungeElsewhere([2]);
    expect(await client.lines('STORE 1:3 +FLAGS (\\Seen)')).toEqual(
      ['* 1 FETCH (FLAGS (\\Seen))', '* 3 FETCH (FLAGS (\\Seen))', 'NO [EXPUNGEISSUED] some of the messages are no longer there'],
    );
    expect(await client.lines('STORE 1,3 +FLAGS.SILENT (\\Seen)')).toEqual(['OK STORE completed']);
  });

  test('by UID they are passed over, and told', async () => {
    rig = await Rig.open(messages(3));
    const client = rig.session();
    await rig.expungeElsewhere([2]);
    expect(await client.lines('UID STORE 2:3 +FLAGS (\\Seen)')).toEqual(['* 2 EXPUNGE', '* 2 FETCH (UID 3 FLAGS (\\Seen))', 'OK STORE completed']);
  });

  test('those that go while the command runs count as gone', async () => {
    rig = await Rig.open(messages(3));
    const client = rig.session();
    const inner = rig.account.commit.bind(rig.account);
    jest.spyOn(rig.account, 'commit').mockImplementationOnce(async (decide) => {
      await inner(storeFlags(rig.account.state.mailboxes[1]!.id, UidSet.of([1]), { mode: 'add', flags: ['\\Deleted'] }));
      await inner(expunge(rig.account.state.mailboxes[1]!.id));
      return inner(decide);
    });
    expect(await client.lines('STORE 1:2 +FLAGS.SILENT (\\Seen)')).toEqual(['NO [EXPUNGEISSUED] some of the messages are no longer there']);
  });
});

test('a HIGHESTMODSEQ or MODSEQ that covers an expunge held back is never the last word', async () => {
  rig = await Rig.open(messages(3));
  const client = rig.session({ enabled: ['CONDSTORE', 'QRESYNC'] });
  await rig.expungeElsewhere([2]); // 3, 4
  const held = '* OK [HIGHESTMODSEQ 3] expunges are held back';
  expect(await client.lines('FETCH 1 UID')).toEqual([held, '* 1 FETCH (UID 1)', 'OK FETCH completed']);
  expect(await client.lines('STORE 1 +FLAGS.SILENT (\\Seen)')).toEqual(['* 1 FETCH (UID 1 MODSEQ (5))', held, 'OK STORE completed']);
  await rig.flagElsewhere([3], '\\Answered');
  expect(await client.lines('FETCH 1 UID')).toEqual(['* 3 FETCH (UID 3 FLAGS (\\Answered) MODSEQ (6))', held, '* 1 FETCH (UID 1)', 'OK FETCH completed']);
  // Nothing has happened since, but the answer itself says what lies behind the expunge.
  expect(await client.lines('FETCH 3 MODSEQ')).toEqual(['* 3 FETCH (MODSEQ (6))', held, 'OK FETCH completed']);
  expect(await client.lines('UID FETCH 3 MODSEQ')).toEqual(['* 3 FETCH (UID 3 MODSEQ (6))', '* VANISHED 2', 'OK FETCH completed']);
  expect(await client.lines('FETCH 2 MODSEQ')).toEqual(['* 2 FETCH (MODSEQ (6))', 'OK FETCH completed']);
});

test('what another does to thousands of messages is told in batches', async () => {
  rig = await Rig.open(messages(300));
  for (let doubled = 300; doubled < 10_000; doubled *= 2) await rig.session().say('COPY 1:* INBOX');
  const [other, client] = [rig.session(), rig.session()];
  await other.say('STORE 1:* +FLAGS.SILENT (\\Seen)');
  const sizes: number[] = [];
  const said = await client.say('NOOP', async (bytes) => void sizes.push(bytes.length));
  expect(said.match(/^\* \d+ FETCH \(FLAGS \(\\Seen\)\)\r$/gm)!).toHaveLength(client.session.selected.view.exists);
  expect(Math.max(...sizes)).toBeLessThan(64 * 1024);
});

test('whatever two clients do, each ends up knowing what is there', async () => {
  const command = fc.record({
    who: fc.nat(1),
    verb: fc.constantFrom('+FLAGS', '-FLAGS', 'FLAGS', '+FLAGS.SILENT', '-FLAGS.SILENT', 'FLAGS.SILENT'),
    flag: fc.constantFrom('\\Seen', '\\Flagged', '$Work'),
    byUid: fc.boolean(),
    set: fc.constantFrom('1', '2', '3', '1:2', '2:*', '1:*'),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(command, { maxLength: 12 }), async (commands) => {
      const world = await Rig.open(messages(3));
      try {
        const clients = [world.session(), world.session()];
        const known = clients.map(() => new Map<number, string>([1, 2, 3].map((number) => [number, ''])));
        const learn = (who: number, lines: readonly string[]): void => {
          for (const line of lines) {
            const told = /^\* (\d+) FETCH \((?:UID \d+ )?FLAGS \(([^)]*)\)\)$/.exec(line);
            if (told) known[who]!.set(Number(told[1]), told[2]!.split(' ').sort().join(' '));
          }
        };
        for (const { who, verb, flag, byUid, set } of commands) {
          learn(who, await clients[who]!.lines(`${byUid ? 'UID ' : ''}STORE ${set} ${verb} (${flag})`));
          if (!verb.endsWith('.SILENT')) continue;
          // The client knows what it did: its own view of it is what it had, with the change on top.
          const [first, last = first] = set.replace('*', '3').split(':').map(Number);
          const isMeant = (number: number): boolean => first! <= number && number <= last!;
          for (const [number, flags] of known[who]!) {
            if (!isMeant(number)) continue;
            const names = new Set(flags === '' ? [] : flags.split(' '));
            if (verb.startsWith('FLAGS')) names.clear();
            if (verb.startsWith('-')) names.delete(flag);
            else names.add(flag);
            known[who]!.set(number, [...names].sort().join(' '));
          }
        }
        for (const [who, client] of clients.entries()) {
          learn(who, await client.lines('NOOP'));
          const before = [...known[who]!];
          learn(who, await client.lines('FETCH 1:* FLAGS'));
          expect(before).toEqual([...known[who]!]);
        }
      } finally {
        world.close();
      }
    }),
    { numRuns: 60 },
  );
  rig = await Rig.open();
});
