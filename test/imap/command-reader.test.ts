import { Disconnected } from '../../services/core/runtime/errors';
import { CommandReader, Overlong, TooMuch } from '../../services/imap/command-reader';
import { imapLimits } from '../../services/imap/imap-limits';

/** A reader over what a client says, in these pieces; APPEND announces messages. Says 'ended' after them, unless held open. */
function reading(...pieces: (string | Buffer)[]) {
  const said: string[] = [];
  const waiting: ((piece: Buffer) => void)[] = [];
  const reader = new CommandReader(
    {
      read: async () => {
        const piece = pieces.shift();
        if (piece === '<open>') return new Promise<Buffer>((resolve) => waiting.push(resolve));
        return piece === undefined ? null : Buffer.from(piece);
      },
      write: async (bytes) => void said.push(Buffer.from(bytes).toString()),
    },
    (segments) => /^\S+ APPEND/i.test(segments[0]!.bytes.toString('latin1')),
  );
  return { reader, said, say: (piece: string) => waiting.shift()!(Buffer.from(piece)) };
}

const texts = (command: Awaited<ReturnType<CommandReader['next']>>): string[] => command!.segments.map(({ bytes }) => bytes.toString('latin1'));

async function bodyOf(body: AsyncIterable<Buffer>): Promise<string> {
  let text = '';
  for await (const chunk of body) text += chunk.toString('latin1');
  return text;
}

test('literals that are asked for are invited, others are not', async () => {
  const { reader, said } = reading('a LOGIN {5}\r\n', 'alice {6+}\r\nsecret\r\nb NOOP\r\n');
  expect(texts(await reader.next())).toEqual(['a LOGIN ', 'alice', ' ', 'secret', '']);
  expect(said).toEqual(['+ OK\r\n']);
  expect(texts(await reader.next())).toEqual(['b NOOP']);
  expect(await reader.next()).toBeNull();
});

test('before login a literal that is not asked for and too long ends the session; one that is asked for is refused', async () => {
  await expect(reading(`a LOGIN {${imapLimits.literalBytesBeforeLogin + 1}+}\r\n`).reader.next()).rejects.toBeInstanceOf(TooMuch);
  await expect(reading('a LOGIN {4000+}\r\n', 'x'.repeat(4000), ' {97+}\r\n').reader.next()).rejects.toBeInstanceOf(TooMuch);
  const { reader } = reading(`a LOGIN {${imapLimits.literalBytesBeforeLogin + 1}}\r\n`, 'b NOOP\r\n');
  await expect(reader.next()).rejects.toBeInstanceOf(Overlong);
  expect(texts(await reader.next())).toEqual(['b NOOP']);
});

test('a line without end ends the session before login', async () => {
  const { reader } = reading('a ', ...Array.from({ length: 100 }, () => 'x'.repeat(4096)));
  await expect(reader.next()).rejects.toBeInstanceOf(Overlong);
  await expect(reader.next()).rejects.toBeInstanceOf(TooMuch);
});

test('a command of thousands of literals is dropped', async () => {
  const { reader } = reading('a SEARCH {1+}\r\n', ...Array.from({ length: imapLimits.literalsPerCommand }, () => 'x {1+}\r\n'), 'x\r\nb NOOP\r\n');
  reader.trust();
  await expect(reader.next()).rejects.toBeInstanceOf(Overlong);
  expect(texts(await reader.next())).toEqual(['b NOOP']);
});

test('a message waits until it is taken, and the line after it', async () => {
  const { reader, said } = reading('a APPEND x {5}\r\n', 'he', 'llo\r\nb NOOP\r\n');
  reader.trust();
  const command = await reader.next();
  expect([texts(command), said]).toEqual([['a APPEND x '], []]);
  expect(await bodyOf(reader.messages().body(command!.pending!))).toBe('hello');
  expect(said).toEqual(['+ OK\r\n']);
  expect(await reader.messages().rest()).toEqual({ line: Buffer.from(''), literal: null });
  reader.endCommand();
  expect(texts(await reader.next())).toEqual(['b NOOP']);
});

