// A client that reads nothing but untagged responses and believes them: what it keeps is what a mail program would show. It throws
// where a response contradicts what it was told before.

/** One message as far as the client knows it. */
export interface Known {
  uid: number | null;
  /** Sorted, without \Recent. */
  flags: readonly string[] | null;
  modSeq: number | null;
  /** RFC 8474 §5.1: never another for the same message. */
  emailId: string | null;
}

export interface FlagEdit {
  readonly sign: '+' | '-' | '';
  readonly flags: readonly string[];
}

/** What the client has asked for with the command whose answer it hears. */
export interface Asked {
  /** FETCH, STORE or SEARCH by number: nothing may be taken away. */
  readonly isHeld?: boolean;
  /** A silent STORE: a FETCH with MODSEQ alone says that it was done. */
  readonly silentEdit?: FlagEdit;
}

const unknown = (): Known => ({ uid: null, flags: null, modSeq: null, emailId: null });

export class NaiveClient {
  /** By number, the first message first. */
  messages: Known[] = [];
  /** What RFC 7162 §6 makes of all that was heard: "give me what happened since". */
  highestModSeq = 0;
  private announcedModSeq: number | null = null;
  private seenModSeq = 0;

  /** Everything that was said up to a tagged response, or up to now. */
  hear(said: string, asked: Asked = {}): void {
    for (const response of responsesIn(said)) this.respond(response, asked);
  }

  /**
   * The answer to SELECT. `cached`: the client has the mailbox from before, and the answer tells what happened since (RFC 7162
   * §3.2.5.1); without, it begins with nothing.
   */
  open(said: string, cached: boolean): void {
    const responses = responsesIn(said);
    const messages = new Map((cached ? this.messages : []).map((known) => [known.uid!, known]));
    let exists = 0;
    const changed: [number, number][] = [];
    for (const response of responses) {
      exists = Number(/^\* (\d+) EXISTS$/.exec(response)?.[1] ?? exists);
      for (const uid of vanishedIn(response) ?? []) messages.delete(uid);
      const fetched = fetchIn(response);
      if (!fetched) continue;
      messages.set(fetched.uid!, fetched);
      changed.push([fetched.number, fetched.uid!]);
    }
    this.messages = [...messages.values()].sort((a, b) => a.uid! - b.uid!);
    if (this.messages.length > exists) throw new Error(`${this.messages.length} are known, but only ${exists} exist`);
    while (this.messages.length < exists) this.messages.push(unknown());
    for (const [number, uid] of changed) if (this.messages[number - 1]?.uid !== uid) throw new Error(`UID ${uid} is not number ${number}`);
    this.highestModSeq = Number(/\[HIGHESTMODSEQ (\d+)\]/.exec(said)?.[1] ?? 0);
    this.announcedModSeq = null;
    this.seenModSeq = 0;
  }

  /** A command that the client believes in as it sends it. */
  edit(numbers: readonly number[], edit: FlagEdit): void {
    for (const number of numbers) this.editOne(this.messages[number - 1]!, edit);
  }

  /** The first number whose message is not known; null if all are. */
  get firstUnknown(): number | null {
    const index = this.messages.findIndex(({ uid, flags }) => uid === null || flags === null);
    return index === -1 ? null : index + 1;
  }

  private respond(response: string, { isHeld = false, silentEdit }: Asked): void {
    if (!response.startsWith('* ')) return this.endCommand();
    this.announcedModSeq = Number(/^\* OK \[HIGHESTMODSEQ (\d+)\]/.exec(response)?.[1] ?? this.announcedModSeq) || null;
    const numbered = /^\* (\d+) (EXISTS|EXPUNGE)$/.exec(response);
    const number = Number(numbered?.[1]);
    if (numbered?.[2] === 'EXISTS') {
      if (number < this.messages.length) throw new Error(`${number} EXISTS where ${this.messages.length} are counted`);
      while (this.messages.length < number) this.messages.push(unknown());
    }
    const isEarlier = response.includes('(EARLIER)');
    const gone = vanishedIn(response);
    if (isHeld && (numbered?.[2] === 'EXPUNGE' || (gone && !isEarlier))) throw new Error(`${response} while numbers are in use`);
    if (numbered?.[2] === 'EXPUNGE') this.remove(number);
    if (gone && !isEarlier) for (const uid of gone) this.remove(this.numberOf(uid));
    const fetched = fetchIn(response);
    if (fetched) this.learn(fetched, silentEdit);
  }

