// Two frontends on one folder behind a balancer, clients under load, and kill -9: the clients notice a reconnect and nothing else.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ImapFlow } from 'imapflow';
import { Balancer } from './balancer';
import { freePort } from './free-port';
import { Frontend, isomail, type FrontendPorts } from './frontend';
import { ImapWorker, newClient, type Login } from './imap-worker';
import { MailSender } from './mail-sender';
import { Pop3Reader } from './pop3-reader';

const KILLS = 20;
const FOLDERS = ['INBOX', 'Archive'];

interface Seen {
  readonly uidValidity: bigint;
  /** message-id → UID and whether it is \Flagged. */
  readonly messages: Map<string, { readonly uid: number; readonly flagged: boolean }>;
}

let dataDir: string;
let balancers: Balancer[];
let frontends: Frontend[];
let ports: Required<FrontendPorts>[];
let login: Login;
let pop3: Login;
let lmtpPort: number;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'isomail-failover-'));
  ports = [await freePorts(), await freePorts()];
  await isomail(['user', 'add', 'joe@example.org', '--password-stdin', '--data', dataDir], 'a good password\n');
  frontends = await Promise.all(ports.map((each) => Frontend.start(dataDir, each)));
  balancers = (['imap', 'pop3', 'lmtp'] as const).map((protocol) => new Balancer(ports.map((each) => each[protocol])));
  const [imapPort, pop3Port, balancedLmtpPort] = (await Promise.all(balancers.map((balancer) => balancer.listen()))) as [number, number, number];
  login = { port: imapPort, user: 'joe@example.org', pass: 'a good password' };
  pop3 = { ...login, port: pop3Port };
  lmtpPort = balancedLmtpPort;
});

afterAll(async () => {
  await Promise.all((balancers ?? []).map((balancer) => balancer.close()));
  await Promise.all((frontends ?? []).map((frontend) => frontend.kill()));
  await rm(dataDir, { recursive: true, force: true });
});

test(`after ${KILLS} times kill -9 nothing acknowledged is lost or doubled, and UIDVALIDITY and UIDs are what they were`, async () => {
  const seed = Math.floor(Math.random() * 2 ** 31);
  const choose = chooser(seed);
  const progress = new Progress();
  const sender = new MailSender(lmtpPort, login.user, progress.advance);
  const reader = new Pop3Reader(pop3, sender.promises, choose, progress.advance);
  const mailClients = ['ann', 'bob', 'cid'].map((name) => new ImapWorker(name, login, choose, progress.advance));
  const workers = [...mailClients, sender, reader];
  const working = Promise.all(workers.map((worker) => worker.work()));
  const uids = new Map<string, number>();
  let uidValidities: readonly bigint[] | null = null;
  try {
    for (let kill = 0; kill < KILLS; kill += 1) {
      await Promise.race([progress.by(choose(12) + 3), working]);
      const victim = kill % 2;
      await frontends[victim]!.kill();
      const folders = await Promise.race([look(), working.then(() => null)]);
      frontends[victim] = await Frontend.start(dataDir, ports[victim]!);
      if (!folders) throw new Error('the workers ended');
      uidValidities ??= folders.map(({ uidValidity }) => uidValidity);
      expect(folders.map(({ uidValidity }) => uidValidity)).toEqual(uidValidities);
      rememberUids(uids, folders);
    }
    for (const worker of workers) worker.stop();
    await working;
  } catch (error) {
    throw new Error(`seed ${seed}`, { cause: error });
  } finally {
    for (const worker of workers) worker.stop();
  }

  const folders = await look();
  rememberUids(uids, folders);
  for (const { messageId, append, flagged, folders: places, removed } of [...mailClients, sender].flatMap(({ promises }) => promises)) {
    const found = FOLDERS.filter((_name, i) => folders[i]!.messages.has(messageId));
    const where = `${messageId} (${append}, removed: ${removed}), expected in ${places.join(' or ')}, found in [${found.join()}], seed ${seed}`;
    if (removed === 'yes') expect({ where, isGone: found.length === 0 }).toEqual({ where, isGone: true });
    else if (append === 'unknown' || removed === 'perhaps') expect({ where, isAtMostOnce: found.length <= 1 }).toEqual({ where, isAtMostOnce: true });
    else expect({ where, isOnce: found.length === 1 && places.includes(found[0]!) }).toEqual({ where, isOnce: true });
    const message = folders.find(({ messages }) => messages.has(messageId))?.messages.get(messageId);
    if (message && flagged !== null) expect({ messageId, flagged: message.flagged }).toEqual({ messageId, flagged });
  }
  expect(reader.sessions).toBeGreaterThan(KILLS);
  expect(sender.promises.filter(({ removed }) => removed === 'yes').length).toBeGreaterThan(0);
  expect(await isomail(['check', 'joe@example.org', '--data', dataDir])).toBeTruthy();
}, 240_000);

