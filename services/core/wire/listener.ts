// A listening port: accepts connections and hands them over. Knows no protocol.
import { createServer, type AddressInfo, type Socket } from 'node:net';
import type { SecureContext } from 'node:tls';
import { systemClock } from '../runtime/clock';
import { Disconnected } from '../runtime/errors';
import { Connection } from './connection';

export interface ListenerOptions {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** Given: TLS from the first byte. */
  readonly implicitTls: SecureContext | null;
  /** Serves one peer; when it resolves the connection is closed. Must not reject. */
  readonly serve: (connection: Connection) => Promise<void>;
  /** A connection could not be accepted: the process has too many open files, for example. The port stays open. */
  readonly onAcceptFailed: (error: Error) => void;
}

export interface Listener {
  readonly port: number;
  /** No new connections from now on; those that are open stay. */
  stopAccepting(): void;
}

/** A TLS client that says nothing is closed after this. */
const HANDSHAKE_MS = 30_000;
/** Probes for peers that vanished without a word; also below what balancers take for idle. */
const KEEP_ALIVE_MS = 60_000;

/** Listens. Rejects with the system's error if the port cannot be had. */
export function listen({ host, port, implicitTls, serve, onAcceptFailed }: ListenerOptions): Promise<Listener> {
  // A peer that has said all it wants may end its side, and still hears its answers: who serves it ends ours.
  const server = createServer({ allowHalfOpen: true }, (socket) => void accept(socket));
  const accept = async (socket: Socket): Promise<void> => {
    socket.setNoDelay(true);
    socket.setKeepAlive(true, KEEP_ALIVE_MS);
    const connection = new Connection(socket, socket.remoteAddress ?? '');
    try {
      if (implicitTls) await handshake(connection, implicitTls);
      await serve(connection);
    } catch (error) {
      if (!(error instanceof Disconnected)) throw error;
    } finally {
      connection.end();
    }
  };
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      server.on('error', onAcceptFailed);
      resolve({ port: (server.address() as AddressInfo).port, stopAccepting: () => void server.close() });
    });
  });
}

/** Throws Disconnected if the peer does not finish it in time. */
async function handshake(connection: Connection, secureContext: SecureContext): Promise<void> {
  const cancel = systemClock.after(HANDSHAKE_MS, () => connection.destroy());
  try {
    await connection.startTls(secureContext);
  } finally {
    cancel();
  }
}
