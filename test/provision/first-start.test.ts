// What a first start makes, and what happens when several start at once.
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, createServer, type TLSSocket } from 'node:tls';
import { findMailbox } from '../../services/core/account/account-state';
import { decodeSummary } from '../../services/core/message/summary';
import { systemClock } from '../../services/core/runtime/clock';
import { systemRandom } from '../../services/core/runtime/random';
import { certificatePath, loadCertificate } from '../../services/provision/certificate';
import { claimedFile } from '../../services/provision/claimed-file';
import { DEMO_LOGIN, provideDemo } from '../../services/provision/demo';
import { encodedWords } from '../../services/provision/message-writer';
import { randomPassword } from '../../services/provision/random-password';
import { closeMemoryNodes, memoryNode, type MemoryNode } from '../support/memory-node';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'isomail-test-'));
});

afterEach(async () => {
  closeMemoryNodes();
  await rm(folder, { recursive: true, force: true });
});

test('of many who claim a file at once all read the same, and nothing is left over', async () => {
  const path = join(folder, 'secret');
  const read = await Promise.all(Array.from({ length: 20 }, (_, i) => claimedFile(path, systemRandom, () => `made by ${i}`)));
  expect(new Set(read).size).toBe(1);
  expect(await readdir(folder)).toEqual(['secret']);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
});

test('a claimed file is not made again', async () => {
  const path = join(folder, 'secret');
  await claimedFile(path, systemRandom, () => 'first');
  expect(await claimedFile(path, systemRandom, () => 'second')).toBe('first');
});

