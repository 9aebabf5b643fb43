import { inTimeBy } from '../../services/core/runtime/in-time';
import { findRecipient } from '../../services/lmtp/recipient';
import { Aliases } from '../../services/provision/aliases';
import { closeMemoryNodes, memoryNode, type MemoryNode } from '../support/memory-node';

let node: MemoryNode;

beforeEach(async () => {
  node = memoryNode();
  const aliases = new Aliases(node);
  const logins = ['ann@example.org', 'ann+vip@example.org', 'bob', 'c+d', 'bücher@bücher.example', 'eve@xn--strae-oqa.example', 'off@example.org', 'gone@example.org'];
  for (const login of logins) await node.users.add(login, 'secret');
  await aliases.add('sales@example.org', 'ann@example.org');
  await aliases.add('postmaster', 'bob');
  await aliases.add('old@example.org', 'gone@example.org');
  await aliases.add('idle@example.org', 'off@example.org');
  await node.users.disable('off@example.org');
  await node.users.remove('gone@example.org');
});

afterEach(closeMemoryNodes);

const find = (address: string) => findRecipient(node.directory, inTimeBy(node.clock), address);

test.each([
  ['ann@example.org', 'ann@example.org', null],
  ['ANN@EXAMPLE.ORG', 'ann@example.org', null],
  ['"ann"@example.org', 'ann@example.org', null],
  ['"\\a\\nn"@example.org', 'ann@example.org', null],
  ['ann+lists@example.org', 'ann@example.org', 'lists'],
  ['ann+Lists/Books@example.org', 'ann@example.org', 'Lists/Books'],
  ['ann+a+b@example.org', 'ann@example.org', 'a+b'],
  ['ann+Entwu\u0308rfe@example.org', 'ann@example.org', 'Entw\u00fcrfe'],
  ['ann+%*@example.org', 'ann@example.org', '%*'],
  ['ann+@example.org', 'ann@example.org', null],
  ['ann+vip@example.org', 'ann+vip@example.org', null],
  ['ann+VIP@example.org', 'ann+vip@example.org', null],
  ['sales@example.org', 'ann@example.org', null],
  ['sales+2026@example.org', 'ann@example.org', '2026'],
  ['bob', 'bob', null],
  ['bob@anywhere.example', 'bob', null],
  ['bob+lists@anywhere.example', 'bob', 'lists'],
  ['c+d@anywhere.example', 'c+d', null],
  ['postmaster', 'bob', null],
  ['Postmaster@example.org', 'bob', null],
  ['bücher@bücher.example', 'bücher@bücher.example', null],
  ['eve@straße.example', 'eve@xn--strae-oqa.example', null],
])('%s reaches %s, wishes for %s', async (address, login, folder) => {
  expect(await find(address)).toMatchObject({ login, folder, accountId: (await node.users.find(login)).accountId });
});

test.each([
  'nobody@example.org', 'gone@example.org', 'old@example.org', '+lists@example.org', 'ann@example.com', 'ann', '@example.org', 'ann@', '', '/', '%probe%', '\ud800@example.org',
  `${'x'.repeat(4000)}@example.org`, '__proto__', 'a'.repeat(300),
])('%j is nobody', async (address) => {
  await expect(find(address)).rejects.toMatchObject({ code: '550 5.1.1' });
});

test.each(['off@example.org', 'off+lists@example.org', 'idle@example.org'])('%s is disabled', async (address) => {
  await expect(find(address)).rejects.toMatchObject({ code: '550 5.2.1' });
});

test('addresses of one person are one recipient, with another folder another one', async () => {
  const keys = await Promise.all(['ann@example.org', 'sales@example.org', 'ann+x@example.org', 'sales+x@example.org', 'bob'].map(async (address) => (await find(address)).key));
  expect(new Set(keys).size).toBe(3);
  expect([keys[0], keys[2]]).toEqual([keys[1], keys[3]]);
});

test('an alias is followed once: a login that became an alias itself leads nowhere', async () => {
  await new Aliases(node).add('gone@example.org', 'bob');
  expect(await find('gone@example.org')).toMatchObject({ login: 'bob' });
  await expect(find('old@example.org')).rejects.toMatchObject({ code: '550 5.1.1' });
});
