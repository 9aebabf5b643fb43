import { UidSet } from '../../../services/core/account/uid-set';
import { ByteWriter } from '../../../services/core/wire/byte-writer';
import { writeMailboxFlags } from '../../../services/imap/responses/flags';
import { writeListEntry } from '../../../services/imap/responses/list';
import { writeExists, writeExpunge, writeRecent } from '../../../services/imap/responses/mailbox-size';
import { writeQuota, writeQuotaRoots } from '../../../services/imap/responses/quota';
import { writeEsearch, writeSearch } from '../../../services/imap/responses/search';
import { writeStatusResponse } from '../../../services/imap/responses/status-response';
import { writeVanished } from '../../../services/imap/responses/vanished';

const setOf = (...uids: number[]): UidSet => UidSet.of(uids);

test.each<[string, (out: ByteWriter) => void]>([
  ['* 23 EXISTS', (out) => writeExists(out, 23)],
  ['* 0 RECENT', (out) => writeRecent(out, 0)],
  ['* 44 EXPUNGE', (out) => writeExpunge(out, 44)],
  ['* VANISHED 405,407,410:412', (out) => writeVanished(out, setOf(405, 407, 410, 411, 412), false)],
  ['* VANISHED (EARLIER) 41', (out) => writeVanished(out, setOf(41), true)],
  ['* FLAGS (\\Seen \\Answered \\Flagged \\Deleted \\Draft $Junk)', (out) => writeMailboxFlags(out, ['$Junk'])],
  ['* LIST (\\Noselect) "/" foo', (out) => writeListEntry(out, 'LIST', ['\\Noselect'], '/', 'foo')],
  ['* LIST () "/" "Entw&APw-rfe 1"', (out) => writeListEntry(out, 'LIST', [], '/', 'Entwürfe 1')],
  ['* LSUB () NIL INBOX', (out) => writeListEntry(out, 'LSUB', [], null, 'INBOX')],
  ['* LIST (\\Noselect) "/" ""', (out) => writeListEntry(out, 'LIST', ['\\Noselect'], '/', '')],
  ['* STATUS blurdybloop (MESSAGES 231 UIDNEXT 44292)', (out) => writeStatusResponse(out, 'blurdybloop', [['MESSAGES', 231], ['UIDNEXT', 44292]])],
  ['* STATUS "a b" (SIZE 9007199254740991)', (out) => writeStatusResponse(out, 'a b', new Map([['SIZE', Number.MAX_SAFE_INTEGER]]))],
  ['* STATUS foo (MAILBOXID (F2212ea87) DELETED 4)', (out) => writeStatusResponse(out, 'foo', [['MAILBOXID', '(F2212ea87)'], ['DELETED', 4]])],
  ['* QUOTA "" (STORAGE 10 512)', (out) => writeQuota(out, '', [{ name: 'STORAGE', usage: 10, limit: 512 }])],
  ['* QUOTA #user/alice (STORAGE 54 111 MESSAGE 42 1000)', (out) => writeQuota(out, '#user/alice', [{ name: 'STORAGE', usage: 54, limit: 111 }, { name: 'MESSAGE', usage: 42, limit: 1000 }])],
  ['* QUOTAROOT INBOX ""', (out) => writeQuotaRoots(out, 'INBOX', [''])],
  ['* QUOTAROOT comp.mail.mime', (out) => writeQuotaRoots(out, 'comp.mail.mime', [])],
  ['* QUOTAROOT "Entw&APw-rfe 1" a "b c"', (out) => writeQuotaRoots(out, 'Entwürfe 1', ['a', 'b c'])],
  ['* SEARCH 2 84 882', (out) => writeSearch(out, [2, 84, 882], null)],
  ['* SEARCH', (out) => writeSearch(out, [], null)],
  ['* SEARCH 2 5 (MODSEQ 917162500)', (out) => writeSearch(out, [2, 5], 917162500)],
  ['* ESEARCH (TAG "A282") MIN 2 COUNT 3', (out) => writeEsearch(out, { tag: 'A282', byUid: false, min: 2, count: 3 })],
  ['* ESEARCH (TAG "A283") ALL 2,10:11', (out) => writeEsearch(out, { tag: 'A283', byUid: false, all: setOf(2, 10, 11) })],
  ['* ESEARCH (TAG "a]") UID MIN 1 MAX 7 COUNT 2 ALL 1,7 MODSEQ 9', (out) => writeEsearch(out, { tag: 'a]', byUid: true, min: 1, max: 7, count: 2, all: setOf(1, 7), modSeq: 9 })],
  ['* ESEARCH (TAG "b") UID', (out) => writeEsearch(out, { tag: 'b', byUid: true })],
])('%s', (line, write) => {
  const out = new ByteWriter();
  write(out);
  expect(out.take().toString('latin1')).toBe(`${line}\r\n`);
});

test('VANISHED of nothing cannot be written', () => {
  expect(() => writeVanished(new ByteWriter(), UidSet.empty, false)).toThrow(RangeError);
});
