// SEARCH beside its keys: what is answered, what is read for it, ghosts.
import { systemClock } from '../../../services/core/runtime/clock';
import { OtherWork } from '../other-work';
import { Rig, type Message } from '../rig';

const message = (subject: string, body = 'hello', fields = ''): Message => ({ text: `Subject: ${subject}\n${fields}\n${body}\n` });

let rig: Rig;
afterEach(() => rig.close());

/** How many octets each command reads from the blob store. */
function countBytes(): { readBytes: number; reads: number } {
  const count = { readBytes: 0, reads: 0 };
  rig.readThrough(async function* (inner, key, range) {
    count.reads += 1;
    for await (const piece of inner(key, range)) {
      count.readBytes += piece.length;
      yield piece;
    }
  });
  return count;
}

describe('answers', () => {
  beforeEach(async () => {
    rig = await Rig.open(['a', 'b', 'a', 'b', 'a'].map((subject) => message(subject)));
    await rig.expungeElsewhere([1]);
    // Mod-sequences: 2 when they came, 5, 6, 7 for those with a flag.
    const client = rig.session();
    for (const uid of [4, 2, 5]) await client.say(`UID STORE ${uid} +FLAGS (\\Flagged)`);
  });

  test.each<[string, string]>([
    ['SEARCH ALL', '* SEARCH 1 2 3 4'],
    ['UID SEARCH ALL', '* SEARCH 2 3 4 5'],
    ['UID SEARCH 1:2', '* SEARCH 2 3'],
    ['SEARCH UID 1:2', '* SEARCH 1'],
    ['UID SEARCH *', '* SEARCH 5'],
    ['UID SEARCH UID 9:*', '* SEARCH 5'],
    ['SEARCH SUBJECT none', '* SEARCH'],
    ['SEARCH 1:2 SUBJECT a', '* SEARCH 2'],
    ['SEARCH MODSEQ 5', '* SEARCH 1 3 4 (MODSEQ 7)'],
    ['SEARCH MODSEQ "/flags/\\\\draft" all 5', '* SEARCH 1 3 4 (MODSEQ 7)'],
    ['SEARCH MODSEQ 9000', '* SEARCH'],
    ['SEARCH NOT MODSEQ 6', '* SEARCH 2 3 (MODSEQ 5)'],
    ['SEARCH RETURN () SUBJECT a', '* ESEARCH (TAG "t1") ALL 2,4'],
    ['SEARCH RETURN (ALL) ALL', '* ESEARCH (TAG "t1") ALL 1:4'],
    ['UID SEARCH RETURN (MIN MAX COUNT ALL) ALL', '* ESEARCH (TAG "t1") UID MIN 2 MAX 5 COUNT 4 ALL 2:5'],
    ['UID SEARCH RETURN (MIN) SUBJECT a', '* ESEARCH (TAG "t1") UID MIN 3'],
    ['SEARCH RETURN (COUNT) SUBJECT none', '* ESEARCH (TAG "t1") COUNT 0'],
    ['SEARCH RETURN (MIN MAX ALL) SUBJECT none', '* ESEARCH (TAG "t1")'],
    // RFC 4731 §3.2: the mod-sequence of what the answer names.
    ['SEARCH RETURN (MIN) MODSEQ 5', '* ESEARCH (TAG "t1") MIN 1 MODSEQ 6'],
    ['SEARCH RETURN (MAX) MODSEQ 5 NOT 4', '* ESEARCH (TAG "t1") MAX 3 MODSEQ 5'],
    ['SEARCH RETURN (MIN MAX) MODSEQ 5 NOT 4', '* ESEARCH (TAG "t1") MIN 1 MAX 3 MODSEQ 6'],
    ['SEARCH RETURN (MAX COUNT) MODSEQ 5 NOT 4', '* ESEARCH (TAG "t1") MAX 3 COUNT 2 MODSEQ 6'],
    ['SEARCH RETURN (COUNT) MODSEQ 9000', '* ESEARCH (TAG "t1") COUNT 0'],
  ])('%s', async (command, expected) => {
    const lines = await rig.session({ enabled: ['CONDSTORE'] }).lines(command);
    expect(lines).toEqual([expected, 'OK SEARCH completed']);
  });

  test('MODSEQ switches CONDSTORE on', async () => {
    expect(await rig.session().lines('SEARCH MODSEQ 9000')).toEqual(['* OK [HIGHESTMODSEQ 7] mod-sequences are on', '* SEARCH', 'OK SEARCH completed']);
  });
});

test('an empty mailbox is searched and nothing is found', async () => {
  rig = await Rig.open();
  expect(await rig.session().lines('SEARCH 1:* TEXT x')).toEqual(['* SEARCH', 'OK SEARCH completed']);
  expect(await rig.session().lines('UID SEARCH RETURN (COUNT) ALL')).toEqual(['* ESEARCH (TAG "t1") UID COUNT 0', 'OK SEARCH completed']);
});