test('a client that comes back with QRESYNC through the other frontend is told the change, and nothing else', async () => {
  const phone = newClient(login);
  await phone.connect();
  const before = await phone.mailboxOpen('INBOX');
  await phone.logout();

  const other = newClient(login);
  await other.connect();
  await other.mailboxOpen('INBOX');
  await other.append('INBOX', 'Subject: gone soon\r\n\r\nbody\r\n');
  const added = await other.append('INBOX', 'Subject: the change\r\n\r\nbody\r\n');
  const flagged = (await other.search({ all: true }, { uid: true })) as number[];
  await other.messageFlagsAdd(String(flagged[0]), ['changed'], { uid: true });
  await other.logout();
  await frontends[0]!.kill();

  const back = newClient(login);
  const told: number[] = [];
  back.on('flags', (event: { uid?: number }) => told.push(event.uid!));
  await back.connect();
  const after = await back.mailboxOpen('INBOX', { changedSince: before.highestModseq!, uidValidity: before.uidValidity });
  await back.noop();
  await back.logout();
  frontends[0] = await Frontend.start(dataDir, ports[0]!);

  expect(after.uidValidity).toBe(before.uidValidity);
  expect(after.exists).toBe(before.exists + 2);
  const changed = [flagged[0]!, (added as { uid: number }).uid - 1, (added as { uid: number }).uid];
  expect(told.toSorted((a, b) => a - b)).toEqual(changed);
}, 60_000);

test('SIGTERM lets a frontend say BYE and end with 0, and its clients go on elsewhere', async () => {
  const client = newClient({ ...login, port: ports[1]!.imap });
  await client.connect();
  const closed = new Promise((resolve) => client.on('close', () => resolve('closed')));
  const code = await frontends[1]!.stop();
  expect(code).toBe(0);
  expect(await closed).toBe('closed');
  const elsewhere = newClient(login);
  await elsewhere.connect();
  expect((await elsewhere.mailboxOpen('INBOX')).exists).toBeGreaterThan(0);
  await elsewhere.logout();
}, 60_000);

async function freePorts(): Promise<Required<FrontendPorts>> {
  return { imap: await freePort(), pop3: await freePort(), lmtp: await freePort(), http: await freePort() };
}

/** What a client sees of both folders, through the balancer. */
async function look(): Promise<Seen[]> {
  for (;;) {
    const client = newClient(login);
    try {
      await client.connect();
      const seen: Seen[] = [];
      for (const folder of FOLDERS) seen.push(await lookAt(client, folder));
      await client.logout();
      return seen;
    } catch (error) {
      if (client.usable) throw error;
      client.close();
    }
  }
}

async function lookAt(client: ImapFlow, folder: string): Promise<Seen> {
  const mailbox = await client.mailboxOpen(folder, { readOnly: true });
  const messages: Seen['messages'] = new Map();
  if (mailbox.exists > 0) {
    for await (const { uid, flags, envelope } of client.fetch('1:*', { uid: true, flags: true, envelope: true })) {
      if (!envelope) continue; // Told meanwhile of another client's change: a FETCH that nobody asked for.
      const messageId = envelope.messageId!;
      if (messages.has(messageId)) throw new Error(`${messageId} is doubled in ${folder}`);
      messages.set(messageId, { uid, flagged: flags!.has('\\Flagged') });
    }
  }
  return { uidValidity: mailbox.uidValidity, messages };
}

/** A message has one UID in a folder, for ever. */
function rememberUids(uids: Map<string, number>, folders: readonly Seen[]): void {
  for (const [i, { messages }] of folders.entries()) {
    for (const [messageId, { uid }] of messages) {
      const key = `${FOLDERS[i]!} ${messageId}`;
      expect({ key, uid }).toEqual({ key, uid: uids.get(key) ?? uid });
      uids.set(key, uid);
    }
  }
}

/** Counts what happens, and lets somebody wait for more of it. */
class Progress {
  private count = 0;
  private waiting: { goal: number; reached: () => void } | null = null;

  readonly advance = (): void => {
    this.count += 1;
    if (this.waiting && this.count >= this.waiting.goal) this.waiting.reached();
  };

  by(more: number): Promise<void> {
    return new Promise((reached) => {
      this.waiting = { goal: this.count + more, reached };
    });
  }
}

/** A seeded choice, so that a failure can name what it did. */
function chooser(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}
