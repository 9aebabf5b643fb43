import { BadCommand, Refusal } from '../../../services/core/runtime/errors';
import { parseCommandLine, parseTag } from '../../../services/imap/grammar/command-line';
import { parseCommand } from '../../../services/imap/grammar/command';
import { SequenceSet } from '../../../services/imap/grammar/sequence-set';
import { segmentsOf } from '../segments-of';

/** The command as JSON would show it: sets of numbers as text, sets and maps as arrays. */
function parsed(text: string): unknown {
  const command: unknown = parseCommand(segmentsOf(text));
  return JSON.parse(JSON.stringify(command, (_key, value: unknown) => {
    if (value instanceof Set || value instanceof Map) return [...value];
    if (value instanceof SequenceSet) return value.toString();
    return value;
  }));
}

const literal = (text: string): string => `{${text.length}}\r\n${text}`;

describe('commands without arguments', () => {
  test.each(['CAPABILITY', 'NOOP', 'LOGOUT', 'STARTTLS', 'NAMESPACE', 'IDLE', 'CHECK', 'CLOSE', 'UNSELECT'])('%s', (name) => {
    const kind = name.toLowerCase();
    expect(parsed(`a1 ${name}`)).toEqual({ tag: 'a1', kind });
    expect(parsed(`a1 ${kind}  `)).toEqual({ tag: 'a1', kind });
    expect(() => parsed(`a1 ${name} x`)).toThrow('expected the end of the command');
  });
});

