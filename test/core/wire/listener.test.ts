// A port and its peers.
import { connect } from 'node:net';
import { listen, type Listener } from '../../../services/core/wire/listener';

let listener: Listener;
afterEach(() => listener.stopAccepting());

test('a peer that has ended its side still hears what is said to it, and the end', async () => {
  listener = await listen({
    host: '127.0.0.1',
    port: 0,
    implicitTls: null,
    serve: async (connection) => {
      const heard: Buffer[] = [];
      for (let chunk = await connection.read(); chunk !== null; chunk = await connection.read()) heard.push(chunk);
      await connection.write(Buffer.concat(heard));
    },
    onAcceptFailed: (error) => {
      throw error;
    },
  });
  const socket = connect({ port: listener.port, host: '127.0.0.1', allowHalfOpen: true });
  socket.end('what do you say?');
  const answer: Buffer[] = [];
  for await (const chunk of socket) answer.push(chunk as Buffer);
  expect(Buffer.concat(answer).toString()).toBe('what do you say?');
});