test('\\Recent decides NEW, OLD and RECENT', async () => {
  rig = await Rig.open([message('a'), { ...message('b'), flags: ['\\Seen'] }, message('c')]);
  const client = rig.session();
  client.session.selected.recent.push([2, 3]);
  expect((await client.lines('SEARCH RECENT'))[0]).toBe('* SEARCH 2 3');
  expect((await client.lines('SEARCH OLD'))[0]).toBe('* SEARCH 1');
  expect((await client.lines('SEARCH NEW'))[0]).toBe('* SEARCH 3');
});

test('OLDER and YOUNGER count from now', async () => {
  const nowMs = Date.now();
  rig = await Rig.open([{ ...message('old'), internalDateMs: nowMs - 7_200_000 }, { ...message('young'), internalDateMs: nowMs - 60_000 }]);
  const client = rig.session();
  expect((await client.lines('SEARCH OLDER 3600'))[0]).toBe('* SEARCH 1');
  expect((await client.lines('SEARCH YOUNGER 3600'))[0]).toBe('* SEARCH 2');
});

test('OLDER and YOUNGER are exact to the second, whatever is behind it (RFC 5032 §2)', async () => {
  const nowMs = Date.UTC(2020, 0, 1, 12, 0, 0) + 400;
  const clock = { ...systemClock, nowMs: () => nowMs };
  rig = await Rig.open([-11_000, -10_000, -9_500, -9_000].map((ms) => ({ ...message(`${ms}`), internalDateMs: nowMs + ms })), clock);
  const client = rig.session();
  // In whole seconds: 11, 10, 10 (at …50.900) and 9 ago.
  expect((await client.lines('SEARCH OLDER 10'))[0]).toBe('* SEARCH 1 2 3');
  expect((await client.lines('SEARCH YOUNGER 10'))[0]).toBe('* SEARCH 2 3 4');
  expect((await client.lines('SEARCH OLDER 10 YOUNGER 10'))[0]).toBe('* SEARCH 2 3');
});