test('a file that cannot be made leaves nothing behind', async () => {
  await expect(claimedFile(join(folder, 'secret'), systemRandom, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await readdir(folder)).toEqual([]);
});

test('the certificate is for localhost and the host given, its key only for the owner, and TLS works with it', async () => {
  const context = await loadCertificate(folder, 'mail.example.org', systemClock, systemRandom);
  const pem = await readFile(certificatePath(folder), 'utf8');
  const certificate = new X509Certificate(pem);
  expect(certificate.checkPrivateKey(createPrivateKey(pem))).toBe(true);
  for (const name of ['localhost', 'mail.example.org']) expect(certificate.checkHost(name)).toBeDefined();
  expect(certificate.checkIP('127.0.0.1')).toBe('127.0.0.1');
  expect(certificate.checkIP('::1')).toBeDefined();
  expect((await stat(certificatePath(folder))).mode & 0o777).toBe(0o600);

  const server = createServer({ SNICallback: (_name, done) => done(null, context) }, (socket) => socket.end('hello'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const client = connect({ port, host: '127.0.0.1', servername: 'localhost', ca: pem });
  expect(await heard(client)).toBe('hello');
  await new Promise((resolve) => server.close(resolve));
});

test('two processes that start at once use one certificate', async () => {
  await Promise.all(Array.from({ length: 4 }, () => loadCertificate(folder, '127.0.0.1', systemClock, systemRandom)));
  const pem = await readFile(certificatePath(folder), 'utf8');
  expect(new X509Certificate(pem).checkPrivateKey(createPrivateKey(pem))).toBe(true);
  expect(await readdir(folder)).toEqual(['tls.pem']);
});

test('a certificate file that is none says which file it is and what to do', async () => {
  await writeFile(certificatePath(folder), 'nonsense');
  await expect(loadCertificate(folder, '127.0.0.1', systemClock, systemRandom)).rejects.toThrow(/tls\.pem holds no certificate.*remove it/);
});

test('a file that cannot be used is one line, not our fault', async () => {
  await mkdir(certificatePath(folder));
  await expect(loadCertificate(folder, '127.0.0.1', systemClock, systemRandom)).rejects.toMatchObject({
    name: 'Unavailable',
    message: expect.stringMatching(/^cannot read or make .*tls\.pem: illegal operation on a directory \(EISDIR\)$/) as string,
  });
});

test('a password file that holds none says so, and makes no account', async () => {
  const node = memoryNode();
  await writeFile(join(folder, 'demo-password.txt'), '\n');
  await expect(provideDemo(node, folder)).rejects.toMatchObject({ name: 'Damaged', message: expect.stringContaining('demo-password.txt holds no password; remove it') as string });
  expect(await node.users.list()).toEqual([]);
});

test('made up passwords are long, different, and easy to read', () => {
  const passwords = Array.from({ length: 100 }, () => randomPassword(systemRandom));
  expect(new Set(passwords).size).toBe(100);
  for (const password of passwords) expect(password).toMatch(/^[a-km-np-z2-9]{5}(-[a-km-np-z2-9]{5}){3}$/);
});

test.each([
  ['plain', 'plain'],
  ['grüß', '=?utf-8?B?Z3LDvMOf?='],
])('the header value %j is written as %j', (value, written) => {
  expect(encodedWords(value)).toBe(written);
});

test('encoded words stay within 75 characters and cut no character', () => {
  const value = '日本語のとても長い件名です。'.repeat(10);
  const words = encodedWords(value).split('\r\n ');
  for (const word of words) expect(word.length).toBeLessThanOrEqual(75);
  expect(words.map((word) => Buffer.from(word.slice(10, -2), 'base64').toString('utf8')).join('')).toBe(value);
});

async function inboxOf(node: MemoryNode) {
  const { accountId } = await node.users.find(DEMO_LOGIN);
  return node.users.withAccount(accountId, async (account) => {
    await account.refresh();
    const { mailbox } = findMailbox(account.state, 'INBOX')!;
    return Array.from({ length: mailbox.exists }, (_, i) => decodeSummary(mailbox.at(i)!.summary));
  });
}

test('the demo account has the password of its file, and messages of several shapes', async () => {
  const node = memoryNode();
  const demo = await provideDemo(node, folder);
  const password = (await readFile(join(folder, 'demo-password.txt'), 'utf8')).trim();
  expect(demo).toEqual({ passwordFile: join(folder, 'demo-password.txt'), password });
  expect((await stat(join(folder, 'demo-password.txt'))).mode & 0o777).toBe(0o600);
  expect((await node.users.find(DEMO_LOGIN)).passwordHash).toBe(`cheap:${password}`);
  const shapes = (await inboxOf(node)).map(({ structure }) => {
    const parts = structure.children.map(({ type, subtype }) => `${type}/${subtype}`);
    return [`${structure.type}/${structure.subtype}`, ...parts];
  });
  expect(shapes).toEqual([
    ['text/plain'],
    ['multipart/alternative', 'text/plain', 'text/html'],
    ['multipart/mixed', 'text/plain', 'text/csv'],
    ['multipart/mixed', 'text/plain', 'message/rfc822'],
    ['text/plain'],
  ]);
});

test('several first starts at once make one demo account with one set of messages', async () => {
  const node = memoryNode();
  const nodes = [node, memoryNode({ tier: node.tier }), memoryNode({ tier: node.tier })];
  const demos = await Promise.all(nodes.map((each) => provideDemo(each, folder)));
  expect(new Set(demos.map((demo) => demo?.password)).size).toBe(1);
  expect((await node.users.find(DEMO_LOGIN)).passwordHash).toBe(`cheap:${demos[0]!.password!}`);
  expect(await inboxOf(node)).toHaveLength(5);
});

test('a second start changes nothing and knows no password', async () => {
  const node = memoryNode();
  await provideDemo(node, folder);
  await node.users.setPassword(DEMO_LOGIN, 'mine');
  expect(await provideDemo(node, folder)).toMatchObject({ password: null });
  expect(await inboxOf(node)).toHaveLength(5);
});

test('a first start that was cut off before the messages is finished by the next', async () => {
  const node = memoryNode();
  await node.users.add(DEMO_LOGIN, 'x');
  await provideDemo(node, folder);
  expect(await inboxOf(node)).toHaveLength(5);
});

test('a demo account that was removed does not come back', async () => {
  const node = memoryNode();
  await provideDemo(node, folder);
  await node.users.remove(DEMO_LOGIN);
  expect(await provideDemo(node, folder)).toBeNull();
  expect(await node.users.list()).toEqual([]);
});

function heard(socket: TLSSocket): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    socket.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    socket.once('error', reject).once('end', () => resolve(text));
  });
}
