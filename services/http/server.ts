// What operators' tools ask of a process over HTTP: /live, /ready and /metrics. Answers GET and HEAD, reads no bodies.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Logger } from '../core/runtime/logging';
import type { Metrics } from '../core/runtime/metrics';
import { messageOf } from '../core/runtime/error-facts';

export interface HttpOptions {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  readonly metrics: Metrics;
  /** Resolves if the process may be sent work; rejects with the reason why not. */
  readonly ready: () => Promise<void>;
  readonly log: Logger;
}

export interface RunningHttp {
  readonly port: number;
  close(): Promise<void>;
}

const CONNECTIONS_MAX = 256;
const REQUEST_MS = 10_000;
const HEADER_BYTES_MAX = 8 * 1024;

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

/** Listens. Rejects with the system's error if the port cannot be had. */
export function startHttp(options: HttpOptions): Promise<RunningHttp> {
  const limits = { requestTimeout: REQUEST_MS, headersTimeout: REQUEST_MS, keepAliveTimeout: REQUEST_MS, maxHeaderSize: HEADER_BYTES_MAX };
  const server = createServer(limits, (request, response) => void respond(request, response, options));
  server.maxConnections = CONNECTIONS_MAX;
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, () => {
      server.off('error', reject);
      const close = (): Promise<void> =>
        new Promise((closed) => {
          server.close(() => closed());
          server.closeAllConnections();
        });
      resolve({ port: (server.address() as AddressInfo).port, close });
    });
  });
}

async function respond(request: IncomingMessage, response: ServerResponse, options: HttpOptions): Promise<void> {
  let answer: Answer;
  try {
    answer = await answerTo(request, options);
  } catch (error) {
    options.log.error({ error }, 'an HTTP request failed: this is a bug');
    answer = plain(500, 'internal error');
  }
  request.resume();
  const headers = { 'content-type': answer.type, 'content-length': Buffer.byteLength(answer.body), 'cache-control': 'no-store' };
  response.writeHead(answer.status, headers).end(request.method === 'HEAD' ? undefined : answer.body);
}

async function answerTo({ method, url = '' }: IncomingMessage, { metrics, ready }: HttpOptions): Promise<Answer> {
  if (method !== 'GET' && method !== 'HEAD') return plain(405, 'only GET and HEAD');
  switch (url.replace(/\?.*$/s, '')) {
    case '/live':
      return plain(200, 'live');
    case '/ready':
      return ready().then(
        () => plain(200, 'ready'),
        (reason: unknown) => plain(503, `not ready: ${messageOf(reason)}`),
      );
    case '/metrics':
      return { status: 200, type: metrics.contentType, body: await metrics.text() };
    default:
      return plain(404, 'there are /live, /ready and /metrics');
  }
}

function plain(status: number, text: string): Answer {
  return { status, type: 'text/plain; charset=utf-8', body: `${text}\n` };
}