test.each<[string, Record<string, unknown>]>([
  ['ID NIL', { kind: 'id', fields: [] }],
  ['ID ()', { kind: 'id', fields: [] }],
  ['ID ("Name" "sodr" "version" NIL)', { kind: 'id', fields: [['name', 'sodr'], ['version', null]] }],
  ['LOGIN SMITH SESAME', { kind: 'login', login: 'SMITH', password: 'SESAME' }],
  ['LOGIN "a b" "p\\"w\\\\"', { kind: 'login', login: 'a b', password: 'p"w\\' }],
  [`LOGIN ${literal('FRED FOOBAR')} ${literal('fat man')}`, { kind: 'login', login: 'FRED FOOBAR', password: 'fat man' }],
  ['LOGIN u {3+}\r\np w', { kind: 'login', login: 'u', password: 'p w' }],
  ['LOGIN u "p\u00c3\u00bc"', { kind: 'login', login: 'u', password: 'pü' }],
  ['LOGIN u p]', { kind: 'login', login: 'u', password: 'p]' }],
  ['LOGIN u ""', { kind: 'login', login: 'u', password: '' }],
  ['ENABLE condstore X-GOOD-IDEA CONDSTORE', { kind: 'enable', capabilities: ['CONDSTORE', 'X-GOOD-IDEA'] }],
  ['SELECT INBOX', { kind: 'select', mailbox: 'INBOX', condstore: false, qresync: null }],
  ['EXAMINE "blurdybloop"', { kind: 'examine', mailbox: 'blurdybloop', condstore: false, qresync: null }],
  ['SELECT INBOX (CONDSTORE)', { kind: 'select', mailbox: 'INBOX', condstore: true, qresync: null }],
  [
    'SELECT INBOX (QRESYNC (67890007 20050715194045000 41,43:211,214:541))',
    { kind: 'select', mailbox: 'INBOX', condstore: false, qresync: { uidValidity: 67890007, modSeq: Number.MAX_SAFE_INTEGER, knownUids: '41,43:211,214:541', match: null } },
  ],
  [
    'SELECT INBOX (QRESYNC (67890007 90060115194045000 1:29997 (5000,7500,9000,9990:9999 15000,22500,27000,29970,29973,29976,29979,29982,29985,29988)))',
    {
      kind: 'select', mailbox: 'INBOX', condstore: false,
      qresync: {
        uidValidity: 67890007, modSeq: Number.MAX_SAFE_INTEGER, knownUids: '1:29997',
        match: { numbers: '5000,7500,9000,9990:9999', uids: '15000,22500,27000,29970,29973,29976,29979,29982,29985,29988' },
      },
    },
  ],
  ['SELECT INBOX (CONDSTORE QRESYNC (1 0 (1 2)))', { kind: 'select', mailbox: 'INBOX', condstore: true, qresync: { uidValidity: 1, modSeq: 0, knownUids: null, match: { numbers: '1', uids: '2' } } }],
  ['CREATE owatagusiam/', { kind: 'create', mailbox: 'owatagusiam' }],
  ['CREATE owatagusiam/blurdybloop', { kind: 'create', mailbox: 'owatagusiam/blurdybloop' }],
  ['DELETE foo', { kind: 'delete', mailbox: 'foo' }],
  ['RENAME INBOX "old mail"', { kind: 'rename', from: 'INBOX', to: 'old mail' }],
  [`RENAME ${literal('a b')} ${literal('c d')}`, { kind: 'rename', from: 'a b', to: 'c d' }],
  ['SUBSCRIBE #news.comp.mail.mime', { kind: 'subscribe', mailbox: '#news.comp.mail.mime' }],
  ['UNSUBSCRIBE #news', { kind: 'unsubscribe', mailbox: '#news' }],
  ['LIST "" ""', { kind: 'list', reference: '', pattern: '' }],
  ['LIST "" *', { kind: 'list', reference: '', pattern: '*' }],
  ['LIST "" inbox', { kind: 'list', reference: '', pattern: 'INBOX' }],
  ['LIST "inbox/" %', { kind: 'list', reference: 'inbox/', pattern: 'INBOX/%' }],
  ['LIST Work/ "inbox"', { kind: 'list', reference: 'Work/', pattern: 'Work/inbox' }],
  ['LIST ~/Mail/ %', { kind: 'list', reference: '~/Mail/', pattern: '~/Mail/%' }],
  ['LSUB "#news." "comp.mail.*"', { kind: 'lsub', reference: '#news.', pattern: '#news.comp.mail.*' }],
  ['STATUS blurdybloop (UIDNEXT MESSAGES)', { kind: 'status', mailbox: 'blurdybloop', items: ['UIDNEXT', 'MESSAGES'] }],
  ['status x (messages recent uidnext uidvalidity unseen highestmodseq size size)', { kind: 'status', mailbox: 'x', items: ['MESSAGES', 'RECENT', 'UIDNEXT', 'UIDVALIDITY', 'UNSEEN', 'HIGHESTMODSEQ', 'SIZE'] }],
  ['STATUS x (deleted deleted-storage appendlimit mailboxid)', { kind: 'status', mailbox: 'x', items: ['DELETED', 'DELETED-STORAGE', 'APPENDLIMIT', 'MAILBOXID'] }],
  ['GETQUOTA ""', { kind: 'getquota', root: '' }],
  ['GETQUOTA "!partition/sda4"', { kind: 'getquota', root: '!partition/sda4' }],
  ['getquota {5+}\r\na b\u00ff]', { kind: 'getquota', root: 'a b\u00ff]' }],
  ['GETQUOTAROOT inbox', { kind: 'getquotaroot', mailbox: 'INBOX' }],
  ['GETQUOTAROOT "Entw&APw-rfe"', { kind: 'getquotaroot', mailbox: 'Entwürfe' }],
  ['SETQUOTA "" ()', { kind: 'setquota' }],
  ['SETQUOTA "#user/alice" (STORAGE 510)', { kind: 'setquota' }],
  ['SETQUOTA x (STORAGE 0 MESSAGE 9223372036854775807 x-other 5)', { kind: 'setquota' }],
  ['EXPUNGE', { kind: 'expunge', uids: null }],
  ['UID EXPUNGE 3000:3002', { kind: 'expunge', uids: '3000:3002' }],
  ['COPY 2:4 MEETING', { kind: 'copy', byUid: false, set: '2:4', mailbox: 'MEETING' }],
  ['UID COPY 42:69 foo', { kind: 'copy', byUid: true, set: '42:69', mailbox: 'foo' }],
  ['MOVE 1 foo', { kind: 'move', byUid: false, set: '1', mailbox: 'foo' }],
  ['uid move 42:69,* {3+}\r\nfoo', { kind: 'move', byUid: true, set: '42:69,*', mailbox: 'foo' }],
  ['STORE 2:4 +FLAGS (\\Deleted)', { kind: 'store', byUid: false, set: '2:4', action: 'add', flags: ['\\Deleted'], silent: false, unchangedSince: null }],
  ['UID STORE 1 -flags.silent \\deleted $Junk \\DELETED $junk', { kind: 'store', byUid: true, set: '1', action: 'remove', flags: ['\\Deleted', '$Junk'], silent: true, unchangedSince: null }],
  ['STORE 1 FLAGS ()', { kind: 'store', byUid: false, set: '1', action: 'replace', flags: [], silent: false, unchangedSince: null }],
  ['STORE 7,5,9 (UNCHANGEDSINCE 320162338) +FLAGS.SILENT \\Deleted', { kind: 'store', byUid: false, set: '5,7,9', action: 'add', flags: ['\\Deleted'], silent: true, unchangedSince: 320162338 }],
  ['STORE 1 (UNCHANGEDSINCE 0) FLAGS \\Seen ', { kind: 'store', byUid: false, set: '1', action: 'replace', flags: ['\\Seen'], silent: false, unchangedSince: 0 }],
  ['STORE 1 (UNCHANGEDSINCE 9223372036854775807) FLAGS a', { kind: 'store', byUid: false, set: '1', action: 'replace', flags: ['a'], silent: false, unchangedSince: Number.MAX_SAFE_INTEGER }],
])('%s', (text, command) => {
  expect(parsed(`A.1 ${text}`)).toEqual({ tag: 'A.1', ...command });
});

