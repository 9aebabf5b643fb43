// COPY and MOVE: COPYUID, what is gone elsewhere, and what is told when.
import { createMailbox } from '../../../services/core/account/decide/folders';
import { findMailbox } from '../../../services/core/account/account-state';
import { Rig } from '../rig';

let rig: Rig;
let validity: number;

beforeEach(async () => {
  rig = await Rig.open(Array.from({ length: 4 }, (_, i) => ({ text: `Subject: ${i}\n\nx\n`, flags: i === 0 ? ['\\Flagged', '$Work'] : [] })));
  await rig.account.commit(createMailbox('Target'));
  validity = findMailbox(rig.account.state, 'Target')!.mailbox.uidValidity;
});
afterEach(() => rig.close());

const target = () => findMailbox(rig.account.state, 'Target')!.mailbox;

describe('COPY', () => {
  test('tells which became which, and keeps flags, keywords, dates and octets', async () => {
    expect(await rig.session().lines('COPY 1,3:4 Target')).toEqual([`OK [COPYUID ${validity} 1,3:4 1:3] COPY completed`]);
    const [from, to] = [findMailbox(rig.account.state, 'INBOX')!.mailbox.get(1)!, target().get(1)!];
    const same = ({ flags, internalDateMs, blobId, sizeBytes }: typeof from) => ({ flags, internalDateMs, blobId, sizeBytes });
    expect(same(to)).toEqual(same(from));
  });

  test('into the same mailbox makes new messages', async () => {
    const lines = await rig.session().lines('UID COPY 2 INBOX');
    expect(lines).toEqual(['* 5 EXISTS', '* 1 RECENT', expect.stringMatching(/^OK \[COPYUID \d+ 2 5\] COPY completed$/)]);
  });

  test('from a mailbox that is open read-only is allowed', async () => {
    expect(await rig.session({ isReadOnly: true }).lines('COPY 2 Target')).toEqual([`OK [COPYUID ${validity} 2 1] COPY completed`]);
  });

  test('to a mailbox that does not exist invites to create it', async () => {
    expect((await rig.session().lines('COPY 1 Nowhere'))[0]).toMatch(/^NO \[TRYCREATE\] /);
    expect((await rig.session().lines('UID MOVE 1 Nowhere'))[0]).toMatch(/^NO \[TRYCREATE\] /);
  });

  test('takes what is left, and names only that', async () => {
    const client = rig.session();
    await rig.expungeElsewhere([2]);
    expect(await client.lines('COPY 1:3 Target')).toEqual(['* 2 EXPUNGE', `OK [COPYUID ${validity} 1,3 1:2] COPY completed`]);
  });
});

test.each(['COPY', 'MOVE'])('%s of nothing that is left: refused by number, nothing to do by UID', async (verb) => {
  const client = rig.session();
  await rig.expungeElsewhere([2, 3]);
  expect(await client.lines(`${verb} 2:3 Target`)).toEqual(['* 2 EXPUNGE', '* 2 EXPUNGE', 'NO [EXPUNGEISSUED] the messages are no longer there']);
  expect(await client.lines(`UID ${verb} 2:3 Target`)).toEqual([expect.stringMatching(/^OK (?!\[)/)]);
  expect(await client.lines(`UID ${verb} 900 Target`)).toEqual([expect.stringMatching(/^OK (?!\[)/)]);
  expect(await client.lines(`${verb} 900 Target`)).toEqual(['NO [NONEXISTENT] there are no such messages']);
  expect(target().exists).toBe(0);
});

describe('MOVE', () => {
  test('sends COPYUID before the expunges', async () => {
    expect(await rig.session().lines('MOVE 2:3 Target')).toEqual([`* OK [COPYUID ${validity} 2:3 1:2] moved`, '* 2 EXPUNGE', '* 2 EXPUNGE', 'OK MOVE completed']);
    expect(target().exists).toBe(2);
  });

  test('is one change: all of it or nothing', async () => {
    const before = rig.account.position;
    await rig.session().say('UID MOVE 1:* Target');
    expect(rig.account.position).toBe(before + 1);
  });

  test('under QRESYNC tells the new HIGHESTMODSEQ in its reply, ghosts told as well', async () => {
    const client = rig.session({ enabled: ['CONDSTORE', 'QRESYNC'] });
    await rig.expungeElsewhere([1]);
    expect(await client.lines('UID MOVE 1:2 Target')).toEqual([
      expect.stringMatching(/^\* OK \[HIGHESTMODSEQ \d+\] expunges are held back$/),
      `* OK [COPYUID ${validity} 2 1] moved`,
      '* VANISHED 1:2',
      `OK [HIGHESTMODSEQ ${findMailbox(rig.account.state, 'INBOX')!.mailbox.highestModSeq}] MOVE completed`,
    ]);
  });

  test('is refused in a mailbox that is open read-only', async () => {
    expect(await rig.session({ isReadOnly: true }).lines('MOVE 1 Target')).toEqual(['NO [CANNOT] the mailbox was opened read-only']);
  });

  test('gives the messages a higher mod-sequence where they come to', async () => {
    await rig.session().say('MOVE 1 Target');
    expect(target().get(1)!.modSeq).toBe(target().highestModSeq);
    expect(target().highestModSeq).toBeGreaterThan(3);
  });
});