  private learn({ number, uid, flags, modSeq, emailId }: Fetched, silentEdit: FlagEdit | undefined): void {
    const known = this.messages[number - 1];
    if (!known) throw new Error(`FETCH of ${number}, but there are ${this.messages.length}`);
    if (uid !== null && known.uid !== null && known.uid !== uid) throw new Error(`number ${number} is UID ${known.uid}, not ${uid}`);
    known.uid ??= uid;
    if (flags) known.flags = flags;
    else if (silentEdit && modSeq !== null) this.editOne(known, silentEdit);
    if (emailId !== null && known.emailId !== null && known.emailId !== emailId) throw new Error(`UID ${known.uid} was ${known.emailId} and is ${emailId}`);
    known.emailId ??= emailId;
    if (modSeq === null) return;
    known.modSeq = modSeq;
    this.seenModSeq = Math.max(this.seenModSeq, modSeq);
  }

  /** RFC 7162 §6: what the server announces counts, else the highest that was seen, if that is higher. */
  private endCommand(): void {
    this.highestModSeq = this.announcedModSeq ?? Math.max(this.highestModSeq, this.seenModSeq);
    this.announcedModSeq = null;
    this.seenModSeq = 0;
  }

  private remove(number: number): void {
    if (!this.messages[number - 1]) throw new Error(`number ${number} is gone, but there are ${this.messages.length}`);
    this.messages.splice(number - 1, 1);
  }

  /** One that is not known yet is one of those between its neighbours. */
  private numberOf(uid: number): number {
    const known = this.messages.findIndex((message) => message.uid === uid);
    if (known !== -1) return known + 1;
    const after = this.messages.findLastIndex((message) => message.uid !== null && message.uid < uid) + 1;
    if (this.messages[after]?.uid !== null) throw new Error(`UID ${uid} vanished, of which nothing was told`);
    return after + 1;
  }

  private editOne(known: Known, { sign, flags }: FlagEdit): void {
    if (!known.flags) return;
    if (sign === '+') known.flags = [...new Set([...known.flags, ...flags])].sort();
    else known.flags = sign === '-' ? known.flags.filter((flag) => !flags.includes(flag)) : [...flags].sort();
  }
}

interface Fetched extends Known {
  readonly number: number;
}

/** Without the octets of literals. The tagged HIGHESTMODSEQ of RFC 7162 §3.2.7 is made an untagged one. */
function responsesIn(said: string): string[] {
  const responses: string[] = [];
  let response = '';
  for (let at = 0; at < said.length; ) {
    const lineEnd = said.indexOf('\r\n', at);
    const line = said.slice(at, lineEnd);
    at = lineEnd + 2;
    const literal = /\{(\d+)\}$/.exec(line);
    response += line;
    if (literal) {
      at += Number(literal[1]);
      continue;
    }
    const announced = /^[^*]\S* OK (\[HIGHESTMODSEQ \d+\])/.exec(response);
    if (announced) responses.push(`* OK ${announced[1]} `);
    responses.push(response);
    response = '';
  }
  return responses;
}

function vanishedIn(response: string): number[] | null {
  const set = /^\* VANISHED (?:\(EARLIER\) )?(\S+)$/.exec(response)?.[1];
  return (
    set?.split(',').flatMap((range) => {
      const [first, last = first] = range.split(':').map(Number);
      return Array.from({ length: last! - first! + 1 }, (_, i) => first! + i);
    }) ?? null
  );
}

function fetchIn(response: string): Fetched | null {
  const number = /^\* (\d+) FETCH \(/.exec(response)?.[1];
  if (number === undefined) return null;
  const flags = /[( ]FLAGS \(([^)]*)\)/.exec(response)?.[1];
  const numberAfter = (name: RegExp): number | null => (name.test(response) ? Number(name.exec(response)![1]) : null);
  return {
    number: Number(number),
    uid: numberAfter(/[( ]UID (\d+)/),
    flags: flags?.split(' ').filter((flag) => flag !== '' && flag !== '\\Recent').sort() ?? null,
    modSeq: numberAfter(/[( ]MODSEQ \((\d+)\)/),
    emailId: /[( ]EMAILID \((\w+)\)/.exec(response)?.[1] ?? null,
  };
}
