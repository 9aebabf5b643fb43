// What clients are told is what is true: sessions on two processes do what they like to one mailbox, and a client that only believes
// untagged responses ends with the mailbox as it is, whatever it had switched on, and also when it comes back with what it kept.
import * as fc from 'fast-check';
import { Account } from '../../services/core/account/account';
import { findMailbox } from '../../services/core/account/account-state';
import { createAccount, createMailbox } from '../../services/core/account/decide/folders';
import { flagName } from '../../services/core/account/flag';
import { encodePointer, firstPointer } from '../../services/core/log/pointer';
import { systemClock } from '../../services/core/runtime/clock';
import type { Logger } from '../../services/core/runtime/logging';
import { Metrics } from '../../services/core/runtime/metrics';
import { systemRandom, type Random } from '../../services/core/runtime/random';
import { MemoryBlobStore } from '../../services/core/store/memory/memory-blob-store';
import { MemoryDoorbell } from '../../services/core/store/memory/memory-doorbell';
import { MemoryLogStore } from '../../services/core/store/memory/memory-log-store';
import { MemoryTier } from '../../services/core/store/memory/memory-tier';
import type { Messages } from '../../services/imap/command-reader';
import { dispatch } from '../../services/imap/dispatch';
import { parseCommand, type TaggedCommand } from '../../services/imap/grammar/command';
import type { Context, Exchange } from '../../services/imap/handler';
import { emailObjectId } from '../../services/imap/object-ids';
import { Session } from '../../services/imap/session';
import { NaiveClient, type Asked, type FlagEdit } from './naive-client';
import { segmentsOf } from './segments-of';

type Mode = 'plain' | 'CONDSTORE' | 'QRESYNC';

const MESSAGE = Buffer.from('Subject: x\r\n\r\ntext\r\n');
// A lost race is repeated at once.
const random: Random = { bytes: (count) => systemRandom.bytes(count), fraction: () => 0 };
const metrics = new Metrics();
const log: Logger = { debug: () => undefined, info: () => undefined, warn: fail, error: fail, child: () => log };

/** Nothing that deserves a warning happens here. */
function fail(fields: object, message: string): never {
  throw new Error(message, { cause: fields });
}

/** Two processes over one store. */
class Processes {
  private readonly tier = new MemoryTier();
  readonly blobs = new MemoryBlobStore(this.tier, systemClock);
  readonly accounts: Account[] = [];

  static async open(): Promise<Processes> {
    const processes = new Processes();
    const { tier, blobs } = processes;
    await new MemoryLogStore(tier).movePointer('account', 0, encodePointer(firstPointer));
    for (let i = 0; i < 2; i += 1) {
      const ports = { log: new MemoryLogStore(tier), doorbell: new MemoryDoorbell(tier), blobs, clock: systemClock, random, onReadFailed: () => undefined };
      processes.accounts.push(await Account.load('account', ports));
    }
    await processes.accounts[0]!.commit(createAccount('alice', null, 0));
    await processes.accounts[0]!.commit(createMailbox('Other'));
    return processes;
  }

  close(): void {
    for (const account of this.accounts) account.close();
  }
}

/** One client and its session. */
class Seat {
  readonly client = new NaiveClient();
  private session!: Session;
  private idling: { end: () => void; ended: Promise<void>; said: string[] } | null = null;
  private count = 0;

  constructor(
    private readonly processes: Processes,
    private account: Account,
    readonly mode: Mode,
  ) {}

  /** A new connection, to this process from now on; `cached`: with what the client has from before. */
  async connect(account: Account, cached: boolean): Promise<void> {
    this.account = account;
    this.session = new Session();
    this.session.state = { name: 'authenticated', user: { login: 'alice', lease: { account, release: () => undefined } } };
    if (this.mode !== 'plain') await this.run(`ENABLE ${this.mode}`);
    const { uidValidity } = this.mailbox();
    const known = this.client.messages.map(({ uid }) => uid);
    const param = known.length > 0 ? ` (QRESYNC (${uidValidity} ${this.client.highestModSeq} ${known.join(',')}))` : '';
    this.client.open(await this.run(`SELECT INBOX${cached ? param : ''}`), cached && known.length > 0);
    await this.learn();
  }

  async say(text: string, asked: Asked = {}): Promise<string> {
    const said = await this.run(text);
    this.client.hear(said, asked);
    return said;
  }

  /** What a client does with new messages. */
  async learn(): Promise<void> {
    for (let first = this.client.firstUnknown; first !== null; first = this.client.firstUnknown) {
      await this.say(`FETCH ${first}:* (UID FLAGS)`, { isHeld: true });
    }
    this.compare();
  }