test('SAVEDATE is searched by the day that FETCH shows, and COPY and MOVE set it anew (RFC 8514 §3)', async () => {
  let nowMs = Date.UTC(2020, 1, 28, 23, 59, 59);
  const clock = { ...systemClock, nowMs: () => nowMs };
  rig = await Rig.open([message('a'), message('b')], clock);
  const client = rig.session();
  expect(await client.lines('FETCH 1 SAVEDATE')).toEqual(['* 1 FETCH (SAVEDATE "28-Feb-2020 23:59:59 +0000")', 'OK FETCH completed']);
  nowMs += 1_000;
  await client.say('COPY 1 INBOX');
  expect((await client.lines('FETCH 1:3 SAVEDATE')).slice(0, 3).map((line) => /"(.*?) /.exec(line)![1])).toEqual(['28-Feb-2020', '28-Feb-2020', '29-Feb-2020']);
  expect((await client.lines('SEARCH SAVEDON 28-Feb-2020'))[0]).toBe('* SEARCH 1 2');
  expect((await client.lines('SEARCH SAVEDSINCE 29-Feb-2020'))[0]).toBe('* SEARCH 3');
  expect((await client.lines('SEARCH SAVEDBEFORE 29-Feb-2020'))[0]).toBe('* SEARCH 1 2');
  expect((await client.lines('SEARCH SAVEDATESUPPORTED NOT SAVEDON 29-Feb-2020'))[0]).toBe('* SEARCH 1 2');
});

test('ids are searched without a read', async () => {
  rig = await Rig.open([message('a'), message('b')]);
  const count = countBytes();
  const client = rig.session();
  const [, emailId] = /EMAILID \((\w+)\)/.exec(await client.say('FETCH 2 EMAILID'))!;
  expect((await client.lines(`SEARCH EMAILID ${emailId}`))[0]).toBe('* SEARCH 2');
  expect((await client.lines(`SEARCH EMAILID ${emailId!.toUpperCase()}`))[0]).toBe('* SEARCH');
  expect(count.reads).toBe(0);
});

describe('what is read', () => {
  test.each<[string, number]>([
    ['SEARCH UNSEEN LARGER 10', 0],
    ['SEARCH SUBJECT a FROM nobody SENTBEFORE 1-Jan-2020', 0],
    ['SEARCH HEADER X-Tag none', 3],
    ['SEARCH SUBJECT a HEADER X-Tag none', 2],
    ['SEARCH FLAGGED BODY hello', 0],
    ['SEARCH BODY hello SUBJECT b', 1],
    ['SEARCH OR ALL TEXT hello', 0],
    ['SEARCH OR SUBJECT a TEXT hello', 1],
    ['SEARCH NOT (SEEN BODY x)', 0],
    ['SEARCH 2 BODY hello', 1],
    ['SEARCH BODY ""', 0],
  ])('%s: %i reads', async (command, reads) => {
    rig = await Rig.open([message('a'), message('b'), message('a')]);
    const count = countBytes();
    await rig.session().say(command);
    expect(count.reads).toBe(reads);
  });

  test('attachments are not', async () => {
    const attachment = `--b\nContent-Type: application/pdf\nContent-Transfer-Encoding: base64\n\n${'QUJD\n'.repeat(200_000)}`;
    rig = await Rig.open([message('s', `--b\n\nfindme\n${attachment}--b\n\nlast words\n--b--`, 'Content-Type: multipart/mixed; boundary=b\n')]);
    const count = countBytes();
    const client = rig.session();
    expect((await client.lines('SEARCH BODY "last words" TEXT findme TEXT application/pdf'))[0]).toBe('* SEARCH 1');
    expect((await client.lines('SEARCH BODY QUJD'))[0]).toBe('* SEARCH');
    expect(count.readBytes).toBeLessThan(20_000);
  });

  test('of a header that does not end only what counts as header anywhere', async () => {
    rig = await Rig.open([message('s', 'body', `X-First: findme\n${`a: ${'x'.repeat(200)}\n`.repeat(8_000)}X-Last: hidden\n`)]);
    const count = countBytes();
    const client = rig.session();
    expect((await client.lines('SEARCH TEXT findme HEADER X-First findme'))[0]).toBe('* SEARCH 1');
    expect((await client.lines('SEARCH OR TEXT hidden HEADER X-Last hidden'))[0]).toBe('* SEARCH');
    expect((await client.lines('SEARCH BODY body'))[0]).toBe('* SEARCH 1');
    expect(count.readBytes).toBeLessThan(6 * 1024 * 1024);
  });

  test('the header, for fields that are too long for the summary', async () => {
    const to = Array.from({ length: 1000 }, (_, i) => `user${i}@example.com`).join(',\n ');
    rig = await Rig.open([message('s', 'b', `To: ${to}\n`)]);
    expect((await rig.session().lines('SEARCH TO user999@'))[0]).toBe('* SEARCH 1');
  });
});

test('others get their turn while many strings are looked for in a large message', async () => {
  rig = await Rig.open([message('s', 'lorem ipsum dolor\n'.repeat(100_000))]);
  const others = new OtherWork();
  const keys = Array.from({ length: 40 }, (_, i) => `BODY none${i}`).reduce((all, key) => `OR ${key} ${all}`);
  const lines = await rig.session().lines(`SEARCH ${keys}`);
  expect(others.end()).toBeGreaterThan(5);
  expect(lines[0]).toBe('* SEARCH');
});

describe('messages that are gone, and such that cannot be read', () => {
  test('a ghost is found by number as it was, and by UID too; only the pure UID form tells it', async () => {
    rig = await Rig.open([message('a'), message('b'), message('c')]);
    const client = rig.session();
    await rig.expungeElsewhere([2]);
    expect(await client.lines('SEARCH SUBJECT b UNDELETED')).toEqual(['* SEARCH 2', 'OK SEARCH completed']);
    expect(await client.lines('UID SEARCH 2:3')).toEqual(['* SEARCH 2 3', 'OK SEARCH completed']);
    expect(await client.lines('UID SEARCH NOT (SEEN OR 1 DELETED)')).toEqual(['* SEARCH 1 2 3', 'OK SEARCH completed']);
    expect(await client.lines('UID SEARCH BODY hello')).toEqual(['* SEARCH 1 2 3', '* 2 EXPUNGE', 'OK SEARCH completed']);
  });

  test('a ghost whose blob is gone is passed over', async () => {
    rig = await Rig.open([message('a'), message('b')]);
    const client = rig.session();
    const key = rig.keyOf(2);
    await rig.expungeElsewhere([2]);
    rig.tier.blobs.delete(key);
    expect(await client.lines('SEARCH BODY hello')).toEqual(['* SEARCH 1', 'OK SEARCH completed']);
    expect(rig.logged).toEqual([{ level: 'warn', message: 'a message that was expunged cannot be searched any more' }]);
  });

  test('any other is a damage that the client is warned of', async () => {
    rig = await Rig.open([message('a'), message('b')]);
    rig.tier.blobs.delete(rig.keyOf(2));
    const client = rig.session();
    const warning = '* NO [SERVERBUG] 1 messages cannot be read and were not searched';
    expect(await client.lines('SEARCH BODY hello')).toEqual(['* SEARCH 1', warning, 'OK SEARCH completed']);
    expect(await client.lines('SEARCH NOT BODY hello')).toEqual(['* SEARCH', warning, 'OK SEARCH completed']);
    expect(await client.lines('SEARCH OR SUBJECT b BODY hello')).toEqual(['* SEARCH 1 2', 'OK SEARCH completed']);
    expect(rig.logged).toHaveLength(2);
  });

  test('a store that is away makes it NO', async () => {
    rig = await Rig.open([message('a')]);
    // eslint-disable-next-line require-yield
    rig.readThrough(async function* () {
      throw new Error('connection refused');
    });
    expect(await rig.session().lines('SEARCH BODY hello')).toEqual(['NO [UNAVAILABLE] the blob store could not read a message']);
  });
});
