import { StrictStream } from '../../services/lmtp/strict-server';
import { ManualClock } from '../core/log/manual-clock';

const LINE_MS = 1_000;
let clock: ManualClock;
let heard: string[];
let stream: StrictStream;

beforeEach(() => {
  clock = new ManualClock();
  heard = [];
  stream = new StrictStream({ clock, lineBytes: 100, lineMs: LINE_MS });
  stream.oncommand = (command, callback) => {
    heard.push(command.toString());
    callback?.();
  };
  stream.on('error', ({ message }) => heard.push(message));
});

/** One packet after the other, each so much later. */
async function say(pieces: readonly string[], laterMs: number): Promise<void> {
  for (const piece of pieces) {
    stream.write(piece);
    await clock.advance(laterMs);
  }
}

test('a command that comes octet by octet without an end is given up', async () => {
  await say(Array.from('NOOP xxxxxxx'), 150);
  expect(heard).toEqual(['the command took too long']);
});

test('a command that is slow, but in time, is heard', async () => {
  await say(Array.from('NOOP\r\n'), 150);
  expect(heard).toEqual(['NOOP']);
});

test('each command has its own time, wherever the packets are cut', async () => {
  await say(Array<string>(10).fill('OP\r\nNO'), 900);
  expect(heard).toEqual(['OP', ...Array<string>(9).fill('NOOP')]);
});