  async store(numbers: readonly number[], byUid: boolean, edit: FlagEdit, isSilent: boolean, isConditional: boolean): Promise<void> {
    const { client } = this;
    const set = byUid ? numbers.map((number) => client.messages[number - 1]!.uid) : numbers;
    const condition = isConditional && this.mode !== 'plain' ? ` (UNCHANGEDSINCE ${client.highestModSeq})` : '';
    // Without mod-sequences nothing will tell that it was done.
    if (isSilent && this.mode === 'plain') client.edit(numbers, edit);
    const asked = { isHeld: !byUid, ...(isSilent && { silentEdit: edit }) };
    await this.say(`${byUid ? 'UID ' : ''}STORE ${set.join(',')}${condition} ${edit.sign}FLAGS${isSilent ? '.SILENT' : ''} (${edit.flags.join(' ')})`, asked);
  }

  /** So many messages, all or none. */
  async append(flags: readonly string[], count: number): Promise<void> {
    const body = async function* (): AsyncGenerator<Buffer> {
      yield MESSAGE;
    };
    const announced = { sizeBytes: MESSAGE.length, synchronizing: false, binary: false };
    let left = count;
    const rest: Messages['rest'] = async () => {
      left -= 1;
      return left > 0 ? { line: Buffer.from(' '), literal: announced } : { line: Buffer.alloc(0), literal: null };
    };
    const exchange = { announced, messages: { body, rest } };
    this.client.hear(await this.dispatched({ kind: 'append', tag: this.tag(), mailbox: 'INBOX', flags, internalDateMs: null }, exchange));
  }

  /** Begins to idle, or ends it. */
  async idle(): Promise<void> {
    if (this.idling) return this.wake();
    let end!: () => void;
    const line = new Promise<Buffer>((resolve) => {
      end = () => resolve(Buffer.from('DONE'));
    });
    const said: string[] = [];
    const ended = this.dispatched({ kind: 'idle', tag: this.tag() }, { line: () => line, draining: new Promise<void>(() => undefined) }, said).then(() => undefined);
    this.idling = { end, ended, said };
  }

  async wake(): Promise<void> {
    const { idling } = this;
    if (!idling) return;
    this.idling = null;
    idling.end();
    await idling.ended;
    this.client.hear(idling.said.join('').replace('+ idling\r\n', ''));
    await this.learn();
  }

  /** The client has what the session was told, always. */
  compare(): void {
    if (this.session.state.name !== 'selected') throw new Error('nothing is selected');
    const { view } = this.session.selected;
    const { keywords } = this.account.state;
    const told = Array.from({ length: view.exists }, (_, i) => view.at(i + 1)!);
    const { messages } = this.client;
    expect(messages.map(({ uid }) => uid)).toEqual(told.map(({ row }) => row.uid));
    const flagsOf = (flags: readonly number[]): string[] => flags.map((flag) => flagName(flag, keywords)).sort();
    // What became of ghosts is nobody's business.
    expect(messages.map(({ flags }, i) => (told[i]!.isGhost ? [] : flags))).toEqual(told.map(({ row, isGhost }) => (isGhost ? [] : flagsOf(row.flags))));
    expect(messages.map(({ emailId }, i) => emailId ?? emailObjectId(told[i]!.row))).toEqual(told.map(({ row }) => emailObjectId(row)));
    if (this.mode !== 'plain') expect(messages.map(({ modSeq }, i) => modSeq ?? told[i]!.row.modSeq)).toEqual(told.map(({ row }) => row.modSeq));
  }

  /** After all is told, what the session was told is what there is. */
  async settle(): Promise<void> {
    await this.wake();
    await this.say('NOOP');
    await this.learn();
    const mailbox = this.mailbox();
    expect(this.client.messages.map(({ uid }) => uid)).toEqual([...mailbox.uids()]);
    expect(this.session.selected.view.mailbox).toBe(mailbox);
    if (this.mode !== 'plain') expect(this.client.highestModSeq).toBeLessThanOrEqual(mailbox.highestModSeq);
  }

  get isIdling(): boolean {
    return this.idling !== null;
  }

  private mailbox() {
    return findMailbox(this.account.state, 'INBOX')!.mailbox;
  }

  private tag(): string {
    this.count += 1;
    return `t${this.count}`;
  }

  private async run(text: string): Promise<string> {
    const said = await this.dispatched(parseCommand(segmentsOf(`${this.tag()} ${text}`)));
    if (/^t\d+ BAD/m.test(said)) throw new Error(`${text}: ${said}`);
    return said;
  }

