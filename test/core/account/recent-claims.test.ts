// \Recent: RFC 3501 §2.3.2.
import { RecentClaims } from '../../../services/core/account/recent-claims';
import { Ledger } from './ledger';

test('what was there before the process looked is recent to nobody', () => {
  const ledger = Ledger.open();
  ledger.add('INBOX', {}, {});
  const claims = new RecentClaims();
  expect(claims.count(ledger.mailbox('INBOX'))).toBe(0);
  expect(claims.claim(ledger.mailbox('INBOX'), true)).toBe(3);
});

test('what comes is recent to the first read-write session that is told, and to no other', () => {
  const ledger = Ledger.open();
  const claims = new RecentClaims();
  claims.watch(ledger.mailbox('INBOX'));
  ledger.add('INBOX', {}, {});
  expect(claims.count(ledger.mailbox('INBOX'))).toBe(2);
  expect(claims.claim(ledger.mailbox('INBOX'), false)).toBe(1);
  expect(claims.claim(ledger.mailbox('INBOX'), true)).toBe(1);
  expect(claims.count(ledger.mailbox('INBOX'))).toBe(0);
  expect(claims.claim(ledger.mailbox('INBOX'), true)).toBe(3);
});

test('each mailbox has its own', () => {
  const ledger = Ledger.open();
  const claims = new RecentClaims();
  claims.watch(ledger.mailbox('INBOX'));
  claims.watch(ledger.mailbox('Junk'));
  ledger.add('Junk', {});
  expect([claims.count(ledger.mailbox('INBOX')), claims.count(ledger.mailbox('Junk'))]).toEqual([0, 1]);
});
