// FETCH beside its sections: flags and their change, ghosts, what cannot be read, and what it costs.
import { setImmediate as nextTurn } from 'node:timers';
import { findMailbox } from '../../../services/core/account/account-state';
import { Disconnected, Unavailable } from '../../../services/core/runtime/errors';
import { OtherWork } from '../other-work';
import { Rig, type Message } from '../rig';

const message = (subject: string, body = 'hello\n'): Message => ({ text: `Subject: ${subject}\nX-Other: x\n\n${body}` });
const three = ['one', 'two', 'three'].map((subject) => message(subject));

let rig: Rig;
afterEach(() => rig.close());

/** Gets one line for each read of the blob store. */
function readsOf(): string[] {
  const reads: string[] = [];
  rig.readThrough((inner, key, range) => {
    reads.push(`${range?.startByte}-${range?.endByte}`);
    return inner(key, range);
  });
  return reads;
}

describe('flags', () => {
  test('a body that is read sets \\Seen, in one change for the whole command, and the client is told', async () => {
    rig = await Rig.open([...three, { ...message('seen'), flags: ['\\Seen'] }]);
    const client = rig.session();
    const before = rig.account.position;
    const lines = await client.lines('FETCH 1,3:4 BODY[TEXT]');
    expect(lines.slice(-3)).toEqual(['* 1 FETCH (FLAGS (\\Seen))', '* 3 FETCH (FLAGS (\\Seen))', 'OK FETCH completed']);
    expect(rig.account.position).toBe(before + 1);
    await client.lines('FETCH 1,3:4 BODY[TEXT]');
    expect(rig.account.position).toBe(before + 1);
  });

  test.each(['RFC822', 'RFC822.TEXT', 'BODY[]', 'BODY[]<0.1>', '(BODY.PEEK[HEADER] BODY[TEXT])'])('%s sets \\Seen', async (items) => {
    rig = await Rig.open(three);
    expect((await rig.session().lines(`UID FETCH 2 ${items}`)).slice(-2)).toEqual(['* 2 FETCH (UID 2 FLAGS (\\Seen))', 'OK FETCH completed']);
  });

  test.each(['RFC822.HEADER', 'BODY.PEEK[]', 'BODY', 'FULL', '(FLAGS UID)'])('%s does not', async (items) => {
    rig = await Rig.open(three);
    const before = rig.account.position;
    await rig.session().say(`FETCH 2 ${items}`);
    expect(rig.account.position).toBe(before);
  });

  test('nor does anything in a mailbox that is open read-only', async () => {
    rig = await Rig.open(three);
    const before = rig.account.position;
    expect((await rig.session({ isReadOnly: true }).lines('FETCH 2 BODY[TEXT]'))).toEqual(['* 2 FETCH (BODY[TEXT] {7}', 'hello', ')', 'OK FETCH completed']);
    expect(rig.account.position).toBe(before);
  });

  test('without the log the body is served and the command is OK; the flag stays as it was', async () => {
    rig = await Rig.open(three);
    jest.spyOn(rig.account, 'commit').mockRejectedValue(new Unavailable('away'));
    expect(await rig.session().lines('FETCH 2 BODY[TEXT]')).toEqual(['* 2 FETCH (BODY[TEXT] {7}', 'hello', ')', 'OK FETCH completed']);
    expect(rig.logged).toEqual([{ level: 'warn', message: 'messages were read but could not be marked so' }]);
  });

  test('\\Recent is told to whom it belongs', async () => {
    rig = await Rig.open(three);
    const client = rig.session();
    client.session.selected.recent.push([2, 2]);
    expect(await client.lines('FETCH 1:2 FLAGS')).toEqual(['* 1 FETCH (FLAGS ())', '* 2 FETCH (FLAGS (\\Recent))', 'OK FETCH completed']);
  });
});