test.each([
  ['', 'expected a tag'],
  [' NOOP', 'expected a tag'],
  ['a', 'expected a command'],
  ['a ', 'expected a command'],
  ['a  NOOP', 'expected a command'],
  ['+a NOOP', 'expected a tag'],
  ['a XYZZY', 'unknown command'],
  ['a UID', 'expected the name of a UID command'],
  ['a UID NOOP', 'unknown command'],
  ['a UID UID FETCH', 'unknown command'],
  ['a __proto__', 'unknown command'],
  ['a constructor', 'unknown command'],
  ['a LOGIN', 'expected a user name'],
  ['a LOGIN x', 'expected a password'],
  ['a LOGIN  x y', 'expected a user name'],
  ['a LOGIN x  y', 'expected a password'],
  ['a LOGIN x y z', 'expected the end of the command'],
  ['a LOGIN x{1}\r\ny z', 'expected a space before the literal'],
  ['a LOGIN x {1}\r\nyz', 'expected the end of the command'],
  ['a LOGIN x "y', 'expected the closing quote'],
  ['a LOGIN x "y\\', 'expected the closing quote'],
  ['a LOGIN x "y\0"', 'must not contain NUL'],
  ['a LOGIN x "y\rz"', 'must not contain NUL, CR or LF'],
  ['a LOGIN x {1}\r\n\0', 'must not contain NUL'],
  ['a LOGIN x ~{1}\r\ny', 'literal8 is not allowed here'],
  ['a LOGIN x "\u00ff"', 'the password is not UTF-8'],
  ['a LOGIN x (y)', 'expected a password'],
  ['a LOGIN x y%', 'expected the end of the command'],
  ['a ID', 'expected a list of fields or NIL'],
  ['a ID ("a")', 'expected a space and a value'],
  ['a ID ("a" "b" )', 'expected a field as a string'],
  ['a ID ("a" "b" "A" "c")', 'given twice'],
  [`a ID ("${'x'.repeat(31)}" "b")`, 'too long'],
  [`a ID ("x" "${'x'.repeat(1025)}")`, 'too long'],
  [`a ID (${Array.from({ length: 31 }, (_, i) => `"f${i}" NIL`).join(' ')})`, 'too many fields'],
  ['a ENABLE', 'expected a capability'],
  ['a ENABLE (X)', 'expected a capability'],
  ['a SELECT', 'expected a mailbox name'],
  ['a SELECT INBOX ()', 'expected a SELECT parameter'],
  ['a SELECT INBOX (FOO)', 'unknown SELECT parameter'],
  ['a SELECT INBOX (CONDSTORE CONDSTORE)', 'given twice'],
  ['a SELECT INBOX (QRESYNC)', 'expected a space and the QRESYNC values'],
  ['a SELECT INBOX (QRESYNC (0 1))', 'must not be 0'],
  ['a SELECT INBOX (QRESYNC (1))', 'expected a space and a mod-sequence'],
  ['a SELECT INBOX (QRESYNC (1 1 1:*))', '"*" is not allowed'],
  ['a SELECT INBOX (QRESYNC (1 1 1 (1)))', 'expected a space and a set of UIDs'],
  ['a SELECT INBOX (QRESYNC (1 1 (1 1) 1))', 'expected ")"'],
  ['a SELECT INBOX (QRESYNC (1 9223372036854775808))', 'too large'],
  ['a CREATE foo (USE (\\Drafts))', 'CREATE takes no parameters'],
  ['a RENAME foo', 'expected a mailbox name'],
  ['a LIST ""', 'expected a mailbox pattern'],
  ['a LIST (SUBSCRIBED) "" *', 'expected a reference name'],
  ['a LIST "" (a b)', 'expected a mailbox pattern'],
  ['a LIST "" * RETURN (CHILDREN)', 'expected the end of the command'],
  ['a STATUS foo', 'expected a list of STATUS items'],
  ['a STATUS foo ()', 'expected a STATUS item'],
  ['a STATUS foo MESSAGES', 'expected "("'],
  ['a STATUS foo (NONSENSE)', 'unknown STATUS item'],
  ['a STATUS foo (MESSAGES  SIZE)', 'expected a STATUS item'],
  ['a STATUS foo (MESSAGES', 'or ")"'],
  ['a STATUS foo (DELETED-)', 'unknown STATUS item'],
  ['a GETQUOTA', 'expected a quota root'],
  ['a GETQUOTA (x)', 'expected a quota root'],
  ['a GETQUOTA x y', 'expected the end of the command'],
  ['a GETQUOTAROOT', 'expected a mailbox name'],
  ['a GETQUOTAROOT INBOX x', 'expected the end of the command'],
  ['a SETQUOTA ""', 'expected a list of resource limits'],
  ['a SETQUOTA "" (STORAGE)', 'a limit'],
  ['a SETQUOTA "" (STORAGE x)', 'expected the limit as a number'],
  ['a SETQUOTA "" (STORAGE -1)', 'expected the limit as a number'],
  ['a SETQUOTA "" (STORAGE 9223372036854775808)', 'too large'],
  ['a SETQUOTA "" (STORAGE 1', 'or ")"'],
  ['a SETQUOTA "" (STORAGE 1) x', 'expected the end of the command'],
  ['a EXPUNGE 1', 'expected the end of the command'],
  ['a UID EXPUNGE', 'expected a set of message numbers'],
  ['a COPY 1', 'expected a mailbox name'],
  ['a COPY x foo', 'expected a set of message numbers'],
  ['a STORE 1', 'expected FLAGS'],
  ['a STORE 1 FLAGS', 'expected flags'],
  ['a STORE 1 *FLAGS \\Seen', 'expected FLAGS, +FLAGS or -FLAGS'],
  ['a STORE 1 FLAGSX \\Seen', 'expected FLAGS, +FLAGS or -FLAGS'],
  ['a STORE 1 FLAGS \\Recent', 'cannot be set'],
  ['a STORE 1 FLAGS \\Foo', 'cannot be set'],
  ['a STORE 1 FLAGS \\', 'the name of a system flag'],
  ['a STORE 1 FLAGS (\\Seen', 'or ")"'],
  ['a STORE 1 FLAGS (\\Seen) x', 'expected the end of the command'],
  ['a STORE 1 (UNCHANGEDSINCE) FLAGS x', 'a mod-sequence'],
  ['a STORE 1 (UNCHANGEDSINCE 1 UNCHANGEDSINCE 2) FLAGS x', 'given twice'],
  ['a STORE 1 (FOO) FLAGS x', 'unknown STORE modifier'],
  ['a APPEND INBOX', 'APPEND needs the message as a literal'],
  ['a APPEND INBOX {1}\r\nx', 'APPEND needs the message as a literal'],
])('%j is broken: %s', (text, message) => {
  const parse = (): unknown => parsed(text);
  expect(parse).toThrow(BadCommand);
  expect(parse).toThrow(message);
});

