// What the process counts about itself, for Prometheus. A small typed set: labels have few values, never a login or an address.
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

export class Metrics {
  private readonly registry = new Registry();
  private readonly registers = [this.registry];

  /** Open connections. */
  readonly sessions = new Gauge({ name: 'isomail_sessions', help: 'Connections that are open now', labelNames: ['protocol'], registers: this.registers });

  readonly commands = new Counter({
    name: 'isomail_commands_total',
    help: 'Commands by verb and how they ended',
    labelNames: ['verb', 'result'],
    registers: this.registers,
  });

  readonly logins = new Counter({ name: 'isomail_logins_total', help: 'Attempts to sign in, by how they ended', labelNames: ['result'], registers: this.registers });

  /** One for each recipient: delivered, repeated (it was there already), refused (5xx), failed (4xx: the sender comes again). */
  readonly deliveries = new Counter({ name: 'isomail_deliveries_total', help: 'Deliveries by recipient, by how they ended', labelNames: ['result'], registers: this.registers });

  readonly storeSeconds = new Histogram({
    name: 'isomail_store_request_seconds',
    help: 'How long the stores take to answer',
    labelNames: ['operation'],
    buckets: [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 10],
    registers: this.registers,
  });

  readonly storeFailures = new Counter({
    name: 'isomail_store_failures_total',
    help: 'Requests that a store did not answer, or failed',
    labelNames: ['operation'],
    registers: this.registers,
  });

  /** Adds CPU, memory, event loop and garbage collection of this process. At most once a process: its observers stay. */
  collectProcess(): void {
    collectDefaultMetrics({ register: this.registry });
  }

  /** The text of `/metrics`. */
  text(): Promise<string> {
    return this.registry.metrics();
  }

  get contentType(): string {
    return this.registry.contentType;
  }
}