test.each([
  ['asked for', 'a APPEND x {5}\r\n', ''],
  ['not asked for', 'a APPEND x {5+}\r\n', 'hello (\\Seen) {3+}\r\nyou\r\n'],
])('a message that nobody takes is dropped: %s', async (_what, announcement, rest) => {
  const { reader } = reading(announcement, rest, 'b NOOP\r\n');
  reader.trust();
  await reader.next();
  reader.endCommand();
  expect(texts(await reader.next())).toEqual(['b NOOP']);
});

test('a message that is taken in part is dropped to its end', async () => {
  const { reader } = reading('a APPEND x {10}\r\n', 'hello', 'world {3+}\r\nyou\r\nb NOOP\r\n');
  reader.trust();
  const { pending } = (await reader.next())!;
  for await (const chunk of reader.messages().body(pending!)) {
    expect(chunk.toString()).toBe('hello');
    break;
  }
  reader.endCommand();
  expect(texts(await reader.next())).toEqual(['b NOOP']);
});

test('who still takes a message when its command is over gets nothing of the next command', async () => {
  const { reader, say } = reading('a APPEND x {10}\r\n', 'hello', '<open>');
  reader.trust();
  const { pending } = (await reader.next())!;
  const body = reader.messages().body(pending!);
  await body.next();
  const late = body.next(); // Waits for the client when its command is given up.
  reader.endCommand();
  const next = reader.next();
  say('world\r\nb NOOP\r\n');
  await expect(late).rejects.toBeInstanceOf(Disconnected);
  expect(texts(await next)).toEqual(['b NOOP']);
});

test('a message that is only begun to be taken when its command is over stays untaken', async () => {
  const { reader, said } = reading('a APPEND x {5}\r\n', 'b NOOP\r\n');
  reader.trust();
  const body = reader.messages().body((await reader.next())!.pending!);
  reader.endCommand();
  await expect(body.next()).rejects.toBeInstanceOf(Disconnected);
  expect(said).toEqual([]);
  expect(texts(await reader.next())).toEqual(['b NOOP']);
});

test('who begins a message, or wants the line after it, when its command is over gets nothing of the next command', async () => {
  const { reader, said } = reading('a APPEND x {5+}\r\nhello\r\n', 'b APPEND x {5}\r\n', 'world\r\n');
  reader.trust();
  const first = (await reader.next())!.pending!;
  const late = reader.messages();
  const later = reader.messages();
  expect(await bodyOf(late.body(first))).toBe('hello');
  reader.endCommand(); // Whoever stores the message has stalled, and comes to its end only now.
  const second = (await reader.next())!.pending!;
  await expect(late.rest()).rejects.toBeInstanceOf(Disconnected);
  await expect(bodyOf(later.body(first))).rejects.toBeInstanceOf(Disconnected);
  expect(said).toEqual([]);
  const { body, rest } = reader.messages();
  expect(await bodyOf(body(second))).toBe('world');
  expect((await rest()).line.toString()).toBe('');
});

test('a client that ends inside a message is gone', async () => {
  const { reader } = reading('a APPEND x {10+}\r\nhello');
  reader.trust();
  await expect(bodyOf(reader.messages().body((await reader.next())!.pending!))).rejects.toBeInstanceOf(Disconnected);
});

test('a too large literal that goes on and on ends the session, after twice the limit', async () => {
  const mebibyte = Buffer.alloc(2 ** 20, 'x');
  const { reader } = reading(`a SEARCH TEXT {${10 ** 12}+}\r\n`, ...Array.from({ length: imapLimits.droppedBytes / 2 ** 20 + 1 }, () => mebibyte));
  reader.trust();
  await expect(reader.next()).rejects.toBeInstanceOf(Overlong);
  await expect(reader.next()).rejects.toBeInstanceOf(TooMuch);
});