const utf8 = (body: string): Message => ({ text: `Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n${body}\n` });
const previewOf = (said: string): string => Buffer.from(/PREVIEW (?:\{\d+\}\r\n|")(.*)\)\r\n/.exec(said)![1]!, 'latin1').toString();

describe('PREVIEW (RFC 8970)', () => {
  test('is UTF-8, as a literal of that many octets', async () => {
    rig = await Rig.open([utf8('Grüße aus Köln')]);
    expect(await rig.session().lines('FETCH 1 PREVIEW')).toEqual(['* 1 FETCH (PREVIEW {17}', `${Buffer.from('Grüße aus Köln').toString('latin1')})`, 'OK FETCH completed']);
  });

  test.each([['ü', 300], ['日本', 150], ['👍', 250], ['👍', 199]])('of %s, %i times, has no more than 200 characters, all of them whole', async (character, count) => {
    rig = await Rig.open([utf8(character.repeat(count))]);
    const preview = previewOf(await rig.session().say('FETCH 1 PREVIEW'));
    expect(preview).toBe(Array.from(character.repeat(count)).slice(0, 200).join(''));
  });

  test('reads nothing, sets nothing, and may be asked of a ghost', async () => {
    rig = await Rig.open([message('s')]);
    const reads = readsOf();
    const client = rig.session();
    await rig.expungeElsewhere([1]);
    const { position } = rig.account;
    expect(await client.lines('FETCH 1 (PREVIEW (LAZY) EMAILID THREADID)')).toEqual([expect.stringMatching(/^\* 1 FETCH \(PREVIEW "hello" EMAILID \(M[0-9a-f]{32}\) THREADID \(T[0-9a-f]{32}\)\)$/), 'OK FETCH completed']);
    expect([reads, rig.account.position]).toEqual([[], position]);
  });

  test('that cannot be made of a damaged summary is no NIL: the rest is told, and NO', async () => {
    rig = await Rig.open([message('s')]);
    const client = rig.session();
    const { chunks } = findMailbox(rig.account.state, 'INBOX')!.mailbox;
    jest.spyOn(client.session.selected.view, 'at').mockReturnValue({ row: { ...chunks[0]!.row(0), summary: Uint8Array.of(9) }, isGhost: false });
    const lines = await client.lines('FETCH 1 (UID PREVIEW (LAZY) SAVEDATE)');
    expect(lines).toEqual([expect.stringMatching(/^\* 1 FETCH \(UID 1 SAVEDATE "[^"]+"\)$/), 'NO [SERVERBUG] some of the messages cannot be read any more']);
  });
});

test('what the row and its summary hold is told without a read', async () => {
  rig = await Rig.open([{ text: 'From: a <a@b.example>\nSubject: s\n\nhi\n', internalDateMs: Date.UTC(2020, 1, 3, 4, 5, 6) }]);
  const reads = readsOf();
  const client = rig.session();
  expect(await client.lines('FETCH 1 FULL')).toEqual([
    '* 1 FETCH (FLAGS () INTERNALDATE " 3-Feb-2020 04:05:06 +0000" RFC822.SIZE 41 '
    + 'ENVELOPE (NIL "s" (("a" NIL "a" "b.example")) (("a" NIL "a" "b.example")) (("a" NIL "a" "b.example")) NIL NIL NIL NIL NIL) '
    + 'BODY ("text" "plain" ("charset" "us-ascii") NIL NIL "7bit" 4 1))',
    'OK FETCH completed',
  ]);
  await client.say('FETCH 1 (BODYSTRUCTURE BODY.PEEK[HEADER.FIELDS (Subject From Date)])');
  expect(reads).toEqual([]);
});

test('one header is read once, however many items want it', async () => {
  rig = await Rig.open(three);
  const reads = readsOf();
  await rig.session().say('FETCH 1 (BODY.PEEK[HEADER] BODY.PEEK[HEADER.FIELDS (X-Other)] BODY.PEEK[HEADER.FIELDS.NOT (X-Other)])');
  expect(reads).toHaveLength(1);
});

test('a part costs one read of its own octets', async () => {
  rig = await Rig.open([message('s', 'x'.repeat(300_000))]);
  const reads = readsOf();
  await rig.session().say('FETCH 1 BODY.PEEK[TEXT]<100.50>');
  expect(reads).toEqual(['126-176']);
});

test('an empty mailbox has nothing to fetch, which is OK', async () => {
  rig = await Rig.open();
  expect(await rig.session().lines('FETCH 1:* FLAGS')).toEqual(['OK FETCH completed']);
  expect(await rig.session().lines('UID FETCH 1:* BODY[]')).toEqual(['OK FETCH completed']);
});

describe('messages that are gone elsewhere', () => {
  test('are served by number from what they were, and told by the UID form', async () => {
    rig = await Rig.open(three);
    const client = rig.session();
    await rig.expungeElsewhere([2]);
    expect(await client.lines('FETCH 2:3 (UID BODY.PEEK[TEXT])')).toEqual(
      ['* 2 FETCH (UID 2 BODY[TEXT] {7}', 'hello', ')', '* 3 FETCH (UID 3 BODY[TEXT] {7}', 'hello', ')', 'OK FETCH completed'],
    );
    expect(await client.lines('UID FETCH 1:* FLAGS')).toEqual(
      ['* 1 FETCH (UID 1 FLAGS ())', '* 2 FETCH (UID 2 FLAGS ())', '* 3 FETCH (UID 3 FLAGS ())', '* 2 EXPUNGE', 'OK FETCH completed'],
    );
    expect(await client.lines('UID FETCH 2 FLAGS')).toEqual(['OK FETCH completed']);
  });

  test('a ghost that is read is not marked \\Seen', async () => {
    rig = await Rig.open(three);
    const client = rig.session();
    await rig.expungeElsewhere([2]);
    expect((await client.lines('FETCH 2 BODY[TEXT]')).at(-1)).toBe('OK FETCH completed');
    expect(rig.account.state.mailboxes[1]!.highestModSeq).toBe(4);
  });
});

describe('CONDSTORE and QRESYNC', () => {
  test('MODSEQ switches CONDSTORE on, and the first word is HIGHESTMODSEQ', async () => {
    rig = await Rig.open(three);
    const client = rig.session();
    expect(await client.lines('FETCH 1 MODSEQ')).toEqual(['* OK [HIGHESTMODSEQ 2] mod-sequences are on', '* 1 FETCH (MODSEQ (2))', 'OK FETCH completed']);
    expect(await client.lines('FETCH 1 MODSEQ')).toEqual(['* 1 FETCH (MODSEQ (2))', 'OK FETCH completed']);
  });

  test('that HIGHESTMODSEQ covers no expunge that the client does not know', async () => {
    rig = await Rig.open(three);
    const client = rig.session();
    await rig.expungeElsewhere([2]);
    expect((await client.lines('FETCH 1 (UID MODSEQ)'))[0]).toBe('* OK [HIGHESTMODSEQ 3] mod-sequences are on');
  });

  test('CHANGEDSINCE answers with what changed, and its MODSEQ', async () => {
    rig = await Rig.open(three);
    const client = rig.session({ enabled: ['CONDSTORE'] });
    await client.say('STORE 2 +FLAGS (\\Flagged)');
    expect(await client.lines('FETCH 1:* (FLAGS) (CHANGEDSINCE 2)')).toEqual(['* 2 FETCH (MODSEQ (3) FLAGS (\\Flagged))', 'OK FETCH completed']);
    expect(await client.lines('FETCH 1:* (FLAGS) (CHANGEDSINCE 3)')).toEqual(['OK FETCH completed']);
    expect(await client.lines('FETCH 1:* (UID) (CHANGEDSINCE 0)')).toHaveLength(4);
  });

  test('VANISHED needs ENABLE QRESYNC', async () => {
    rig = await Rig.open(three);
    expect(await rig.session({ enabled: ['CONDSTORE'] }).lines('UID FETCH 1:* FLAGS (CHANGEDSINCE 1 VANISHED)')).toEqual(['BAD VANISHED needs ENABLE QRESYNC']);
  });

  test('VANISHED (EARLIER) comes first and names what is gone of the set, also above the last that is left', async () => {
    rig = await Rig.open([...three, ...three]);
    await rig.expungeElsewhere([2]);
    await rig.expungeElsewhere([5, 6]);
    const client = rig.session({ enabled: ['CONDSTORE', 'QRESYNC'] });
    expect(await client.lines('UID FETCH 1:* (FLAGS) (CHANGEDSINCE 1 VANISHED)')).toEqual(
      ['* VANISHED (EARLIER) 2,5:6', ...[1, 2, 3].map((number, i) => `* ${number} FETCH (UID ${[1, 3, 4][i]} MODSEQ (2) FLAGS ())`), 'OK FETCH completed'],
    );
    expect((await client.lines('UID FETCH 3:5 (FLAGS) (CHANGEDSINCE 4 VANISHED)'))).toEqual(['* VANISHED (EARLIER) 5', 'OK FETCH completed']);
  });

  test('what the client still counts is told by VANISHED without EARLIER', async () => {
    rig = await Rig.open(three);
    const client = rig.session({ enabled: ['CONDSTORE', 'QRESYNC'] });
    await rig.expungeElsewhere([2]);
    expect(await client.lines('UID FETCH 1:* (FLAGS) (CHANGEDSINCE 2 VANISHED)')).toEqual(['* OK [HIGHESTMODSEQ 3] expunges are held back', '* VANISHED 2', 'OK FETCH completed']);
  });
});

describe('what cannot be read', () => {
  test('a message whose blob is missing is told of, the others are served, and the reply is NO', async () => {
    rig = await Rig.open(three);
    rig.tier.blobs.delete(rig.keyOf(2));
    const client = rig.session();
    const lines = await client.lines('FETCH 1:* BODY[TEXT]');
    expect(lines).toEqual([
      '* 1 FETCH (BODY[TEXT] {7}', 'hello', ')', '* 2 FETCH (UID 2)', '* 3 FETCH (BODY[TEXT] {7}', 'hello', ')',
      '* 1 FETCH (FLAGS (\\Seen))', '* 3 FETCH (FLAGS (\\Seen))', 'NO [SERVERBUG] some of the messages cannot be read any more',
    ]);
    expect(rig.logged).toEqual([{ level: 'error', message: 'a message cannot be read any more' }]);
    expect(await client.lines('FETCH 2 (FLAGS BODY.PEEK[TEXT] RFC822.SIZE)')).toContain('* 2 FETCH (FLAGS () RFC822.SIZE 35)');
  });

  test('a blob that is too short is as bad as none', async () => {
    rig = await Rig.open(three);
    const key = rig.keyOf(2);
    rig.tier.blobs.set(key, { ...rig.tier.blobs.get(key)!, bytes: new Uint8Array(3) });
    expect((await rig.session().lines('FETCH 2 BODY[]')).slice(-2)).toEqual(['* 2 FETCH (UID 2)', 'NO [SERVERBUG] some of the messages cannot be read any more']);
  });

  test('a literal that breaks off ends the connection: nothing else may follow its head', async () => {
    rig = await Rig.open([message('large', 'x'.repeat(500_000))]);
    const key = rig.keyOf(1);
    const stored = rig.tier.blobs.get(key)!;
    rig.tier.blobs.set(key, { ...stored, bytes: stored.bytes.slice(0, 300_000) });
    await expect(rig.session().say('FETCH 1 BODY[]')).rejects.toThrow(Disconnected);
    expect(rig.logged.map(({ level }) => level)).toEqual(['error']);
  });

  test('a store that is away is not asked for each of many messages', async () => {
    rig = await Rig.open(Array.from({ length: 60 }, () => message('s')));
    const reads: string[] = [];
    // eslint-disable-next-line require-yield
    rig.readThrough(async function* (_inner, key) {
      reads.push(key);
      throw new Error('socket hang up');
    });
    const lines = await rig.session().lines('FETCH 1:* BODY.PEEK[]');
    expect(lines.at(-1)).toBe('NO [UNAVAILABLE] some of the messages could not be read now');
    expect(reads.length).toBeLessThan(20);
  });
});

describe('what it costs', () => {
  test('lines go out in batches, and others get their turn', async () => {
    rig = await Rig.open(Array.from({ length: 300 }, () => message('s')));
    for (let doubled = 300; doubled < 20_000; doubled *= 2) await rig.session().say('COPY 1:* INBOX');
    const client = rig.session();
    const sizes: number[] = [];
    const others = new OtherWork();
    const said = await client.say('FETCH 1:* (UID FLAGS)', async (bytes) => void sizes.push(bytes.length));
    const turns = others.end();
    expect(said.match(/^\* \d+ FETCH \(UID \d+ FLAGS \(\)\)\r$/gm)!).toHaveLength(client.session.selected.view.exists);
    expect(Math.max(...sizes)).toBeLessThan(64 * 1024);
    expect(sizes.length).toBeLessThan(said.length / 16_000);
    expect(turns).toBeGreaterThan(3);
  });

  test('a client that reads slowly slows the reading of the store', async () => {
    rig = await Rig.open([message('large', 'x'.repeat(3_000_000))]);
    let pulled = 0;
    rig.readThrough(async function* (inner, key, range) {
      for await (const piece of inner(key, range)) {
        pulled += piece.length;
        yield piece;
      }
    });
    let written = 0;
    let aheadMax = 0;
    await rig.session({ isReadOnly: true }).say('FETCH 1 BODY[]', async (bytes) => {
      aheadMax = Math.max(aheadMax, pulled - written);
      await new Promise((resolve) => nextTurn(resolve));
      written += bytes.length;
    });
    expect(written).toBeGreaterThan(3_000_000);
    expect(aheadMax).toBeLessThan(3 * 65_536);
  });

  test('when the client leaves, what was open is closed', async () => {
    rig = await Rig.open([message('large', 'x'.repeat(3_000_000))]);
    let open = 0;
    rig.readThrough(async function* (inner, key, range) {
      open += 1;
      try {
        yield* inner(key, range);
      } finally {
        open -= 1;
      }
    });
    let writes = 0;
    const leave = async (): Promise<void> => {
      writes += 1;
      if (writes === 5) throw new Disconnected('gone');
    };
    await expect(rig.session().say('FETCH 1 BODY[]', leave)).rejects.toThrow(Disconnected);
    expect(open).toBe(0);
  });
});
