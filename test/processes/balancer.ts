// What a network load balancer does: each new connection goes to the next backend that takes it; a connection dies with its backend.
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

export class Balancer {
  private next = 0;
  private readonly sockets = new Set<Socket>();
  private readonly server: Server;

  constructor(private readonly backends: readonly number[]) {
    this.server = createServer((client) => this.forward(client, this.backends.length));
  }

  async listen(): Promise<number> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return (this.server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private forward(client: Socket, tries: number): void {
    const port = this.backends[this.next++ % this.backends.length]!;
    const backend = connect({ port, host: '127.0.0.1' });
    this.sockets.add(client).add(backend);
    client.on('error', () => backend.destroy()).on('close', () => this.sockets.delete(client));
    backend.once('connect', () => {
      client.pipe(backend).pipe(client);
      backend.once('close', () => client.destroy());
      client.once('close', () => backend.destroy());
    });
    backend.on('close', () => this.sockets.delete(backend));
    backend.on('error', () => {
      if (backend.connecting || !backend.bytesRead) {
        if (tries > 1) this.forward(client, tries - 1);
        else client.destroy();
      } else {
        client.destroy();
      }
    });
  }
}
