// Makes the mailboxes that rows read, the same on every server. What an earlier run has filled is used again.
import { GENERATION, messageOf } from './generated-message';
import { mailboxName, type Mailbox } from './mailbox';
import { openImap, type Server } from './server';
import { Refused, type ImapSession } from './wire/imap-session';

/** One mailbox of one account, and what it lacks. */
interface Gap {
  readonly account: number;
  readonly mailbox: Mailbox;
  /** The number of the first message that is missing. */
  readonly from: number;
}

const CONNECTIONS = 8;
/** Messages that are on their way at once on a connection: what is measured is never sent so. */
const BATCH = 16;

/** The mailboxes that are not yet whole on this server. Those that hold something else are made anew. */
export async function findGaps(server: Server, mailboxes: readonly Mailbox[]): Promise<Gap[]> {
  const gaps: Gap[] = [];
  for (let account = 1; account <= server.accounts; account += 1) {
    const wanted = mailboxes.filter(({ accounts }) => account <= accounts);
    if (wanted.length === 0) continue;
    await withSession(server, account, async (session) => {
      for (const mailbox of wanted) {
        const from = await held(session, mailbox);
        if (from < mailbox.messages) gaps.push({ account, mailbox, from });
      }
    });
  }
  return gaps;
}

export function missing(gaps: readonly Gap[]): number {
  return gaps.reduce((total, { mailbox, from }) => total + mailbox.messages - from, 0);
}

/** `onAppended` hears how many messages were added since it last heard. Rejects if a mailbox does not hold what it should then. */
export async function fill(server: Server, gaps: readonly Gap[], onAppended: (count: number) => void): Promise<void> {
  for (const gap of gaps) {
    const { account, mailbox, from } = gap;
    let next = from;
    const take = (): number => (next < mailbox.messages ? next++ : -1);
    const connections = Math.min(CONNECTIONS, Math.ceil((mailbox.messages - from) / BATCH));
    const append = (session: ImapSession): Promise<void> => appendAll(session, mailbox, take, onAppended);
    await Promise.all(Array.from({ length: connections }, () => withSession(server, account, append)));
    const count = await withSession(server, account, async (session) => countOf(session, await mailboxName(session, mailbox.name)));
    if (count === null || count < mailbox.messages) throw new Error(`${server.name}: ${mailbox.name} holds ${String(count)} messages after ${mailbox.messages} were appended`);
  }
}

async function withSession<T>(server: Server, account: number, work: (session: ImapSession) => Promise<T>): Promise<T> {
  const session = await openImap(server, account);
  try {
    return await work(session);
  } finally {
    session.close();
  }
}

async function appendAll(session: ImapSession, mailbox: Mailbox, take: () => number, onAppended: (count: number) => void): Promise<void> {
  const name = await mailboxName(session, mailbox.name);
  const capabilities = await session.capabilities();
  for (;;) {
    const indexes = Array.from({ length: capabilities.has('LITERAL+') ? BATCH : 1 }, take).filter((index) => index !== -1);
    if (indexes.length === 0) return;
    const messages = indexes.map((index) => messageOf(index, mailbox.sizeBytes));
    if (capabilities.has('MULTIAPPEND')) await session.append(name, ...messages);
    else await Promise.all(messages.map((message) => session.append(name, message)));
    onAppended(indexes.length);
  }
}

/** How many of its messages a mailbox has; what is not ours is thrown away. */
async function held(session: ImapSession, mailbox: Mailbox): Promise<number> {
  const name = await mailboxName(session, mailbox.name);
  const count = await countOf(session, name);
  if (count !== null && (mailbox.name === 'INBOX' || (count <= mailbox.messages && (await isOurs(session, name, count))))) return count;
  if (count !== null) await session.command(`DELETE ${name}`);
  await session.command(`CREATE ${name}`);
  return 0;
}

/** Null: there is no such mailbox. */
async function countOf(session: ImapSession, name: string): Promise<number | null> {
  try {
    const answer = (await session.untagged(`STATUS ${name} (MESSAGES)`)).join('\n');
    return Number(/MESSAGES (\d+)/.exec(answer)?.[1] ?? Number.NaN);
  } catch (error) {
    if (error instanceof Refused) return null;
    throw error;
  }
}

/** Whether the first and the last message were made by this generation of the generator. */
async function isOurs(session: ImapSession, name: string, count: number): Promise<boolean> {
  if (count === 0) return true;
  await session.command(`EXAMINE ${name}`);
  const ends = new Set([1, count]);
  const [line = ''] = (await session.untagged(`SEARCH ${[...ends].join(',')} HEADER X-Bench "${GENERATION}"`)).filter((each) => each.startsWith('* SEARCH'));
  await session.command('CLOSE');
  return line.split(' ').length - 2 === ends.size;
}