test('texts of errors never repeat what the client sent', () => {
  for (const text of ['a EVIL]WORD', 'a STATUS x (EVIL)', 'a FETCH 1 EVIL', 'a STORE 1 FLAGS \\EVIL', 'a SEARCH EVIL', 'a SEARCH CHARSET EVIL ALL']) {
    expect(() => parsed(text)).toThrow(expect.objectContaining({ message: expect.not.stringContaining('EVIL') as string }));
  }
});

describe('AUTHENTICATE', () => {
  test.each([
    ['AUTHENTICATE plain', 'PLAIN', null],
    ['AUTHENTICATE PLAIN =', 'PLAIN', ''],
    ['AUTHENTICATE PLAIN dGVzdAB0ZXN0AHRlc3Q=', 'PLAIN', 'test\0test\0test'],
    ['AUTHENTICATE SCRAM-SHA-256 biws', 'SCRAM-SHA-256', 'n,,'],
  ])('%s', (text, mechanism, response) => {
    const command = parseCommand(segmentsOf(`a ${text}`));
    expect(command).toMatchObject({ kind: 'authenticate', mechanism });
    expect(command.kind === 'authenticate' && (command.initialResponse?.toString('latin1') ?? null)).toBe(response);
  });

  test.each(['AUTHENTICATE', 'AUTHENTICATE PLAIN x', 'AUTHENTICATE PLAIN ab=c', 'AUTHENTICATE PLAIN ====', 'AUTHENTICATE PLAIN "YQ=="', 'AUTHENTICATE PLAIN YQ== x'])('%s is broken', (text) => {
    expect(() => parseCommand(segmentsOf(`a ${text}`))).toThrow(BadCommand);
  });
});

test.each([
  ['a1 FETCH', 'a1'],
  ['a1', 'a1'],
  ['a1 ]]]', 'a1'],
  ['[x]. y', '[x].'],
  ['a+b NOOP', null],
  ['', null],
  [' a', null],
  ['* OK', null],
  ['+ x', null],
  ['a\u00e4 x', null],
  ['a\tb', null],
])('the tag of %j is %j', (line, tag) => {
  expect(parseTag(Buffer.from(line, 'latin1'))).toBe(tag);
});

test('the name of a command is known before its literals are there', () => {
  expect(parseCommandLine(Buffer.from('a1 uid fetch 1'))).toEqual({ tag: 'a1', name: 'UID FETCH' });
  expect(parseCommandLine(Buffer.from('a1 append '))).toEqual({ tag: 'a1', name: 'APPEND' });
  expect(() => parseCommandLine(Buffer.from('a1'))).toThrow(BadCommand);
});

test('a refused character set is a refusal, not a syntax error', () => {
  expect(() => parsed('a SEARCH CHARSET KOI8-R ALL')).toThrow(Refusal);
});
