// A client that is not ours.
import Pop3Command from 'node-pop3';
import { PASSWORD, Pop3World } from './pop3-world';

let world: Pop3World;

beforeEach(async () => {
  world = await Pop3World.open();
  await world.addUser();
});

afterEach(() => world.close());

async function mailbox(name = 'A'): Promise<Pop3Command> {
  return new Pop3Command({ user: 'alice', password: PASSWORD, host: '127.0.0.1', port: (await world.node(name)).server.port });
}

test('node-pop3 lists, reads and deletes, and leaves on the server what it left', async () => {
  const large = `Subject: large\r\n\r\n${'.a line of it\r\n'.repeat(100_000)}`;
  await world.deliver('alice', ['Subject: one\r\n\r\nfirst\r\n', 'Subject: two\r\n\r\n..\r\n', large]);
  const pop = await mailbox();
  expect(await pop.STAT()).toBe(`3 ${23 + 20 + large.length}`);
  expect(await pop.LIST()).toEqual([['1', '23'], ['2', '20'], ['3', `${large.length}`]]);
  const ids = await pop.UIDL();
  expect(await pop.TOP(1, 0)).toBe('Subject: one\r\n');
  expect(await pop.RETR(1)).toBe('Subject: one\r\n\r\nfirst');
  // It does not take doubled dots away.
  expect(await pop.RETR(2)).toBe('Subject: two\r\n\r\n...');
  expect((await pop.RETR(3)).length).toBe(large.length - 2 + 100_000);
  await expect(pop.RETR(4)).rejects.toThrow('there is no such message');
  await pop.DELE(2);
  expect(await pop.QUIT()).toBe('1 message deleted');
  const again = await mailbox('B');
  const [first, , third] = ids as string[][];
  expect(await again.UIDL()).toEqual([first, ['2', third![1]]]);
  await again.QUIT();
  expect(await world.messages()).toEqual(['1S', '3S']);
});

test('node-pop3 is told that its password is wrong', async () => {
  const { port } = (await world.node()).server;
  const pop = new Pop3Command({ user: 'alice', password: 'wrong', host: '127.0.0.1', port });
  await expect(pop.STAT()).rejects.toThrow('[AUTH] the login or the password is wrong');
  pop._socket?.destroy();
});