  private async dispatched(command: TaggedCommand, exchange: Partial<Exchange> = {}, said: string[] = []): Promise<string> {
    const node = { blobs: this.processes.blobs, clock: systemClock, random } as unknown as Context['node'];
    const write = async (bytes: Uint8Array): Promise<void> => void said.push(Buffer.from(bytes).toString('latin1'));
    await dispatch(command, { session: this.session, node, exchange: exchange as Exchange, log, metrics, write });
    return said.join('');
  }
}

interface Step {
  readonly seat: number;
  readonly verb: (typeof verbs)[number];
  /** Where in the client's list. */
  readonly places: readonly number[];
  readonly byUid: boolean;
  readonly edit: FlagEdit;
  readonly isSilent: boolean;
  readonly isConditional: boolean;
  /** The next step goes on at the same time. */
  readonly isRaced: boolean;
}

const verbs = ['append', 'append', 'store', 'store', 'store', 'drop', 'drop', 'expunge', 'copy', 'move', 'read', 'modSeqs', 'search', 'noop', 'idle', 'idle', 'reconnect', 'reconnect'] as const;

const step: fc.Arbitrary<Step> = fc.record({
  seat: fc.nat(2),
  verb: fc.constantFrom(...verbs),
  places: fc.array(fc.nat(11), { minLength: 1, maxLength: 3 }),
  byUid: fc.boolean(),
  edit: fc.record({ sign: fc.constantFrom('+', '-', '' as const), flags: fc.uniqueArray(fc.constantFrom('\\Seen', '\\Flagged', '\\Deleted', '$Work'), { maxLength: 2 }) }),
  isSilent: fc.boolean(),
  isConditional: fc.boolean(),
  isRaced: fc.boolean(),
});

async function take({ verb, places, byUid, edit, isSilent, isConditional }: Step, seat: Seat, processes: Processes): Promise<void> {
  const { messages } = seat.client;
  if (seat.isIdling && verb !== 'idle') await seat.wake();
  const numbers = [...new Set(places)].filter((place) => place < messages.length).map((place) => place + 1);
  const set = (byUid ? numbers.map((number) => messages[number - 1]!.uid) : numbers).join(',') || '1:*';
  const uid = byUid ? 'UID ' : '';
  const isHeld = !byUid;
  switch (verb) {
    case 'append':
      await seat.append(edit.flags, places.length);
      break;
    case 'store':
      if (numbers.length > 0) await seat.store(numbers, byUid, edit, isSilent, isConditional);
      break;
    case 'drop':
      if (numbers.length === 0) return;
      await seat.store(numbers, byUid, { sign: '+', flags: ['\\Deleted'] }, isSilent, false);
      await seat.say('EXPUNGE');
      break;
    case 'expunge':
      await seat.say(byUid ? `UID EXPUNGE ${set}` : 'EXPUNGE');
      break;
    case 'copy':
    case 'move':
      await seat.say(`${uid}${verb.toUpperCase()} ${set} ${isSilent ? 'INBOX' : 'Other'}`);
      break;
    case 'read':
      await seat.say(`${uid}FETCH ${set} (FLAGS EMAILID BODY[])`, { isHeld });
      break;
    case 'modSeqs':
      await seat.say(`${uid}FETCH 1:* ${seat.mode === 'plain' ? 'UID' : '(MODSEQ)'}`, { isHeld });
      break;
    case 'search':
      await seat.say(`${uid}SEARCH ${byUid ? 'UNSEEN' : set}`, { isHeld });
      break;
    case 'noop':
      await seat.say('NOOP');
      break;
    case 'idle':
      await seat.idle();
      return;
    case 'reconnect':
      // What it heard last is what it comes back with.
      if (seat.mode !== 'plain' && isHeld) await seat.say('FETCH 1:* (MODSEQ)', { isHeld });
      await seat.learn();
      await seat.connect(processes.accounts[places[0]! % 2]!, seat.mode === 'QRESYNC');
  }
  await seat.learn();
}

test.each<Mode>(['plain', 'CONDSTORE', 'QRESYNC'])('a client that believes what it is told ends with the mailbox as it is: %s', async (mode) => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const processes = await Processes.open();
      try {
        const seats = [0, 1, 1].map((which) => new Seat(processes, processes.accounts[which]!, mode));
        for (const [i, seat] of seats.entries()) {
          await seat.connect(processes.accounts[i % 2]!, false);
          await seat.append([], 1);
          await seat.learn();
        }
        for (let i = 0; i < steps.length; i += 1) {
          const [now, next] = [steps[i]!, steps[i + 1]];
          const together = next && now.isRaced && now.seat !== next.seat ? [now, next] : [now];
          i += together.length - 1;
          await Promise.all(together.map((each) => take(each, seats[each.seat]!, processes)));
        }
        for (const seat of seats) await seat.settle();
      } finally {
        processes.close();
      }
    }),
    { numRuns: 200 },
  );
});
